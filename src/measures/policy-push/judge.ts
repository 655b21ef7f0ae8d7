/** One policy for one enterprise on one day, as `commons/policies` decides it, with what a page adds about its benefits. */
import {
  decide,
  enterprisePart,
  type Benefit,
  type BenefitDecision,
  type EnterpriseResult,
  type LivePolicy,
  type ResultKind,
} from '../../commons/policies/index.ts'
import { explain, type Decision, type Derive } from '../../core/eligibility/explain.ts'
import type { Facts, Setting } from '../../core/eligibility/facts.ts'
import { NO, UNKNOWN, type Rule } from '../../core/eligibility/rule.ts'
import { linesTouched, readsLines, type Touched } from './worth.ts'

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
  lineConditions?: Rule
  /** Why not, or what is missing, about the enterprise. Absent where the benefit asks nothing of it. */
  decision?: Decision
  touched?: Touched
}

export interface Judged {
  policy: LivePolicy
  result: EnterpriseResult
  force: ResultKind
  why: string
  decision: Decision
  benefits: JudgedBenefit[]
}

export function judge(policy: LivePolicy, subject: Subject): Judged {
  const { result, force, why, decision, benefits } = decide(policy.content, subject.facts, subject.setting, subject.derive)
  return { policy, result, force, why, decision, benefits: benefits.map((benefit) => judgeBenefit(benefit, subject)) }
}

export function judgeBenefit({ benefit, truth, lineConditions }: BenefitDecision, { facts, setting, derive }: Subject): JudgedBenefit {
  const own = benefit.rule && enterprisePart(benefit.rule)
  const touched = readsLines(benefit.rule) ? linesTouched(benefit.rule, facts, setting) : undefined
  return {
    benefit,
    standing: truth === NO ? 'no' : truth === UNKNOWN ? 'ask' : lineConditions ? 'line' : 'yes',
    ...(lineConditions && { lineConditions }),
    ...(own && { decision: explain(own, facts, setting, derive) }),
    ...(touched && { touched }),
  }
}
