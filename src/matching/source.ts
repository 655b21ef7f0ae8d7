/** One condition, and what is remembered of it. */
import { compile, type Compiled } from '../core/eligibility/compile.ts'
import type { FactId, Setting } from '../core/eligibility/facts.ts'
import type { Leaf } from '../core/eligibility/rule.ts'
import type { Dictionary } from './dictionary.ts'
import type { Ranges, Runs } from './industry.ts'
import type { Wanted } from './ledger.ts'
import { factOfLeaf, judgeEntries, truthsOf } from './truths.ts'

/** Bitmaps over all rows; T and P are one and the same where nothing is unknown. */
export interface Atom {
  t: number
  /** With `over` it is T that is there, and P is T ∨ the unknowns of the fact, which lie at `over`. */
  p: number
  over: number
}

/** Its own blocks, each once. */
export const blocksOf = ({ t, p }: Atom): number[] => (t === p ? [t] : [t, p])

/** Pairs of rows (from, to) by the truths of conditions on places, see `combinations`. */
export type Combinations = ReadonlyMap<number, readonly number[]>

export interface Source {
  key: string
  leaf: Leaf
  fact: FactId
  judge: Compiled
  /** One a value of the dictionary or of the planes; made when first needed, longer when the dictionary grew. */
  truths: Uint8Array | undefined
  /** The same as ranges for the range kernels: where they lie, how many are yes, how many unknown. No list: too many, look each row up. */
  list: number
  /** How many entries the list, or the table laid out for lookups, knows of. */
  listed: number
  yes: number
  unknown: number
  /** All ranges, whatever their number. */
  ranges: { yes: Ranges; unknown: Ranges }
  /** The same for rows that are in order, of a condition on the industry; made when first needed. */
  runs: Runs | undefined
  /** Of a condition on places: what it alone makes of all rows; made when first needed. */
  places: Combinations | undefined
  wanted: Wanted[] | undefined
  /** Words asked for; what was long ago counts less. */
  heat: number
  /** The heat at which remembering it is worth a thought. */
  wait: number
  atom: Atom | undefined
  /** When its bitmaps were last used. */
  used: number
}

export const newSource = (key: string, leaf: Leaf, setting: Setting, wait: number): Source => ({
  key,
  leaf,
  fact: factOfLeaf(leaf),
  judge: compile(leaf, setting),
  truths: undefined,
  list: 0,
  listed: 0,
  yes: 0,
  unknown: 0,
  ranges: { yes: [], unknown: [] },
  runs: undefined,
  places: undefined,
  wanted: undefined,
  heat: 0,
  wait,
  atom: undefined,
  used: 0,
})

/** The truths of a condition over a dictionary that may have grown since they were last asked for. */
export function truthsInTime(source: Source, dictionary: Dictionary, setting: Setting): Uint8Array {
  const before = source.truths
  if (before?.length === dictionary.entries.length) return before
  if (!before) return (source.truths = truthsOf(source.leaf, dictionary, setting))
  const truths = new Uint8Array(dictionary.entries.length)
  truths.set(before)
  judgeEntries(truths, dictionary, source.judge, before.length)
  return (source.truths = truths)
}
