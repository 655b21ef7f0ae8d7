/** What a sample of the measurand says: expectation, standard uncertainty, coverage intervals (JCGM 101 7.6, 7.7). */

export interface Interval {
  low: number
  high: number
}

export interface Propagated {
  trials: number
  value: number
  u: number
  /** Coverage probability of both intervals. */
  p: number
  /** Equal tails. */
  symmetric: Interval
  shortest: Interval
}

/** Sorts a copy. `values` are at least 100 finite numbers; p is between 0 and 1. */
export function summarise(values: Float64Array, p = 0.95): Propagated {
  const sorted = Float64Array.from(values).sort()
  return { trials: values.length, ...momentsOfSample(values), p, ...intervals(sorted, p) }
}

export function momentsOfSample(values: Float64Array): { value: number; u: number } {
  const n = values.length
  // About the first value, so that 50 000 838 nm ± 36 nm does not cancel.
  const first = values[0]!
  let sum = 0
  for (let i = 0; i < n; i++) sum += values[i]! - first
  const value = first + sum / n
  let square = 0
  for (let i = 0; i < n; i++) square += (values[i]! - value) ** 2
  return { value, u: Math.sqrt(square / (n - 1)) }
}

/** JCGM 101 7.7.2–7.7.4: with q = pM, the interval [y(r), y(r+q)]; r = (M−q)/2 for equal tails, the r of the least length for the shortest. */
export function intervals(sorted: Float64Array, p: number): { symmetric: Interval; shortest: Interval } {
  const n = sorted.length
  const q = Math.min(n - 1, Math.round(p * n))
  // The standard counts from 1.
  const at = (r: number): Interval => ({ low: sorted[r - 1]!, high: sorted[r + q - 1]! })
  const middle = Math.max(1, Math.round((n - q) / 2))
  let best = 1
  for (let r = 2; r <= n - q; r++) if (sorted[r + q - 1]! - sorted[r - 1]! < sorted[best + q - 1]! - sorted[best - 1]!) best = r
  return { symmetric: at(middle), shortest: at(best) }
}

/** Numerical tolerance of u given to so many significant digits: u = c·10^l, δ = ½·10^l (JCGM 101 7.9.2). */
export function numericalTolerance(u: number, digits: 1 | 2): number {
  if (!(u > 0)) return 0
  const [mantissa = '', power = ''] = u.toExponential(digits - 1).split('e')
  return 0.5 * 10 ** (Number(power) - (mantissa.replace('.', '').length - 1))
}
