/**
 * A rule that mixes facts, as alternatives: each a list of parts about one fact that have to hold together. Exact in three values, because
 * "for sure" and "maybe" both go through AND and OR part by part, and `not` is pushed to where only one fact is left.
 */
import type { Rule } from '../core/eligibility/rule.ts'
import { factsIn } from './facet.ts'

export type Clause = readonly Rule[]

/** Undefined when there are more alternatives than `most`: then a closure is quicker. */
export function clausesOf(rule: Rule, most = 64): Clause[] | undefined {
  try {
    return expand(rule, false, most)
  } catch (error) {
    if (error instanceof TooMany) return undefined
    throw error
  }
}

class TooMany extends Error {}

function expand(rule: Rule, negated: boolean, most: number): Clause[] {
  if (factsIn(rule).size <= 1) return [[negated ? { op: 'not', of: rule } : rule]]
  switch (rule.op) {
    case 'not':
      return expand(rule.of, !negated, most)
    case 'all':
    case 'any': {
      const parts = rule.of.map((part) => expand(part, negated, most))
      return (rule.op === 'all') === negated ? limited(parts.flat(), most) : product(parts, most)
    }
    case 'atLeast': {
      // Not at least n of k: at least k − n + 1 of them are not.
      const least = negated ? rule.of.length - rule.n + 1 : rule.n
      const parts = rule.of.map((part) => expand(part, negated, most))
      return limited(
        subsets(parts, least, most).flatMap((chosen) => product(chosen, most)),
        most,
      )
    }
    default:
      throw new TypeError(`A condition is about one fact: ${rule.op}.`)
  }
}

const limited = <T>(items: T[], most: number): T[] => {
  if (items.length > most) throw new TooMany()
  return items
}

const product = (parts: readonly Clause[][], most: number): Clause[] =>
  parts.reduce<Clause[]>(
    (made, alternatives) =>
      limited(
        made.flatMap((clause) => alternatives.map((more) => [...clause, ...more])),
        most,
      ),
    [[]],
  )

/** Every choice of `n`; none when there are not so many. */
function subsets<T>(items: readonly T[], n: number, most: number): T[][] {
  if (n <= 0) return [[]]
  if (n > items.length) return []
  const [first, ...rest] = items as [T, ...T[]]
  return limited([...subsets(rest, n - 1, most).map((chosen) => [first, ...chosen]), ...subsets(rest, n, most)], most)
}
