/** Whether a policy holds on a day, how a match with it may be enjoyed, and what it means for one order line. Pure. */
import { explain, type Decision } from '../../core/eligibility/explain.ts'
import type { Facts, Setting } from '../../core/eligibility/facts.ts'
import { reasonCode } from '../../core/eligibility/reason-code.ts'
import { NO, UNKNOWN, YES, type Rule, type Truth } from '../../core/eligibility/rule.ts'
import type { Benefit, BenefitKind, PolicyContent, ResultKind } from './model.ts'

/** Takes part in matching on this day: in its window, no draft, not historical, and its place is known. */
export const isLive = (policy: Pick<PolicyContent, 'historical' | 'force' | 'regionCode' | 'effectiveFrom' | 'effectiveTo'>, asOf: string): boolean =>
  !policy.historical &&
  policy.force !== 'draft' &&
  policy.regionCode !== null &&
  (policy.effectiveFrom === null || policy.effectiveFrom <= asOf) &&
  (policy.effectiveTo === null || asOf <= policy.effectiveTo)

/** Benefits that are an amount of money: they apply by themselves only with a stated rate. */
const moneyKinds: ReadonlySet<BenefitKind> = new Set(['reduce', 'waive', 'defer', 'freeService', 'subsidy'])

type Judged = Pick<PolicyContent, 'force' | 'confidence' | 'requiresApplication' | 'effectiveFrom' | 'rule' | 'benefits'>

/** How a match may be enjoyed, and why not more directly. Only an entitlement from a trusted source with a rate and a window applies by itself. */
export function resultKindWithReason(policy: Judged): { kind: ResultKind; why: string } {
  if (policy.force === 'encouraged') return { kind: 'guidance', why: '文件只作鼓励，没有直接授予待遇，以当地实施办法为准' }
  if (policy.force !== 'entitlement') return { kind: 'guidance', why: '来源是对当地做法的报道，不能据以办理，请向当地机构核实' }
  if (policy.requiresApplication) return { kind: 'apply-for', why: '文件要求先提出申请' }
  if (policy.confidence !== 'high') return { kind: 'apply-for', why: '来源待核实，须经人工确认后办理' }
  if (!hasWindow(policy)) return { kind: 'apply-for', why: '来源没有写明起止时间，须经人工确认' }
  if (policy.benefits.some(({ kind, rateBp }) => moneyKinds.has(kind) && rateBp === undefined)) return { kind: 'apply-for', why: '来源没有写明比例，须经人工确认' }
  return { kind: 'apply', why: '有明确的比例和起止时间，符合条件的直接适用' }
}

export const resultKindOf = (policy: Judged): ResultKind => resultKindWithReason(policy).kind

const hasWindow = (policy: Judged): boolean => policy.effectiveFrom !== null || mentionsWindow(policy.rule)

const mentionsWindow = (rule: Rule): boolean => {
  if (rule.op === 'window' || rule.op === 'during') return true
  if (!('of' in rule)) return false
  return rule.op === 'not' ? mentionsWindow(rule.of) : rule.of.some(mentionsWindow)
}

/** What one policy gives one order line on the day of its acceptance. */
export interface LineDecision {
  slug: string
  truth: Truth
  /** The benefit that was decided on: the best that holds, else the one that comes nearest. */
  benefit: Benefit | undefined
  rateBp: number
  /** Of the first condition that does not hold; only with truth NO. */
  reasonCode: string | undefined
  decision: Decision
  force: ResultKind
}

type ForLine = Pick<PolicyContent, 'slug'> & Judged & Parameters<typeof isLive>[0]

/** `facts` are those of the enterprise and of the line; the policy's rule and one of its benefits must both hold. */
export function decideLine(policy: ForLine, facts: Facts, setting: Setting): LineDecision {
  const force = resultKindOf(policy)
  const whole = (benefit: Benefit | undefined) => explain(benefit?.rule ? { op: 'all', of: [policy.rule, benefit.rule] } : policy.rule, facts, setting)
  const live = isLive(policy, setting.asOf)
  const candidates = (policy.benefits.length > 0 ? policy.benefits : [undefined]).map((benefit) => {
    const decision = whole(benefit)
    return { benefit, decision, truth: live ? decision.truth : NO }
  })
  const best = candidates.reduce((a, b) => (b.truth > a.truth || (b.truth === a.truth && (b.benefit?.rateBp ?? 0) > (a.benefit?.rateBp ?? 0)) ? b : a))
  const [blocker] = best.decision.blockers
  return {
    slug: policy.slug,
    truth: best.truth,
    benefit: best.benefit,
    rateBp: best.truth === YES ? (best.benefit?.rateBp ?? 0) : 0,
    reasonCode: best.truth !== NO ? undefined : !live ? 'OUT_OF_WINDOW' : blocker ? reasonCode(blocker) : 'CONDITION_NOT_MET',
    decision: best.decision,
    force,
  }
}

/**
 * The policies that hold for one line, the more specific in place of the general, never added up (case 5: 湖北 100 %, not 150 %).
 * `unknown` are those that one more answer might bring.
 */
export function decideLineAmong(policies: readonly (ForLine & Pick<PolicyContent, 'overrides'>)[], facts: Facts, setting: Setting): { holding: LineDecision[]; unknown: LineDecision[]; not: LineDecision[] } {
  const decided = policies.map((policy) => ({ policy, line: decideLine(policy, facts, setting) }))
  const holding = decided.filter(({ line }) => line.truth === YES)
  const displaced = new Set(holding.flatMap(({ policy }) => policy.overrides))
  return {
    holding: holding.filter(({ policy }) => !displaced.has(policy.slug)).map(({ line }) => line).sort((a, b) => b.rateBp - a.rateBp),
    unknown: decided.filter(({ line }) => line.truth === UNKNOWN).map(({ line }) => line),
    not: decided.filter(({ line }) => line.truth === NO).map(({ line }) => line),
  }
}
