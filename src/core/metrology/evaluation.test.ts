import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefusal, type Refusal } from '../refusal.ts'
import { reckonBudget } from './budget.ts'
import { correlationMatrix, correlationOf } from './correlation.ts'
import { momentsOf } from './distributions.ts'
import { evaluateInput, pooledDeviation, type Evaluation } from './evaluation.ts'
import { fitLine } from './line-fit.ts'
import { coverageFactor, erfc, normalCdf, normalQuantile, tCdf, tQuantile } from './special.ts'

const ok = <T>(found: T | Refusal): T => {
  if (isRefusal(found)) throw new Error(found.reason)
  return found
}
const of = (evaluation: Evaluation) => ok(evaluateInput('x', evaluation))

describe('标准不确定度的评定', () => {
  it.each<[string, Evaluation, number, number]>([
    ['A类：1、2、3、4、5 的平均值', { kind: 'observations', values: [1, 2, 3, 4, 5] }, Math.sqrt(2.5 / 5), 4],
    ['A类：极差法，3 次', { kind: 'range', values: [10, 10.169, 10.05] }, 0.1 / Math.sqrt(3), 1.8],
    ['A类：合并样本标准偏差 13，5 次平均', { kind: 'pooled', values: [1, 1, 1, 1, 1], s: 13, dof: 24 }, 13 / Math.sqrt(5), 24],
    ['证书 U = 240 μg，k = 3（JCGM 100 4.3.3）', { kind: 'certificate', value: 0, U: 240, k: 3 }, 80, Infinity],
    ['证书 U99 = 129 μΩ，正态（JCGM 100 4.3.4）', { kind: 'certificate-probability', value: 0, U: 129, p: 0.99 }, 50.08, Infinity],
    [
      '线膨胀系数 ±0.40×10⁻⁶，矩形（JCGM 100 4.3.7）',
      { kind: 'half-width', shape: 'rectangular', value: 16.52, halfWidth: 0.4 },
      0.2309,
      Infinity,
    ],
    ['三角分布', { kind: 'half-width', shape: 'triangular', value: 0, halfWidth: 1 }, 1 / Math.sqrt(6), Infinity],
    ['反正弦分布 ±0.5 ℃（JCGM 100 H.1.3.4）', { kind: 'half-width', shape: 'arcsine', value: 0, halfWidth: 0.5 }, 0.3536, Infinity],
    ['梯形分布 β = 0.5', { kind: 'trapezoidal', value: 0, halfWidth: 1, beta: 0.5 }, Math.sqrt(1.25 / 6), Infinity],
    ['分辨力 δx：0.29 δx（JCGM 100 F.2.2.1）', { kind: 'resolution', value: 0, step: 1 }, 0.2887, Infinity],
    ['最大允许误差 ±1.6', { kind: 'permissible-error', value: 0, mpe: 1.6 }, 0.9238, Infinity],
    [
      'u 可靠到 25 %，ν = 8（JCGM 100 G.4.2）',
      { kind: 'half-width', shape: 'rectangular', value: 0, halfWidth: 1, relative: 0.25 },
      0.5774,
      8,
    ],
  ])('%s', (_, evaluation, u, dof) => {
    expect(of(evaluation).u).toBeCloseTo(u, u > 10 ? 1 : 4)
    expect(of(evaluation).dof).toBeCloseTo(dof, 9)
  })

  it.each<[Evaluation, string]>([
    [{ kind: 'observations', values: [1] }, '至少要两次独立的重复观测'],
    [{ kind: 'observations', values: [1, NaN] }, '有一个值不是数'],
    [{ kind: 'range', values: [1] }, '极差法只用于 2 至 9 次'],
    [{ kind: 'pooled', values: [1], s: -1, dof: 3 }, '合并样本标准偏差不能小于 0'],
    [{ kind: 'certificate', value: 1, U: 1, k: 0 }, '包含因子 k 应大于 0'],
    [{ kind: 'certificate-probability', value: 1, U: 1, p: 95 }, '包含概率 p 应在 0 和 1 之间'],
    [{ kind: 'standard', value: 1, u: 1, dof: 0 }, '自由度应大于 0'],
    [{ kind: 'trapezoidal', value: 1, halfWidth: 1, beta: 2 }, '上底与下底之比'],
    [{ kind: 'distribution', distribution: { kind: 'rectangular', low: 2, high: 1 } }, '下限大于上限'],
    [{ kind: 'distribution', distribution: { kind: 'curvilinear-trapezoid', low: 0, high: 1, d: 0.6 } }, '界限的不可靠范围'],
  ])('说不通的评定被拒绝：%j', (evaluation, words) => {
    const found = evaluateInput('温度', evaluation)
    expect(isRefusal(found) && found.reason).toContain('“温度”')
    expect(isRefusal(found) && found.reason).toContain(words)
  })

  it('大数加小数不损失：1e9 + 1…5 的标准偏差与 1…5 相同', () => {
    expect(of({ kind: 'observations', values: [1, 2, 3, 4, 5].map((x) => x + 1e9) }).u).toBe(
      of({ kind: 'observations', values: [1, 2, 3, 4, 5] }).u,
    )
  })

  it('抽样用的分布与评定的 u 一致', () => {
    const halfWidth = fc.double({ min: 0.001, max: 1000, noNaN: true })
    const shape = fc.constantFrom('rectangular' as const, 'triangular' as const, 'arcsine' as const)
    fc.assert(
      fc.property(shape, halfWidth, (each, a) => {
        const { u, distribution } = of({ kind: 'half-width', shape: each, value: 1, halfWidth: a })
        expect(momentsOf(distribution).u / u).toBeCloseTo(1, 9)
      }),
    )
  })

  it('多组重复测量合并：JJF 1059.1 4.3.2', () => {
    expect(pooledDeviation([[1, 2, 3], [2, 4], [5]])).toEqual({ s: Math.sqrt((2 * 1 + 1 * 2) / 3), dof: 3 })
  })
})

describe('输入量对不上时说清楚', () => {
  const x = { name: 'x', evaluation: { kind: 'standard', value: 1, u: 0.1 } } as const
  const no = (found: unknown): string => (isRefusal(found) ? found.reason : '')
  it.each([
    [() => reckonBudget('x + y', [x]), '“y”没有给出估计值'],
    [() => reckonBudget('x', [x, { ...x, name: 'z' }]), '“z”没有出现在测量模型里'],
    [() => reckonBudget('x', [x, x]), '“x”给了两次'],
    [() => reckonBudget('1/(x - 1)', [x]), '没有意义'],
    [() => reckonBudget('abs(x - 1)', [x]), '没有导数'],
    [() => reckonBudget('sqrt(x - 1)', [x]), '没有导数'],
    [
      () =>
        correlationMatrix(
          ['a', 'b', 'c'],
          [
            { a: 'a', b: 'b', r: 0.9 },
            { a: 'b', b: 'c', r: 0.9 },
            { a: 'a', b: 'c', r: -0.9 },
          ],
        ),
      '互相矛盾',
    ],
    [() => correlationMatrix(['a', 'b'], [{ a: 'a', b: 'b', r: 1.2 }]), '不在 −1 和 1 之间'],
    [() => correlationMatrix(['a', 'b'], [{ a: 'a', b: 'q', r: 0.2 }]), '“q”不是模型的输入量'],
    [() => correlationOf([1, 2], [1]), '一一对应'],
    [() => correlationOf([1, 1], [1, 2]), '全部相同'],
    [() => fitLine([1, 1, 1], [1, 2, 3]), '自变量全部相同'],
    [() => fitLine([1, 2], [1, 2]), '至少要 3 个点'],
  ])('拒绝 %#：%s', (make, words) => expect(no(make())).toContain(words))

  it('完全相关的量：和的 u 是各 u 之和，差的 u 是 0', () => {
    const two = [x, { ...x, name: 'y' }]
    const correlations = [{ a: 'x', b: 'y', r: 1 }]
    expect(ok(reckonBudget('x + y', two, { correlations })).u).toBeCloseTo(0.2, 12)
    expect(ok(reckonBudget('x - y', two, { correlations })).u).toBeCloseTo(0, 12)
  })
})

describe('t 分布', () => {
  /** Reckoned to 30 digits outside this code base; JJF 1059.1 附录B prints two decimals of them. */
  it.each([
    [0.975, 1, 12.7062047361747],
    [0.975, 2, 4.30265272974946],
    [0.975, 4, 2.77644510519779],
    [0.995, 16, 2.9207816224251],
    [0.97725, 10, 2.28368161329964],
    [0.975, 16.7, 2.11270642065959],
    [0.995, 0.5, 4113.96458880417],
    [0.9, 1000, 1.28239872146092],
    [0.975, 123456, 1.95998320024519],
    [0.9999, 3, 22.203742273205],
  ])('t(%d; ν = %d) = %d，至少 11 位', (p, dof, t) => expect(Math.abs(tQuantile(p, dof) / t - 1)).toBeLessThan(1e-11))

  it.each([
    [1, 0.6827, 1.84],
    [5, 0.95, 2.57],
    [9, 0.95, 2.26],
    [10, 0.9545, 2.28],
    [20, 0.99, 2.85],
    [50, 0.9973, 3.16],
  ])('JCGM 100 表 G.2：ν = %d，p = %d，t = %d', (dof, p, t) => expect(coverageFactor(p, dof).toFixed(2)).toBe(t.toFixed(2)))

  it('分位数是分布函数的反函数；自由度越大越接近正态', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), fc.double({ min: 0.5, max: 1e7, noNaN: true }), (p, dof) => {
        expect(tCdf(tQuantile(p, dof), dof)).toBeCloseTo(p, 9)
        expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 13)
      }),
    )
    expect(tQuantile(0.975, 1e9)).toBeCloseTo(normalQuantile(0.975), 8)
    expect(erfc(10) / 2.08848758376254e-45).toBeCloseTo(1, 12)
  })
})
