/**
 * Small numbers for the values of one fact. Number 0 is "not on record". A value known in part (a coarse code, `{ oneOf }`) is a value
 * like any other: what a condition says of it is asked from the oracle once a value, never once a row.
 */
import { regionPrefix } from '../core/eligibility/codes.ts'
import { facts as catalogue, type FactId, type FactValue } from '../core/eligibility/facts.ts'

export class Dictionary {
  readonly fact: FactId
  readonly entries: (FactValue | undefined)[] = [undefined]
  /** Where codes begin in the order of the entries 1 … `prefixes.length`; entries after them came later and are in no order. */
  readonly prefixes: string[] = []
  readonly #texts = new Map<string, number>()
  readonly #others = new Map<string, number>()
  #empty: number | undefined
  readonly #single = new Map<string, number>()

  constructor(fact: FactId) {
    this.fact = fact
  }

  /** The number of a value; a new one gets the next number. */
  idOf(value: FactValue | undefined | null): number {
    if (value === undefined || value === null) return 0
    if (typeof value === 'string') return this.#texts.get(value) ?? this.#enter(this.#texts, value, value)
    if (!Array.isArray(value)) return this.#idOfSpelt(value)
    // Most sets have one member or none, and need not be spelt each time.
    if (value.length === 0) return (this.#empty ??= this.#idOfSpelt(value))
    const only: unknown = value[0]
    if (value.length > 1 || typeof only !== 'string') return this.#idOfSpelt(value)
    const known = this.#single.get(only)
    if (known !== undefined) return known
    const id = this.#idOfSpelt(value)
    this.#single.set(only, id)
    return id
  }

  #idOfSpelt(value: FactValue): number {
    const spelt = JSON.stringify(value)
    const known = this.#others.get(spelt)
    if (known !== undefined) return known
    const tidy = normal(value)
    const key = JSON.stringify(tidy)
    const id = this.#others.get(key) ?? this.#enter(this.#others, key, tidy)
    // A set in another order is the same set; a few spellings of each are remembered.
    if (this.#others.size < 4 * this.entries.length + 64) this.#others.set(spelt, id)
    return id
  }

  #enter(known: Map<string, number>, key: string, value: FactValue): number {
    const id = this.entries.push(value) - 1
    known.set(key, id)
    return id
  }

  /** The same values in order, those that are text first, and the new number of each old one. */
  ordered(): { dictionary: Dictionary; renumber: Uint32Array } {
    const texts = this.entries.filter((value): value is string => typeof value === 'string')
    const byPlace = texts.map((value) => ({ value, prefix: prefixOf(this.fact, value) })).toSorted(compareEntries)
    const dictionary = new Dictionary(this.fact)
    for (const { value, prefix } of byPlace) {
      dictionary.idOf(value)
      dictionary.prefixes.push(prefix)
    }
    return { dictionary, renumber: Uint32Array.from(this.entries, (value) => dictionary.idOf(value)) }
  }

  /** As it was written by `JSON.stringify(entries)`, with `prefixes` for the first `ordered` of them. */
  static read(fact: FactId, entries: readonly (FactValue | null)[], ordered: number): Dictionary {
    const dictionary = new Dictionary(fact)
    for (const value of entries.slice(1)) dictionary.idOf(value)
    for (const value of dictionary.entries.slice(1, ordered + 1)) dictionary.prefixes.push(prefixOf(fact, value as string))
    return dictionary
  }
}

/** What codes nest by: for a region the part that says something. */
export const prefixOf = (fact: FactId, code: string): string => (fact === 'region' ? regionPrefix(code) : code)

interface Entry {
  value: string
  prefix: string
}
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const compareEntries = (a: Entry, b: Entry): number => compareText(a.prefix, b.prefix) || compareText(a.value, b.value)

/** Sets have no order, so that the same set is the same number. */
const normal = (value: FactValue): FactValue =>
  Array.isArray(value) && value.every((item) => typeof item === 'string') ? [...new Set<string>(value)].sort() : value

/** Facts that are one of three things: true, false, or something that is not a yes or a no. */
export const flagFacts = (Object.keys(catalogue) as FactId[]).filter((fact) => catalogue[fact].type === 'flag')

/** The first place of `sorted` that is not before `text`. */
export function lowerBound(sorted: ArrayLike<string | number>, text: string | number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < text) low = middle + 1
    else high = middle
  }
  return low
}
