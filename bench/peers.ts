/** The same rules and facts for engines with two values, with every help that is fair. */
import type { TopLevelCondition } from 'json-rules-engine'
import { latestStart } from '../src/core/eligibility/calendar-day.ts'
import { countHeld, regionPrefix } from '../src/core/eligibility/codes.ts'
import type { Facts, Setting } from '../src/core/eligibility/facts.ts'
import type { Leaf, Rule } from '../src/core/eligibility/rule.ts'
import { choices } from './choices.ts'

export type Row = Record<string, string | number | boolean | readonly string[]>

/** Field and value to compare for a code: the level is told by its length. */
const level = (code: string): [field: string, value: string] => {
  if (code >= 'A') return [code.length === 1 ? 'section' : code.length === 3 ? 'division' : 'trade', code]
  const place = regionPrefix(code)
  return [place.length === 2 ? 'province' : place.length === 4 ? 'city' : 'county', place]
}
/** A dot would be a path to some, a hyphen a minus to others. */
const heldField = (kinds: readonly string[]): string => `held_${kinds.join('_or_').replaceAll(/\W/g, '_')}`

/** Sizes that may stand together on record: a value of its own, so that it is found where both are meant. */
const sizeTogether = ['micro', 'small']
const joined = sizeTogether.join('/')

/** Every set of kinds that one of the rules counts. */
export function kindSets(rules: readonly Rule[]): (readonly string[])[] {
  const found = new Map<string, readonly string[]>()
  const visit = (rule: Rule): void => {
    if (rule.op === 'holds') found.set(heldField(rule.kinds), rule.kinds)
    else if (rule.op === 'not') visit(rule.of)
    else if (rule.op === 'all' || rule.op === 'any' || rule.op === 'atLeast') rule.of.forEach(visit)
  }
  rules.forEach(visit)
  return [...found.values()]
}

/** `20260115`; days compare as numbers. */
const dayNumber = (day: string): number => Number(day.replaceAll('-', ''))

/** `missing`: what stands for a number that is not on record. `held`: from `kindSets`, summed up beforehand. */
export function toRow(facts: Facts, missing: number, held: readonly (readonly string[])[]): Row {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '')
  const [place, trade] = [text(facts.region), text(facts.industry)]
  const { size } = facts
  return {
    province: place.slice(0, 2),
    city: place.slice(0, 4),
    county: place,
    section: trade.slice(0, 1),
    division: trade.slice(0, 3),
    trade,
    size: typeof size === 'object' && 'oneOf' in size ? (size.oneOf as readonly string[]).join('/') : text(size),
    park: text(facts.park),
    employees: (facts.employees ?? missing) as number,
    revenue: (facts.revenue ?? missing) as number,
    assets: (facts.assets ?? missing) as number,
    registeredDay: typeof facts.registeredOn === 'string' ? dayNumber(facts.registeredOn) : missing,
    qualifications: (facts.qualifications ?? []) as readonly string[],
    hardship: facts.hardship === true,
    keyEnergyUser: facts.keyEnergyUser === true,
    ...Object.fromEntries(held.map((kinds) => [heldField(kinds), countHeld(kinds, facts.instruments)?.sure ?? missing])),
  }
}

/** Conditions as (field, comparison, value), joined by `any` or `all`: what all of the peers can express. */
interface Test {
  field: string
  is: 'among' | 'atLeast' | 'below' | 'contains' | 'true'
  value: unknown
}
interface Tests {
  join: 'any' | 'all'
  of: Test[]
}

const between = (field: string, gte: number | undefined, lt: number | undefined): Tests => ({
  join: 'all',
  of: [
    ...(gte === undefined ? [] : [{ field, is: 'atLeast', value: gte } as const]),
    ...(lt === undefined ? [] : [{ field, is: 'below', value: lt } as const]),
  ],
})

function coded(codes: readonly string[]): Tests {
  const levels = codes.map(level)
  const fields = [...new Set(levels.map(([name]) => name))]
  const of = fields.map((field): Test => ({
    field,
    is: 'among',
    value: levels.flatMap(([each, value]) => (each === field ? [value] : [])),
  }))
  return { join: 'any', of }
}

function tests(leaf: Leaf, setting: Setting): Tests {
  switch (leaf.op) {
    case 'region':
      if (leaf.mode === 'park') return { join: 'all', of: [{ field: 'park', is: 'among', value: leaf.codes }] }
      return coded(leaf.mode === 'alliance' ? leaf.codes.flatMap((id) => setting.alliances?.[id] ?? []) : leaf.codes)
    case 'within':
      return coded(leaf.codes)
    case 'in': {
      const both = leaf.fact === 'size' && sizeTogether.every((size) => leaf.values.includes(size))
      return { join: 'all', of: [{ field: leaf.fact, is: 'among', value: both ? [...leaf.values, joined] : leaf.values }] }
    }
    case 'range':
      return between(leaf.fact, leaf.gte, leaf.lt)
    case 'age': {
      const last = (months: number): number => dayNumber(latestStart(months, setting.asOf))
      return between('registeredDay', leaf.ltMonths === undefined ? undefined : last(leaf.ltMonths) + 1, last(leaf.gteMonths ?? 0) + 1)
    }
    case 'has':
      return {
        join: leaf.any ? 'any' : 'all',
        of: (leaf.any ?? leaf.all ?? []).map((value): Test => ({ field: leaf.fact, is: 'contains', value })),
      }
    case 'holds':
      return { join: 'all', of: [{ field: heldField(leaf.kinds), is: 'atLeast', value: leaf.min }] }
    case 'flag':
      return { join: 'all', of: [{ field: leaf.fact, is: 'true', value: true }] }
    default:
      throw new Error(`the bench makes no ${leaf.op}`)
  }
}

/** How an engine writes a condition and joins conditions. */
interface Dialect<T> {
  test(test: Test): T
  all(parts: T[]): T
  any(parts: T[]): T
  not(part: T): T
}

function translate<T>(rule: Rule, setting: Setting, dialect: Dialect<T>): T {
  const part = (one: Rule): T => translate(one, setting, dialect)
  switch (rule.op) {
    case 'not':
      return dialect.not(part(rule.of))
    case 'all':
    case 'any':
      return dialect[rule.op](rule.of.map(part))
    case 'atLeast':
      // None of the peers counts; each way to have enough is written out.
      return dialect.any(choices(rule.of, rule.n).map((chosen) => dialect.all(chosen.map(part))))
    default: {
      const { join, of } = tests(rule, setting)
      return of.length === 1 ? dialect.test(of[0]!) : dialect[join](of.map((test) => dialect.test(test)))
    }
  }
}

const operators = { among: 'in', atLeast: 'greaterThanInclusive', below: 'lessThan', contains: 'contains', true: 'equal' }

type Nested = TopLevelCondition | { fact: string; operator: string; value: unknown }
const rulesEngine: Dialect<Nested> = {
  test: ({ field, is, value }) => ({ fact: field, operator: operators[is], value }),
  all: (parts) => ({ all: parts as TopLevelCondition[] }),
  any: (parts) => ({ any: parts as TopLevelCondition[] }),
  not: (part) => ({ not: part as TopLevelCondition }),
}

/** A rule for json-rules-engine; rows with NaN for what is missing. */
export function toRulesEngine(rule: Rule, setting: Setting): TopLevelCondition {
  const conditions = translate(rule, setting, rulesEngine)
  return 'fact' in conditions ? { all: [conditions] } : conditions
}

const logic: Dialect<unknown> = {
  test({ field, is, value }) {
    const actual = { var: field }
    if (is === 'among') return (value as unknown[]).length === 1 ? { '===': [actual, (value as unknown[])[0]] } : { in: [actual, value] }
    if (is === 'contains') return { in: [value, actual] }
    if (is === 'below') return { '<=': [0, actual, (value as number) - 1] }
    return { [is === 'atLeast' ? '>=' : '===']: [actual, value] }
  },
  all: (parts) => ({ and: parts }),
  any: (parts) => ({ or: parts }),
  not: (part) => ({ '!': [part] }),
}

/** A rule for json-logic; rows with −1 for what is missing. */
export const toLogic = (rule: Rule, setting: Setting): unknown => translate(rule, setting, logic)

/** An expression for ZEN; `of` is put before each field (`#.` inside a list). Rows with −1 for what is missing. */
export const toZen = (rule: Rule, setting: Setting, of = ''): string =>
  translate<string>(rule, setting, {
    test({ field, is, value }) {
      const actual = `${of}${field}`
      if (is === 'among')
        return (value as unknown[]).length === 1
          ? `${actual} == ${JSON.stringify((value as unknown[])[0])}`
          : `${actual} in ${JSON.stringify(value)}`
      if (is === 'contains') return `${JSON.stringify(value)} in ${actual}`
      if (is === 'below') return `(${actual} >= 0 and ${actual} < ${String(value)})`
      return is === 'atLeast' ? `${actual} >= ${String(value)}` : `${actual} == true`
    },
    all: (parts) => `(${parts.join(' and ')})`,
    any: (parts) => `(${parts.join(' or ')})`,
    not: (part) => `not(${part})`,
  })

/** Whether a missing fact, taken as a condition not met, can make somebody eligible who is not. */
export function negates(rule: Rule): boolean {
  if (rule.op === 'not') return true
  return rule.op === 'all' || rule.op === 'any' || rule.op === 'atLeast' ? rule.of.some(negates) : false
}
