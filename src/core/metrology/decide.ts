/**
 * Does the result meet the limits? Decision rules with their risk (JCGM 106:2012 8, ILAC-G8:09/2019, JJF 1094-2002 5.3.1).
 * The rule must be agreed before measuring (CNAS-CL01 7.1.3); this only applies it.
 */
import { refuse, type Refusal } from '../refusal.ts'
import { probabilityOutside, probabilityWithin, worstFalseAccept, type Limits } from './risk.ts'

/** A guard band as a multiple of U or of u: ILAC-G8 takes U (r = 1); 1.64 u holds the risk to 5 % at one limit. */
export interface Guard {
  of: 'U' | 'u'
  times: number
}

export type DecisionRule =
  /** Shared risk, w = 0 (ILAC-G8 4.2.1). */
  | { kind: 'simple' }
  /** Accept only within the limits less w (ILAC-G8 4.2.2). */
  | { kind: 'guarded-acceptance'; guard: Guard }
  /** Reject only beyond the limits plus w (JCGM 106 8.3.3). */
  | { kind: 'guarded-rejection'; guard: Guard }
  /** Four answers (ILAC-G8 4.2.3). */
  | { kind: 'nonbinary'; guard: Guard }
  /** 检定: without U where U ≤ MPEV/3, else ± U leaves a band that is not decided (JJF 1094 5.3.1). */
  | { kind: 'verification' }
  /**
   * 检定 by a verification regulation, `number`: its method, standards and conditions have bounded U beforehand, so the error alone is
   * compared with the permissible error (JJF 1094-2002 5.3.1; the number of the item is 待核实).
   */
  | { kind: 'regulation'; number: string }

export type Verdict = 'pass' | 'conditional-pass' | 'conditional-fail' | 'fail' | 'undetermined'

export interface Question {
  /** The error of indication, or the value, that is judged. */
  value: number
  U: number
  k: number
  limits: Limits
}

export interface Decision {
  verdict: Verdict
  rule: DecisionRule
  value: number
  U: number
  k: number
  limits: Limits
  /** w: inside the limits for acceptance, outside for rejection. */
  guardBand: number
  acceptance: Limits
  /** Largest permissible magnitude over U, for 检定: half the width of the limits over U. */
  ratio?: number
  /** P(the true value is outside the limits | this result). What is wrong when it is accepted. */
  outside: number
  /** P(accepted wrongly) of this item: `outside` when the verdict accepts, else absent. */
  falseAccept?: number
  /** P(rejected wrongly): 1 − `outside` when the verdict rejects, else absent. */
  falseReject?: number
  /** The largest `falseAccept` that the rule can ever give with this U. */
  worstFalseAccept: number
}

/** Applies the rule, or refuses (code `INVALID_DECISION`): no limit, limits crossed, U or k not positive. Limits themselves count as inside. A `value` that is a difference is best taken exactly (`core/quantities`); here it is read to 14 digits. */
export function decide(question: Question, rule: DecisionRule): Decision | Refusal {
  const wrong = whatIsWrong(question, rule)
  if (wrong !== undefined) return refuse('invalid', `不能判定是否符合要求：${wrong}`, { code: 'INVALID_DECISION' })
  const { U, k, limits } = question
  const value = tidy(question.value)
  const u = U / k
  const half = limits.lower !== undefined && limits.upper !== undefined ? (limits.upper - limits.lower) / 2 : undefined
  const guardBand = widthOf(rule, U, u, half)
  const acceptance = shrink(limits, rule.kind === 'guarded-rejection' ? -guardBand : guardBand)
  const verdict = verdictOf(rule.kind, value, limits, acceptance, guardBand)
  const outside = probabilityOutside(limits, value, u)
  return {
    verdict,
    rule,
    value,
    U,
    k,
    limits,
    guardBand,
    acceptance,
    ...(half === undefined || U === 0 ? {} : { ratio: half / U }),
    outside,
    ...(verdict === 'pass' || verdict === 'conditional-pass' ? { falseAccept: outside } : {}),
    ...(verdict === 'fail' || verdict === 'conditional-fail' ? { falseReject: probabilityWithin(limits, value, u) } : {}),
    worstFalseAccept: worstFalseAccept(limits, rule.kind === 'nonbinary' ? limits : acceptance, u),
  }
}

function whatIsWrong({ value, U, k, limits: { lower, upper } }: Question, rule: DecisionRule): string | undefined {
  if (!Number.isFinite(value)) return '测得值不是数'
  if (!(U >= 0 && U < Infinity)) return '扩展不确定度 U 应是不小于 0 的数'
  if (!(k > 0 && k < Infinity)) return '包含因子 k 应大于 0'
  if (lower === undefined && upper === undefined) return '没有给出允许的上限或下限'
  if ([lower, upper].some((x) => x !== undefined && !Number.isFinite(x))) return '界限不是数'
  if (lower !== undefined && upper !== undefined && lower >= upper) return '下限应小于上限'
  if ('guard' in rule && !(rule.guard.times >= 0 && rule.guard.times < Infinity)) return '保护带不能小于 0'
  if ((rule.kind === 'verification' || rule.kind === 'regulation') && (lower === undefined || upper === undefined))
    return '检定按最大允许误差判定，应同时给出上限和下限（JJF 1094）'
  return undefined
}

/** JJF 1094 5.3.1: U ≤ MPEV/3 may be left out of account. A rounding of the last bit does not cross the third. */
const negligible = (U: number, mpev: number): boolean => U <= (mpev / 3) * (1 + 1e-12)

function widthOf(rule: DecisionRule, U: number, u: number, half: number | undefined): number {
  if (rule.kind === 'simple' || rule.kind === 'regulation') return 0
  if (rule.kind === 'verification') return negligible(U, half ?? 0) ? 0 : U
  return rule.guard.times * (rule.guard.of === 'U' ? U : u)
}

/** Sums of decimals as they are meant: 1.6 + 0.8 is 2.4, so that a result on the edge is on the edge. Fourteen digits. */
const tidy = (x: number): number => Number(x.toPrecision(14))

const shrink = ({ lower, upper }: Limits, w: number): Limits => ({
  ...(lower === undefined ? {} : { lower: tidy(lower + w) }),
  ...(upper === undefined ? {} : { upper: tidy(upper - w) }),
})

const within = (x: number, { lower = -Infinity, upper = Infinity }: Limits): boolean => x >= lower && x <= upper

function verdictOf(kind: DecisionRule['kind'], value: number, limits: Limits, acceptance: Limits, w: number): Verdict {
  if (within(value, acceptance)) return 'pass'
  if (kind === 'nonbinary') {
    if (within(value, limits)) return 'conditional-pass'
    return within(value, shrink(limits, -w)) ? 'conditional-fail' : 'fail'
  }
  // JJF 1094 5.3.1: strictly between MPEV − U and MPEV + U nothing is said; with w = 0 the band is empty.
  if (kind === 'verification' && w > 0 && strictlyWithin(value, shrink(limits, -w))) return 'undetermined'
  return 'fail'
}

const strictlyWithin = (x: number, { lower = -Infinity, upper = Infinity }: Limits): boolean => x > lower && x < upper
