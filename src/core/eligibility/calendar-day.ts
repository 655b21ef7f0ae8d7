/**
 * Calendar days as `YYYY-MM-DD` strings, which compare as they sort.
 * Months are counted as 《民法典》第二百零二条 counts a term: it ends on the corresponding day of the last month,
 * or on that month's last day where there is none (2024-01-31 + 1 month = 2024-02-29; 2020-02-29 + 12 months = 2021-02-28).
 */
import type { IsoDate } from './rule.ts'

const lastDay = (year: number, month: number): number =>
  month === 2 ? (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31

const parts = (day: IsoDate): [year: number, month: number, day: number] => [+day.slice(0, 4), +day.slice(5, 7), +day.slice(8, 10)]

const write = (year: number, month: number, day: number): IsoDate =>
  `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`

/** A day that exists: `2023-02-29` does not. */
export function isIsoDate(value: unknown): value is IsoDate {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false
  const [year, month, day] = parts(value)
  return month >= 1 && month <= 12 && day >= 1 && day <= lastDay(year, month)
}

/** Complete months from `start` to `day`; negative when `day` comes first. */
export function wholeMonths(start: IsoDate, day: IsoDate): number {
  const [y1, m1, d1] = parts(start)
  const [y2, m2, d2] = parts(day)
  const incomplete = d2 < Math.min(d1, lastDay(y2, m2)) ? 1 : 0
  return (y2 - y1) * 12 + (m2 - m1) - incomplete
}

/** The day on which `months` whole months are complete; `months` may be negative. Years outside 0000–9999 are clamped. */
export function addMonths(start: IsoDate, months: number): IsoDate {
  const [y, m, d] = parts(start)
  const index = y * 12 + (m - 1) + months
  if (index < 0) return '0000-01-01'
  if (index >= 120_000) return '9999-12-31'
  const year = Math.floor(index / 12)
  const month = (index % 12) + 1
  return write(year, month, Math.min(d, lastDay(year, month)))
}

/** The day before (−1) or after (+1), and so on; one month's steps at most. */
export function addDays(start: IsoDate, days: number): IsoDate {
  const [y, m, d] = parts(start)
  // UTC has no clock changes, so a day is always 86 400 s there. setUTCFullYear keeps years below 100 as they are.
  const date = new Date(0)
  date.setUTCFullYear(y, m - 1, d + days)
  const year = date.getUTCFullYear()
  if (year < 0) return '0000-01-01'
  return year > 9999 ? '9999-12-31' : write(year, date.getUTCMonth() + 1, date.getUTCDate())
}

/** The last starting day from which `months` whole months are complete on `day`; `` when there is none in the calendar. */
export function latestStart(months: number, day: IsoDate): IsoDate | '' {
  let start = addMonths(day, -months)
  if (wholeMonths(start, day) < months) return ''
  // Short months: 2024-01-29, -30 and -31 all complete a month on 2024-02-29.
  for (let next = addDays(start, 1); next > start && wholeMonths(next, day) >= months; next = addDays(next, 1)) start = next
  return start
}
