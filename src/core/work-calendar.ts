/**
 * Working days of the mainland: Monday to Friday, corrected by the State Council's yearly notice (holidays and make-up days).
 * Plain dates `YYYY-MM-DD` only, so no time zone matters. A year without a notice is computed as Monday to Friday and marked provisional.
 */
import { isIsoDate } from './eligibility/calendar-day.ts'
import type { IsoDate } from './eligibility/rule.ts'
import table from './reference/calendar.json' with { type: 'json' }

/** `provisional`: a year without a notice was touched, and `note` says which. */
export interface Certainty {
  provisional: boolean
  note?: string
}

export interface Day extends Certainty {
  workday: boolean
  /** The festival that a holiday or make-up day belongs to. */
  name?: string
}

export interface CalendarNotice {
  year: number
  title: string
  /** From memory where `docNoTrust` says so: show 待核实. */
  docNo: string
  docNoTrust: string
  url: string
}

export const calendarNotices: readonly CalendarNotice[] = table.years
export const calendarEdition = { source: table.source, edition: table.edition, cutOff: table.cutOff, trust: table.trust } as const

const firstYear = Math.min(...table.years.map((y) => y.year))
const lastYear = Math.max(...table.years.map((y) => y.year))

/** Days since 1970-01-01. Throws when the text is not a date. */
export function dayNumber(date: IsoDate): number {
  if (!isIsoDate(date)) throw new RangeError(`not a date: ${date}`)
  return Date.parse(`${date}T00:00:00Z`) / 86_400_000
}

export const dateOf = (number: number): IsoDate => new Date(number * 86_400_000).toISOString().slice(0, 10)

/** 1970-01-01 was a Thursday; Monday is 0. */
const weekday = (number: number): number => (((number + 3) % 7) + 7) % 7

interface Exception {
  number: number
  workday: boolean
  name: string
}
const exceptions: readonly Exception[] = (table.rows as [string, string, string][]).map(([date, kind, name]) => ({
  number: dayNumber(date),
  workday: kind === 'workday',
  name,
}))
const exceptionOn: ReadonlyMap<number, Exception> = new Map(exceptions.map((e) => [e.number, e]))

/** Exceptions that change anything: a make-up day on a weekend counts +1, a holiday on a weekday −1; with running sums. */
const corrections = (() => {
  let sum = 0
  return exceptions.filter((e) => e.workday === weekday(e.number) >= 5).map((e) => ({ number: e.number, sum: (sum += e.workday ? 1 : -1) }))
})()

/** Whether the day is a working day, why not if it is a holiday, and whether that is certain. */
export function dayOf(date: IsoDate): Day {
  const number = dayNumber(date)
  const exception = exceptionOn.get(number)
  return { workday: exception?.workday ?? weekday(number) < 5, ...(exception && { name: exception.name }), ...certainty(date, date) }
}

export const isWorkday = (date: IsoDate): boolean => dayOf(date).workday

/**
 * The n-th working day after a date; the start day is not counted (民法典 第二百零一条). `n` 0 gives the date itself.
 * Throws on a negative or fractional n.
 */
export function addWorkdays(date: IsoDate, n: number): { date: IsoDate } & Certainty {
  if (!Number.isInteger(n) || n < 0) throw new RangeError(`not a count of days: ${n}`)
  const start = dayNumber(date)
  const end = n === 0 ? start : nthAfter(workdaysUpTo, start, n)
  return { date: dateOf(end), ...certainty(date, dateOf(end)) }
}

/** Working days after `from` up to and including `to`; negative when `to` comes first. */
export function workdaysBetween(from: IsoDate, to: IsoDate): { days: number } & Certainty {
  const days = workdaysUpTo(dayNumber(to)) - workdaysUpTo(dayNumber(from))
  return { days, ...(from <= to ? certainty(from, to) : certainty(to, from)) }
}

/** A running count of working days; differences of it count the working days between two days. */
export function workdaysUpTo(number: number): number {
  const shifted = number + 4 // Monday is day 1 of its week, Sunday day 0 of the next
  const week = Math.floor(shifted / 7)
  let low = 0
  let high = corrections.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((corrections[middle]?.number ?? Infinity) <= number) low = middle + 1
    else high = middle
  }
  return week * 5 + Math.min(shifted - week * 7, 5) + (corrections[low - 1]?.sum ?? 0)
}

/** The first day after `start` up to which `count` has grown by n. `count` must grow by at most 1 a day and without end. */
export function nthAfter(count: (number: number) => number, start: number, n: number): number {
  const target = count(start) + n
  let high = start + n
  for (let step = n + 7; count(high) < target; step *= 2) high += step
  let low = start
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (count(middle) >= target) high = middle
    else low = middle
  }
  return high
}

/** Whether the days of a span lie in years with a notice. */
export function certainty(from: IsoDate, to: IsoDate): Certainty {
  const [first, last] = [Number(from.slice(0, 4)), Number(to.slice(0, 4))]
  if (last > lastYear) return { provisional: true, note: `${lastYear + 1} 年放假安排尚未公布，按周一至周五推算` }
  if (first < firstYear) return { provisional: true, note: `${firstYear - 1} 年及以前的放假安排没有载入，按周一至周五推算` }
  return { provisional: false }
}
