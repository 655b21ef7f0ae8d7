/** 间隔建议：方法有名字，强制检定不提。 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { advise, fit, practice, type Told } from './advice.ts'

const told = (done_on: string, over: Partial<Told> = {}): Told => ({
  done_on,
  kind: 'calibration',
  conclusion: 'none',
  confirmation: 'fit',
  as_found: null,
  voided_at: null,
  ...over,
})
const found = (done_on: string, error: string, over: Partial<NonNullable<Told['as_found']>> = {}) =>
  told(done_on, { as_found: { error, limit: '0.05', unit: 'mm', uncertainty: '0.01', ...over } })
const years = ['2022-11-01', '2023-11-01', '2024-11-01', '2025-11-01', '2026-11-01']
const free = { mandatory: 'no', interval_months: 12 } as const
const months = (checks: Told[], row: Parameters<typeof advise>[0] = free) => {
  const answer = advise(row, checks)
  return 'none' in answer ? answer.none : answer.advice.months
}

describe('阶梯法', () => {
  // 周期、历次结果（从早到晚）、建议、为什么
  it.each([
    [12, '合合合', 18, '连续三次合格，延长一半'],
    [12, '合合', '至少', '两次不够'],
    [12, '超合合', 12, '超差之后才两次合格，不变'],
    [12, '合合超', 8, '最近一次超差，缩短三分之一'],
    [1, '合合超', 1, '最短一个月'],
    [48, '合合合', 60, '最长 60 个月'],
    [12, '合合合合合', 18, '一次只延长一级'],
  ])('%i 个月，%s：%s（%s）', (interval_months, results, expected, _why) => {
    const checks = [...results].map((each, i) => told(years[i]!, { confirmation: each === '合' ? 'fit' : 'unfit' }))
    const answer = months(checks, { mandatory: 'no', interval_months })
    if (typeof expected === 'string') expect(answer).toContain(expected)
    else expect(answer).toBe(expected)
  })

  it('强制检定不提；待判定的先判定；作废的结果不算', () => {
    const three = years.slice(0, 3).map((on) => told(on))
    expect(months(three, { mandatory: 'yes', interval_months: 12 })).toContain('《计量法》第九条')
    expect(months(three, { mandatory: 'unknown', interval_months: 12 })).toContain('先判定')
    expect(months([...three.slice(0, 2), told('2026-01-01', { voided_at: '2026-02-01' })])).toContain('现在有 2 次')
  })
})

describe('控制图法', () => {
  it('误差平稳的不比阶梯法长；漂得快的比阶梯法短', () => {
    expect(months(years.map((on) => found(on, '0.01')))).toBe(18)
    const drifting = years.map((on, i) => found(on, String(0.008 * (i + 1))))
    const answer = advise(free, drifting)
    expect('advice' in answer && answer.advice.chart!.slope).toBeCloseTo(0.008 / 12, 5)
    // At the last point the line is at 0.040 and U is 0.01: the limit of 0.05 is reached.
    expect(months(drifting)).toBe(8)
    expect(months(years.map((on, i) => found(on, String(0.004 * (i + 1)))))).toBeLessThan(practice.longest)
  })

  it('直线拟合与手算一致', () => {
    const points = [0, 1, 2, 3].map((i) => ({
      on: new Date(i * 30.4375 * 86_400_000).toISOString().slice(0, 10),
      error: [0, 1, 1, 2][i]!,
      uncertainty: 0,
      limit: 9,
    }))
    // x̄ 1.5, ȳ 1, Sxx 5, Sxy 3: slope 0.6; residuals −0.1 0.3 −0.3 0.1.
    expect(fit(points).slope).toBeCloseTo(0.6, 1)
    expect(fit(points).slopeUncertainty).toBeCloseTo(Math.sqrt(0.2 / 2 / 5), 1)
  })

  it('单位不同的记录换算后一起看', () => {
    const mixed = years.map((on, i) => (i % 2 ? found(on, '10', { unit: 'um', limit: '50', uncertainty: '10' }) : found(on, '0.01')))
    expect(months(mixed)).toBe(months(years.map((on) => found(on, '0.01'))))
  })
})

describe('不论记录怎样', () => {
  const record = fc.record({
    on: fc.constantFrom(...years, '2024-05-01', '2025-05-01'),
    error: fc.integer({ min: -60, max: 60 }),
    charted: fc.boolean(),
  })
  const list = fc.uniqueArray(record, { selector: ({ on }) => on, minLength: 3, maxLength: 7 })
  const toChecks = (each: { on: string; error: number; charted: boolean }[]) =>
    each.map(({ on, error, charted }) =>
      charted ? found(on, String(error / 1000)) : told(on, { confirmation: Math.abs(error) > 40 ? 'unfit' : 'fit' }),
    )

  it('记录的次序不影响；不超过 60 个月、不超过一倍半；最近一次超差绝不延长', () => {
    fc.assert(
      fc.property(list, fc.integer({ min: 1, max: 60 }), (records, interval_months) => {
        const row = { mandatory: 'no', interval_months } as const
        const answer = advise(row, toChecks(records))
        expect(advise(row, toChecks(records.toReversed()))).toEqual(answer)
        if ('none' in answer) return
        expect(answer.advice.months).toBeGreaterThanOrEqual(1)
        expect(answer.advice.months).toBeLessThanOrEqual(
          Math.min(practice.longest, Math.max(interval_months, Math.floor(interval_months * 1.5))),
        )
        const last = records.toSorted((a, b) => a.on.localeCompare(b.on)).at(-1)!
        const out = last.charted ? Math.abs(last.error) + 10 > 50 : Math.abs(last.error) > 40
        if (out && interval_months > 1) expect(answer.advice.months).toBeLessThan(interval_months)
      }),
    )
  })

  it('把最近一次的误差改大，阶梯法的建议不会变长', () => {
    fc.assert(
      fc.property(list, fc.integer({ min: 0, max: 100 }), (records, more) => {
        const sorted = records.toSorted((a, b) => a.on.localeCompare(b.on))
        const last = sorted.at(-1)!
        const worse = { ...last, error: last.error + Math.sign(last.error || 1) * more }
        const of = (each: typeof sorted) => {
          const answer = advise(free, toChecks(each))
          return 'none' in answer ? Infinity : answer.advice.staircase.months
        }
        expect(of([...sorted.slice(0, -1), worse])).toBeLessThanOrEqual(of(sorted))
      }),
    )
  })
})
