/**
 * The two clocks of a promise: the statutory one, which stops while the other side must act (补正, 送样, 整改),
 * and the whole one, which never stops and is what the enterprise lives through.
 * Instants are ISO strings with an offset; days are days in Asia/Shanghai, whatever the machine's zone.
 */
import type { IsoDate } from './eligibility/rule.ts'
import { certainty, dateOf, dayNumber, isWorkday, nthAfter, workdaysUpTo, type Certainty } from './work-calendar.ts'

/** `20 工作日`, `5 日历日`; as steps carry it in `within`. */
export type Limit = `${number} 工作日` | `${number} 日历日`

export interface Pause {
  /** ISO instant. */
  from: string
  /** ISO instant; absent while the pause goes on. */
  to?: string | undefined
  /** Shown to both sides: 等待补正材料. */
  reason: string
}

export interface ClockQuestion {
  /** ISO instant of acceptance. */
  startedAt: string
  limit: Limit
  pauses?: readonly Pause[]
  /** The instant to tell the clocks at; for a finished case the instant it was finished. */
  now: string
}

export interface Clock {
  /** Days counted so far, in the unit of the limit; the start day is not counted. */
  elapsed: number
  /** Last day in time. While a pause without an end goes on: the day it would be if counting went on tomorrow. */
  due: IsoDate
  /** Counted days from today to `due`, negative when it has passed. */
  left: number
  state: 'running' | 'due-today' | 'paused' | 'overdue'
}

export interface PromiseClock extends Certainty {
  statutory: Clock
  whole: Clock
  /** When 50, 80 and 100 % of the statutory time are used up; always inside 09:00–17:00 of a working day (ISO, +08:00). */
  remindersAt: readonly { percent: 50 | 80 | 100; at: string }[]
}

/** Throws when an instant has no offset or the limit is not one: both are written by code, not by people. */
export function promiseClock({ startedAt, limit, pauses = [], now }: ClockQuestion): PromiseClock {
  const { days, unit } = readLimit(limit)
  const start = dayNumber(shanghaiDate(startedAt))
  const today = dayNumber(shanghaiDate(now))
  const stops = merge(pauses.filter((p) => instant(p.from) <= instant(now)).map((p) => stopOf(p, today)))
  const paused = pauses.some((p) => instant(p.from) <= instant(now) && (p.to === undefined || instant(now) < instant(p.to)))
  const statutory = tell(start, today, days, unit, stops, paused)
  const whole = tell(start, today, days, unit, [], false)
  const last = [statutory.due, whole.due, dateOf(today)].reduce((a, b) => (a > b ? a : b))
  return { statutory, whole, remindersAt: reminders(start, days, unit, stops), ...certainty(dateOf(start), last) }
}

/** The day it is in China at an instant. China has kept UTC+8 without summer time since 1992. */
export const shanghaiDate = (iso: string): IsoDate => new Date(instant(iso) + 8 * 3_600_000).toISOString().slice(0, 10)

/** `20 工作日` → 20 and how days are counted. */
export function readLimit(limit: string): { days: number; unit: 'workday' | 'calendar' } {
  const [, days, unit] = /^(\d+) ?(工作日|日历日)$/.exec(limit) ?? []
  if (!days || Number(days) < 1) throw new RangeError(`not a limit: ${limit}`)
  return { days: Number(days), unit: unit === '工作日' ? 'workday' : 'calendar' }
}

/**
 * Days after `from` up to and including `to` do not count. The day a pause begins does not, the day it ends does again:
 * so a pause that begins on the last day leaves a day to act on, and never makes anybody late.
 */
interface Stop {
  from: number
  to: number
}

const stopOf = (pause: Pause, today: number): Stop => ({
  from: dayNumber(shanghaiDate(pause.from)) - 1,
  to: pause.to === undefined ? today : dayNumber(shanghaiDate(pause.to)) - 1,
})

function merge(stops: readonly Stop[]): Stop[] {
  const merged: Stop[] = []
  for (const stop of stops.filter((s) => s.to > s.from).sort((a, b) => a.from - b.from)) {
    const before = merged.at(-1)
    if (before && stop.from <= before.to) before.to = Math.max(before.to, stop.to)
    else merged.push({ ...stop })
  }
  return merged
}

type Unit = 'workday' | 'calendar'
type Count = (number: number) => number

/** A running count of the days that use up the limit: all of the unit, minus those in a stop. */
function counting(unit: Unit, stops: readonly Stop[]): Count {
  const plain: Count = unit === 'workday' ? workdaysUpTo : (number) => number
  return (number) => stops.reduce((count, s) => count - (plain(Math.min(s.to, number)) - plain(Math.min(s.from, number))), plain(number))
}

function tell(start: number, today: number, days: number, unit: Unit, stops: readonly Stop[], paused: boolean): Clock {
  const count = counting(unit, stops)
  const due = nextOpen(nthAfter(count, start, days), count)
  const elapsed = Math.max(0, count(today) - count(start))
  const left = count(due) - count(Math.max(today, start))
  const state = today > due ? 'overdue' : paused ? 'paused' : today === due ? 'due-today' : 'running'
  return { elapsed, due: dateOf(due), left, state }
}

/**
 * The day itself, or the next working day that counts: a term in calendar days that ends on a rest day
 * ends on the working day after (民法典 第二百零三条). Days of a term in working days are open by themselves.
 */
function nextOpen(number: number, count: Count): number {
  let day = number
  while (!isWorkday(dateOf(day)) || count(day) === count(day - 1)) day++
  return day
}

const opens = 9
const closes = 17

/** Working hours of the counted days, laid end to end: 50 % of 20 working days is the end of the tenth. */
function reminders(start: number, days: number, unit: Unit, stops: readonly Stop[]): PromiseClock['remindersAt'] {
  const count = counting(unit, stops)
  return ([50, 80, 100] as const).map((percent) => {
    const used = (days * percent) / 100
    const nth = Math.ceil(used)
    const day = nthAfter(count, start, nth)
    const open = nextOpen(day, count)
    // A share that ends on a rest day is told first thing on the next working day.
    const hours = open === day ? (used - nth + 1) * (closes - opens) : 0
    return { percent, at: clockTime(dateOf(open), opens + hours) }
  })
}

/** A time of day in China, from hours with a fraction; whole minutes, downwards. */
function clockTime(day: IsoDate, hours: number): string {
  // A hair above, because 0.8 × 5 days is not exact in binary.
  const minutes = Math.floor(hours * 60 + 1e-6)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${day}T${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:00+08:00`
}

/** Milliseconds of an instant. Without an offset it would be read in the machine's zone, so that is refused. */
function instant(iso: string): number {
  const milliseconds = /(?:Z|[+-]\d{2}:?\d{2})$/.test(iso) ? Date.parse(iso) : Number.NaN
  if (Number.isNaN(milliseconds)) throw new RangeError(`not an instant with an offset: ${iso}`)
  return milliseconds
}
