/** What one condition says of every value of a dictionary. */
import { compile, type Compiled } from '../core/eligibility/compile.ts'
import { regionPrefix } from '../core/eligibility/codes.ts'
import type { FactId, Setting } from '../core/eligibility/facts.ts'
import { NO, UNKNOWN, YES, type Leaf, type Rule, type Truth } from '../core/eligibility/rule.ts'
import { lowerBound, type Dictionary } from './dictionary.ts'

/** The one fact that a condition reads. */
export function factOfLeaf(leaf: Leaf): FactId {
  switch (leaf.op) {
    case 'region':
      return leaf.mode === 'park' ? 'park' : 'region'
    case 'holds':
      return 'instruments'
    case 'window':
    case 'during':
      return leaf.anchor
    default:
      return leaf.fact
  }
}

/** Conditions that ask the same thing have the same key, whatever clause they come from. */
export function keyOf(rule: Rule): string {
  if (rule.op === 'not') return `not(${keyOf(rule.of)})`
  if ('of' in rule) return `${rule.op}${'n' in rule ? rule.n : ''}(${rule.of.map(keyOf).join()})`
  return JSON.stringify('src' in rule ? { ...rule, src: undefined } : rule)
}

/** Does the answer depend on the day, on events or on alliances? */
export const dependsOnSetting = (leaf: Leaf): boolean =>
  leaf.op === 'age' || leaf.op === 'during' || leaf.op === 'window' || (leaf.op === 'region' && leaf.mode === 'alliance')

/** One truth an entry, entry 0 being "not on record". Equal to asking the oracle about each entry: a test does so. */
export function truthsOf(leaf: Leaf, dictionary: Dictionary, setting: Setting): Uint8Array {
  const judge = compile(leaf, setting)
  const truths = new Uint8Array(dictionary.entries.length)
  const nested = nestedCodes(leaf, setting)
  const ordered = nested ? dictionary.prefixes.length : 0
  if (nested) fillNested(truths, nested, dictionary.prefixes)
  truths[0] = judge({})
  judgeEntries(truths, dictionary, judge, ordered + 1)
  return truths
}

export function judgeEntries(truths: Uint8Array, { fact, entries }: Dictionary, judge: Compiled, from: number): void {
  for (let id = from; id < entries.length; id++) truths[id] = judge({ [fact]: entries[id] })
}

interface Nested {
  /** Beginnings of the codes that are asked for. */
  wanted: readonly string[]
  /** The shortest beginning that is a larger place or industry: the country has none, industries have at least a letter. */
  shortest: number
  otherwise: Truth
}

/** Conditions on codes that nest, where beginnings decide. */
function nestedCodes(leaf: Leaf, setting: Setting): Nested | undefined {
  if (leaf.op === 'within' && leaf.fact === 'industry')
    return leaf.codes.every((code) => code >= 'A' && code < '[') ? { wanted: leaf.codes, shortest: 1, otherwise: NO } : undefined
  if (leaf.op !== 'region' || leaf.mode === 'park') return undefined
  const known = leaf.mode === 'alliance' ? leaf.codes.map((id) => setting.alliances?.[id]) : [leaf.codes]
  return {
    wanted: known.flatMap((codes) => codes ?? []).map(regionPrefix),
    shortest: 0,
    otherwise: known.includes(undefined) ? UNKNOWN : NO,
  }
}

/** Entries in order: those that begin as wanted are inside; those that the wanted code begins with are larger places. */
function fillNested(truths: Uint8Array, { wanted, shortest, otherwise }: Nested, prefixes: readonly string[]): void {
  truths.fill(otherwise, 1, prefixes.length + 1)
  for (const code of wanted)
    for (let length = shortest; length < code.length; length++) {
      const larger = code.slice(0, length)
      for (let i = lowerBound(prefixes, larger); prefixes[i] === larger; i++) truths[i + 1] = UNKNOWN
    }
  for (const code of wanted) truths.fill(YES, lowerBound(prefixes, code) + 1, lowerBound(prefixes, `${code}\uffff`) + 1)
}

/** Truths as ranges of entries: first those that are yes, then those that are unknown. */
export function rangesOf(truths: Uint8Array): { yes: [low: number, high: number][]; unknown: [low: number, high: number][] } {
  const ranges = { yes: [] as [number, number][], unknown: [] as [number, number][] }
  for (let id = 0; id < truths.length;) {
    const truth = truths[id]!
    let end = id + 1
    while (end < truths.length && truths[end] === truth) end++
    if (truth === YES) ranges.yes.push([id, end - 1])
    else if (truth === UNKNOWN) ranges.unknown.push([id, end - 1])
    id = end
  }
  return ranges
}
