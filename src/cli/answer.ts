/** What the command gives for each enterprise; the JSON output is this, shortened. */
import {
  decider,
  enterpriseRule,
  linePart,
  resultKindWithReason,
  resultOf,
  sayLineConditions,
  type BenefitKind,
  type EnterpriseResult,
  type PolicyContent,
  type ResultKind,
} from '../commons/policies/index.ts'
import { enterpriseFacts, namesFor } from '../commons/policies/index.server.ts'
import type { Derive } from '../core/eligibility/explain.ts'
import type { Facts, Setting } from '../core/eligibility/facts.ts'
import { reasonCode } from '../core/eligibility/reason-code.ts'
import { YES } from '../core/eligibility/rule.ts'
import { sayBlocker, sayPassed, sayQuestion } from '../core/eligibility/sentence.ts'
import { listLeaves, standing, traceRule } from '../core/eligibility/trace.ts'
import { sizeNames } from '../core/size-class.ts'
import type { EnterpriseRow } from './columns.ts'

export interface BenefitAnswer {
  kind: BenefitKind
  appliesTo: string
  rateBp: number | null
  /** For this enterprise; the order line decides by `lines`. */
  result: EnterpriseResult
  /** 「适用于：…」 */
  lines: string | null
}

export interface PolicyAnswer {
  policyId: string
  title: string
  result: EnterpriseResult
  force: ResultKind
  /** Why it may be enjoyed in this way. */
  why: string
  blockers: { code: string; fact: string; clause: string | null; said: string }[]
  ask: { fact: string; question: string }[]
  /** Events whose dates have to be given. */
  awaits: string[]
  benefits: BenefitAnswer[]
  /** Only when explaining: the conditions that are met, with their articles. */
  passed: string[]
}

export interface EnterpriseAnswer {
  uscc: string
  name: string
  sizeClass: string
  sizeWorking: string[]
  decisions: PolicyAnswer[]
}

/** Prepares all policies once, since files are long. `explain` adds the sentences, which cost more than the decision. */
export function answerer(policies: readonly PolicyContent[], setting: Setting, explain: boolean): (row: EnterpriseRow) => EnterpriseAnswer {
  const prepared = policies.map((policy) => prepare(policy, setting, explain))
  return ({ uscc, name, facts: told }) => {
    const { facts, size, derive } = enterpriseFacts({ uscc: uscc || undefined, facts: told })
    return {
      uscc,
      name,
      sizeClass: size.possible.map((each) => sizeNames[each]).join('或'),
      sizeWorking: explain ? size.working.map(({ text }) => text) : [],
      decisions: prepared.map((each) => each(facts, derive)),
    }
  }
}

function prepare(policy: PolicyContent, setting: Setting, explain: boolean) {
  const decide = decider(policy, setting)
  const names = namesFor(policy.clauses)
  const rule = enterpriseRule(policy)
  const { why } = resultKindWithReason(policy)
  const offers = policy.benefits.map(({ kind, appliesTo, rateBp = null, rule }) => {
    const lines = rule && linePart(rule)
    return { kind, appliesTo, rateBp, lines: lines ? sayLineConditions(lines, names) : null }
  })
  const passed = (facts: Facts) => listLeaves(traceRule(rule, facts, setting)).filter((leaf) => standing(leaf) === YES)
  return (facts: Facts, derive: Derive): PolicyAnswer => {
    const { result, force, ask, awaits, benefits, blockers } = decide(facts, derive)
    return {
      policyId: policy.slug,
      title: policy.title,
      result,
      force,
      why,
      blockers: blockers.map((leaf) => ({
        code: reasonCode(leaf),
        fact: leaf.fact,
        clause: leaf.src ?? null,
        said: explain ? sayBlocker(leaf, names) : '',
      })),
      ask: ask.map((fact) => ({ fact, question: sayQuestion(fact) })),
      awaits: awaits.map(({ kind, id }) => (kind === 'event' ? names.event(id) : (names.alliance?.(id) ?? id))),
      benefits: benefits.map(({ truth }, i) => ({ ...offers[i]!, result: resultOf[truth] })),
      passed: explain && result === 'eligible' ? passed(facts).map((leaf) => sayPassed(leaf, names)) : [],
    }
  }
}
