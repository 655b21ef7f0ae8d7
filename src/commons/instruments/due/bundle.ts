/** What is to be sent, put together by institution and place: many items due around one week are one suggestion and one booking. Pure. */
import { sendBy, stageOf, type Stage } from '../../../core/due-day.ts'

export interface DueItem {
  id: string
  code: string
  name: string
  kind: string | null
  state: string
  place: string | null
  institution: string | null
  mandatory: 'yes' | 'no' | 'unknown'
  mandatoryToVerify: boolean
  use: string | null
  validUntil: string
  intervalMonths: number | null
  lastFeeFen: bigint | null
  lastKind: string | null
}

export interface Bundle {
  institution: string | null
  place: string | null
  ids: readonly string[]
  pieces: number
  mandatory: number
  /** First and last day on which one of them ends. */
  from: string
  to: string
  /** Latest working day to hand all of them over; in the past when it is late for some. */
  sendBy: string
  stage: Stage
}

/** Days from the first to the last in one bundle: a week, so that nothing is sent much too early. */
export const windowDays = 7

/** What is at the laboratory or waits for its result is due too, but not sent again. */
export const sendable = (item: Pick<DueItem, 'state'>): boolean => item.state !== 'sent' && item.state !== 'returned'

/** Each sendable item is in exactly one bundle; what is overdue is one window of its own. The most pressing comes first. */
export function bundle(items: readonly DueItem[], today: string, turnaroundWorkdays: number): Bundle[] {
  const groups = Map.groupBy(items.filter(sendable), (item) => JSON.stringify([item.institution, item.place]))
  return [...groups.values()]
    .flatMap((group) => windows(group, today))
    .map((group) => toBundle(group, today, turnaroundWorkdays))
    .toSorted(
      (a, b) => a.sendBy.localeCompare(b.sendBy) || b.pieces - a.pieces || String(a.institution).localeCompare(String(b.institution)),
    )
}

function windows(group: readonly DueItem[], today: string): DueItem[][] {
  const found: DueItem[][] = []
  let end = ''
  for (const item of group.toSorted((a, b) => a.validUntil.localeCompare(b.validUntil) || a.code.localeCompare(b.code))) {
    const day = item.validUntil < today ? 'overdue' : item.validUntil
    if (found.length > 0 && (day === end || (end !== 'overdue' && day !== 'overdue' && day <= end))) found.at(-1)!.push(item)
    else {
      found.push([item])
      end = day === 'overdue' ? day : plusDays(day, windowDays - 1)
    }
  }
  return found
}

const plusDays = (day: string, days: number): string => new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)

function toBundle(group: readonly DueItem[], today: string, turnaroundWorkdays: number): Bundle {
  const [first] = group
  const from = first!.validUntil
  return {
    institution: first!.institution,
    place: first!.place,
    ids: group.map(({ id }) => id),
    pieces: group.length,
    mandatory: group.filter(({ mandatory }) => mandatory === 'yes').length,
    from,
    to: group.at(-1)!.validUntil,
    sendBy: sendBy(from, turnaroundWorkdays),
    stage: stageOf(from, today),
  }
}
