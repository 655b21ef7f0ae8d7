/** An enterprise as a flat row of small numbers, and a rule as SQL over it: what a database is best asked with. The SQL is the same for DuckDB and PostgreSQL. */
import { latestStart } from '../../src/core/eligibility/calendar-day.ts'
import { covers, countHeld, regionPrefix } from '../../src/core/eligibility/codes.ts'
import { facts as catalogue, type Facts, type Setting } from '../../src/core/eligibility/facts.ts'
import type { Leaf, Rule } from '../../src/core/eligibility/rule.ts'
import { fold, type Pair } from './fold.ts'

export type Cell = number | boolean | null

const listed = { size: Object.keys(catalogue.size.values), qualifications: Object.keys(catalogue.qualifications.values) }
const maskOf = (fact: keyof typeof listed, values: readonly string[]): number =>
  values.reduce((mask, value) => mask | (1 << listed[fact].indexOf(value)), 0)

const place = (code: string): number => Number(code.padEnd(6, '0'))
/** `C13` → 31300: what is below a code lies between it and the next. */
function industry(code: string): number {
  if (![1, 3, 5].includes(code.length)) throw new Error(`the bench makes no industry ${code}`)
  return (code.charCodeAt(0) - 64) * 10_000 + Number(code.slice(1).padEnd(4, '0'))
}
const day = (iso: string): number => Number(iso.replaceAll('-', ''))
const park = (id: string): number => (id === 'none' ? -1 : Number(id.replace('park-', '')))
const kindColumn = (kind: string): string => `held_${kind.replaceAll(/\W/g, '_')}`

/** Name, type and value of each column. `kinds`: every kind of instrument that anybody holds or a rule asks about. */
export function columnsOf(kinds: readonly string[]): readonly (readonly [name: string, type: string, value: (facts: Facts) => Cell])[] {
  const text =
    (fact: keyof Facts, number: (value: string) => number) =>
    (facts: Facts): Cell =>
      typeof facts[fact] === 'string' ? number(facts[fact]) : null
  const sizes = ({ size }: Facts): Cell =>
    size === undefined ? null : maskOf('size', typeof size === 'string' ? [size] : (size as { oneOf: readonly string[] }).oneOf)
  return [
    ['place', 'integer', text('region', place)],
    ['industry', 'integer', text('industry', industry)],
    ['size', 'utinyint', sizes],
    ['park', 'smallint', text('park', park)],
    ['employees', 'integer', ({ employees }) => (employees ?? null) as Cell],
    ['revenue', 'integer', ({ revenue }) => (revenue ?? null) as Cell],
    ['assets', 'integer', ({ assets }) => (assets ?? null) as Cell],
    ['registeredOn', 'integer', text('registeredOn', day)],
    [
      'qualifications',
      'usmallint',
      ({ qualifications }) => (qualifications === undefined ? null : maskOf('qualifications', qualifications as readonly string[])),
    ],
    ['hardship', 'boolean', ({ hardship }) => (hardship ?? null) as Cell],
    ['keyEnergyUser', 'boolean', ({ keyEnergyUser }) => (keyEnergyUser ?? null) as Cell],
    ...kinds.map(
      (kind) =>
        [
          kindColumn(kind),
          'usmallint',
          ({ instruments }: Facts): Cell => (countHeld([], instruments) ? ((instruments as Record<string, number>)[kind] ?? 0) : null),
        ] as const,
    ),
  ]
}

export interface FlatQuestion {
  /** Conditions that do not overlap and together hold wherever the rule may: the first is a range of places, if there is one. */
  possible: string[]
  eligible: string
}

/** The rule as SQL with literals; they come from rules of the bench only. */
export function flatSql(rule: Rule, setting: Setting, kinds: readonly string[]): FlatQuestion {
  const pair = (one: Rule): Pair<string> =>
    fold<string>(one, {
      leaf: (leaf) => condition(leaf, setting, kinds),
      all: (parts) => (parts.length === 0 ? 'true' : `(${parts.join(' and ')})`),
      any: (parts) => (parts.length === 0 ? 'false' : `(${parts.join(' or ')})`),
      not: (part) => `((${part}) is not true)`,
    })
  const { yes, maybe } = pair(rule)
  if (rule.op !== 'all') return { possible: [maybe], eligible: yes }
  const [first, ...rest] = rule.of
  if (first?.op !== 'region' || first.mode === 'park') return { possible: [maybe], eligible: yes }
  // The places asked about by themselves, so that blocks of other places are passed over; then the few whose place is too coarse or unknown.
  const there = condition(first, setting, kinds)
  const others = pair({ op: 'all', of: rest }).maybe
  return { possible: [`${there.yes} and ${others}`, `(${coarse(first, setting)}) and ${others}`], eligible: yes }
}

const orMissing = (column: string, yes: string): Pair<string> => ({ yes, maybe: `(${yes} or ${column} is null)` })

const wantedPlaces = (leaf: Leaf & { op: 'region' }, { alliances }: Setting): string[] =>
  (leaf.mode === 'alliance' ? leaf.codes.flatMap((id) => alliances?.[id] ?? []) : leaf.codes).map(regionPrefix)

function coarse(leaf: Leaf & { op: 'region' }, setting: Setting): string {
  const wider = new Set(
    wantedPlaces(leaf, setting).flatMap((prefix) => [0, 2, 4].filter((n) => n < prefix.length).map((n) => prefix.slice(0, n))),
  )
  const inside = wantedPlaces(leaf, setting)
  const larger = [...wider].filter((prefix) => !inside.some((each) => prefix.startsWith(each))).map(place)
  return `place is null or place in (${larger.join(', ')})`
}

function condition(leaf: Leaf, setting: Setting, kinds: readonly string[]): Pair<string> {
  switch (leaf.op) {
    case 'region': {
      if (leaf.mode === 'park') return orMissing('park', `park in (${leaf.codes.map(park).join(', ')})`)
      const ranges = wantedPlaces(leaf, setting).map((p) => `place between ${p.padEnd(6, '0')} and ${p.padEnd(6, '9')}`)
      const yes = `(${ranges.join(' or ')})`
      return { yes, maybe: `(${yes} or ${coarse(leaf, setting)})` }
    }
    case 'within': {
      const yes = `(${leaf.codes.map((code) => `industry between ${industry(code)} and ${industry(code) + 10 ** (5 - code.length) - 1}`).join(' or ')})`
      const larger = leaf.codes.flatMap((code) => [1, 3].filter((n) => n < code.length).map((n) => industry(code.slice(0, n))))
      return {
        yes,
        maybe: `(${yes}${larger.length > 0 ? ` or industry in (${[...new Set(larger)].join(', ')})` : ''} or industry is null)`,
      }
    }
    case 'in': {
      const wanted = maskOf('size', leaf.values)
      return { yes: `(size & ${127 & ~wanted}) = 0`, maybe: `((size & ${wanted}) <> 0 or size is null)` }
    }
    case 'range':
      return between(leaf.fact, leaf.gte, leaf.lt)
    case 'age': {
      const last = (months: number): number => day(latestStart(months, setting.asOf))
      return between(leaf.fact, leaf.ltMonths === undefined ? undefined : last(leaf.ltMonths) + 1, last(leaf.gteMonths ?? 0) + 1)
    }
    case 'has': {
      const mask = maskOf('qualifications', leaf.any ?? leaf.all ?? [])
      return orMissing('qualifications', `(qualifications & ${mask}) ${leaf.any ? '<> 0' : `= ${mask}`}`)
    }
    case 'holds': {
      const sure = kinds.filter((kind) => leaf.kinds.some((wanted) => covers(wanted, kind)))
      const wider = kinds.filter((kind) => !sure.includes(kind) && leaf.kinds.some((wanted) => covers(kind, wanted)))
      const enough = (counted: readonly string[]): string =>
        `(${counted.map((kind) => `${kindColumn(kind)}::integer`).join(' + ')}) >= ${leaf.min}`
      return { yes: enough(sure), maybe: `(${enough([...sure, ...wider])} or ${kindColumn(sure[0]!)} is null)` }
    }
    case 'flag':
      return orMissing(leaf.fact, leaf.fact)
    default:
      throw new Error(`the bench makes no ${leaf.op}`)
  }
}

function between(column: string, gte: number | undefined, lt: number | undefined): Pair<string> {
  const parts = [...(gte === undefined ? [] : [`${column} >= ${gte}`]), ...(lt === undefined ? [] : [`${column} < ${lt}`])]
  return orMissing(column, `(${parts.join(' and ')})`)
}
