/** A straight calibration line by least squares, with the covariance of its two parameters (JCGM 100 H.3). */
import { refuse, type Refusal } from '../refusal.ts'

export interface FittedLine {
  /** y = intercept + slope·(x − origin) */
  origin: number
  intercept: number
  slope: number
  uIntercept: number
  uSlope: number
  /** Correlation coefficient of intercept and slope; 0 when the origin is the mean of x. */
  r: number
  /** Residual standard deviation: √(Σ residual² / (n − 2)); with given weights, of the weighted residuals. */
  s: number
  dof: number
  residuals: readonly number[]
}

/**
 * Fits to n ≥ 3 points, equally uncertain in y and exact in x. With `u` (standard uncertainties of the y) the points are weighted by 1/u²
 * and the parameters' uncertainties come from these, not from the residuals; s near 1 then says that the two agree.
 */
export function fitLine(
  x: readonly number[],
  y: readonly number[],
  options: { origin?: number; u?: readonly number[] } = {},
): FittedLine | Refusal {
  const no = (sentence: string) => refuse('invalid', sentence, { code: 'INVALID_FIT' })
  const n = x.length
  const { origin = 0, u } = options
  if (y.length !== n || (u && u.length !== n)) return no('拟合直线的数据应一一对应')
  if (n < 3) return no('拟合直线并求其不确定度，至少要 3 个点')
  if ([...x, ...y, origin].some((value) => !Number.isFinite(value))) return no('拟合直线的数据里有一个不是数')
  if (u?.some((each) => !(each > 0 && each < Infinity))) return no('各点的标准不确定度应大于 0')
  const weights = u ? u.map((each) => 1 / each ** 2) : x.map(() => 1)
  const sum = (f: (i: number) => number) => weights.reduce((total, w, i) => total + w * f(i), 0)
  const total = sum(() => 1)
  // About the centre, so that nothing cancels for x = 20.1, 20.2, …
  const [xMean, yMean] = [sum((i) => x[i]!) / total, sum((i) => y[i]!) / total]
  const spread = sum((i) => (x[i]! - xMean) ** 2)
  if (!(spread > 0)) return no('各点的自变量全部相同，定不出直线')
  const slope = sum((i) => (x[i]! - xMean) * (y[i]! - yMean)) / spread
  const residuals = x.map((each, i) => y[i]! - yMean - slope * (each - xMean))
  const s = Math.sqrt(sum((i) => residuals[i]! ** 2) / (n - 2))
  const scale = u ? 1 : s
  const uSlope = scale / Math.sqrt(spread)
  const away = origin - xMean
  const uIntercept = scale * Math.sqrt(1 / total + away ** 2 / spread)
  // cov(intercept, slope) = (origin − mean)·u²(slope)
  const r = uIntercept > 0 ? (away * uSlope) / uIntercept : 0
  return { origin, intercept: yMean + slope * away, slope, uIntercept, uSlope, r, s, dof: n - 2, residuals }
}

/** The value of the line at x and its standard uncertainty, with the covariance of the parameters (JCGM 100 equation H.15). */
export function predict(line: FittedLine, x: number): { value: number; u: number } {
  const d = x - line.origin
  const variance = line.uIntercept ** 2 + (d * line.uSlope) ** 2 + 2 * d * line.r * line.uIntercept * line.uSlope
  return { value: line.intercept + line.slope * d, u: Math.sqrt(Math.max(0, variance)) }
}
