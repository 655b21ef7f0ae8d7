/** Twelve months of work and money: what will be due when, and what it is likely to cost. Equals the sum of its items. Pure. */
import { addMonths, validUntil } from '../../../core/due-day.ts'
import { applyRate, fen, zero, type Fen } from '../../../core/money.ts'
import type { DueItem } from './bundle.ts'

/** Where a price comes from; none is ever made up. */
export const feeSources = {
  law: '强制检定，财税〔2017〕20号起停征，0 元',
  own: '这件器具上次的费用',
  kind: '本台账同种器具上次费用的中位数',
  unknown: '没有价格',
} as const
export type FeeSource = keyof typeof feeSources

export const services = { 'mandatory-verification': '强制检定', 'voluntary-verification': '检定', calibration: '校准' } as const

/** What measure 一's rules say of one line: only what applies by itself takes something off. */
export interface LineRelief {
  rateBp: number
  slug: string
  title: string
  /** `apply` counts; `apply-for` is shown and not counted. */
  force: 'apply' | 'apply-for'
}

export interface ForecastItem {
  id: string
  code: string
  name: string
  place: string | null
  dueOn: string
  month: string
  service: keyof typeof services
  fee: Fen | null
  source: FeeSource
  /** Taken off by what applies by itself. */
  off: Fen
  relief: LineRelief | null
}

export interface ForecastMonth {
  /** `2026-12` */
  month: string
  pieces: number
  /** To be paid, of the items with a price. */
  cost: Fen
  /** Saved by relief that applies by itself; never what 强制检定 does not cost anyway. */
  off: Fen
  /** Items without a price. */
  unpriced: number
}

/** An item in the year ahead as often as its interval says; what is overdue counts in this month. */
export function occurrences(item: Pick<DueItem, 'validUntil' | 'intervalMonths'>, today: string): string[] {
  const end = addMonths(today, 12)
  const days: string[] = []
  let day = item.validUntil
  for (let n = 0; day < end && n < 24; n++) {
    days.push(day < today ? today : day)
    if (!item.intervalMonths) break
    // Done on the day it ends, it holds for another interval.
    day = validUntil(day < today ? today : day, item.intervalMonths)
    if (day <= days.at(-1)!) break
  }
  return days
}

export const serviceOf = (item: Pick<DueItem, 'mandatory' | 'lastKind'>): ForecastItem['service'] =>
  item.mandatory === 'yes' ? 'mandatory-verification' : item.lastKind === 'verification' ? 'voluntary-verification' : 'calibration'

/** Median price of each kind, of those that did cost something. */
export function medians(items: readonly DueItem[]): ReadonlyMap<string, Fen> {
  const priced = items.filter(({ lastFeeFen, mandatory }) => lastFeeFen !== null && lastFeeFen > 0n && mandatory !== 'yes')
  return new Map(
    [...Map.groupBy(priced, (item) => item.kind ?? item.name)].map(([key, group]) => {
      const fees = group.map(({ lastFeeFen }) => lastFeeFen!).toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
      return [key, fen(fees[Math.floor((fees.length - 1) / 2)]!)] as const
    }),
  )
}

/** The fee of one item and where it comes from. A 强制检定 that rests on a row 待核实 is no certain zero: then it has no price. */
export function feeOf(item: DueItem, byKind: ReadonlyMap<string, Fen>): { fee: Fen | null; source: FeeSource } {
  if (item.mandatory === 'yes' && !item.mandatoryToVerify) return { fee: zero, source: 'law' }
  if (item.mandatory === 'yes') return { fee: null, source: 'unknown' }
  if (item.lastFeeFen !== null) return { fee: fen(item.lastFeeFen), source: 'own' }
  const median = byKind.get(item.kind ?? item.name)
  return median === undefined ? { fee: null, source: 'unknown' } : { fee: median, source: 'kind' }
}

export type ReliefOf = (item: DueItem, service: ForecastItem['service'], dueOn: string) => LineRelief | null

/** Every item of the twelve months, in the order of days. */
export function forecastItems(items: readonly DueItem[], today: string, reliefOf: ReliefOf): ForecastItem[] {
  const byKind = medians(items)
  return items
    .flatMap((item) =>
      occurrences(item, today).map((dueOn) => {
        const service = serviceOf(item)
        const { fee, source } = feeOf(item, byKind)
        const relief = service === 'mandatory-verification' ? null : reliefOf(item, service, dueOn)
        const off = fee !== null && relief?.force === 'apply' ? applyRate(fee, relief.rateBp) : zero
        return {
          id: item.id,
          code: item.code,
          name: item.name,
          place: item.place,
          dueOn,
          month: dueOn.slice(0, 7),
          service,
          fee,
          source,
          off,
          relief,
        }
      }),
    )
    .toSorted((a, b) => a.dueOn.localeCompare(b.dueOn) || a.code.localeCompare(b.code))
}

/** This month and the twelve that follow where the year ends inside one; months without work stand as zeros. */
export function forecastMonths(items: readonly ForecastItem[], today: string): ForecastMonth[] {
  const months = Array.from({ length: 12 }, (_, i) => addMonths(`${today.slice(0, 7)}-01`, i).slice(0, 7))
  const last = addMonths(today, 12).slice(0, 7)
  if (items.some(({ month }) => month === last)) months.push(last)
  const by = Map.groupBy(items, ({ month }) => month)
  return months.map((month) => sumOf(month, by.get(month) ?? []))
}

export const sumOf = (month: string, items: readonly ForecastItem[]): ForecastMonth => ({
  month,
  pieces: items.length,
  cost: fen(items.reduce((sum, { fee, off }) => sum + (fee === null ? 0n : fee - off), 0n)),
  off: fen(items.reduce((sum, { off }) => sum + off, 0n)),
  unpriced: items.filter(({ fee }) => fee === null).length,
})
