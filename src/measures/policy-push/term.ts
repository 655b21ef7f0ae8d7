/** When a policy can be taken, where, and on which days its answer may change by itself. */
import { addDays } from '../../core/eligibility/calendar-day.ts'
import type { Setting } from '../../core/eligibility/facts.ts'
import type { Leaf, Rule } from '../../core/eligibility/rule.ts'
import { regionPrefix } from '../../core/eligibility/codes.ts'
import { enterpriseRule, type ForEnterprise, type PolicyContent } from '../../commons/policies/index.ts'

type Dated = Pick<PolicyContent, 'rule' | 'effectiveFrom' | 'effectiveTo'>

/** Marked 即将截止 from so many days before the last one. */
const closingDays = 30

export const isClosing = (policy: Dated, asOf: string): boolean => {
  const { to } = termOf(policy)
  return to !== undefined && to >= asOf && to < addDays(asOf, closingDays)
}

/** First and last day on which it can be taken: its own dates, narrowed by windows that every enterprise has to meet. */
export function termOf({ rule, effectiveFrom, effectiveTo }: Dated): { from?: string; to?: string } {
  const windows = required(rule).filter((leaf) => leaf.op === 'window' && leaf.anchor === 'acceptedOn') as (Leaf & { op: 'window' })[]
  const from = [effectiveFrom, ...windows.map((w) => w.from)]
    .filter((d) => typeof d === 'string')
    .sort()
    .at(-1)
  const to = [effectiveTo, ...windows.map((w) => w.to)].filter((d) => typeof d === 'string').sort()[0]
  return { ...(from && { from }), ...(to && { to }) }
}

/** Conditions that hold for everybody who is eligible: the rule itself, or the parts of an `all`. */
const required = (rule: Rule): Leaf[] => (rule.op === 'all' ? rule.of.flatMap(required) : 'of' in rule ? [] : [rule])

const leavesOf = (rule: Rule): Leaf[] =>
  'of' in rule ? (Array.isArray(rule.of) ? (rule.of as Rule[]) : [rule.of as Rule]).flatMap(leavesOf) : [rule]

/**
 * Whether an answer may have changed by itself in the days (after, until]: a window, the policy's dates or an event begins or ends there.
 * An age changes on another day for every enterprise, so a rule with one always may.
 */
export function mayTurn(policy: ForEnterprise, events: Setting['events'], after: string, until: string): boolean {
  const within = (begin?: string, end?: string) =>
    (begin ? begin > after && begin <= until : false) || (end ? addDays(end, 1) > after && addDays(end, 1) <= until : false)
  return leavesOf(enterpriseRule(policy)).some((leaf) => {
    if (leaf.op === 'age') return true
    if (leaf.op === 'window') return leaf.anchor === 'acceptedOn' && within(leaf.from, leaf.to)
    return leaf.op === 'during' && within(events[leaf.event]?.from, events[leaf.event]?.to)
  })
}

/** Whether the answer depends on this event. */
export const dependsOnEvent = (policy: ForEnterprise, event: string): boolean =>
  leavesOf(enterpriseRule(policy)).some((leaf) => leaf.op === 'during' && leaf.event === event)

/** The region prefix outside of which nobody can be eligible; empty: the whole country. */
export function scopeOf(rule: Rule): string {
  const places = required(rule).filter((leaf) => leaf.op === 'region' && leaf.mode !== 'park' && leaf.mode !== 'alliance') as (Leaf & {
    op: 'region'
  })[]
  // An enterprise known only by its province is undecided for a county, so the province has to be looked at.
  return (
    places
      .map((leaf) => commonPrefix(leaf.codes.map(regionPrefix)))
      .sort((a, b) => b.length - a.length)[0]
      ?.slice(0, 2) ?? ''
  )
}

const commonPrefix = (prefixes: readonly string[]): string => {
  const [first = '', ...rest] = prefixes
  let length = first.length
  while (length > 0 && !rest.every((p) => p.startsWith(first.slice(0, length)))) length -= 2
  return first.slice(0, length)
}
