/**
 * Terms of the next order in the Taylor expansion, for models that are not nearly linear (JCGM 100 5.1.2 note, H.1.7).
 *
 * For uncorrelated symmetric inputs the note gives
 *   u² = Σ (f_i u_i)² + Σ_i Σ_j [½ f_ij² + f_i f_ijj] u_i² u_j².
 * For a joint normal distribution with covariance V the same expansion reads
 *   u² = gᵀVg + ½ tr(HVHV) + Σ T(Vg, l_k, l_k),   V = Σ l_k l_kᵀ,
 * which is the former when V is diagonal. The expectation moves by ½ tr(HV).
 */
import { refuse, type Refusal } from '../refusal.ts'
import { cholesky, type Matrix } from './correlation.ts'
import type { Expression } from './expression.ts'
import { hessianOf, jetOf } from './jet.ts'

export interface SecondOrder {
  /** Expectation of the measurand to second order. */
  value: number
  u: number
  /** The largest of the added terms: which pair of inputs makes the model not linear. Absent when there is none. */
  chief?: { a: string; b: string; u: number }
}

/** `variance` and `gradient` are those of the first order; `covariance` runs over `order`. */
export function secondOrder(
  expression: Expression,
  order: readonly string[],
  at: readonly number[],
  covariance: Matrix,
  variance: number,
  gradient: readonly number[],
): SecondOrder | Refusal {
  const n = order.length
  const lower = cholesky(covariance) ?? []
  const columns = order.map((_, k) => order.map((_, i) => lower[i]?.[k] ?? 0))
  const hessian = hessianOf(expression, order, at)
  const along = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, x, i) => (x === 0 ? sum : sum + x * b.reduce((rest, y, j) => (y === 0 ? rest : rest + hessian[i]![j]! * y), 0)), 0)
  let square = 0
  let shift = 0
  let third = 0
  // f_i f_ijj u_i² u_j² summed: the third derivative along (Vg, l_k, l_k); no third derivative is needed along a constant.
  const slope = order.map((_, i) => gradient.reduce((sum, c, j) => sum + covariance[i]![j]! * c, 0))
  for (let k = 0; k < n; k++) {
    shift += along(columns[k]!, columns[k]!) / 2
    for (let m = 0; m < n; m++) square += along(columns[k]!, columns[m]!) ** 2 / 2
    if (columns[k]!.some((x) => x !== 0)) third += 2 * jetOf(expression, order, at, slope, columns[k]!)[8]!
  }
  const total = variance + square + third
  const value =
    jetOf(
      expression,
      order,
      at,
      order.map(() => 0),
      order.map(() => 0),
    )[0]! + shift
  if (!Number.isFinite(total) || !Number.isFinite(value)) {
    return refuse('invalid', '测量模型在估计值处没有二阶或三阶导数，求不出高阶项；请改用蒙特卡洛法', { code: 'NO_DERIVATIVE' })
  }
  if (total < 0) {
    return refuse('invalid', '测量模型的非线性太强，泰勒展开到高阶项也不够；请改用蒙特卡洛法（JJF 1059.2）', { code: 'TOO_NONLINEAR' })
  }
  return { value, u: Math.sqrt(total), ...chiefOf(order, hessian, covariance) }
}

function chiefOf(order: readonly string[], hessian: Matrix, covariance: Matrix): Pick<SecondOrder, 'chief'> {
  let chief: SecondOrder['chief']
  order.forEach((a, i) =>
    order.slice(i).forEach((b, j) => {
      // A mixed pair stands twice in the sum, its square with a half: |f_ij| u_i u_j; a single one |f_ii| u_i² / √2.
      const factor = j === 0 ? Math.SQRT1_2 : 1
      const u = factor * Math.abs(hessian[i]![i + j]!) * Math.sqrt(covariance[i]![i]! * covariance[i + j]![i + j]!)
      if (u > (chief?.u ?? 0)) chief = { a, b, u }
    }),
  )
  return chief ? { chief } : {}
}
