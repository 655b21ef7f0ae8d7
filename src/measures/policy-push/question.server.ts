/** A question about one fact, with the answers to choose from. Brings the tables of places and industries, so it stays on the server. */
import { facts as catalogue, type FactId } from '../../core/eligibility/facts.ts'
import { regionPrefix } from '../../core/eligibility/codes.ts'
import { sections } from '../../core/industries.ts'
import { fullRegionName, parksIn, regionsIn, type Region } from '../../core/regions.ts'
import { namesFor } from '../../commons/policies/index.server.ts'
import type { Profile } from '../../commons/people/index.ts'
import type { PolicyContent } from '../../commons/policies/index.ts'
import type { Rule } from '../../core/eligibility/rule.ts'
import { sayQuestion, sayValue } from '../../core/eligibility/sentence.ts'

export interface Question {
  fact: FactId
  label: string
  question: string
  kind: 'yes-no' | 'number' | 'date' | 'one' | 'many' | 'ledger'
  unit?: string
  options: { value: string; label: string }[]
  /** What is on record, in words. */
  current?: string
}

export function questionAbout(fact: FactId, { facts }: Pick<Profile, 'facts'>, listings: readonly string[] = []): Question {
  const entry = catalogue[fact]
  const recorded = facts[fact]
  return {
    fact,
    label: entry.label,
    question: sayQuestion(fact),
    kind: kindOf(fact),
    ...('unit' in entry && { unit: entry.unit }),
    options: optionsOf(fact, facts, listings),
    ...(recorded !== undefined && { current: sayRecorded(fact, recorded) }),
  }
}

function kindOf(fact: FactId): Question['kind'] {
  switch (catalogue[fact].type) {
    case 'flag':
      return 'yes-no'
    case 'number':
      return 'number'
    case 'date':
      return 'date'
    case 'set':
      return 'many'
    case 'holdings':
      return 'ledger'
    default:
      return 'one'
  }
}

function optionsOf(fact: FactId, facts: Profile['facts'], listings: readonly string[]): Question['options'] {
  const names = namesFor()
  const entry = catalogue[fact]
  if (fact === 'region')
    return places(typeof facts.region === 'string' ? facts.region : '000000').map(({ code }) => ({
      value: code,
      label: fullRegionName(code),
    }))
  if (fact === 'industry') return industries(typeof facts.industry === 'string' ? facts.industry : '')
  if (fact === 'park')
    return [
      ...parksIn(typeof facts.region === 'string' ? `${facts.region.slice(0, 4)}00` : '000000').map(({ id, name }) => ({
        value: id,
        label: name,
      })),
      { value: 'none', label: '不在任何园区' },
    ]
  if (fact === 'listings') return listings.map((id) => ({ value: id, label: names.listing(id) }))
  if (entry.type !== 'enum' && entry.type !== 'set') return []
  return Object.entries(entry.values).map(([value, label]) => ({ value, label }))
}

/** The finest places inside what is on record. */
const places = (code: string): readonly Region[] => {
  const below = regionsIn(code)
  return below.length === 0 || regionPrefix(code).length < 2
    ? below
    : below.flatMap((region) => (regionsIn(region.code).length > 0 ? places(region.code) : [region]))
}

const industries = (within: string): Question['options'] =>
  sections
    .filter(({ code }) => within === '' || within.startsWith(code))
    .flatMap((section) => section.divisions.map(({ code, name }) => ({ value: code, label: `${code} ${name}` })))

/** 「 35 人」 is said inside sentences; alone it needs no space. */
export const sayRecorded = (fact: FactId, value: NonNullable<Profile['facts'][FactId]>): string => {
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (Array.isArray(value))
    return value.length === 0 ? '无' : value.map((each: string) => sayValue(fact, each, namesFor()).trim()).join('、')
  if (typeof value === 'object' && !('oneOf' in value)) {
    const held = Object.entries(value as Record<string, number>)
    return held.length === 0 ? '无' : held.map(([kind, count]) => `${namesFor().kind(kind)} ${count} 件`).join('、')
  }
  return sayValue(fact, value, namesFor()).trim()
}

/** Lists that undecided policies ask about; a question names all of them, so that an answer is complete. */
export const listingsAsked = (judged: readonly { policy: { content: Pick<PolicyContent, 'rule' | 'benefits'> } }[]): string[] => {
  const rules = judged.flatMap(({ policy: { content } }) => [content.rule, ...content.benefits.flatMap(({ rule }) => rule ?? [])])
  return [...new Set(rules.flatMap(listingsIn))]
}

const listingsIn = (rule: Rule): readonly string[] => {
  if ('of' in rule) return (Array.isArray(rule.of) ? (rule.of as readonly Rule[]) : [rule.of as Rule]).flatMap(listingsIn)
  return rule.op === 'has' && rule.fact === 'listings' ? [...(rule.any ?? []), ...(rule.all ?? [])] : []
}
