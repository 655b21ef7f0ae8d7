/** What a reader is told about a policy on a day: 受理中, 即将开始 … Only what is `open` can still be had. */
import { evaluateLeaf } from '../../core/eligibility/evaluate.ts'
import type { Setting } from '../../core/eligibility/facts.ts'
import { NO, type Rule } from '../../core/eligibility/rule.ts'
import { isLive } from './decide.ts'
import type { PolicyContent, PublicPolicy, Status } from './model.ts'

export function statusOf({ state, content }: Pick<PublicPolicy, 'state' | 'content'>, moment: string | Moment): Status {
  const { asOf, events } = typeof moment === 'string' ? { asOf: moment, events: {} } : moment
  if (state === 'ended') return 'ended'
  if (isLive(content, asOf)) return acceptance(content.rule, { asOf, events })
  return isForReference(content) ? 'reference' : content.effectiveFrom !== null && asOf < content.effectiveFrom ? 'upcoming' : 'closed'
}

/** A day, and the dates of the events that documents name. */
export type Moment = Pick<Setting, 'asOf' | 'events'>

/** A document without dates of its own may still accept only in a window or during an event that is over for everybody. */
function acceptance(rule: Rule, setting: Moment): 'open' | 'upcoming' | 'closed' {
  for (const part of rule.op === 'all' ? rule.of : [rule]) {
    if ((part.op !== 'window' && part.op !== 'during') || part.anchor !== 'acceptedOn' || evaluateLeaf(part, {}, setting) !== NO) continue
    const from = part.op === 'window' ? part.from : setting.events[part.event]?.from
    return from !== undefined && setting.asOf < from ? 'upcoming' : 'closed'
  }
  return 'open'
}

/** Drafts for comment, historical documents and those whose place is not known are kept to be found, and never decide anything. */
export const isForReference = ({ historical, force, regionCode }: Pick<PolicyContent, 'historical' | 'force' | 'regionCode'>): boolean =>
  historical || force === 'draft' || regionCode === null
