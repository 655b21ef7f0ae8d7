/** What a file is judged by: the policies that hold on the day, and the dates of events. From files only. */
import { readFileSync } from 'node:fs'
import { liveness, type PolicyContent } from '../commons/policies/index.ts'
import {
  loadLibrary,
  namesFor,
  parsePolicy,
  readEventDates,
  suppliedEventDates,
  type EventDates,
} from '../commons/policies/index.server.ts'
import { isIsoDate } from '../core/eligibility/calendar-day.ts'
import type { Setting } from '../core/eligibility/facts.ts'
import { refuse, isRefusal, type Refusal } from '../core/refusal.ts'
import { alliances } from '../core/regions.ts'

export interface World {
  policies: readonly PolicyContent[]
  setting: Setting
  /** What the person has to know about the answers; for stderr. */
  notes: readonly string[]
}

export interface WorldOptions {
  asOf: string
  policies?: string | undefined
  events?: string | undefined
}

export async function worldOf({ asOf, policies, events }: WorldOptions): Promise<World | Refusal> {
  if (!isIsoDate(asOf)) return refuse('invalid', `--as-of ${asOf} 不是日期，请写成 2026-11-23。`)
  const all = policies === undefined ? await loadLibrary() : policiesIn(policies)
  if (isRefusal(all)) return all
  const dates = events === undefined ? suppliedEventDates() : eventsIn(events)
  if (isRefusal(dates)) return dates
  const live = all.filter((policy) => liveness(policy, asOf).live)
  return {
    policies: live,
    setting: { asOf, events: dates, alliances: Object.fromEntries(alliances.map(({ id, codes }) => [id, codes])) },
    notes: [
      ...(live.length === 0 ? [`${asOf} 没有一项政策有效。`] : []),
      // Nobody has checked these dates against the announcements, so whoever reads the answers is told.
      ...(events === undefined && live.length > 0 ? [sayDates(dates)] : []),
    ],
  }
}

const sayDates = (dates: EventDates): string => {
  const names = namesFor()
  const said = Object.entries(dates).map(([id, { from, to }]) => `${names.event(id)} ${from ?? '未定'} 至 ${to ?? '今'}`)
  return `事件起止按自带的日期计（待核实，可用 --events 改）：${said.join('；')}。`
}

/** One policy or a list of them, in the form of the library's files. */
function policiesIn(file: string): PolicyContent[] | Refusal {
  const value = readJson(file, '政策文件')
  if (isRefusal(value)) return value
  try {
    return (Array.isArray(value) ? value : [value]).map((each, i) => parsePolicy(each, `第 ${i + 1} 项`))
  } catch (error) {
    return refuse('invalid', `政策文件 ${file} 不能用：${(error as Error).message}。请按自带政策库的格式改正。`)
  }
}

function eventsIn(file: string): EventDates | Refusal {
  const value = readJson(file, '事件文件')
  return isRefusal(value) ? value : readEventDates(value)
}

function readJson(file: string, what: string): unknown {
  let text
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    return refuse('missing', `${what} ${file} 打不开（${(error as NodeJS.ErrnoException).code}），请核对路径。`)
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown
  } catch (error) {
    return refuse('invalid', `${what} ${file} 不是 JSON：${(error as Error).message}。`)
  }
}
