/** A rule as pairs of "certainly" and "possibly", whatever these are made of. */
import type { Leaf, Rule } from '../../src/core/eligibility/rule.ts'
import { choices } from '../choices.ts'

export interface Pair<T> {
  yes: T
  maybe: T
}

/** How two values are joined. `not` of a "possibly" is a "certainly". */
export interface Algebra<T> {
  leaf(leaf: Leaf): Pair<T>
  all(parts: T[]): T
  any(parts: T[]): T
  not(part: T): T
}

export function fold<T>(rule: Rule, algebra: Algebra<T>): Pair<T> {
  switch (rule.op) {
    case 'not': {
      const { yes, maybe } = fold(rule.of, algebra)
      return { yes: algebra.not(maybe), maybe: algebra.not(yes) }
    }
    case 'all':
    case 'any': {
      const parts = rule.of.map((part) => fold(part, algebra))
      const join = (side: 'yes' | 'maybe') => algebra[rule.op as 'all' | 'any'](parts.map((part) => part[side]))
      return { yes: join('yes'), maybe: join('maybe') }
    }
    case 'atLeast':
      return fold({ op: 'any', of: choices(rule.of, rule.n).map((of) => ({ op: 'all', of })) }, algebra)
    default:
      return algebra.leaf(rule)
  }
}
