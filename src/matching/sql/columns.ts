/** Which column of `match_rows` keeps which fact, and how a value becomes columns and comes back. */
import { isIsoDate } from '../../core/eligibility/calendar-day.ts'
import { facts as catalogue, type FactId, type Facts, type FactValue } from '../../core/eligibility/facts.ts'

/**
 * `text`: one value in the column, several possibilities in `<column>_of`. `mask`: a bit for each value that is still possible, bit 0 for
 * any that the catalogue does not list. The others as they are.
 */
export type ColumnKind = 'text' | 'day' | 'mask' | 'number' | 'flag' | 'set' | 'ledger'

export interface FactColumn {
  fact: FactId
  kind: ColumnKind
  column: string
  /** Its bit in `on_record`. */
  bit: number
}

/** In the order of their bits: new ones go to the end. */
const listed: readonly (readonly [FactId, ColumnKind, string])[] = [
  ['region', 'text', 'place'],
  ['industry', 'text', 'industry'],
  ['park', 'text', 'park'],
  ['registeredOn', 'day', 'registered_on'],
  ['size', 'mask', 'size'],
  ['subjectKind', 'mask', 'subject_kind'],
  ['ownership', 'mask', 'ownership'],
  ['employees', 'number', 'employees'],
  ['revenue', 'number', 'revenue'],
  ['assets', 'number', 'assets'],
  ['energyTce', 'number', 'energy_tce'],
  ['hardship', 'flag', 'hardship'],
  ['epidemicAffected', 'flag', 'epidemic_affected'],
  ['resumedWork', 'flag', 'resumed_work'],
  ['buildsTopStandard', 'flag', 'builds_top_standard'],
  ['externalCalibration', 'flag', 'external_calibration'],
  ['traceable', 'flag', 'traceable'],
  ['hasTechnicalNeed', 'flag', 'has_technical_need'],
  ['keyEnergyUser', 'flag', 'key_energy_user'],
  ['highEnergyUse', 'flag', 'high_energy_use'],
  ['fiscalHardship', 'flag', 'fiscal_hardship'],
  ['qualifications', 'set', 'qualifications'],
  ['activities', 'set', 'activities'],
  ['listings', 'set', 'listings'],
  ['instruments', 'ledger', 'instruments'],
]

export const factColumns: readonly FactColumn[] = listed.map(([fact, kind, column], i) => ({ fact, kind, column, bit: 2 ** i }))
const byFact = new Map(factColumns.map((each) => [each.fact, each]))

/** Undefined for a fact of an order line: no enterprise has it by itself. */
export const columnOf = (fact: FactId): FactColumn | undefined => byFact.get(fact)

/** What one row of the table holds of an enterprise's facts, by column. Ledgers are plain objects: the caller writes them as jsonb. */
export type MatchColumns = Record<string, unknown> & { on_record: number }

type Ledger = Readonly<Record<string, number>>

/** A place is kept by the part of its code that says something, so that what lies below it begins with it. */
export function encodeFacts(facts: Facts, prefixOf: (code: string) => string): MatchColumns {
  const row: MatchColumns = { on_record: 0 }
  for (const { fact, kind, column, bit } of factColumns) {
    const value = facts[fact] ?? undefined
    if (value !== undefined) row.on_record |= bit
    if (kind === 'text' || kind === 'day') {
      const possible = possibilities(value, kind)?.map((one) => (fact === 'region' ? prefixOf(one) : one))
      const many = typeof value !== 'string'
      row[column] = many ? null : (possible?.[0] ?? null)
      row[`${column}_of`] = many ? (possible ?? null) : null
    } else row[column] = encodeValue(fact, kind, value)
  }
  row.held_within = row.instruments === null ? null : withWider(Object.entries(row.instruments as Ledger))
  return row
}

/** Undefined where nothing can be said: not on record, no possibility, or not a text (a day that does not exist). */
function possibilities(value: FactValue | undefined, kind: ColumnKind): string[] | undefined {
  const list = typeof value === 'string' ? [value] : oneOf(value)
  const readable = list?.every((one) => typeof one === 'string' && (kind !== 'day' || isIsoDate(one)))
  return readable && list!.length > 0 ? [...list!] : undefined
}

const oneOf = (value: FactValue | undefined): readonly string[] | undefined =>
  typeof value === 'object' && value !== null && 'oneOf' in value && Array.isArray(value.oneOf) ? value.oneOf : undefined

function encodeValue(fact: FactId, kind: ColumnKind, value: FactValue | undefined): unknown {
  if (kind === 'mask') return possibilities(value, kind)?.reduce((mask, one) => mask | maskBit(fact, one), 0) ?? null
  if (kind === 'number') return typeof value === 'number' ? value : null
  if (kind === 'flag') return typeof value === 'boolean' ? value : null
  if (kind === 'set') return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : null
  return isLedger(value) ? value : null
}

/** A ledger whose counts are not whole numbers cannot be counted: it is on record, but not readable. */
const isLedger = (value: FactValue | undefined): value is Ledger =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !('oneOf' in value) &&
  Object.values(value).every((count) => Number.isSafeInteger(count) && count >= 0)

/** Every kind that something is held of, and all kinds that cover it: `scale.electronic` is also a `scale`. */
const withWider = (entries: readonly (readonly [string, number])[]): string[] => [
  ...new Set(entries.flatMap(([kind, count]) => (count > 0 ? kind.split('.').map((_, i, parts) => parts.slice(0, i + 1).join('.')) : []))),
]

export const valuesOf = (fact: FactId): readonly string[] => Object.keys((catalogue[fact] as { values?: object }).values ?? {})

export const maskBit = (fact: FactId, value: string): number => 1 << (valuesOf(fact).indexOf(value) + 1)

/** On record, but nothing that a condition could read: every condition on it is unknown, and `known` is yes. */
const unreadable: FactValue = { oneOf: [] }

/** Facts that every rule answers as it answers those that were put in. */
export function decodeFacts(row: Readonly<Record<string, unknown>> & { on_record: number }): Facts {
  const facts: Partial<Record<FactId, FactValue>> = {}
  for (const { fact, kind, column, bit } of factColumns) {
    if ((row.on_record & bit) === 0) continue
    const value = row[column]
    const many = kind === 'text' || kind === 'day' ? row[`${column}_of`] : undefined
    if (Array.isArray(many)) facts[fact] = { oneOf: many as string[] }
    else if (value === null || value === undefined) facts[fact] = unreadable
    else facts[fact] = kind === 'mask' ? unmask(fact, value as number) : (value as FactValue)
  }
  return facts
}

function unmask(fact: FactId, mask: number): FactValue {
  const possible = [...(mask & 1 ? ['?'] : []), ...valuesOf(fact).filter((value) => mask & maskBit(fact, value))]
  return possible.length === 1 ? possible[0]! : { oneOf: possible }
}
