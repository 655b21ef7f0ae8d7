/**
 * The oracle: what every other interpreter of the rule language must equal, written to be read.
 *
 * A leaf is unknown while its fact is missing, coarse (`330100` where `330109` is asked) or undecided between
 * possibilities that differ. Kleene, not supervaluation: `x < 5 or x ≥ 5` with x unknown is unknown (the linter finds such rules).
 * Alliances are looked up in the setting, so that a rule is stored and shown as the document words it (长三角).
 */
import { isIsoDate, wholeMonths } from './calendar-day.ts'
import { compareCode, compareRegion, countHeld } from './codes.ts'
import type { DateFact, FactValue, Facts, Setting } from './facts.ts'
import { NO, UNKNOWN, YES, type Leaf, type Rule, type Truth } from './rule.ts'

export function evaluate(rule: Rule, facts: Facts, setting: Setting): Truth {
  const each = (part: Rule): Truth => evaluate(part, facts, setting)
  switch (rule.op) {
    case 'all':
      return all(rule.of, each)
    case 'any':
      return any(rule.of, each)
    case 'not':
      return (2 - each(rule.of)) as Truth
    case 'atLeast': {
      const truths = rule.of.map(each)
      const count = (least: Truth): number => truths.filter((truth) => truth >= least).length
      return count(YES) >= rule.n ? YES : count(UNKNOWN) < rule.n ? NO : UNKNOWN
    }
    default:
      return evaluateLeaf(rule, facts, setting)
  }
}

/** One condition. A value of the wrong shape counts as not on record. */
export function evaluateLeaf(leaf: Leaf, facts: Facts, setting: Setting): Truth {
  switch (leaf.op) {
    case 'region':
      return leaf.mode === 'park' ? among(facts.park, (park) => truth(leaf.codes.includes(park))) : inRegion(leaf, facts.region, setting)
    case 'within':
      return among(facts[leaf.fact], (actual) => any(leaf.codes, (code) => compareCode(actual, code)))
    case 'in':
      return among(facts[leaf.fact], (actual) => truth(leaf.values.includes(actual)))
    case 'range': {
      const actual = facts[leaf.fact]
      return typeof actual === 'number' ? truth(actual >= (leaf.gte ?? -Infinity) && actual < (leaf.lt ?? Infinity)) : UNKNOWN
    }
    case 'age':
      return onDay(facts[leaf.fact], (day) => {
        const months = wholeMonths(day, setting.asOf)
        // A date still to come has no age: nothing is "younger than three years" before it exists.
        return truth(months >= (leaf.gteMonths ?? 0) && months < (leaf.ltMonths ?? Infinity))
      })
    case 'has': {
      const actual = facts[leaf.fact]
      if (!Array.isArray(actual)) return UNKNOWN
      return truth((leaf.any?.some((v) => actual.includes(v)) ?? true) && (leaf.all?.every((v) => actual.includes(v)) ?? true))
    }
    case 'holds': {
      const counts = countHeld(leaf.kinds, facts.instruments)
      if (!counts || (counts.sure < leaf.min && counts.possible >= leaf.min)) return UNKNOWN
      return truth(counts.sure >= leaf.min)
    }
    case 'flag':
      return typeof facts[leaf.fact] === 'boolean' ? truth(facts[leaf.fact] === true) : UNKNOWN
    case 'window':
      return onDay(anchorDay(leaf.anchor, facts, setting), (day) => truth(day >= (leaf.from ?? '') && day <= (leaf.to ?? '9999-12-31')))
    case 'during': {
      const { from, to } = setting.events[leaf.event] ?? {}
      if (from === undefined) return UNKNOWN
      return onDay(anchorDay(leaf.anchor, facts, setting), (day) => truth(day >= from && day <= (to ?? '9999-12-31')))
    }
    case 'known':
      return truth(facts[leaf.fact] !== undefined && facts[leaf.fact] !== null)
  }
}

/** "If it were accepted today": only the acceptance date has a stand-in. */
export const anchorDay = (anchor: DateFact, facts: Facts, setting: Setting): FactValue | undefined =>
  facts[anchor] ?? (anchor === 'acceptedOn' ? setting.asOf : undefined)

const truth = (holds: boolean): Truth => (holds ? YES : NO)
const all = <T>(items: readonly T[], test: (item: T) => Truth): Truth => Math.min(YES, ...items.map(test)) as Truth
const any = <T>(items: readonly T[], test: (item: T) => Truth): Truth => Math.max(NO, ...items.map(test)) as Truth

const inRegion = (leaf: Leaf & { op: 'region' }, region: FactValue | undefined, setting: Setting): Truth =>
  among(region, (actual) => {
    const within = (codes: readonly string[]): Truth => any(codes, (code) => compareRegion(actual, code))
    if (leaf.mode !== 'alliance') return within(leaf.codes)
    return any(leaf.codes, (id) => (setting.alliances?.[id] ? within(setting.alliances[id]) : UNKNOWN))
  })

const onDay = (value: FactValue | undefined, test: (day: string) => Truth): Truth =>
  among(value, (day) => (isIsoDate(day) ? test(day) : UNKNOWN))

/** Yes or no only if every possibility agrees. */
function among(value: FactValue | undefined, test: (one: string) => Truth): Truth {
  if (typeof value === 'string') return test(value)
  if (typeof value !== 'object' || value === null || !('oneOf' in value) || !Array.isArray(value.oneOf)) return UNKNOWN
  const [first, ...rest] = (value.oneOf as readonly string[]).map(test)
  return first !== undefined && rest.every((each) => each === first) ? first : UNKNOWN
}
