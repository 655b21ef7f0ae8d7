import { describe, expect, it } from 'vitest'
import { isRefusal, type Refusal } from '../refusal.ts'
import { reckonBudget, type Input } from './budget.ts'
import { correlationOf } from './correlation.ts'
import { expand, stateResult } from './coverage.ts'
import { fitLine, predict } from './line-fit.ts'
import { reckonOutputs } from './multi-output.ts'
import { coverageFactor } from './special.ts'

const ok = <T>(found: T | Refusal): T => {
  if (isRefusal(found)) throw new Error(found.reason)
  return found
}

/** Lengths in nm, temperatures in ℃. */
const endGauge: Input[] = [
  { name: 'ls', evaluation: { kind: 'certificate', value: 50_000_623, U: 75, k: 3, dof: 18 } },
  { name: 'd0', evaluation: { kind: 'pooled', values: [215, 215, 215, 215, 215], s: 13, dof: 24 } },
  { name: 'd1', evaluation: { kind: 'certificate-probability', value: 0, U: 10, p: 0.95, dof: 5 } },
  { name: 'd2', evaluation: { kind: 'certificate', value: 0, U: 20, k: 3, dof: 8 } },
  { name: 'αs', evaluation: { kind: 'half-width', shape: 'rectangular', value: 11.5e-6, halfWidth: 2e-6 } },
  { name: 'θ0', evaluation: { kind: 'standard', value: -0.1, u: 0.2 } },
  { name: 'Δ', evaluation: { kind: 'half-width', shape: 'arcsine', value: 0, halfWidth: 0.5 } },
  { name: 'δα', evaluation: { kind: 'half-width', shape: 'rectangular', value: 0, halfWidth: 1e-6, relative: 0.1 } },
  { name: 'δθ', evaluation: { kind: 'half-width', shape: 'rectangular', value: 0, halfWidth: 0.05, relative: 0.5 } },
]

describe('JCGM 100 H.1 端度规校准', () => {
  const budget = ok(reckonBudget('ls + d0 + d1 + d2 - ls*(δα*(θ0+Δ) + αs*δθ)', endGauge, { secondOrder: true }))
  const line = (name: string) => budget.lines.find((each) => each.name === name)!

  it('l = 50.000838 mm，uc = 32 nm，νeff = 16，U99 = 93 nm', () => {
    expect(budget.value).toBe(50_000_838)
    expect(budget.u).toBeCloseTo(31.7, 1)
    expect(Math.round(budget.u)).toBe(32)
    expect(Math.floor(budget.dof!)).toBe(16)
    expect(coverageFactor(0.99, 16).toFixed(2)).toBe('2.92')
    // H.1.6 multiplies the rounded 32 nm.
    expect(Math.round(coverageFactor(0.99, 16) * 32)).toBe(93)
  })

  it.each([
    ['ls', 25, 25],
    ['d0', 5.8, 5.8],
    ['d1', 3.9, 3.9],
    ['d2', 6.7, 6.7],
    ['αs', 1.2e-6, 0],
    ['δα', 0.58e-6, 2.9],
    ['δθ', 0.029, 16.6],
  ])('表 H.1：%s 的 u = %d，分量 %d nm', (name, u, contribution) => {
    // To as many digits as Table H.1 prints.
    expect(Number(line(name).u.toPrecision(2))).toBe(u)
    expect(line(name).contribution).toBeCloseTo(contribution, 1)
  })

  it('温度的两个分量合成 0.41 ℃', () => expect(Math.hypot(line('θ0').u, line('Δ').u).toFixed(2)).toBe('0.41'))

  it('H.1.7：加高阶项 34 nm，主要是 δα·θ 的 11.7 nm', () => {
    expect(Math.round(budget.secondOrder!.u)).toBe(34)
    expect(50_000_623 * 0.58e-6 * 0.41).toBeCloseTo(11.9, 1)
    expect(budget.secondOrder!.chief).toMatchObject({ a: 'Δ', b: 'δα' })
  })

  it('各分量的占比合计 100 %', () =>
    expect(budget.lines.reduce((sum, each) => sum + each.share, budget.correlationShare)).toBeCloseTo(100, 9))
})

describe('JCGM 100 H.2 同时测量电阻和电抗', () => {
  /** Table H.2: V/V, I/mA, φ/rad. */
  const V = [5.007, 4.994, 5.005, 4.99, 4.999]
  const I = [19.663, 19.639, 19.64, 19.685, 19.678].map((each) => each / 1000)
  const φ = [1.0456, 1.0438, 1.0468, 1.0428, 1.0433]
  const models = [
    { name: 'R', model: 'V/I*cos(φ)' },
    { name: 'X', model: 'V/I*sin(φ)' },
    { name: 'Z', model: 'V/I' },
  ]
  const inputs: Input[] = [
    { name: 'V', evaluation: { kind: 'observations', values: V } },
    { name: 'I', evaluation: { kind: 'observations', values: I } },
    { name: 'φ', evaluation: { kind: 'observations', values: φ } },
  ]
  const correlations = [
    { a: 'V', b: 'I', r: ok(correlationOf(V, I)) },
    { a: 'V', b: 'φ', r: ok(correlationOf(V, φ)) },
    { a: 'I', b: 'φ', r: ok(correlationOf(I, φ)) },
  ]
  const found = ok(reckonOutputs(models, inputs, correlations))

  it('表 H.2：输入量的相关系数 −0.36、0.86、−0.65', () =>
    expect(correlations.map(({ r }) => r.toFixed(2))).toEqual(['-0.36', '0.86', '-0.65']))

  it.each([
    [0, '127.732', '0.071'],
    // Table H.3 prints 0.295; its own observations give 0.29558 this way and 0.29549 the other way (H.4).
    [1, '219.847', '0.296'],
    [2, '254.260', '0.236'],
  ])('表 H.3：第 %i 个输出量 %s Ω，u = %s Ω', (i, value, u) => {
    expect(found.outputs[i]!.value.toFixed(3)).toBe(value)
    expect(found.outputs[i]!.u.toFixed(3)).toBe(u)
  })

  it('表 H.3：r(R,X) = −0.588，r(R,Z) = −0.485，r(X,Z) = 0.993', () => {
    const r = found.correlation
    expect([r[0]![1], r[0]![2], r[1]![2]].map((each) => each!.toFixed(3))).toEqual(['-0.588', '-0.485', '0.993'])
  })

  it('H.2.4 方法 2：逐组算出 R、X、Z 再取平均，到公布的位数相同', () => {
    const each = (f: (v: number, i: number, a: number) => number) => V.map((v, k) => f(v, I[k]!, φ[k]!))
    const series = [each((v, i, a) => (v / i) * Math.cos(a)), each((v, i, a) => (v / i) * Math.sin(a)), each((v, i) => v / i)]
    const own = series.map((values) => ok(reckonBudget('y', [{ name: 'y', evaluation: { kind: 'observations', values } }])))
    expect(own.map(({ value }) => value.toFixed(3))).toEqual(['127.732', '219.847', '254.260'])
    expect(own.map(({ u }) => u.toFixed(3))).toEqual(['0.071', '0.295', '0.236'])
    expect(ok(correlationOf(series[0]!, series[1]!)).toFixed(3)).toBe('-0.588')
    expect(ok(correlationOf(series[1]!, series[2]!)).toFixed(3)).toBe('0.993')
  })

  it('输入量相关时不给有效自由度，并说明原因', () => {
    const budget = ok(reckonBudget('V/I*cos(φ)', inputs, { correlations }))
    expect(budget.dof).toBeUndefined()
    expect(budget.dofReason).toContain('只适用于互不相关的输入量')
    expect(expand(budget, { kind: 'probability', p: 0.95 })).toMatchObject({ k: 2 })
    expect(stateResult(budget.value, expand(budget), { symbol: 'R', unit: 'Ω' }).text).toBe('R = 127.73 Ω；U = 0.14 Ω，k = 2')
  })
})

describe('JCGM 100 H.3 温度计校准', () => {
  /** Table H.6: reading/℃ and correction/℃. */
  const t = [21.521, 22.012, 22.512, 23.003, 23.507, 23.999, 24.513, 25.002, 25.503, 26.01, 26.511]
  const b = [-0.171, -0.169, -0.166, -0.159, -0.164, -0.165, -0.156, -0.157, -0.159, -0.161, -0.16]
  const line = ok(fitLine(t, b, { origin: 20 }))

  it('y1 = −0.1712 ℃，s(y1) = 0.0029 ℃，y2 = 0.00218，s(y2) = 0.00067，r = −0.930，s = 0.0035 ℃', () => {
    expect(line.intercept.toFixed(4)).toBe('-0.1712')
    expect(line.uIntercept.toFixed(4)).toBe('0.0029')
    expect(line.slope.toFixed(5)).toBe('0.00218')
    expect(line.uSlope.toFixed(5)).toBe('0.00067')
    expect(line.r.toFixed(3)).toBe('-0.930')
    expect(line.s.toFixed(4)).toBe('0.0035')
    expect(line.dof).toBe(9)
  })

  it('b(30 ℃) = −0.1494 ℃，uc = 0.0041 ℃，ν = 9', () => {
    const at = predict(line, 30)
    expect(at.value.toFixed(4)).toBe('-0.1494')
    expect(at.u.toFixed(4)).toBe('0.0041')
  })

  it('H.3.5：以平均温度为原点，截距与斜率不相关，预测不变', () => {
    const centred = ok(fitLine(t, b, { origin: t.reduce((sum, each) => sum + each, 0) / t.length }))
    expect(centred.r).toBeCloseTo(0, 12)
    expect(centred.intercept.toFixed(4)).toBe('-0.1625')
    expect(centred.uIntercept.toFixed(4)).toBe('0.0011')
    expect(predict(centred, 30).value).toBeCloseTo(predict(line, 30).value, 12)
    expect(predict(centred, 30).u).toBeCloseTo(predict(line, 30).u, 12)
  })

  it('校准曲线作为测量模型用：截距与斜率作相关的输入量', () => {
    const budget = ok(
      reckonBudget(
        'y1 + y2*(t - 20)',
        [
          { name: 'y1', evaluation: { kind: 'standard', value: line.intercept, u: line.uIntercept, dof: 9 } },
          { name: 'y2', evaluation: { kind: 'standard', value: line.slope, u: line.uSlope, dof: 9 } },
          { name: 't', evaluation: { kind: 'standard', value: 30, u: 0 } },
        ],
        { correlations: [{ a: 'y1', b: 'y2', r: line.r }] },
      ),
    )
    expect(budget.u).toBeCloseTo(predict(line, 30).u, 12)
  })
})
