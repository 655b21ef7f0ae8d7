/** One policy for one enterprise on one day: the decision, how it may be enjoyed, and how each of its benefits stands. */
import type { Benefit, LivePolicy, ResultKind } from '../../commons/policies/index.ts'
import { explain, type Decision, type Derive } from '../../core/eligibility/explain.ts'
import type { Facts, Setting } from '../../core/eligibility/facts.ts'
import { NO, UNKNOWN, YES } from '../../core/eligibility/rule.ts'
import type { MatchResult } from './model.ts'
import { isAboutLine, linesTouched, readsLines, type Touched } from './worth.ts'

/** What a decision is made for. */
export interface Subject {
  facts: Facts
  setting: Setting
  derive: Derive
}

/** `line`: nothing more to know about the enterprise; each order line decides for itself. */
export type BenefitStanding = 'yes' | 'line' | 'ask' | 'no'

export interface JudgedBenefit {
  benefit: Benefit
  standing: BenefitStanding
  /** Absent where the benefit has no conditions of its own. */
  decision?: Decision
  touched?: Touched
}

export interface Judged {
  policy: LivePolicy
  result: MatchResult | 'ineligible'
  force: ResultKind
  decision: Decision
  benefits: JudgedBenefit[]
}

export function judge(policy: LivePolicy, subject: Subject, force: (content: LivePolicy['content']) => ResultKind): Judged {
  const { content } = policy
  const decision = explain(content.rule, subject.facts, subject.setting, subject.derive)
  const result = decision.truth === YES ? 'eligible' : decision.truth === UNKNOWN ? 'unknown' : 'ineligible'
  const benefits = result === 'ineligible' ? [] : content.benefits.map((benefit) => judgeBenefit(benefit, subject))
  return { policy, result, force: force(content), decision, benefits }
}

export function judgeBenefit(benefit: Benefit, { facts, setting, derive }: Subject): JudgedBenefit {
  const touched = readsLines(benefit.rule) ? linesTouched(benefit.rule, facts, setting) : undefined
  const rest = touched ? { touched } : {}
  if (!benefit.rule) return { benefit, standing: 'yes', ...rest }
  const decision = explain(benefit.rule, facts, setting, derive)
  if (decision.truth === YES) return { benefit, standing: 'yes', decision, ...rest }
  if (decision.truth === NO) return { benefit, standing: 'no', decision, ...rest }
  const open = decision.ask.some((fact) => !isAboutLine(fact)) || decision.awaits.length > 0
  return { benefit, standing: open ? 'ask' : 'line', decision, ...rest }
}
