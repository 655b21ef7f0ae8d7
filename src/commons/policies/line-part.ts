/**
 * Divides a benefit's rule into what the enterprise has to meet and what each order line has to meet.
 * A benefit for calibrations is not "undecided" for a firm that has not ordered yet: it is open, for calibrations.
 */
import { facts as catalogue } from '../../core/eligibility/facts.ts'
import type { Leaf, Rule } from '../../core/eligibility/rule.ts'
import { sayRule, type Names } from '../../core/eligibility/sentence.ts'
import { factOf } from '../../core/eligibility/trace.ts'

/**
 * The rule as if every condition on the line came out in the enterprise's favour: true, and false under an odd number of `not`.
 * All connectives are monotone, so this is true wherever some line could make the rule true (conditions on one fact that contradict
 * each other are taken as independent; `decideLine` has the last word). Undefined: the line alone can make it true.
 * The acceptance date is not left to the line, because the as-of day stands in for it.
 */
export const enterprisePart = (rule: Rule): Rule | undefined => favour(rule, true)

function favour(rule: Rule, wanted: boolean): Rule | undefined {
  if (!('of' in rule)) return isOfLine(rule) ? undefined : rule
  if (rule.op === 'not') {
    const of = favour(rule.of, !wanted)
    return of && { ...rule, of }
  }
  if (rule.of.length === 0) return rule
  const parts = rule.of.flatMap((part) => favour(part, wanted) ?? [])
  // A part left to the line counts as met where the group should hold, and as failed where it should not.
  const met = wanted ? rule.of.length - parts.length : 0
  const least = (rule.op === 'all' ? rule.of.length : rule.op === 'any' ? 1 : rule.n) - met
  if (wanted ? least <= 0 : least > parts.length) return undefined
  return rule.op === 'atLeast' ? { ...rule, n: least, of: parts } : { ...rule, of: parts }
}

/** The conditions on the line; a choice between a line's condition and another is kept whole. Undefined: there are none. */
export function linePart(rule: Rule): Rule | undefined {
  if (!readsLine(rule)) return undefined
  if (rule.op !== 'all') return rule
  return { ...rule, of: rule.of.flatMap((part) => linePart(part) ?? []) }
}

/** 「适用于：服务种类为非强制检定」 */
export const sayLineConditions = (rule: Rule, names: Names): string => `适用于：${sayRule(rule, names)}`

const readsLine = (rule: Rule): boolean =>
  'of' in rule ? (rule.op === 'not' ? readsLine(rule.of) : rule.of.some(readsLine)) : isOfLine(rule)

const isOfLine = (leaf: Leaf): boolean => {
  const fact = factOf(leaf)
  return catalogue[fact].scope === 'request' && fact !== 'acceptedOn'
}
