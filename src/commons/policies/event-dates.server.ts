/** Dates of the events that documents name, from a file. On the platform operators enter them; programs without a database bring them. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import type { Setting } from '../../core/eligibility/facts.ts'
import { refuse, type Refusal } from '../../core/refusal.ts'
import { libraryFolder } from './load-library.server.ts'

const day = z.iso.date('应是日期，如 2020-01-20').optional()
const schema = z.record(
  z.string(),
  z
    .strictObject({ from: day, to: day, source: z.string().optional(), trust: z.string().optional() })
    .refine(({ from, to }) => to === undefined || (from !== undefined && from <= to), '终止日期须不早于起始日期'),
)

/** Event id → first and last day, both inclusive. */
export type EventDates = Setting['events']

/** The dates in a value read from JSON; a refusal names the first place that is wrong. Source and trust are for the reader of the file. */
export function readEventDates(value: unknown): EventDates | Refusal {
  const result = schema.safeParse(value)
  if (!result.success) {
    const [issue] = result.error.issues
    const place = issue!.path.join('.') || '最外层'
    const sentence = `事件文件 ${place} 处有误：${issue!.message}。应如 {"epidemic-2020":{"from":"2020-01-20","to":"2023-01-07"}}。`
    return refuse('invalid', sentence, { code: 'EVENT_DATES_INVALID' })
  }
  return Object.fromEntries(Object.entries(result.data).map(([id, { from, to }]) => [id, { ...(from && { from }), ...(to && { to }) }]))
}

/** What comes with the library, from memory and not checked against the announcements: to be shown as 待核实. */
export const suppliedEventDates = (folder = libraryFolder()): EventDates =>
  schema.parse(JSON.parse(readFileSync(path.join(folder, '_events.json'), 'utf8')))
