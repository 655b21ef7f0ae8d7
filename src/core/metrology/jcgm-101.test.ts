/** The examples of JCGM 101:2008 clause 9. Random digits are fixed by the seed; the allowances are three standard errors at the number of trials. */
import { describe, expect, it } from 'vitest'
import { isRefusal, type Refusal } from '../refusal.ts'
import { runAdaptive } from './adaptive.ts'
import { reckonBudget, type Input } from './budget.ts'
import { summarise } from './propagated.ts'
import { coverageFactor } from './special.ts'
import { runTrials, type RandomInput } from './trials.ts'
import { validateBudget } from './validation.ts'
import type { Correlation } from './correlation.ts'
import type { Distribution } from './distributions.ts'

const ok = <T>(found: T | Refusal): T => {
  if (isRefusal(found)) throw new Error(found.reason)
  return found
}
const trials = 1_000_000
const carlo = (model: string, inputs: readonly RandomInput[], p = 0.95, correlations: readonly Correlation[] = []) =>
  summarise(ok(runTrials(model, inputs, { seed: 20080901, trials, correlations })), p)
const asInputs = (inputs: readonly RandomInput[]): Input[] =>
  inputs.map(({ name, distribution }) => ({ name, evaluation: { kind: 'distribution', distribution } }))

describe('9.2 加法模型 Y = X1 + X2 + X3 + X4', () => {
  const four = (make: (i: number) => Distribution): RandomInput[] => [0, 1, 2, 3].map((i) => ({ name: `X${i + 1}`, distribution: make(i) }))
  const box = (u: number): Distribution => ({ kind: 'rectangular', low: -u * Math.sqrt(3), high: u * Math.sqrt(3) })
  it.each([
    ['表 2：四个标准正态分布', four(() => ({ kind: 'normal', mean: 0, u: 1 })), 2.0, 3.92, 2.0, 3.92],
    ['表 3：四个矩形分布', four(() => box(1)), 2.0, 3.88, 2.0, 3.92],
    ['表 4：一个矩形分布占主要', four((i) => box(i === 3 ? 10 : 1)), 10.1, 17.0, 10.1, 19.9],
  ])('%s', (_, inputs, u, end, gumU, gumEnd) => {
    const found = carlo('X1 + X2 + X3 + X4', inputs)
    const budget = ok(reckonBudget('X1 + X2 + X3 + X4', asInputs(inputs)))
    const digits = u > 10 ? 1 : 2
    expect(Math.abs(found.value)).toBeLessThan((3 * u) / Math.sqrt(trials))
    expect(Math.abs(found.u - u)).toBeLessThan(digits === 1 ? 0.1 : 0.005)
    expect(Math.abs(found.symmetric.low + end)).toBeLessThan(digits === 1 ? 0.1 : 0.02)
    expect(Math.abs(found.symmetric.high - end)).toBeLessThan(digits === 1 ? 0.1 : 0.02)
    expect(budget.u).toBeCloseTo(gumU, 1)
    expect((coverageFactor(0.95, budget.dof!) * budget.u).toFixed(digits)).toBe(gumEnd.toFixed(digits))
  })
})

describe('9.3 质量校准（mg）', () => {
  const model = '(mR + δR)*(1 + (a - 1.2)*(1/ρW - 1/ρR)) - 100000'
  const inputs: RandomInput[] = [
    { name: 'mR', distribution: { kind: 'normal', mean: 100_000, u: 0.05 } },
    { name: 'δR', distribution: { kind: 'normal', mean: 1.234, u: 0.02 } },
    { name: 'a', distribution: { kind: 'rectangular', low: 1.1, high: 1.3 } },
    { name: 'ρW', distribution: { kind: 'rectangular', low: 7000, high: 9000 } },
    { name: 'ρR', distribution: { kind: 'rectangular', low: 7950, high: 8050 } },
  ]
  const budget = ok(reckonBudget(model, asInputs(inputs), { secondOrder: true }))
  const found = carlo(model, inputs)

  it('表 6：一阶 GUM u = 0.0539，二阶 0.0750，蒙特卡洛 0.0754', () => {
    expect(budget.value.toFixed(4)).toBe('1.2340')
    expect(budget.u.toFixed(4)).toBe('0.0539')
    expect(budget.secondOrder!.u.toFixed(4)).toBe('0.0750')
    expect(found.value).toBeCloseTo(1.2341, 3)
    expect(Math.abs(found.u - 0.0754)).toBeLessThan(0.0002)
  })
  it('表 6：95 % 包含区间 [1.0834, 1.3825]；一阶 [1.1285, 1.3395]，二阶 [1.0870, 1.3810]', () => {
    expect(Math.abs(found.shortest.low - 1.0834)).toBeLessThan(0.003)
    expect(Math.abs(found.shortest.high - 1.3825)).toBeLessThan(0.003)
    // The table multiplies the rounded u by 1.96.
    const end = (u: number) => [budget.value - 1.96 * u, budget.value + 1.96 * u].map((x) => x.toFixed(4))
    expect(end(budget.u)).toEqual(['1.1285', '1.3395'])
    expect(end(Number(budget.secondOrder!.u.toFixed(4)))).toEqual(['1.0870', '1.3810'])
  })
  it('表 6：一阶不通过验证（0.0451、0.0430），二阶通过，δ = 0.005', () => {
    const first = validateBudget({ value: budget.value, U: 1.96 * budget.u }, found)
    expect(first).toMatchObject({ valid: false, tolerance: 0.005 })
    expect(Math.abs(first.dLow - 0.0451)).toBeLessThan(0.003)
    expect(Math.abs(first.dHigh - 0.043)).toBeLessThan(0.003)
    expect(validateBudget({ value: budget.value, U: 1.96 * budget.secondOrder!.u }, found).valid).toBe(true)
  })
  it('自适应：两位数字稳定，与固定次数一致', () => {
    const adaptive = ok(runAdaptive(model, inputs, { seed: 7 }))
    expect(adaptive).toMatchObject({ stable: true, tolerance: 0.0005 })
    expect(Math.abs(adaptive.u - 0.0754)).toBeLessThan(adaptive.tolerance)
  })
})

describe('9.4 微波功率计比对损耗（×10⁻⁶）', () => {
  const u = 0.005
  const model = 'X1^2 + X2^2'
  const rows: [x1: number, r: number, value: number, mc: number, low: number, high: number, first: number, second: number][] = [
    [0, 0, 50, 50, 0, 150, 0, 50],
    [0.01, 0, 150, 112, 0, 367, 100, 112],
    [0.05, 0, 2551, 502, 1590, 3543, 500, 502],
    [0, 0.9, 50, 67, 0, 185, 0, 67],
    [0.01, 0.9, 150, 121, 13, 398, 100, 121],
    [0.05, 0.9, 2551, 505, 1628, 3555, 500, 505],
  ]
  it.each(rows)(
    'x1 = %d，r = %d：y = %d，u = %d，最短 95 %% 区间 [%d, %d]；一阶 %d，二阶 %d',
    (x1, r, value, mcU, low, high, first, second) => {
      const inputs: RandomInput[] = [
        { name: 'X1', distribution: { kind: 'normal', mean: x1, u } },
        { name: 'X2', distribution: { kind: 'normal', mean: 0, u } },
      ]
      const correlations = r === 0 ? [] : [{ a: 'X1', b: 'X2', r }]
      const found = carlo(model, inputs, 0.95, correlations)
      const budget = ok(reckonBudget(model, asInputs(inputs), { correlations, secondOrder: true }))
      expect(Math.abs(found.value * 1e6 - value)).toBeLessThan(2)
      expect(Math.round(found.u * 1e6)).toBeCloseTo(mcU, -0.5)
      // The shortest interval has a flat optimum: its ends are known to some per cent of u only.
      expect(Math.abs(found.shortest.low * 1e6 - low)).toBeLessThan(1 + 0.05 * mcU)
      expect(Math.abs(found.shortest.high * 1e6 - high)).toBeLessThan(1 + 0.05 * mcU)
      expect(Math.round(budget.u * 1e6)).toBe(first)
      expect(Math.round(budget.secondOrder!.u * 1e6)).toBe(second)
      expect(budget.secondOrder!.value * 1e6).toBeCloseTo(x1 * x1 * 1e6 + 50, 9)
    },
  )
})

describe('9.5 量块校准（nm）', () => {
  const model = 'LS + D0 + D1 + D2 - LS*(δα*(Θ0 + Δ) + αS*δΘ) - 50000000'
  const inputs: RandomInput[] = [
    { name: 'LS', distribution: { kind: 't', mean: 50_000_623, scale: 25, dof: 18 } },
    { name: 'D0', distribution: { kind: 't', mean: 215, scale: 6, dof: 24 } },
    { name: 'D1', distribution: { kind: 't', mean: 0, scale: 4, dof: 5 } },
    { name: 'D2', distribution: { kind: 't', mean: 0, scale: 7, dof: 8 } },
    { name: 'αS', distribution: { kind: 'rectangular', low: 9.5e-6, high: 13.5e-6 } },
    { name: 'Θ0', distribution: { kind: 'normal', mean: -0.1, u: 0.2 } },
    { name: 'Δ', distribution: { kind: 'arcsine', low: -0.5, high: 0.5 } },
    { name: 'δα', distribution: { kind: 'curvilinear-trapezoid', low: -1e-6, high: 1e-6, d: 0.1e-6 } },
    { name: 'δΘ', distribution: { kind: 'curvilinear-trapezoid', low: -0.05, high: 0.05, d: 0.025 } },
  ]
  it('表 11：838 nm，蒙特卡洛 u = 36 nm、99 % 区间 [745, 932]；GUM u = 32 nm、[745, 931]', () => {
    const found = carlo(model, inputs, 0.99)
    expect(Math.round(found.value)).toBe(838)
    expect(Math.round(found.u)).toBe(36)
    expect(Math.abs(found.symmetric.low - 745)).toBeLessThan(2)
    expect(Math.abs(found.symmetric.high - 932)).toBeLessThan(2)
    const budget = ok(reckonBudget(model, asInputs(inputs)))
    expect(Math.round(budget.value)).toBe(838)
    expect(Math.round(budget.u)).toBe(32)
  })
})
