/** Where the enterprises that a rule may concern are registered: a table that lies by province is asked there only. */
import { regionPrefix } from '../../core/eligibility/codes.ts'
import type { Setting } from '../../core/eligibility/facts.ts'
import type { Rule } from '../../core/eligibility/rule.ts'

/** Of a row of which no single province is known; it may be asked about anywhere. */
const nowhere = '00'

/** Beginnings of codes as they stand in `province`; undefined: anywhere. Leaves out only rows that the rule certainly does not concern. */
export function provincesOf(rule: Rule, setting: Setting): string[] | undefined {
  const found = among(rule, setting)
  return found && [...new Set([...found, nowhere])].toSorted()
}

function among(rule: Rule, setting: Setting): string[] | undefined {
  switch (rule.op) {
    case 'region':
      return placesOf(rule, setting)
    case 'all':
      return rule.of
        .map((part) => among(part, setting))
        .reduce((left, right) => (left && right ? left.filter((each) => right.includes(each)) : (left ?? right)), undefined)
    case 'any':
      return rule.of.map((part) => among(part, setting)).reduce((left, right) => left && right && [...left, ...right], [])
    default:
      return undefined
  }
}

function placesOf({ mode, codes }: Rule & { op: 'region' }, { alliances }: Setting): string[] | undefined {
  if (mode === 'park') return undefined
  const places = mode === 'alliance' ? codes.flatMap((id) => alliances?.[id] ?? '') : codes
  const provinces = places.map((code) => regionPrefix(code).slice(0, 2))
  return provinces.every((each) => each.length === 2) ? provinces : undefined
}
