/** The register's filters as they stand in the URL: the list, its export and whatever else takes the same query string read them here. */
import { isIsoDate } from '../../core/eligibility/calendar-day.ts'
import { findKindByName, kindName } from '../../core/instrument-kinds.ts'
import { stages, type Stage } from '../../core/due-day.ts'
import type { Verdict } from '../../core/mandatory.ts'
import { parseRange, type Range } from '../../core/quantities/quantity.ts'
import { isRefusal } from '../../core/refusal.ts'
import { instrumentStates, type InstrumentState } from './model.ts'

/** What is asked for; absent: does not matter. */
export interface RegisterAsked {
  q?: string
  state?: InstrumentState | 'held'
  place?: string
  /** Code of the catalogue, or id of an own kind. */
  kind?: string
  mandatory?: Verdict
  stage?: RegisterStage
  institution?: string
  keeper?: string
  /** Those that can measure the whole of it. */
  range?: Range
  ids?: string[]
  /** First and last day of 有效期至. */
  from?: string
  to?: string
}

/** A filter that could not be read: it is left out, and its field says why. */
export type RegisterProblems = Partial<Record<'kind' | 'range', string>>

export const registerStages = {
  overdue: '已逾期',
  due30: '30 天内到期（含逾期）',
  due60: '60 天内到期（含逾期）',
  d0: '今天到期',
  d7: '1～7 天后到期',
  d14: '8～14 天后到期',
  d30: '15～30 天后到期',
  d60: '31～60 天后到期',
  later: '60 天以后到期',
} as const satisfies Record<Stage | 'due30' | 'due60', string>
export type RegisterStage = keyof typeof registerStages

const verdicts = ['yes', 'no', 'unknown'] as const satisfies readonly Verdict[]
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Without `state` what the enterprise holds is meant (在册); `all` is everything on record. What is not known is taken as not asked,
 * but for a range or a kind that was typed and cannot be read.
 */
export function readRegister(params: URLSearchParams): { asked: RegisterAsked; problems: RegisterProblems } {
  const text = (name: string) => (params.get(name) ?? '').trim().slice(0, 200)
  const asked: RegisterAsked = {}
  const problems: RegisterProblems = {}
  for (const name of ['q', 'place', 'keeper', 'institution'] as const) if (text(name)) asked[name] = text(name)
  const state = text('state')
  if (Object.hasOwn(instrumentStates, state)) asked.state = state as InstrumentState
  else if (state !== 'all') asked.state = 'held'
  asked.mandatory = verdicts.find((each) => each === text('mandatory'))
  const stage = text('stage')
  if ((stages as readonly string[]).includes(stage) || Object.hasOwn(registerStages, stage)) asked.stage = stage as RegisterStage
  const kind = text('kind')
  if (kind) {
    asked.kind = uuid.test(kind) ? kind : findKindByName(kind)?.code
    if (!asked.kind) problems.kind = `没有“${kind}”这个种类，请从提示里选，如 ${kindName('pressure-gauge')}`
  }
  const range = text('range')
  if (range) {
    const read = parseRange(range)
    if (isRefusal(read)) problems.range = read.reason
    else if (read.length > 1) problems.range = '一次只能查一段范围，如 0～10 bar'
    else asked.range = read[0]
  }
  for (const name of ['from', 'to'] as const) if (isIsoDate(text(name))) asked[name] = text(name)
  const ids = readIds(params)
  if (ids.length > 0) asked.ids = ids
  return { asked, problems }
}

/** `ids=a,b` and `ids=a&ids=b` are the same; what is not an id is left out, and no more than 2,000 are taken. */
export const readIds = (params: URLSearchParams): string[] => {
  const given = params.getAll('ids').flatMap((each) => each.split(','))
  return [...new Set(given)].filter((each) => uuid.test(each)).slice(0, 2000)
}
