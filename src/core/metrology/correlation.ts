/** Correlation and covariance matrices of quantities by name; positive semidefinite or refused. */
import { refuse, type Refusal } from '../refusal.ts'

export type Matrix = readonly (readonly number[])[]

export interface Correlation {
  a: string
  b: string
  /** −1 … 1 */
  r: number
}

/** The matrix over `order`, or a refusal (code `INVALID_CORRELATION`): an unknown name, a pair twice, |r| > 1, or coefficients that contradict each other. */
export function correlationMatrix(order: readonly string[], pairs: readonly Correlation[]): number[][] | Refusal {
  const no = (sentence: string) => refuse('invalid', sentence, { code: 'INVALID_CORRELATION' })
  const matrix: number[][] = order.map((_, i) => order.map((_, j) => Number(i === j)))
  const seen = new Set<string>()
  for (const { a, b, r } of pairs) {
    const [i, j] = [order.indexOf(a), order.indexOf(b)]
    if (i < 0 || j < 0) return no(`相关系数里的“${i < 0 ? a : b}”不是模型的输入量`)
    if (i === j) return no(`“${a}”与自己的相关系数就是 1，不必填写`)
    if (!(Math.abs(r) <= 1)) return no(`“${a}”与“${b}”的相关系数 ${r} 不在 −1 和 1 之间`)
    const key = [Math.min(i, j), Math.max(i, j)].join()
    if (seen.has(key)) return no(`“${a}”与“${b}”的相关系数填了两次`)
    seen.add(key)
    matrix[i]![j] = r
    matrix[j]![i] = r
  }
  if (!cholesky(matrix)) return no('这些相关系数互相矛盾，不可能同时成立（相关矩阵不是半正定的），请核对各对相关系数')
  return matrix
}

/**
 * L with L·Lᵀ = the matrix; a column of zeros where the matrix is singular. Undefined when it is not positive semidefinite
 * (beyond 1e−10 of its diagonal, which rounding of published coefficients does not exceed).
 */
export function cholesky(matrix: Matrix): number[][] | undefined {
  const n = matrix.length
  const lower = matrix.map((row) => row.map(() => 0))
  for (let j = 0; j < n; j++) {
    const tolerance = 1e-10 * matrix[j]![j]!
    let pivot = matrix[j]![j]!
    for (let k = 0; k < j; k++) pivot -= lower[j]![k]! ** 2
    if (pivot < -tolerance) return undefined
    const root = pivot > tolerance ? Math.sqrt(pivot) : 0
    lower[j]![j] = root
    for (let i = j + 1; i < n; i++) {
      let rest = matrix[i]![j]!
      for (let k = 0; k < j; k++) rest -= lower[i]![k]! * lower[j]![k]!
      if (root > 0) lower[i]![j] = rest / root
      else if (Math.abs(rest) > 1e-5 * Math.sqrt(matrix[i]![i]! * matrix[j]![j]!)) return undefined
    }
  }
  return lower
}

/** r of paired observations (JCGM 100 C.3.6, equation 14 of 5.2.2): that of the means is the same. Refused for fewer than 2 pairs, unequal lengths, or no spread. */
export function correlationOf(a: readonly number[], b: readonly number[]): number | Refusal {
  const no = (sentence: string) => refuse('invalid', sentence, { code: 'INVALID_CORRELATION' })
  if (a.length !== b.length) return no(`成对观测应一一对应，现在一组 ${a.length} 个，另一组 ${b.length} 个`)
  if (a.length < 2) return no('至少要两对观测值才能求相关系数')
  const centred = (xs: readonly number[]) => {
    const mean = xs.reduce((sum, x) => sum + x, 0) / xs.length
    return xs.map((x) => x - mean)
  }
  const [p, q] = [centred(a), centred(b)]
  const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, each, i) => sum + each * y[i]!, 0)
  const spread = Math.sqrt(dot(p, p) * dot(q, q))
  if (!(spread > 0)) return no('有一组观测值全部相同，求不出相关系数')
  return Math.max(-1, Math.min(1, dot(p, q) / spread))
}

/** u_i · r_ij · u_j */
export const covarianceMatrix = (us: readonly number[], r: Matrix): number[][] => us.map((u, i) => us.map((v, j) => u * r[i]![j]! * v))

/** J · V · Jᵀ (JCGM 102:2011 6.2.1.3). */
export function propagateCovariance(jacobian: Matrix, covariance: Matrix): number[][] {
  const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, each, i) => sum + each * y[i]!, 0)
  const times = jacobian.map((row) => covariance.map((column) => dot(row, column)))
  return times.map((row) => jacobian.map((other) => dot(row, other)))
}
