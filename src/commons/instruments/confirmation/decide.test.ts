import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefusal } from '../../../core/refusal.ts'
import { decideConfirmation, percent, type Question } from './decide.ts'
import { readPoints, readPrepare } from './read-form.ts'
import type { ResultPoint } from '../model.ts'
import type { Decision, Need, Rule } from './model.ts'

const point = (at: string, error: string, expanded = '0.01', unit = 'mm'): ResultPoint => ({ at, atUnit: 'mm', error, expanded, unit })
const question = (points: ResultPoint[], limit = '0.05', rule: Rule = 'jjf1094'): Question => ({
  need: { kind: 'absolute', limit, unit: 'mm' },
  results: { points, k: '2', asFound: true },
  rule,
})
const decide = (given: Question): Decision => {
  const decision = decideConfirmation(given)
  if (isRefusal(decision)) throw new Error(decision.reason)
  return decision
}

describe('计量确认怎么判', () => {
  // 允许 ±0.05 mm；U、误差、规则 → 结论。每一行都可以手算。
  it.each<[string, string, string, Rule, string, string]>([
    ['U 不到三分之一，误差刚好等于允许', '0.05', '0.01', 'jjf1094', 'fit', '0'],
    ['U 刚好三分之一的整数倍以内', '0.05', '0.0166', 'jjf1094', 'fit', '0'],
    ['U 超过三分之一，误差加 U 刚好等于允许', '0.03', '0.02', 'jjf1094', 'fit', '0.02'],
    ['U 超过三分之一，误差加 U 超过允许', '0.031', '0.02', 'jjf1094', 'open', '0.02'],
    ['误差超过允许', '0.051', '0.02', 'jjf1094', 'unfit', '0.02'],
    ['负的误差一样比', '-0.051', '0.01', 'jjf1094', 'unfit', '0'],
    ['总留保护带：误差等于允许', '0.05', '0.01', 'guarded', 'open', '0.01'],
    ['总留保护带：误差加 U 等于允许', '0.04', '0.01', 'guarded', 'fit', '0.01'],
    ['U 比允许还大，误差为零也说不准', '0', '0.06', 'guarded', 'open', '0.06'],
  ])('%s', (_, error, expanded, rule, verdict, guard) => {
    const { points } = decide(question([point('100', error, expanded)], '0.05', rule))
    expect(points[0]).toMatchObject({ verdict, guard })
  })

  it('0.1 加 0.2 不会因为浮点数超过 0.3', () => {
    expect(decide(question([point('1', '0.1', '0.2')], '0.3')).verdict).toBe('fit')
  })

  it('单位不同也能比：误差 20 µm、要求 ±0.05 mm', () => {
    expect(decide(question([{ at: '25', atUnit: 'mm', error: '20', expanded: '5', unit: 'um' }])).points[0]).toMatchObject({
      limit: '50',
      verdict: 'fit',
    })
  })

  it('换算除不尽的单位（1 m³/h 是 16.67 L/min）：照样判，没有一个数不是数', () => {
    const flow = (error: string, expanded: string) =>
      decide({
        ...question([{ at: '100', atUnit: 'L/min', error, expanded, unit: 'L/min' }]),
        need: { kind: 'absolute', limit: '1', unit: 'm3/h' },
      })
    // 16.666667 L/min allowed; U = 8 > a third: 5 + 8 = 13 is within, 10 + 8 = 18 is not.
    const fit = flow('5', '8')
    expect(fit.points[0]).toMatchObject({ limit: '16.666667', guard: '8', verdict: 'fit' })
    expect(fit.points[0]!.used).toBeCloseTo(13 / (50 / 3), 6)
    expect(fit.points[0]!.beyond).toBeCloseTo(0.0018, 4)
    expect(flow('10', '8').points[0]!.verdict).toBe('open')
    for (const each of [fit, flow('16.7', '1')]) expect(JSON.stringify(each.points)).not.toMatch(/null|NaN/)
  })

  it('很小的不确定度照原样写，不写成 1e-7', () => {
    const decision = decide(question([{ at: '0.1', atUnit: 'm', error: '0.0000001', expanded: '0.0000001', unit: 'm' }], '0.0002'))
    expect(decision.points[0]).toMatchObject({ guard: '0.0000001', verdict: 'fit' })
    expect(decision.sentences.join()).toContain('0.0000002')
  })

  it.each<[string, Need, string]>([
    ['读数的 1%，在 2 MPa', { kind: 'reading', percent: '1' }, '0.02'],
    ['量程 10 MPa 的 1.6%', { kind: 'span', percent: '1.6', span: '10', unit: 'MPa' }, '0.16'],
    ['固定 5 kPa', { kind: 'absolute', limit: '5', unit: 'kPa' }, '0.005'],
  ])('允许误差：%s', (_, need, limit) => {
    const points = [{ at: '2', atUnit: 'MPa', error: '0.001', expanded: '0.001', unit: 'MPa' }]
    expect(decide({ ...question(points), need }).points[0]!.limit).toBe(limit)
  })

  it('部分校准点满足时，给出最宽的一段可以限用', () => {
    const points = [point('0', '0'), point('50', '0.01'), point('100', '0.02'), point('150', '0.08'), point('200', '0.01')]
    const decision = decide(question(points))
    expect(decision).toMatchObject({ verdict: 'limited', worst: 3, usable: { from: '0', to: '100', unit: 'mm' } })
    expect(decision.sentences.at(-1)).toContain('0 mm 到 100 mm')
  })

  it('同一点上升下降两次，有一次不满足就不算这一点', () => {
    const decision = decide(question([point('0', '0'), point('50', '0.01'), point('100', '0.02'), point('100', '0.09')]))
    expect(decision.usable).toEqual({ from: '0', to: '50', unit: 'mm' })
    const first = decide(question([point('0', '0.09'), point('0', '0'), point('50', '0.01'), point('100', '0.02')]))
    expect(first.usable).toEqual({ from: '50', to: '100', unit: 'mm' })
  })

  it('一点也不满足，就是不满足使用要求', () => {
    const decision = decide(question([point('0', '0.06'), point('50', '0.07')]))
    expect(decision).toMatchObject({ verdict: 'unfit', usable: null, worst: 1 })
    expect(decision.sentences.join('')).toContain('停用')
  })

  it.each<[string, Partial<Question>, string]>([
    ['没有校准点', { results: { points: [], k: '2', asFound: true } }, 'points'],
    ['没有不确定度', { results: { points: [point('1', '0', '0')], k: '2', asFound: true } }, 'points'],
    ['不是同一种量', { results: { points: [point('1', '0', '0.1', 'MPa')], k: '2', asFound: true } }, 'points'],
    ['k 为零', { results: { points: [point('1', '0')], k: '0', asFound: true } }, 'k'],
    ['要求为零', { need: { kind: 'absolute', limit: '0', unit: 'mm' } }, 'limit'],
    [
      '读数百分比遇到零点',
      { need: { kind: 'reading', percent: '1' }, results: { points: [point('0', '0')], k: '2', asFound: true } },
      'points',
    ],
  ])('不能判的说清楚：%s', (_, over, field) => {
    const refusal = decideConfirmation({ ...question([point('1', '0')]), ...over })
    expect(isRefusal(refusal) && Object.keys(refusal.fields!)).toEqual([field])
  })

  it('误差正好在允许处时，超出的可能是一半', () => {
    const { points } = decide(question([point('1', '0.05', '0.001')]))
    expect(points[0]!.beyond).toBeCloseTo(0.5, 6)
    expect(percent(0.5)).toBe('50.0%')
  })
})

const decimal = (max: number) => fc.integer({ min: 0, max }).map((n) => (n / 10_000).toFixed(4))
const arbitraryPoint = fc
  .tuple(fc.integer({ min: 1, max: 500 }), decimal(1_000), decimal(600), fc.boolean())
  .map(([at, error, expanded, minus]) => point(String(at), minus ? `-${error}` : error, (Number(expanded) + 0.0001).toFixed(4)))
const arbitraryPoints = fc.array(arbitraryPoint, { minLength: 1, maxLength: 8 })

describe('判断的规律', () => {
  it('总留保护带时满足的，三分之一规则也满足；反过来不一定', () => {
    fc.assert(
      fc.property(arbitraryPoints, (points) => {
        const strict = decide(question(points, '0.05', 'guarded'))
        const usual = decide(question(points))
        for (const [i, each] of strict.points.entries()) if (each.verdict === 'fit') expect(usual.points[i]!.verdict).toBe('fit')
      }),
    )
  })
  it('要求放宽，结论不会变差', () => {
    fc.assert(
      fc.property(arbitraryPoints, (points) => {
        const rank = ['fit', 'limited', 'unfit']
        expect(rank.indexOf(decide(question(points, '0.1', 'guarded')).verdict)).toBeLessThanOrEqual(
          rank.indexOf(decide(question(points, '0.05', 'guarded')).verdict),
        )
      }),
    )
  })
  it('换单位不改变结论', () => {
    fc.assert(
      fc.property(arbitraryPoints, (points) => {
        const scaled = points.map((each) => ({
          ...each,
          unit: 'um',
          error: String(Math.round(Number(each.error) * 10_000) / 10),
          expanded: String(Math.round(Number(each.expanded) * 10_000) / 10),
        }))
        expect(decide(question(scaled)).points.map(({ verdict }) => verdict)).toEqual(
          decide(question(points)).points.map(({ verdict }) => verdict),
        )
      }),
    )
  })
  it('限用的一段里没有不满足的点', () => {
    fc.assert(
      fc.property(arbitraryPoints, (points) => {
        const { usable, points: judged } = decide(question(points))
        if (!usable) return
        const inside = judged.filter(({ at }) => Number(at) >= Number(usable.from) && Number(at) <= Number(usable.to))
        expect(inside.length).toBeGreaterThan(1)
        expect(inside.every(({ verdict }) => verdict === 'fit')).toBe(true)
      }),
    )
  })
})

describe('把证书上的数粘贴进来', () => {
  const units = { unit: 'mm', atUnit: 'mm' }
  it('表头略过，空格、Tab、逗号、全角都认', () => {
    expect(readPoints('校准值 误差 U\n25\t0.01\t0.008\n\n５０，－0.02，0.008\n', units)).toEqual([
      point('25', '0.01', '0.008'),
      point('50', '-0.02', '0.008'),
    ])
  })
  it('说出哪一行不对', () => {
    expect(readPoints('25 0.01 0.008\n50 0.02', units)).toMatchObject({ reason: expect.stringContaining('第 2 行') })
    expect(readPoints('  \n', units)).toMatchObject({ kind: 'invalid' })
  })
  it('表单缺的逐项指出', () => {
    const answer = readPrepare({ needKind: 'absolute', points: '25 0.01 0.008', k: 'x', unit: '米粒' })
    expect(isRefusal(answer) && Object.keys(answer.fields!).toSorted()).toEqual(['k', 'limit', 'needSource', 'unit'])
  })
})
