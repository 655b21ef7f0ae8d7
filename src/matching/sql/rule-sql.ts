/**
 * A rule as two conditions of SQL over `match_rows`. `not` is pushed down to the conditions, so that "possibly" stays something that an
 * index can find; `(…) is not false` would read every row. Answers equal `evaluate` on the facts of each row.
 */
import type { Setting } from '../../core/eligibility/facts.ts'
import type { Rule } from '../../core/eligibility/rule.ts'
import { conditionOf, either, type Bind, type Pair } from './conditions.ts'

/** `eligible` and `possible` go into a WHERE; `parameters` are the values of `$1`, `$2`, … in both. */
export interface RuleSql {
  eligible: string
  possible: string
  parameters: unknown[]
}

/** The rule must have passed `checkRule`. `parameters` may hold values of the caller's own already, which keep their places. */
export function ruleSql(rule: Rule, setting: Setting, parameters: unknown[] = []): RuleSql {
  const bind: Bind = (value) => `$${parameters.push(value)}`
  const { yes, maybe } = pairOf(rule, { setting, bind }, false)
  return { eligible: yes, possible: maybe, parameters }
}

interface Writing {
  setting: Setting
  bind: Bind
}

/** `flipped`: the pair of "not this rule": certainly not, and not certainly. */
function pairOf(rule: Rule, writing: Writing, flipped: boolean): Pair {
  switch (rule.op) {
    case 'not':
      return pairOf(rule.of, writing, !flipped)
    case 'all':
    case 'any': {
      const parts = rule.of.map((part) => pairOf(part, writing, flipped))
      const join = (rule.op === 'all') === flipped ? either : both
      return { yes: join(parts.map(({ yes }) => yes)), maybe: join(parts.map(({ maybe }) => maybe)) }
    }
    case 'atLeast':
      return countOf(rule, writing, flipped)
    default: {
      const { yes, maybe } = conditionOf(rule, writing.setting, writing.bind)
      return flipped ? { yes: `(${maybe}) is not true`, maybe: `(${yes}) is not true` } : { yes, maybe }
    }
  }
}

/** Not n of them is: of their opposites all but n − 1. */
function countOf(rule: Rule & { op: 'atLeast' }, writing: Writing, flipped: boolean): Pair {
  const parts = rule.of.map((part) => pairOf(part, writing, flipped))
  const least = flipped ? rule.of.length - rule.n + 1 : rule.n
  const enough = (conditions: readonly string[]): string => {
    if (least <= 0) return 'true'
    if (least > conditions.length) return 'false'
    if (least === 1) return either(conditions)
    if (least === conditions.length) return both(conditions)
    return `(${conditions.map((each) => `(${each} is true)::int`).join(' + ')} >= ${least})`
  }
  return { yes: enough(parts.map(({ yes }) => yes)), maybe: enough(parts.map(({ maybe }) => maybe)) }
}

const both = (parts: readonly string[]): string => (parts.length === 0 ? 'true' : `(${parts.join(' and ')})`)
