/** From u_c to the expanded uncertainty and the sentence that stands in a certificate (JCGM 100 6, 7; JJF 1059.1-2012 4.5, 5.3). */
import type { Budget } from './budget.ts'
import { roundAt, roundUncertainty, type RoundingWay } from './rounding.ts'
import { coverageFactor } from './special.ts'

export type CoverageChoice =
  /** U = k·u_c with k stated, usually 2. */
  | { kind: 'factor'; k: number }
  /** U_p = t_p(ν_eff)·u_c for a stated probability such as 0.95 or 0.99. */
  | { kind: 'probability'; p: number }

export interface Expanded {
  k: number
  U: number
  /** Absent when only k is stated. */
  p?: number
  /** ν_eff cut to the whole number below, as the t table is entered (JCGM 100 G.4.1 note, H.1.6). */
  dof?: number
  /** Why k is what it is, in Chinese. */
  why: string
}

/** Beyond this many degrees of freedom t is that of the normal distribution in every published table. */
const manyDegrees = 1e6

/** Without effective degrees of freedom (correlated inputs) a probability cannot be kept: k = 2 is stated, and why. */
export function expand(budget: Pick<Budget, 'u' | 'dof' | 'dofReason'>, choice: CoverageChoice = { kind: 'factor', k: 2 }): Expanded {
  const of = (k: number) => ({ k, U: k * budget.u })
  if (choice.kind === 'factor') return { ...of(choice.k), why: `取包含因子 k = ${choice.k}` }
  if (budget.dof === undefined) return { ...of(2), why: budget.dofReason ?? '没有有效自由度，取 k = 2' }
  const percent = roundAt(choice.p * 100, -2).replace(/\.?0+$/, '')
  const dof = budget.dof >= manyDegrees ? Infinity : Math.floor(budget.dof)
  if (dof < 1)
    return {
      ...of(coverageFactor(choice.p, budget.dof)),
      p: choice.p,
      dof: budget.dof,
      why: `有效自由度不到 1，包含概率 ${percent} % 的包含因子由 t 分布内插得到；重复次数太少，宜增加`,
    }
  const k = coverageFactor(choice.p, dof)
  const shown = roundAt(k, -2)
  const why =
    dof === Infinity
      ? `有效自由度很大，按正态分布，包含概率 ${percent} % 时 k = ${shown}`
      : `有效自由度 ${dof}，包含概率 ${percent} %，查 t 分布得 k = ${shown}`
  return { ...of(k), p: choice.p, dof, why }
}

export interface StatementOptions {
  symbol?: string
  unit?: string
  digits?: 1 | 2 | 'auto'
  way?: RoundingWay
}

export interface Statement {
  /** The rounded texts, with the same last place. */
  value: string
  U: string
  /** `m = 100.02147 g；U = 0.00070 g，k = 2` */
  text: string
  /** `m = (100.02147 ± 0.00070) g，k = 2` */
  short: string
}

/** The result as JJF 1059.1 5.3 writes it. A zero uncertainty is written as such, never rounded away. */
export function stateResult(value: number, expanded: Expanded, options: StatementOptions = {}): Statement {
  const { symbol = 'y', unit = '', digits = 2, way = 'even' } = options
  const behind = unit === '' ? '' : ` ${unit}`
  if (!(expanded.U > 0))
    return { value: String(value), U: '0', text: `${symbol} = ${value}${behind}；U = 0`, short: `${symbol} = ${value}${behind}` }
  const { text: U, place } = roundUncertainty(expanded.U, digits, way)
  const shown = roundAt(value, place)
  const { name, tail } = tailOf(expanded)
  return {
    value: shown,
    U,
    text: `${symbol} = ${shown}${behind}；${name} = ${U}${behind}，${tail}`,
    short: `${symbol} = (${shown} ± ${U})${behind}，${tail}`,
  }
}

function tailOf({ p, dof, k }: Expanded): { name: string; tail: string } {
  const factor = `k = ${Number.isInteger(k) ? k : roundAt(k, -2)}`
  if (p === undefined) return { name: 'U', tail: factor }
  const name = `U${roundAt(p * 100, -2).replace(/\.?0+$/, '')}`
  return {
    name,
    tail: dof === undefined || dof === Infinity ? factor : `νeff = ${roundAt(dof, Number.isInteger(dof) ? 0 : -1)}，${factor}`,
  }
}
