/** What a budget's meter says: share, words, and the day on which it runs out at the present pace. Pure; amounts in 分. */
import { addDays } from '../../../core/eligibility/calendar-day.ts'
import { nearBp } from './model.ts'

export const meterWords = { enough: '充足', near: '将尽', used: '已用完' } as const
export type MeterWord = keyof typeof meterWords
export const meterTones = { enough: 'good', near: 'warn', used: 'bad' } as const

/** Share used in ten-thousandths, rounded down: 100 % only when nothing is left. */
export const shareBp = (used: bigint, amount: bigint): number => (amount <= 0n ? 10_000 : Number((used * 10_000n) / amount))

export function meterWord(used: bigint, amount: bigint): MeterWord {
  if (used >= amount) return 'used'
  return shareBp(used, amount) >= nearBp ? 'near' : 'enough'
}

/** One decimal, rounded down: 100.0% is said only when nothing is left. */
export const sayShare = (used: bigint, amount: bigint): string => `${(Math.floor(shareBp(used, amount) / 10) / 10).toFixed(1)}%`

/** Days that the pace is taken over. */
const paceDays = 30

export interface Forecast {
  /** Days that the pace was taken over, and what was used in them. */
  days: number
  used: bigint
  /** Null: not within the period at this pace. */
  runsOutOn: string | null
  said: string
}

/** The pace of the last 30 days (or since the start, where that is less), laid on what is left. */
export function forecast({
  amount,
  used,
  recent,
  startsOn,
  endsOn,
  today,
}: {
  amount: bigint
  used: bigint
  /** Net use on the days of the pace, today included. */
  recent: bigint
  startsOn: string
  endsOn: string
  today: string
}): Forecast {
  const days = Math.max(1, Math.min(paceDays, dayCount(startsOn, today) + 1))
  const basis = { days, used: recent }
  if (used >= amount) return { ...basis, runsOutOn: today, said: '已经用完。' }
  if (today > endsOn) return { ...basis, runsOutOn: null, said: '期限已过。' }
  if (recent <= 0n) return { ...basis, runsOutOn: null, said: `近 ${days} 天没有净使用，推算不出用完的日期。` }
  // Whole days that what is left still covers; bigint division rounds down, so that the day is not named too late.
  const covered = ((amount - used) * BigInt(days)) / recent
  const left = covered > 36_500n ? 36_500 : Number(covered)
  const on = addDays(today, left)
  if (on > endsOn) return { ...basis, runsOutOn: null, said: `按近 ${days} 天的平均用度推算，到 ${endsOn} 用不完。` }
  return { ...basis, runsOutOn: on, said: `按近 ${days} 天的平均用度推算，约在 ${on} 用完。` }
}

/** The first day of the pace. */
export const paceFrom = (startsOn: string, today: string): string => {
  const from = addDays(today, 1 - paceDays)
  return from < startsOn ? startsOn : from
}

const dayCount = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)

/** Every month of the period up to today: `2026-01` … */
export function monthsOf(startsOn: string, endsOn: string, today: string): string[] {
  const last = (today < endsOn ? today : endsOn).slice(0, 7)
  const months: string[] = []
  for (let month = startsOn.slice(0, 7); month <= last && months.length < 60;) {
    months.push(month)
    const [year, n] = month.split('-').map(Number) as [number, number]
    month = n === 12 ? `${year + 1}-01` : `${year}-${String(n + 1).padStart(2, '0')}`
  }
  return months
}
