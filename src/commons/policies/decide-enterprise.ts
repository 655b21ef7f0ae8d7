/** What a policy means for one enterprise that has not ordered anything yet. Pure. */
import { compile } from '../../core/eligibility/compile.ts'
import { explain, type Decision, type Derive } from '../../core/eligibility/explain.ts'
import type { FactId, Facts, Setting } from '../../core/eligibility/facts.ts'
import { EVERYONE, NO, UNKNOWN, YES, type Rule, type Truth } from '../../core/eligibility/rule.ts'
import { reasons, traceRule, type LeafTrace } from '../../core/eligibility/trace.ts'
import { effectiveWindow, resultKindWithReason, type Judged } from './decide.ts'
import { enterprisePart, linePart } from './line-part.ts'
import type { Benefit, PolicyContent, ResultKind } from './model.ts'

export const enterpriseResults = { eligible: '符合', unknown: '待补充', ineligible: '暂不符合' } as const
export type EnterpriseResult = keyof typeof enterpriseResults
export const resultOf: Record<Truth, EnterpriseResult> = { [YES]: 'eligible', [UNKNOWN]: 'unknown', [NO]: 'ineligible' }

export interface BenefitDecision {
  benefit: Benefit
  /** For the enterprise: is there an order line that may get it? The line itself decides by `decideLine`. */
  truth: Truth
  /** What is left for each order line to meet; absent where nothing is. */
  lineConditions?: Rule
}

/** One policy for one enterprise. */
export interface PolicyDecision {
  /** The slug. */
  policyId: string
  result: EnterpriseResult
  force: ResultKind
  /** Why it may be enjoyed in this way and not more directly. */
  why: string
  benefits: readonly BenefitDecision[]
  /** `unknown`: the fewest facts of which some answer makes it eligible. Empty when only an operator can tell. */
  ask: readonly FactId[]
  /** `unknown`: events and unions of places that an operator has yet to enter. */
  awaits: Decision['awaits']
  /** `ineligible`: the fewest conditions that make it so. */
  blockers: readonly LeafTrace[]
}

export type ForEnterprise = Pick<PolicyContent, 'slug' | 'effectiveTo'> & Judged

/**
 * What an enterprise has to meet: the policy's rule, the enterprise's part of at least one benefit, and the document's dates.
 * A policy of which this enterprise could enjoy no benefit is none for it (large firms and 51号 五).
 */
export function enterpriseRule(policy: ForEnterprise): Rule {
  const parts = policy.benefits.map(({ rule }) => rule && enterprisePart(rule))
  const some: Rule[] = parts.length === 0 || parts.includes(undefined) ? [] : [{ op: 'any', of: parts as Rule[] }]
  const more = [...some, ...effectiveWindow(policy)]
  return more.length === 0 ? policy.rule : { op: 'all', of: [policy.rule, ...more] }
}

/** One policy prepared for many enterprises on one day: explains only what is undecided. */
export function decider(policy: ForEnterprise, setting: Setting): (facts: Facts, derive?: Derive) => PolicyDecision {
  const { kind: force, why } = resultKindWithReason(policy)
  const rule = enterpriseRule(policy)
  const judge = compile(rule, setting)
  const benefits = policy.benefits.map((benefit) => {
    const lineConditions = benefit.rule && linePart(benefit.rule)
    const own = (benefit.rule && enterprisePart(benefit.rule)) ?? EVERYONE
    return { judge: compile(own, setting), given: { benefit, ...(lineConditions && { lineConditions }) } }
  })
  return (facts, derive) => {
    const truth = judge(facts)
    const { ask = [], awaits = [] } = truth === UNKNOWN ? explain(rule, facts, setting, derive) : {}
    return {
      policyId: policy.slug,
      result: resultOf[truth],
      force,
      why,
      benefits: truth === NO ? [] : benefits.map((each) => ({ ...each.given, truth: each.judge(facts) })),
      ask,
      awaits,
      blockers: truth === NO ? reasons(traceRule(rule, facts, setting)) : [],
    }
  }
}

/** One policy for one enterprise with the whole explanation; its paths point into `enterpriseRule(policy)`. The policy must be live. */
export const decide = (
  policy: ForEnterprise,
  facts: Facts,
  setting: Setting,
  derive?: Derive,
): PolicyDecision & { decision: Decision } => ({
  ...decider(policy, setting)(facts, derive),
  decision: explain(enterpriseRule(policy), facts, setting, derive),
})
