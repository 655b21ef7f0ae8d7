/** Why not, for machines: one code for each kind of blocking condition. */
import type { FactId } from './facts.ts'
import type { LeafTrace } from './trace.ts'

export type ReasonCode =
  | 'INSTITUTION_NOT_COVERED'
  | 'APPLICANT_KIND_NOT_COVERED'
  | 'SIZE_NOT_COVERED'
  | 'REGION_NOT_COVERED'
  | 'OUT_OF_WINDOW'
  | 'SERVICE_NOT_COVERED'
  | 'INSTRUMENT_NOT_COVERED'
  | 'USE_NOT_COVERED'
  | 'CONDITION_NOT_MET'

const reasonOf: Partial<Record<FactId, ReasonCode>> = {
  affiliation: 'INSTITUTION_NOT_COVERED',
  subjectKind: 'APPLICANT_KIND_NOT_COVERED',
  activities: 'APPLICANT_KIND_NOT_COVERED',
  size: 'SIZE_NOT_COVERED',
  region: 'REGION_NOT_COVERED',
  park: 'REGION_NOT_COVERED',
  serviceKind: 'SERVICE_NOT_COVERED',
  instrumentKind: 'INSTRUMENT_NOT_COVERED',
  use: 'USE_NOT_COVERED',
}

/** The machine-readable reason of a blocker, for the API and for statistics. */
export const reasonCode = ({ leaf, fact }: LeafTrace): ReasonCode =>
  leaf.op === 'window' || leaf.op === 'during'
    ? 'OUT_OF_WINDOW'
    : leaf.op === 'known'
      ? 'CONDITION_NOT_MET'
      : (reasonOf[fact] ?? 'CONDITION_NOT_MET')
