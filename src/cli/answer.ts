/** What the command gives for each enterprise; the JSON output is this, shortened. */
import type { ResultKind } from '../commons/policies/index.ts'

export interface PolicyAnswer {
  policyId: string
  title: string
  result: 'eligible' | 'unknown' | 'ineligible'
  force: ResultKind
  blockers: { code: string; fact: string; clause: string | null; said: string }[]
  ask: { fact: string; question: string }[]
  benefits: { kind: string; appliesTo: string; rateBp: number | null }[]
}

export interface EnterpriseAnswer {
  uscc: string
  name: string
  sizeClass: string
  sizeWorking: string[]
  decisions: PolicyAnswer[]
}
