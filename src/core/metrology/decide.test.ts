import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefusal, type Refusal } from '../refusal.ts'
import { decide, type DecisionRule, type Question } from './decide.ts'
import { sayDecision, sayProbability, sayRule } from './decision-sentence.ts'
import { conformanceProbability, globalRisk, worstFalseAccept } from './risk.ts'

const ok = <T>(found: T | Refusal): T => {
  if (isRefusal(found)) throw new Error(found.reason)
  return found
}
const oneU = { of: 'U', times: 1 } as const
const limits = { lower: -1.6, upper: 1.6 }
const judge = (value: number, U: number, rule: DecisionRule, within: Question['limits'] = limits) =>
  ok(decide({ value, U, k: 2, limits: within }, rule))

describe('JCGM 106 的例子', () => {
  it.each([
    ['7.3.2 金属容器爆破强度 509.7 kPa，u = 8.6 kPa，应不小于 490 kPa', { lower: 490 }, 509.7, 8.6, '0.989'],
    ['7.3.3 齐纳二极管击穿电压 −5.47 V，u = 0.05 V，应不大于 −5.40 V', { upper: -5.4 }, -5.47, 0.05, '0.919'],
    ['7.4 机油运动黏度 13.6 mm²/s，u = 1.8 mm²/s，应在 12.5 至 16.3', { lower: 12.5, upper: 16.3 }, 13.6, 1.8, '0.66'],
  ])('%s：符合概率 %s', (_, tolerance, y, u, p) => expect(conformanceProbability(tolerance, y, u).toFixed(p.length - 2)).toBe(p))

  it('8.3.3 测速执法（保守拒绝）：超速的把握 99.9 %，100 km/h 处界限 107 km/h', () => {
    const limit = 100 / (1 - 3.09 * 0.02)
    expect(Math.round(limit)).toBe(107)
    expect(1 - conformanceProbability({ upper: 100 }, limit, 0.02 * limit)).toBeCloseTo(0.999, 4)
  })

  it('9.5.4 轴承径向误差运动：先验 4.2 % 不合格；测量后消费者风险 0.8 %；接受限 1.67 μm 时 0.1 %', () => {
    const prior = { kind: 'gamma', shape: 4, scale: 0.25 } as const
    const simple = globalRisk(prior, 0.25, { lower: 0, upper: 2 }, { upper: 2 })
    expect(simple.nonconforming).toBeCloseTo(0.04238, 5)
    expect((simple.consumer * 100).toFixed(1)).toBe('0.8')
    const guarded = globalRisk(prior, 0.25, { lower: 0, upper: 2 }, { upper: 1.67 })
    expect((guarded.consumer * 100).toFixed(1)).toBe('0.1')
    expect(guarded.producer).toBeGreaterThan(simple.producer)
  })
})

describe('总体风险', () => {
  it('与独立的自适应积分一致（1500 Ω ± 0.2 Ω，u0 = 0.12 Ω，um = 0.04 Ω）', () => {
    // Reference: adaptive quadrature to 1e−12 outside this code base.
    const risk = globalRisk(
      { kind: 'normal', mean: 1500, u: 0.12 },
      0.04,
      { lower: 1499.8, upper: 1500.2 },
      { lower: 1499.8, upper: 1500.2 },
    )
    expect(risk.consumer).toBeCloseTo(0.0189422067, 8)
    expect(risk.producer).toBeCloseTo(0.0372078002, 8)
  })

  it('接受与不合格、合格与拒绝的概率相互对得上', () => {
    const positive = fc.double({ min: 0.01, max: 3, noNaN: true })
    fc.assert(
      fc.property(positive, positive, fc.double({ min: 0, max: 0.9, noNaN: true }), (u0, um, w) => {
        const risk = globalRisk({ kind: 'normal', mean: 0.1, u: u0 }, um, { lower: -1, upper: 1 }, { lower: w - 1, upper: 1 - w })
        const marginal = conformanceProbability({ lower: w - 1, upper: 1 - w }, 0.1, Math.hypot(u0, um))
        expect(risk.accepted).toBeCloseTo(marginal, 7)
        expect(risk.nonconforming).toBeCloseTo(1 - conformanceProbability({ lower: -1, upper: 1 }, 0.1, u0), 7)
        for (const each of Object.values(risk)) expect(each >= -1e-12 && each <= 1 + 1e-9).toBe(true)
      }),
    )
  })
})

describe('判定规则', () => {
  it.each([
    ['simple', 1.6, 'pass'],
    ['simple', 1.61, 'fail'],
    ['guarded-acceptance', 1.4, 'pass'],
    ['guarded-acceptance', 1.5, 'fail'],
    ['guarded-rejection', 1.7, 'pass'],
    ['guarded-rejection', 1.9, 'fail'],
    ['nonbinary', 1.3, 'pass'],
    ['nonbinary', -1.5, 'conditional-pass'],
    ['nonbinary', 1.7, 'conditional-fail'],
    ['nonbinary', -1.9, 'fail'],
  ] as const)('%s：误差 %d，U = 0.2，允许 ±1.6 → %s', (kind, value, verdict) => {
    expect(judge(value, 0.2, kind === 'simple' ? { kind } : { kind, guard: oneU }).verdict).toBe(verdict)
  })

  it.each([
    [0.5, 1.6, 'pass', 0],
    [0.5, 1.7, 'fail', 0],
    [0.8, 0.8, 'pass', 0.8],
    [0.8, 0.9, 'undetermined', 0.8],
    [0.8, -2.3, 'undetermined', 0.8],
    [0.8, 2.4, 'fail', 0.8],
  ] as const)('JJF 1094：MPEV = 1.6，U = %d，误差 %d → %s，保护带 %d', (U, value, verdict, w) => {
    expect(judge(value, U, { kind: 'verification' })).toMatchObject({ verdict, guardBand: w })
  })

  it.each([
    [0.8, 1.6, 'pass'],
    [0.8, -1.6, 'pass'],
    [0.8, 1.61, 'fail'],
    [5, 0, 'pass'],
  ] as const)('按检定规程评定：MPEV = 1.6，U = %d 不计，误差 %d → %s；误判的可能性照样给出', (U, value, verdict) => {
    const found = judge(value, U, { kind: 'regulation', number: 'JJG 52-2013' })
    expect(found).toMatchObject({ verdict, guardBand: 0 })
    if (verdict === 'pass') expect(found.falseAccept).toBe(found.outside)
  })

  it('按检定规程评定也要有上下限', () =>
    expect(decide({ value: 0, U: 1, k: 2, limits: { upper: 1 } }, { kind: 'regulation', number: 'JJG 52-2013' })).toHaveProperty('reason'))

  it('小数相加不差末位：10.3 − 10 的误差是 0.3，没有超过 0.3', () =>
    expect(judge(10.3 - 10, 0, { kind: 'simple' }, { upper: 0.3 }).verdict).toBe('pass'))

  it('JJF 1094：U 正好是 MPEV 的三分之一，不计 U', () => {
    expect(ok(decide({ value: 0.3, U: 0.1, k: 2, limits: { lower: -0.3, upper: 0.3 } }, { kind: 'verification' })).verdict).toBe('pass')
  })

  it('ILAC-G8 表 1：一侧界限，w = U 时误判概率最多 2.5 %，w = 1.64 u 时 5 %，w = 0 时 50 %', () => {
    const worst = (rule: DecisionRule) => judge(0, 0.2, rule).worstFalseAccept
    expect(worst({ kind: 'guarded-acceptance', guard: oneU })).toBeCloseTo(0.02275, 5)
    expect(worst({ kind: 'guarded-acceptance', guard: { of: 'u', times: 1.64 } })).toBeCloseTo(0.0505, 4)
    expect(worst({ kind: 'simple' })).toBeCloseTo(0.5, 9)
  })

  it('保护带比允许范围还宽，什么都不接受', () => {
    const found = judge(0, 2, { kind: 'guarded-acceptance', guard: oneU })
    expect(found).toMatchObject({ verdict: 'fail', worstFalseAccept: 0 })
  })

  it.each([
    [{ value: 1, U: 0.1, k: 2, limits: {} }, '没有给出允许的上限或下限'],
    [{ value: 1, U: 0.1, k: 2, limits: { lower: 2, upper: 1 } }, '下限应小于上限'],
    [{ value: 1, U: -0.1, k: 2, limits }, 'U 应是不小于 0'],
    [{ value: 1, U: 0.1, k: 0, limits }, 'k 应大于 0'],
    [{ value: NaN, U: 0.1, k: 2, limits }, '测得值不是数'],
    [{ value: 1, U: 0.1, k: 2, limits: { upper: 2 } }, 'JJF 1094'],
  ])('说不清的不判：%j', (question, words) => {
    const found = decide(question, { kind: 'verification' })
    expect(isRefusal(found) && found.reason).toContain(words)
  })

  const questions = fc.record({
    value: fc.double({ min: -5, max: 5, noNaN: true }),
    U: fc.double({ min: 0, max: 3, noNaN: true }),
    k: fc.constantFrom(1, 2, 2.58, 3),
    limits: fc.constantFrom({ lower: -1.6, upper: 1.6 }, { upper: 1 }, { lower: -1 }),
  })
  const guards = fc.record({ of: fc.constantFrom('U' as const, 'u' as const), times: fc.double({ min: 0, max: 3, noNaN: true }) })

  it('保守接受不会接受简单接受所拒绝的，保守拒绝不会拒绝简单接受所接受的，保护带越宽接受越少', () => {
    fc.assert(
      fc.property(questions, guards, (question, guard) => {
        const verdict = (rule: DecisionRule) => ok(decide(question, rule)).verdict
        const simple = verdict({ kind: 'simple' })
        if (simple === 'fail') expect(verdict({ kind: 'guarded-acceptance', guard })).toBe('fail')
        if (simple === 'pass') expect(verdict({ kind: 'guarded-rejection', guard })).toBe('pass')
        const wider = { ...guard, times: guard.times + 1 }
        if (verdict({ kind: 'guarded-acceptance', guard: wider }) === 'pass')
          expect(verdict({ kind: 'guarded-acceptance', guard })).toBe('pass')
        expect(verdict({ kind: 'guarded-acceptance', guard: { ...guard, times: 0 } })).toBe(simple)
      }),
    )
  })

  it('概率都在 0 和 1 之间；合格时的误判概率不超过规则的最大值', () => {
    fc.assert(
      fc.property(questions, guards, (question, guard) => {
        for (const kind of ['guarded-acceptance', 'guarded-rejection', 'nonbinary'] as const) {
          const found = ok(decide(question, { kind, guard }))
          for (const p of [found.outside, found.falseAccept ?? 0, found.falseReject ?? 0, found.worstFalseAccept])
            expect(p >= 0 && p <= 1).toBe(true)
          if (found.falseAccept !== undefined && found.U > 0) expect(found.falseAccept).toBeLessThanOrEqual(found.worstFalseAccept + 1e-12)
        }
      }),
    )
  })

  it('双侧界限时两侧都算：界限处的误判概率略大于单侧', () => {
    expect(worstFalseAccept({ lower: -1, upper: 1 }, { lower: -1, upper: 1 }, 1)).toBeGreaterThan(0.5)
  })
})

describe('写给委托方的话', () => {
  it.each([
    [
      judge(0.8, 0.2, { kind: 'simple' }),
      '示值误差 0.80 kPa，允许 −1.60 kPa 至 1.60 kPa，U = 0.20 kPa（k = 2）。结论：合格。真值其实超出允许范围的可能性不到百万分之一。',
    ],
    [
      judge(1.5, 0.2, { kind: 'guarded-acceptance', guard: oneU }),
      '结论：不合格。测得值在允许范围内，但离界限不到保护带 0.20 kPa，按约定的规则不判合格；真值其实在允许范围内的可能性约 84 %。',
    ],
    [
      judge(1.7, 0.2, { kind: 'nonbinary', guard: oneU }),
      '结论：有条件不合格。超出了允许范围，但没有超过保护带 0.20 kPa；真值其实在允许范围内的可能性约 16 %。',
    ],
    [
      judge(1.2, 0.8, { kind: 'verification' }),
      '结论：待定。离界限不到 U = 0.80 kPa，这样的不确定度分不清合格与否；请用不确定度更小的方法重新测量（JJF 1094 5.3.1）。真值其实超出允许范围的可能性约 16 %。',
    ],
    [
      judge(3, 0.2, { kind: 'simple' }, { upper: 2 }),
      '示值误差 3.00 kPa，允许不大于 2.00 kPa，U = 0.20 kPa（k = 2）。结论：不合格。真值其实在允许范围内的可能性不到百万分之一。',
    ],
  ])('句子 %#', (decision, words) => expect(sayDecision(decision, { unit: 'kPa', what: '示值误差' })).toContain(words))

  it.each([
    [0, '不到百万分之一'],
    [0.0005, '不到 0.1 %'],
    [0.0228, '2.3 %'],
    [0.3241, '32 %'],
    [0.9989, '99.9 %'],
    [0.9996, '超过 99.9 %'],
    [1, '超过 99.9 %'],
  ])('概率 %d 写作“%s”，不写成必然', (p, words) => expect(sayProbability(p)).toBe(words))

  it('没有不确定度时照原样写数', () => {
    expect(sayDecision(judge(0.31, 0, { kind: 'simple' }, { upper: 0.3 }), { unit: 'mm' })).toContain(
      '测得值 0.31 mm，允许不大于 0.3 mm，U = 0 mm（k = 2）。结论：不合格',
    )
  })

  it('规则的写法', () => {
    expect(sayRule({ kind: 'regulation', number: 'JJG 30-2012' })).toContain('不计测量不确定度：JJG 30-2012')
    expect(sayRule({ kind: 'guarded-acceptance', guard: oneU })).toContain('w = U')
    expect(sayRule({ kind: 'nonbinary', guard: { of: 'u', times: 1.64 } })).toContain('w = 1.64 u')
  })
})
