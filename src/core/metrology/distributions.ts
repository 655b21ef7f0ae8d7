/**
 * The distributions that JCGM 101:2008 6.4 assigns to input quantities, with their expectation, standard uncertainty and a sampler.
 * All parameters are in the unit of the quantity, but `dof`, `beta` and `shape`.
 */
import { refuse, type Refusal } from '../refusal.ts'
import type { Random } from './random.ts'

export type Distribution =
  | { kind: 'constant'; value: number }
  | { kind: 'normal'; mean: number; u: number }
  /** Scaled and shifted t (6.4.9): from n observations, scale = s/√n and dof = n − 1. Its standard uncertainty is scale·√(ν/(ν−2)). */
  | { kind: 't'; mean: number; scale: number; dof: number }
  | { kind: 'rectangular'; low: number; high: number }
  /** Rectangular with ends known to ±d only (6.4.3): CTrap(low, high, d). */
  | { kind: 'curvilinear-trapezoid'; low: number; high: number; d: number }
  | { kind: 'triangular'; low: number; high: number }
  /** `beta`: the top as a share of the base; 0 is triangular, 1 rectangular (6.4.4). */
  | { kind: 'trapezoidal'; low: number; high: number; beta: number }
  /** U-shaped (6.4.6). */
  | { kind: 'arcsine'; low: number; high: number }
  | { kind: 'exponential'; mean: number }
  /** Expectation shape × scale (6.4.11 with shape q + 1 and scale 1 for q counted events). */
  | { kind: 'gamma'; shape: number; scale: number }

export interface Moments {
  mean: number
  /** Infinite for t with ν ≤ 2. */
  u: number
}

/** Expectation and standard deviation. */
export function momentsOf(d: Distribution): Moments {
  if (d.kind === 'constant') return { mean: d.value, u: 0 }
  if (d.kind === 'normal') return { mean: d.mean, u: d.u }
  if (d.kind === 't')
    return { mean: d.mean, u: d.dof === Infinity ? d.scale : d.dof > 2 ? d.scale * Math.sqrt(d.dof / (d.dof - 2)) : Infinity }
  if (d.kind === 'exponential') return { mean: d.mean, u: d.mean }
  if (d.kind === 'gamma') return { mean: d.shape * d.scale, u: Math.sqrt(d.shape) * d.scale }
  const half = (d.high - d.low) / 2
  const mean = d.low + half
  if (d.kind === 'rectangular') return { mean, u: half / Math.sqrt(3) }
  if (d.kind === 'triangular') return { mean, u: half / Math.sqrt(6) }
  if (d.kind === 'arcsine') return { mean, u: half / Math.SQRT2 }
  if (d.kind === 'trapezoidal') return { mean, u: half * Math.sqrt((1 + d.beta ** 2) / 6) }
  return { mean, u: Math.sqrt((half * half) / 3 + (d.d * d.d) / 9) }
}

/** A sentence when the parameters make no distribution. */
export function checkDistribution(d: Distribution, name: string): Refusal | undefined {
  const no = (what: string) => refuse('invalid', `“${name}”的分布有误：${what}`, { code: 'INVALID_DISTRIBUTION' })
  if (Object.values(d).some((value) => typeof value === 'number' && Number.isNaN(value))) return no('有一项不是数')
  if (Object.entries(d).some(([key, value]) => key !== 'dof' && value === Infinity)) return no('有一项是无穷大')
  if (d.kind === 'normal' && d.u < 0) return no('标准不确定度不能小于 0')
  if (d.kind === 't' && !(d.scale >= 0 && d.dof > 0)) return no('t 分布的标准偏差不能小于 0，自由度应大于 0')
  if (d.kind === 'exponential' && !(d.mean > 0)) return no('指数分布的期望应大于 0')
  if (d.kind === 'gamma' && !(d.shape > 0 && d.scale > 0)) return no('伽马分布的参数应大于 0')
  if ('low' in d && d.low > d.high) return no('下限大于上限')
  if (d.kind === 'trapezoidal' && !(d.beta >= 0 && d.beta <= 1)) return no('梯形的上底与下底之比应在 0 和 1 之间')
  if (d.kind === 'curvilinear-trapezoid' && !(d.d >= 0 && d.d <= (d.high - d.low) / 2)) return no('界限的不可靠范围 d 应在 0 与半宽之间')
  return undefined
}

/** Standard normal by Marsaglia's polar method, two at a time into `out`. */
export function fillNormal(random: Random, out: Float64Array, mean: number, u: number): void {
  const { length } = out
  for (let i = 0; i < length; i += 2) {
    let x = 0
    let y = 0
    let square = 0
    do {
      x = 2 * random.uniform() - 1
      y = 2 * random.uniform() - 1
      square = x * x + y * y
    } while (square >= 1 || square === 0)
    const factor = Math.sqrt((-2 * Math.log(square)) / square)
    out[i] = mean + u * (x * factor)
    if (i + 1 < length) out[i + 1] = mean + u * (y * factor)
  }
}

/** Gamma(shape, 1) for shape ≥ 1 by Marsaglia and Tsang (2000); below 1 through shape + 1. */
function gammas(random: Random, out: Float64Array, shape: number, scale: number): void {
  const d = (shape < 1 ? shape + 1 : shape) - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  const one = new Float64Array(1)
  for (let i = 0; i < out.length;) {
    fillNormal(random, one, 0, 1)
    const x = one[0]!
    const v = (1 + c * x) ** 3
    if (v <= 0 || Math.log(random.uniform()) >= (x * x) / 2 + d - d * v + d * Math.log(v)) continue
    out[i++] = d * v * scale * (shape < 1 ? random.uniform() ** (1 / shape) : 1)
  }
}

function fillT(random: Random, out: Float64Array, { mean, scale, dof }: Extract<Distribution, { kind: 't' }>): void {
  fillNormal(random, out, 0, 1)
  if (dof < Infinity) {
    const chi = new Float64Array(out.length)
    gammas(random, chi, dof / 2, 2)
    for (let i = 0; i < out.length; i++) out[i]! *= Math.sqrt(dof / chi[i]!)
  }
  for (let i = 0; i < out.length; i++) out[i] = mean + scale * out[i]!
}

/** Fills `out` with independent draws. */
export function fill(d: Distribution, random: Random, out: Float64Array): void {
  const { length } = out
  if (d.kind === 'constant') return void out.fill(d.value)
  if (d.kind === 'normal') return fillNormal(random, out, d.mean, d.u)
  if (d.kind === 't') return fillT(random, out, d)
  if (d.kind === 'gamma') return gammas(random, out, d.shape, d.scale)
  if (d.kind === 'exponential') {
    for (let i = 0; i < length; i++) out[i] = -d.mean * Math.log(random.uniform())
    return
  }
  const { low, high } = d
  const [half, centre] = [(high - low) / 2, (low + high) / 2]
  if (d.kind === 'rectangular') for (let i = 0; i < length; i++) out[i] = low + (high - low) * random.uniform()
  else if (d.kind === 'arcsine') for (let i = 0; i < length; i++) out[i] = centre + half * Math.sin(2 * Math.PI * random.uniform())
  else if (d.kind === 'curvilinear-trapezoid')
    for (let i = 0; i < length; i++) {
      const from = low - d.d + 2 * d.d * random.uniform()
      out[i] = from + (low + high - 2 * from) * random.uniform()
    }
  else {
    const beta = d.kind === 'triangular' ? 0 : d.beta
    for (let i = 0; i < length; i++) out[i] = low + half * ((1 + beta) * random.uniform() + (1 - beta) * random.uniform())
  }
}
