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
  /** Yes for what begins with one of its codes (a park: for these), unknown for what one of them begins with, else no: the codes alone decide. */
  plain: boolean
}

/** Conditions that name a code, or a longer one. */
interface Naming {
  /** Bits of those that are plain. */
  bits: number[]
  others: Condition[]
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
  /** Regions, industries, kinds of instruments, parks: each bit has at most one condition here, found by the codes that it names. */
  single: boolean
  /** Conditions by a code that they name, and by the beginnings of it. */
  byCode: Map<string, Naming>
  byBeginning: Map<string, Naming>
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
    single: fact === 'region' || fact === 'industry' || fact === 'instruments' || fact === 'park',
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
        condition = { part, judge: compile(part, setting), bits: [], plain: isPlain(part, setting) }
        conditions.set(key, condition)
        facet.conditions.push(condition)
      }
      if (condition.bits.at(-1) !== bit) condition.bits.push(bit)
    }
  }
}

/** Compared by beginnings in `compareRegion` and `compareCode`; instruments are counted, so they are not. */
function isPlain(part: Rule, setting: Setting): boolean {
  if (part.op === 'within') return part.fact === 'industry' && part.codes.every((code) => code >= 'A' && code < '[')
  return part.op === 'region' && (part.mode !== 'alliance' || part.codes.every((id) => setting.alliances?.[id]))
}

/** Makes conditions findable by the codes that their answers can depend on. After all bits are known. */
export function indexCodes(facet: Facet, setting: Setting): void {
  const add = (to: Map<string, Naming>, code: string, condition: Condition): void => {
    let naming = to.get(code)
    if (!naming) to.set(code, (naming = { bits: [], others: [] }))
    if (!condition.plain) naming.others.push(condition)
    else for (const bit of condition.bits) naming.bits.push(bit)
  }
  for (const condition of facet.conditions) {
    const codes = new Set(codesIn(condition.part, setting).map((code) => prefixOf(facet.fact, code)))
    for (const code of codes) add(facet.byCode, code, condition)
    if (facet.fact === 'park') continue
    const beginnings = new Set([...codes].flatMap((code) => Array.from({ length: code.length }, (_, length) => code.slice(0, length))))
    // The country is the larger place of all; no industry is called nothing.
    for (const code of beginnings) if (code !== '' || facet.fact !== 'industry') add(facet.byBeginning, code, condition)
  }
}

function codesIn(rule: Rule, setting: Setting): readonly string[] {
  if (rule.op === 'not') return codesIn(rule.of, setting)
  if ('of' in rule) return rule.of.flatMap((part) => codesIn(part, setting))
  if (rule.op === 'holds') return rule.kinds
  if (rule.op === 'region' && rule.mode === 'alliance') return rule.codes.flatMap((id) => setting.alliances?.[id] ?? [])
  return 'codes' in rule ? rule.codes : []
}

/** What conditions say of these codes, if it is more than they say of a code that none of them knows. */
export interface About {
  /** Bits of plain conditions: yes, and at least unknown. One may come several times. */
  yes: readonly number[][]
  possible: readonly number[][]
  /** To be asked. */
  others: Set<Condition>
}

/** A larger place, industry or kind begins what is inside it; whatever is related otherwise is not related. Parks are in none. */
export function conditionsAbout({ fact, byCode, byBeginning }: Facet, codes: readonly string[]): About {
  const about = { yes: [] as number[][], possible: [] as number[][], others: new Set<Condition>() }
  const take = (naming: Naming | undefined, bits: number[][]): void => {
    if (!naming) return
    bits.push(naming.bits)
    for (const condition of naming.others) about.others.add(condition)
  }
  for (const code of codes) {
    for (let length = fact === 'park' ? code.length : 0; length <= code.length; length++) take(byCode.get(code.slice(0, length)), about.yes)
    take(byBeginning.get(code), about.possible)
  }
  return about
}
