/**
 * How the standard uncertainty of one input quantity is evaluated: type A from observations (JCGM 100 4.2, JJF 1059.1 4.3.2),
 * type B from everything else (4.3, JJF 1059.1 4.3.3). All values in the unit of the quantity.
 */
import { refuse, type Refusal } from '../refusal.ts'
import { checkDistribution, momentsOf, type Distribution } from './distributions.ts'
import { coverageFactor } from './special.ts'

/** How far u itself is to be trusted: ν ≈ ½ (Δu/u)^−2 (JCGM 100 G.4.2). 0.25: u is reliable to 25 %. Absent: exactly known, ν = ∞. */
interface Reliability {
  relative?: number
}

export type Evaluation =
  /** Independent repeated observations: mean, s/√n, ν = n − 1. */
  | { kind: 'observations'; values: readonly number[] }
  /** Few observations (2 … 9), nearly normal: s from their range, R/C (JJF 1059.1 4.3.2, 极差法). */
  | { kind: 'range'; values: readonly number[] }
  /** The spread is known from before with `dof` (pooled s); the estimate is the mean of these n observations. */
  | { kind: 'pooled'; values: readonly number[]; s: number; dof: number }
  /** A certificate says U and k. */
  | { kind: 'certificate'; value: number; U: number; k: number; dof?: number }
  /** A certificate says U and the coverage probability p of a normal distribution, or of t with its effective degrees of freedom. */
  | { kind: 'certificate-probability'; value: number; U: number; p: number; dof?: number }
  | { kind: 'standard'; value: number; u: number; dof?: number }
  | ({ kind: 'half-width'; shape: 'rectangular' | 'triangular' | 'arcsine'; value: number; halfWidth: number } & Reliability)
  | ({ kind: 'trapezoidal'; value: number; halfWidth: number; beta: number } & Reliability)
  /** A digital display with this step: the true reading lies within half a step, rectangular (JCGM 100 F.2.2.1). */
  | { kind: 'resolution'; value: number; step: number }
  /** Within the maximum permissible error ±mpe of a class, rectangular (JJF 1059.1 4.3.3). */
  | ({ kind: 'permissible-error'; value: number; mpe: number } & Reliability)
  /** Any distribution, as JCGM 101 assigns it. */
  | { kind: 'distribution'; distribution: Distribution; dof?: number }

export interface Estimate {
  type: 'A' | 'B'
  value: number
  /** Standard uncertainty, ≥ 0. */
  u: number
  /** Degrees of freedom of u; Infinity when it is taken as known. */
  dof: number
  /** What Monte Carlo draws from. */
  distribution: Distribution
  /** Where u comes from, in words and numbers. */
  how: string
}

const shapes = {
  rectangular: { name: '矩形分布', k: Math.sqrt(3), symbol: '√3' },
  triangular: { name: '三角分布', k: Math.sqrt(6), symbol: '√6' },
  arcsine: { name: '反正弦分布（U形）', k: Math.SQRT2, symbol: '√2' },
} as const

const show = (x: number): string => String(Number(x.toPrecision(6)))

const dofOf = (relative: number | undefined): number => (relative ? 1 / (2 * relative * relative) : Infinity)

/** The estimate of the input `name`, or a refusal that names it (code `INVALID_EVALUATION`). */
export function evaluateInput(name: string, evaluation: Evaluation): Estimate | Refusal {
  const wrong = whatIsWrong(evaluation)
  if (wrong !== undefined) return refuse('invalid', `输入量“${name}”的不确定度评定有误：${wrong}`, { code: 'INVALID_EVALUATION' })
  if (isTypeA(evaluation)) return typeA(evaluation)
  if (evaluation.kind === 'distribution') {
    const bad = checkDistribution(evaluation.distribution, name)
    return bad ?? fromDistribution(evaluation.distribution, evaluation.dof)
  }
  return typeB(evaluation)
}

type TypeA = Extract<Evaluation, { kind: 'observations' | 'range' | 'pooled' }>

const isTypeA = (e: Evaluation): e is TypeA => e.kind === 'observations' || e.kind === 'range' || e.kind === 'pooled'

/** n → range coefficient C and degrees of freedom of R/C (JJF 1059.1 4.3.2, its table for 极差法). */
const rangeTable: Readonly<Record<number, readonly [c: number, dof: number]>> = {
  2: [1.13, 0.9],
  3: [1.69, 1.8],
  4: [2.06, 2.7],
  5: [2.33, 3.6],
  6: [2.53, 4.5],
  7: [2.7, 5.3],
  8: [2.85, 6],
  9: [2.97, 6.8],
}

function fromRange(values: readonly number[]): readonly [s: number, dof: number] {
  const [c, dof] = rangeTable[values.length]!
  return [(Math.max(...values) - Math.min(...values)) / c, dof]
}

const positive = (x: number): boolean => x > 0 && x < Infinity
const notNegative = (x: number): boolean => x >= 0 && x < Infinity

function whatIsWrong(e: Evaluation): string | undefined {
  const values = isTypeA(e) ? e.values : 'value' in e ? [e.value] : []
  if (values.some((x) => !Number.isFinite(x))) return '有一个值不是数'
  if (e.kind === 'observations' && e.values.length < 2)
    return '至少要两次独立的重复观测；只有一次时，请用以往测得的实验标准偏差（合并样本标准偏差）'
  if (e.kind === 'range' && !Object.hasOwn(rangeTable, e.values.length)) return '极差法只用于 2 至 9 次重复观测'
  if (e.kind === 'pooled' && e.values.length < 1) return '没有观测值'
  if (e.kind === 'pooled' && !(notNegative(e.s) && e.dof > 0)) return '合并样本标准偏差不能小于 0，其自由度应大于 0'
  if ((e.kind === 'certificate' || e.kind === 'certificate-probability') && !notNegative(e.U)) return '扩展不确定度 U 不能小于 0'
  if (e.kind === 'certificate' && !positive(e.k)) return '包含因子 k 应大于 0，请照证书填写；证书没有给 k 就不能这样评定'
  if (e.kind === 'certificate-probability' && !(e.p > 0 && e.p < 1)) return '包含概率 p 应在 0 和 1 之间，如 0.95'
  if (e.kind === 'standard' && !notNegative(e.u)) return '标准不确定度不能小于 0'
  if ((e.kind === 'half-width' || e.kind === 'trapezoidal') && !notNegative(e.halfWidth)) return '区间半宽度不能小于 0'
  if (e.kind === 'trapezoidal' && !(e.beta >= 0 && e.beta <= 1)) return '梯形的上底与下底之比应在 0 和 1 之间'
  if (e.kind === 'resolution' && !notNegative(e.step)) return '分辨力不能小于 0'
  if (e.kind === 'permissible-error' && !notNegative(e.mpe)) return '最大允许误差的绝对值不能小于 0'
  if ('relative' in e && e.relative !== undefined && !(e.relative >= 0 && e.relative < Infinity))
    return '标准不确定度的相对不可靠程度不能小于 0'
  return 'dof' in e && e.dof !== undefined && !(e.dof > 0) ? '自由度应大于 0' : undefined
}

/** Sample mean and standard deviation (Bessel), computed about the mean so that large offsets do not cancel. */
export function sampleOf(values: readonly number[]): { mean: number; s: number } {
  const n = values.length
  const first = values[0] ?? NaN
  const mean = first + values.reduce((sum, x) => sum + (x - first), 0) / n
  return { mean, s: Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1)) }
}

/** √(Σ ν_j s_j² / Σ ν_j) of several series (JJF 1059.1 4.3.2). */
export function pooledDeviation(series: readonly (readonly number[])[]): { s: number; dof: number } {
  const useful = series.filter((values) => values.length > 1)
  const dof = useful.reduce((sum, values) => sum + values.length - 1, 0)
  return { s: Math.sqrt(useful.reduce((sum, values) => sum + (values.length - 1) * sampleOf(values).s ** 2, 0) / dof), dof }
}

function typeA(e: TypeA): Estimate {
  const n = e.values.length
  const { mean, s: own } = sampleOf(e.values)
  const [s, dof] = e.kind === 'pooled' ? [e.s, e.dof] : e.kind === 'range' ? fromRange(e.values) : [own, n - 1]
  const u = s / Math.sqrt(n)
  const how =
    e.kind === 'pooled'
      ? `A类：合并样本标准偏差 sp = ${show(s)}（自由度 ${show(dof)}），${n} 次测量的平均值，u = sp/√${n}`
      : e.kind === 'range'
        ? `A类：${n} 次重复观测，极差法 s = R/C = ${show(s)}，平均值的标准不确定度 u = s/√${n}`
        : `A类：${n} 次独立重复观测，实验标准偏差 s = ${show(s)}，平均值的标准不确定度 u = s/√${n}`
  return { type: 'A', value: mean, u, dof, distribution: { kind: 't', mean, scale: u, dof }, how }
}

type TypeB = Exclude<Evaluation, TypeA | { kind: 'distribution' }>

function typeB(e: TypeB): Estimate {
  const { value } = e
  if (e.kind === 'standard') return normal(value, e.u, e.dof, `B类：已知标准不确定度 u = ${show(e.u)}`)
  if (e.kind === 'certificate') return normal(value, e.U / e.k, e.dof, `B类：证书给出 U = ${show(e.U)}，k = ${show(e.k)}，u = U/k`)
  if (e.kind === 'certificate-probability') {
    const k = coverageFactor(e.p, e.dof ?? Infinity)
    return normal(value, e.U / k, e.dof, `B类：证书给出 U${show(e.p * 100)} = ${show(e.U)}，k = ${show(k)}，u = U/k`)
  }
  if (e.kind === 'trapezoidal') {
    const distribution = { kind: 'trapezoidal', low: value - e.halfWidth, high: value + e.halfWidth, beta: e.beta } as const
    const how = `B类：半宽度 a = ${show(e.halfWidth)}，梯形分布（β = ${show(e.beta)}），u = a·√((1+β²)/6)`
    return { type: 'B', value, u: e.halfWidth * Math.sqrt((1 + e.beta ** 2) / 6), dof: dofOf(e.relative), distribution, how }
  }
  if (e.kind === 'resolution') return bounded(value, e.step / 2, 'rectangular', undefined, `B类：分辨力 ${show(e.step)}，半宽度 a 为其一半`)
  if (e.kind === 'permissible-error') return bounded(value, e.mpe, 'rectangular', e.relative, `B类：最大允许误差 ±${show(e.mpe)}`)
  return bounded(value, e.halfWidth, e.shape, e.relative, `B类：半宽度 a = ${show(e.halfWidth)}`)
}

const normal = (value: number, u: number, dof: number | undefined, how: string): Estimate => ({
  type: 'B',
  value,
  u,
  dof: dof ?? Infinity,
  // u with finite degrees of freedom is itself uncertain: JCGM 101 6.4.9.7 assigns t.
  distribution: dof !== undefined && dof < Infinity ? { kind: 't', mean: value, scale: u, dof } : { kind: 'normal', mean: value, u },
  how,
})

function bounded(value: number, a: number, shape: keyof typeof shapes, relative: number | undefined, how: string): Estimate {
  const { name, k, symbol } = shapes[shape]
  const distribution = { kind: shape, low: value - a, high: value + a }
  return { type: 'B', value, u: a / k, dof: dofOf(relative), distribution, how: `${how}，${name}，u = a/${symbol}` }
}

function fromDistribution(distribution: Distribution, dof = Infinity): Estimate {
  if (distribution.kind === 't') {
    // In the GUM framework the scale is the standard uncertainty, with its degrees of freedom.
    const { mean, scale } = distribution
    return {
      type: 'A',
      value: mean,
      u: scale,
      dof: distribution.dof,
      distribution,
      how: `t 分布，u = ${show(scale)}，自由度 ${show(distribution.dof)}`,
    }
  }
  const { mean, u } = momentsOf(distribution)
  return { type: 'B', value: mean, u, dof, distribution, how: `B类：指定的分布，u = ${show(u)}` }
}
