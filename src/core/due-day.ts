/**
 * The last day that an instrument may be used on, how far it is, and the working days on which to act. Plain dates `YYYY-MM-DD`.
 * A year without a holiday notice counts Monday to Friday; `certainty` of `work-calendar` says so.
 */
import { addDays, addMonths } from './eligibility/calendar-day.ts'
import { dateOf, dayNumber, isWorkday, nthAfter, workdaysUpTo } from './work-calendar.ts'

export { addMonths }

/**
 * 有效期至, the last valid day: certificates of 2026-03-10 for 12 months say 2027-03-09, the day before the corresponding day.
 * Where the last month has no corresponding day, the term ends on its last day (民法典 第二百零二条): 2026-01-31 for 1 month → 2026-02-28,
 * 2024-02-29 for 12 months → 2025-02-28. A later check is thus never valid for less long. The date on the certificate goes before this one.
 * Throws when the day is not one or the months are not a positive whole number.
 */
export function validUntil(doneOn: string, months: number): string {
  if (!Number.isInteger(months) || months <= 0) throw new RangeError(`not a count of months: ${months}`)
  dayNumber(doneOn)
  const corresponding = addMonths(doneOn, months)
  return corresponding.slice(8) === doneOn.slice(8) ? addDays(corresponding, -1) : corresponding
}

/** Days left: overdue below 0, d0 the last day itself, d7 1–7, d14 8–14, d30 15–30, d60 31–60. */
export const stages = ['overdue', 'd0', 'd7', 'd14', 'd30', 'd60', 'later'] as const
export type Stage = (typeof stages)[number]

/** Days from today to the last valid day; negative once it has passed. */
export const daysLeft = (validUntil: string, today: string): number => dayNumber(validUntil) - dayNumber(today)

export const stageNames: Readonly<Record<Stage, string>> = {
  overdue: '已逾期',
  d0: '今天到期',
  d7: '7 天内到期',
  d14: '14 天内到期',
  d30: '30 天内到期',
  d60: '60 天内到期',
  later: '60 天以后',
}

/** The most days left in each stage that ends. */
const most: Readonly<Record<Exclude<Stage, 'later'>, number>> = { overdue: -1, d0: 0, d7: 7, d14: 14, d30: 30, d60: 60 }
const ending = ['overdue', 'd0', 'd7', 'd14', 'd30', 'd60'] as const

export function stageOf(validUntil: string, today: string): Stage {
  const left = daysLeft(validUntil, today)
  return ending.find((stage) => left <= most[stage]) ?? 'later'
}

/** The last valid days that are in a stage today, for queries; an absent end is open. */
export function stageDays(stage: Stage, today: string): { from?: string; to?: string } {
  const number = dayNumber(today)
  const before = stage === 'later' ? 'd60' : ending[ending.indexOf(stage) - 1]
  return {
    ...(before && { from: dateOf(number + most[before] + 1) }),
    ...(stage !== 'later' && { to: dateOf(number + most[stage]) }),
  }
}

function lastWorkday(number: number): string {
  let day = number
  while (!isWorkday(dateOf(day))) day--
  return dateOf(day)
}

/** The last working day that leaves at least so many days: nobody reads a reminder on a holiday. Throws on a negative or fractional count. */
export function remindOn(validUntil: string, days: number): string {
  if (!Number.isInteger(days) || days < 0) throw new RangeError(`not a count of days: ${days}`)
  return lastWorkday(dayNumber(validUntil) - days)
}

/**
 * The latest working day to hand over, so that what comes back on the n-th working day after it is back on the last valid day or before.
 * Throws on a negative or fractional count.
 */
export function sendBy(validUntil: string, turnaroundWorkdays: number): string {
  if (!Number.isInteger(turnaroundWorkdays) || turnaroundWorkdays < 0) throw new RangeError(`not a count of days: ${turnaroundWorkdays}`)
  const end = dayNumber(lastWorkday(dayNumber(validUntil)))
  const wanted = workdaysUpTo(end) - turnaroundWorkdays
  let start = end - turnaroundWorkdays * 2 - 1
  while (workdaysUpTo(start) >= wanted) start -= 7
  return dateOf(nthAfter(workdaysUpTo, start, wanted - workdaysUpTo(start)))
}
