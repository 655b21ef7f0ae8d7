/** What programs get of a decision and of an application. */
import { reasonCode } from '../../core/eligibility/reason-code.ts'
import type { Judged } from './judge.ts'
import type { Application } from './model.ts'
import { sayWorth } from './worth.ts'

export const answerOf = ({ policy, result, force, decision, benefits }: Judged) => ({
  slug: policy.slug,
  policyId: policy.policyId,
  versionId: policy.versionId,
  title: policy.content.title,
  confidence: policy.content.confidence,
  result,
  force,
  blockers: decision.blockers.map((leaf) => ({ code: reasonCode(leaf), fact: leaf.fact, clause: leaf.src ?? null })),
  ask: [...decision.ask],
  // Nobody is told to move or to become something else.
  flips: decision.flips.filter(({ fixed, by }) => !(fixed && by === 'change')).map(({ fact, by }) => ({ fact, by })),
  benefits: benefits.map(({ benefit, standing, touched }) => ({
    kind: benefit.kind,
    appliesTo: benefit.appliesTo,
    worth: sayWorth(benefit),
    standing,
    pieces: touched?.pieces ?? null,
    clause: benefit.src,
  })),
})

export const toPublicApplication = (row: Application & { slug: string; title: string; org_name: string }) => ({
  id: row.id,
  number: row.number,
  policy: { slug: row.slug, title: row.title, versionId: row.version_id },
  organisation: row.org_name,
  region: row.region,
  state: row.state,
  savingFen: row.saving_fen,
  reason: row.reason_code,
  opinion: row.opinion,
  dueOn: row.due_on,
  dueProvisional: row.due_provisional,
  submittedAt: row.created_at,
  decidedAt: row.decided_at,
  version: row.version,
})
