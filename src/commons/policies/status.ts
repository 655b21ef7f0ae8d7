/** What a reader is told about a policy on a day: 受理中, 即将开始 … `open` is exactly what takes part in matching. */
import { isLive } from './decide.ts'
import type { PolicyContent, PublicPolicy, Status } from './model.ts'

export function statusOf({ state, content }: Pick<PublicPolicy, 'state' | 'content'>, asOf: string): Status {
  if (state === 'ended') return 'ended'
  if (isLive(content, asOf)) return 'open'
  return isForReference(content) ? 'reference' : content.effectiveFrom !== null && asOf < content.effectiveFrom ? 'upcoming' : 'closed'
}

/** Drafts for comment, historical documents and those whose place is not known are kept to be found, and never decide anything. */
export const isForReference = ({ historical, force, regionCode }: Pick<PolicyContent, 'historical' | 'force' | 'regionCode'>): boolean =>
  historical || force === 'draft' || regionCode === null
