/** What a set of policies asks of one fact. */
import { compile, type Compiled } from '../core/eligibility/compile.ts'
import type { FactId, FactValue, Setting } from '../core/eligibility/facts.ts'
import { NO, type Rule } from '../core/eligibility/rule.ts'
import { shapeOf } from './columns.ts'
import { prefixOf } from './dictionary.ts'
import { factOfLeaf, keyOf } from './truths.ts'

export interface Condition {
  part: Rule
  judge: Compiled
  /** Policies and clauses that ask it. */
  bits: number[]
}

export interface Facet {
  fact: FactId
  conditions: Condition[]
  /** Values with the same name are answered alike. */
  classOf: (value: FactValue | undefined) => string | number
  vectors: Map<string | number, { t: number; p: number }>
  /** The same vectors by the truths of all conditions. */
  byTruths: Map<string, { t: number; p: number }>
  /** Every pair of vectors that is kept, once. */
  own: { t: number; p: number }[]
  /** For the ledger of the enterprise at hand. */
  scratch: { t: number; p: number } | undefined
  /** Regions, industries, kinds of instruments: each bit has at most one condition here, found by the codes that it names. */
  single: boolean
  /** Conditions by a code that they name, and by the beginnings of it. */
  byCode: Map<string, Condition[]>
  byBeginning: Map<string, Condition[]>
}

function newFacet(fact: FactId): Facet {
  const facet: Facet = {
    fact,
    conditions: [],
    classOf: nameOf,
    vectors: new Map(),
    byTruths: new Map(),
    scratch: undefined,
    own: [],
    single: fact === 'region' || fact === 'industry' || fact === 'instruments',
    byCode: new Map(),
    byBeginning: new Map(),
  }
  if (shapeOf(fact) === 'number') facet.classOf = byThresholds(facet)
  return facet
}

const nameOf = (value: FactValue | undefined): string => (typeof value === 'string' ? value : `\u0000${JSON.stringify(value)}`)

/** Numbers between the same two thresholds are answered alike. */
function byThresholds(facet: Facet): Facet['classOf'] {
  let thresholds: number[] | undefined
  return (value) => {
    if (typeof value !== 'number' || !Number.isFinite(value)) return typeof value === 'number' ? `\u0000${value}` : nameOf(value)
    thresholds ??= [...new Set(facet.conditions.flatMap(({ part }) => thresholdsIn(part)))].sort((a, b) => a - b)
    let low = 0
    let high = thresholds.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (thresholds[middle]! <= value) low = middle + 1
      else high = middle
    }
    return low
  }
}

const thresholdsIn = (rule: Rule): number[] => {
  if (rule.op === 'range') return [rule.gte, rule.lt].filter((each) => each !== undefined)
  if (rule.op === 'not') return thresholdsIn(rule.of)
  return 'of' in rule ? rule.of.flatMap(thresholdsIn) : []
}

/** What has to hold all together. */
export const partsOf = (rule: Rule): Rule[] => (rule.op === 'all' ? rule.of.flatMap(partsOf) : [rule])

export function factsIn(rule: Rule): Set<FactId> {
  if (rule.op === 'not') return factsIn(rule.of)
  if ('of' in rule) return new Set(rule.of.flatMap((part) => [...factsIn(part)]))
  return new Set([factOfLeaf(rule)])
}

/** Conditions by fact, as policies and clauses come. */
export interface Sorter {
  setting: Setting
  facets: Map<FactId, Facet>
  conditions: Map<string, Condition>
  /** Bits that hold for nobody, whatever is on record. */
  never: Set<number>
  /** The next free bit. */
  next: number
}

export const newSorter = (setting: Setting, next: number): Sorter => ({
  setting,
  facets: new Map(),
  conditions: new Map(),
  never: new Set(),
  next,
})

/** These parts, each about one fact or none, have to hold for this bit. */
export function fileUnder(sorter: Sorter, bit: number, parts: readonly Rule[]): void {
  const { setting, facets, conditions } = sorter
  for (const [fact, same] of Map.groupBy(parts, (part) => [...factsIn(part)][0])) {
    if (!fact) {
      if (same.some((part) => compile(part, setting)({}) === NO)) sorter.never.add(bit)
      continue
    }
    const facet = facets.get(fact) ?? newFacet(fact)
    facets.set(fact, facet)
    // Where codes nest, a bit has one condition, so that its truth is found by the codes alone.
    for (const part of facet.single && same.length > 1 ? [{ op: 'all', of: same } as const] : same) {
      const key = `${fact} ${keyOf(part)}`
      let condition = conditions.get(key)
      if (!condition) {
        condition = { part, judge: compile(part, setting), bits: [] }
        conditions.set(key, condition)
        facet.conditions.push(condition)
        if (facet.single) indexCodes(facet, condition, setting)
      }
      if (condition.bits.at(-1) !== bit) condition.bits.push(bit)
    }
  }
}

/** Makes a condition findable by the codes that its answer can depend on. */
function indexCodes(facet: Facet, condition: Condition, setting: Setting): void {
  const add = (to: Map<string, Condition[]>, code: string): void => {
    const list = to.get(code)
    if (!list) to.set(code, [condition])
    else if (list.at(-1) !== condition) list.push(condition)
  }
  for (const code of codesIn(condition.part, setting)) {
    const beginning = prefixOf(facet.fact, code)
    add(facet.byCode, beginning)
    for (let length = 0; length < beginning.length; length++) add(facet.byBeginning, beginning.slice(0, length))
  }
}

function codesIn(rule: Rule, setting: Setting): readonly string[] {
  if (rule.op === 'not') return codesIn(rule.of, setting)
  if ('of' in rule) return rule.of.flatMap((part) => codesIn(part, setting))
  if (rule.op === 'holds') return rule.kinds
  if (rule.op === 'region' && rule.mode === 'alliance') return rule.codes.flatMap((id) => setting.alliances?.[id] ?? [])
  return 'codes' in rule ? rule.codes : []
}

/** A larger place, industry or kind begins what is inside it; whatever is related otherwise is not related. */
export function conditionsAbout({ byCode, byBeginning }: Facet, codes: readonly string[]): Set<Condition> {
  const found = new Set<Condition>()
  for (const code of codes) {
    for (let length = 0; length <= code.length; length++) for (const each of byCode.get(code.slice(0, length)) ?? []) found.add(each)
    for (const each of byBeginning.get(code) ?? []) found.add(each)
  }
  return found
}
