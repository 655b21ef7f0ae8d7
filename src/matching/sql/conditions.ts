/**
 * One condition as SQL over `match_rows`: `yes` holds where it is certainly met, `maybe` where it is not certainly unmet.
 * Either may be NULL where `yes` is meant to be false; whoever negates says `is not true`. Values only as parameters.
 */
import { latestStart } from '../../core/eligibility/calendar-day.ts'
import { compareCode, covers, regionPrefix } from '../../core/eligibility/codes.ts'
import { evaluateLeaf } from '../../core/eligibility/evaluate.ts'
import type { FactId, Setting } from '../../core/eligibility/facts.ts'
import { NO, UNKNOWN, YES, type Leaf, type Truth } from '../../core/eligibility/rule.ts'
import { columnOf, maskBit, valuesOf, type FactColumn } from './columns.ts'

export interface Pair {
  yes: string
  maybe: string
}

/** Notes a value and gives its place: `$3`. */
export type Bind = (value: unknown) => string

export const constant = (truth: Truth): Pair => ({ yes: String(truth === YES), maybe: String(truth !== NO) })

export const either = (parts: readonly string[]): string => (parts.length === 0 ? 'false' : `(${parts.join(' or ')})`)

/** Throws a RangeError for a condition that the language does not have. */
export function conditionOf(leaf: Leaf, setting: Setting, bind: Bind): Pair {
  const fact = factOf(leaf)
  const column = columnOf(fact)
  // Facts of an order line are on no row: what the oracle says without them holds for everybody.
  if (!column) return constant(evaluateLeaf(leaf, {}, setting))
  switch (leaf.op) {
    case 'region':
      return leaf.mode === 'park' ? among(column, listed(leaf.codes, bind)) : placeOf(leaf, column, setting, bind)
    case 'within':
      return among(column, codesWithin(leaf.codes, bind))
    case 'in':
      return column.kind === 'mask' ? maskOf(column, leaf.values, bind) : among(column, listed(leaf.values, bind))
    case 'range':
      return orMissing(column, rangeOf(column.column, leaf, bind))
    case 'age':
    case 'window':
    case 'during':
      return daysOf(leaf, column, setting, bind)
    case 'has':
      return orMissing(column, setOf(column.column, leaf, bind))
    case 'holds':
      return ledgerOf(leaf, column, bind)
    case 'flag':
      return orMissing(column, column.column)
    case 'known': {
      const known = `(on_record & ${column.bit}) <> 0`
      return { yes: known, maybe: known }
    }
    default:
      throw new RangeError(`There is no condition “${(leaf as { op: string }).op}”.`)
  }
}

const factOf = (leaf: Leaf): FactId => {
  if (leaf.op === 'region') return leaf.mode === 'park' ? 'park' : 'region'
  if (leaf.op === 'holds') return 'instruments'
  return 'anchor' in leaf ? leaf.anchor : leaf.fact
}

const orMissing = ({ column }: FactColumn, yes: string): Pair => ({ yes, maybe: `(${yes} or ${column} is null)` })

/** What is asked of one value, `x` being the SQL for it. */
interface Test {
  yes: (x: string) => string
  maybe: (x: string) => string
}

/** Yes or no only if every possibility agrees; so yes needs all of them, and it is not no as soon as one of them is not. */
function among({ column }: FactColumn, { yes, maybe }: Test): Pair {
  const many = `${column}_of`
  const all = `(${many} is not null and not exists (select from unnest(${many}) as one where (${yes('one')}) is not true))`
  const some = `(${column} is null and (${many} is null or exists (select from unnest(${many}) as one where ${maybe('one')})))`
  return { yes: `(${yes(column)} or ${all})`, maybe: `(${maybe(column)} or ${some})` }
}

const listed = (values: readonly string[], bind: Bind): Test => {
  const list = `${bind(values)}::text[]`
  const test = (x: string) => `${x} = any(${list})`
  return { yes: test, maybe: test }
}

/** Everything that begins with one of these, as ranges that an index can walk. */
const beginning = (prefixes: readonly string[], bind: Bind): ((x: string) => string) => {
  const ranges = prefixes.map((prefix) => (prefix === '' ? undefined : [bind(prefix), bind(`${prefix}\uffff`)]))
  return (x) => either(ranges.map((range) => (range ? `${x} >= ${range[0]}::text and ${x} < ${range[1]}::text` : `${x} is not null`)))
}

/** Texts that come before the end of this one: what a larger place or industry may be called. */
const shorter = (text: string): string[] => Array.from({ length: text.length }, (_, length) => text.slice(0, length))

function placeOf(leaf: Leaf & { op: 'region' }, column: FactColumn, setting: Setting, bind: Bind): Pair {
  const places = leaf.mode === 'alliance' ? leaf.codes.map((id) => setting.alliances?.[id]) : [leaf.codes]
  const wanted = places.flatMap((codes) => codes ?? []).map(regionPrefix)
  const yes = beginning(wanted, bind)
  const larger = `${bind([...new Set(wanted.flatMap(shorter))])}::text[]`
  const pair = among(column, { yes, maybe: (x) => `(${yes(x)} or ${x} = any(${larger}))` })
  return places.includes(undefined) ? { yes: pair.yes, maybe: 'true' } : pair
}

/** Industries: `C40` covers what begins with it; other codes nest by dots. */
function codesWithin(codes: readonly string[], bind: Bind): Test {
  const exact = `${bind(codes)}::text[]`
  const below = beginning(
    codes.map((code) => (isLettered(code) ? code : `${code}.`)),
    bind,
  )
  const larger = `${bind([...new Set(codes.flatMap((code) => shorter(code).filter((wide) => covers(wide, code))))])}::text[]`
  const yes = (x: string) => `(${x} = any(${exact}) or ${below(x)})`
  return { yes, maybe: (x) => `(${yes(x)} or ${x} = any(${larger}))` }
}

const isLettered = (code: string): boolean => code >= 'A' && code < '['

/** Masks are few, so those that fit are listed: an index finds them. */
function maskOf({ fact, column }: FactColumn, values: readonly string[], bind: Bind): Pair {
  const listedValues = valuesOf(fact)
  const wanted = values.filter((value) => listedValues.includes(value)).reduce((mask, value) => mask | maskBit(fact, value), 0)
  const masks = Array.from({ length: 2 ** (listedValues.length + 1) - 1 }, (_, i) => i + 1)
  const inside = bind(masks.filter((mask) => (mask & ~wanted) === 0))
  const touching = bind(masks.filter((mask) => (mask & wanted) !== 0))
  return {
    yes: `${column} = any(${inside}::smallint[])`,
    maybe: `(${column} = any(${touching}::smallint[]) or ${column} is null)`,
  }
}

/** Without an upper end: infinity and what is no number are below nothing, as in the oracle. */
const rangeOf = (column: string, { gte, lt }: { gte?: number; lt?: number }, bind: Bind): string => {
  const upper = lt === undefined ? `'infinity'` : bind(lt)
  const lower = gte === undefined ? '' : `${column} >= ${bind(gte)}::float8 and `
  return `(${lower}${column} < ${upper}::float8)`
}

function daysOf(leaf: Leaf & { op: 'age' | 'window' | 'during' }, column: FactColumn, setting: Setting, bind: Bind): Pair {
  const range = daysIn(leaf, setting)
  if (range === undefined) return constant(UNKNOWN)
  const [after, last] = [bind(range.after ?? range.from), bind(range.last)]
  const test = (x: string) => `(${x} ${range.after === undefined ? '>=' : '>'} ${after}::text and ${x} <= ${last}::text)`
  return among(column, { yes: test, maybe: test })
}

/** Days as texts, which compare as they sort. Undefined: an event without a start. */
function daysIn(
  leaf: Leaf & { op: 'age' | 'window' | 'during' },
  { asOf, events }: Setting,
): { after?: string; from?: string; last: string } | undefined {
  if (leaf.op === 'window') return { from: leaf.from ?? '', last: leaf.to ?? '9999-12-31' }
  if (leaf.op === 'age')
    return { after: leaf.ltMonths === undefined ? '' : latestStart(leaf.ltMonths, asOf), last: latestStart(leaf.gteMonths ?? 0, asOf) }
  const { from, to } = events[leaf.event] ?? {}
  return from === undefined ? undefined : { from, last: to ?? '9999-12-31' }
}

const setOf = (column: string, { any, all }: { any?: readonly string[]; all?: readonly string[] }, bind: Bind): string => {
  const parts = [...(any ? [`${column} && ${bind(any)}::text[]`] : []), ...(all ? [`${column} @> ${bind(all)}::text[]`] : [])]
  return parts.length === 0 ? `(${column} is not null)` : `(${parts.join(' and ')})`
}

/** Keys of jsonb sort by the database's language; codes sort by their bytes. */
const heldKind = `(held.key collate "C")`

/** Something of these kinds at least must be there, which an index can tell; how many is counted only there. */
function ledgerOf({ kinds, min }: Leaf & { op: 'holds' }, { column }: FactColumn, bind: Bind): Pair {
  const larger = [
    ...new Set(kinds.flatMap((kind) => shorter(kind).filter((wide) => covers(wide, kind) && compareCode(wide, kind) !== YES))),
  ]
  const { yes: sure } = codesWithin(kinds, bind)
  const maybe = (x: string) => `(${sure(x)} or ${x} = any(${bind(larger)}::text[]))`
  const count = (test: string) =>
    `coalesce((select sum(held.value::bigint) from jsonb_each_text(${column}) as held where ${test}), 0) >= ${bind(min)}::bigint`
  // `held_within` knows dots only.
  const indexed = min >= 1 && !kinds.some(isLettered)
  const there = (wanted: readonly string[]) => (indexed ? `held_within && ${bind(wanted)}::text[] and ` : '')
  return {
    yes: `(${column} is not null and ${there(kinds)}${count(sure(heldKind))})`,
    maybe: `((${there([...kinds, ...larger])}${count(maybe(heldKind))}) or ${column} is null)`,
  }
}
