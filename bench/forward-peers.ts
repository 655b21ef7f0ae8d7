/** The same rules and facts for engines with two values, with every help that is fair. */
import type { TopLevelCondition } from 'json-rules-engine'
import { countHeld } from '../src/core/eligibility/codes.ts'
import type { Facts } from '../src/core/eligibility/facts.ts'
import type { Leaf, Rule } from '../src/core/eligibility/rule.ts'
import { kinds } from './forward-world.ts'

export type Row = Record<string, string | number | boolean | readonly string[]>
/** Field and value to compare for a code: the level is told by its length. */
const level = (code: string): [field: string, value: string] => {
  if (code.startsWith('C')) return [code.length === 1 ? 'section' : 'division', code]
  return code.endsWith('0000') ? ['province', code.slice(0, 2)] : code.endsWith('00') ? ['city', code.slice(0, 4)] : ['county', code]
}
/** A dot would be a path to json-logic. */
const field = (kind: string): string => `held ${kind.replace('.', ' ')}`

/** `missing`: what stands for a number that is not on record. */
export function toRow(facts: Facts, missing: number): Row {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '')
  const [place, trade] = [text(facts.region), text(facts.industry)]
  const held = ['scale', ...kinds].map((kind) => [field(kind), countHeld([kind], facts.instruments)?.sure ?? missing] as const)
  return {
    province: place.slice(0, 2),
    city: place.slice(0, 4),
    county: place,
    section: trade.slice(0, 1),
    division: trade.slice(0, 3),
    // Possibilities are beyond them; every size list here holds both or neither, so the first will do.
    size: text(typeof facts.size === 'object' && 'oneOf' in facts.size ? (facts.size.oneOf as readonly string[])[0] : facts.size),
    employees: (facts.employees ?? missing) as number,
    revenue: (facts.revenue ?? missing) as number,
    qualifications: (facts.qualifications ?? []) as readonly string[],
    hardship: facts.hardship === true,
    ...Object.fromEntries(held),
  }
}

/** Conditions as (field, comparison, value), joined by `any` or `all`: what both peers can express. */
type Test = { field: string; is: 'among' | 'atLeast' | 'below' | 'contains' | 'true'; value: unknown }
function tests(leaf: Leaf): { join: 'any' | 'all'; of: Test[] } {
  switch (leaf.op) {
    case 'region':
    case 'within': {
      const fields = [...new Set(leaf.codes.map((code) => level(code)[0]))]
      const of = fields.map((name): Test => ({
        field: name,
        is: 'among',
        value: leaf.codes.map(level).flatMap(([each, value]) => (each === name ? [value] : [])),
      }))
      return { join: 'any', of }
    }
    case 'in':
      return { join: 'all', of: [{ field: leaf.fact, is: 'among', value: leaf.values }] }
    case 'range':
      return {
        join: 'all',
        of: [
          ...(leaf.gte === undefined ? [] : [{ field: leaf.fact, is: 'atLeast', value: leaf.gte } as const]),
          ...(leaf.lt === undefined ? [] : [{ field: leaf.fact, is: 'below', value: leaf.lt } as const]),
        ],
      }
    case 'has':
      return {
        join: leaf.any ? 'any' : 'all',
        of: (leaf.any ?? leaf.all ?? []).map((value): Test => ({ field: leaf.fact, is: 'contains', value })),
      }
    case 'holds':
      return { join: 'all', of: [{ field: field(leaf.kinds[0]!), is: 'atLeast', value: leaf.min }] }
    case 'flag':
      return { join: 'all', of: [{ field: leaf.fact, is: 'true', value: true }] }
    default:
      throw new Error(`the bench makes no ${leaf.op}`)
  }
}

export function toRulesEngine(rule: Rule): TopLevelCondition {
  if (rule.op === 'not') return { not: toRulesEngine(rule.of) }
  if (rule.op === 'all') return { all: rule.of.map(toRulesEngine) }
  if (rule.op === 'any') return { any: rule.of.map(toRulesEngine) }
  const operators = { among: 'in', atLeast: 'greaterThanInclusive', below: 'lessThan', contains: 'contains', true: 'equal' }
  const { join, of } = tests(rule as Leaf)
  const conditions = of.map((test) => ({ fact: test.field, operator: operators[test.is], value: test.value }))
  return join === 'any' ? { any: conditions } : { all: conditions }
}

export function toLogic(rule: Rule): unknown {
  if (rule.op === 'not') return { '!': [toLogic(rule.of)] }
  if (rule.op === 'all') return { and: rule.of.map(toLogic) }
  if (rule.op === 'any') return { or: rule.of.map(toLogic) }
  const said = ({ field: name, is, value }: Test): unknown => {
    const actual = { var: name }
    if (is === 'among') return (value as unknown[]).length === 1 ? { '===': [actual, (value as unknown[])[0]] } : { in: [actual, value] }
    if (is === 'contains') return { in: [value, actual] }
    if (is === 'below') return { '<=': [0, actual, (value as number) - 1] }
    return { [is === 'atLeast' ? '>=' : '===']: [actual, value] }
  }
  const { join, of } = tests(rule as Leaf)
  return of.length === 1 ? said(of[0]!) : { [join === 'any' ? 'or' : 'and']: of.map(said) }
}
