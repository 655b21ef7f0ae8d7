/** From what is recorded of an enterprise to the facts that rules read: size and kind of subject are derived. Pure. */
import type { Derive } from '../../core/eligibility/explain.ts'
import type { Facts } from '../../core/eligibility/facts.ts'
import type { SizeAnswer } from '../../core/size-class.ts'
import { subjectKindOf } from '../../core/uscc.ts'
import { derive, sizeOf } from '../people/index.ts'

/** `facts` without `size`; the credit code stands in for a missing kind of subject. */
export interface RecordedEnterprise {
  uscc?: string | undefined
  facts: Facts
}

export interface DescribedEnterprise {
  facts: Facts
  size: SizeAnswer
  /** What to ask instead of the size: for `explain`. */
  derive: Derive
}

/** Size after 国统字〔2017〕213号: one class, or those still possible. Indicators of a wrong shape count as not on record. */
export function enterpriseFacts({ uscc, facts }: RecordedEnterprise): DescribedEnterprise {
  const subjectKind = facts.subjectKind ?? (uscc === undefined ? undefined : subjectKindOf(uscc))
  const known: Facts = { ...facts, ...(subjectKind !== undefined && { subjectKind }) }
  const size = sizeOf(known)
  return { facts: { ...known, size: size.size ?? { oneOf: size.possible } }, size, derive }
}
