/** What the engine knows about one layout on one day: its conditions, their cached bitmaps, and blocks to work in. */
import type { FactId, Setting } from '../core/eligibility/facts.ts'
import type { Leaf, Rule } from '../core/eligibility/rule.ts'
import { CHUNK, type Layout } from './layout.ts'
import type { Plan } from './plan.ts'
import { newSource, scan, type Source } from './source.ts'
import { keyOf } from './truths.ts'

/** Two bitmaps of one chunk. */
export interface Slot {
  t: number
  p: number
}

export interface Engine {
  layout: Layout
  setting: Setting
  /** By `keyOf`. */
  sources: Map<string, Source>
  plans: WeakMap<Rule, Plan>
  /** Sources with cached bitmaps (atoms). */
  atoms: Set<Source>
  atomBudget: number
  clock: number
  slots: Slot[]
  zeros: number
  ones: number
  /** Where the truths of one dictionary are laid out for the lookup kernels, and whose they are. */
  table: { at: number; entries: number; owner: Source | undefined }
  /** Where the answer of `run` lies. */
  out: Slot
}

const chunkBytes = CHUNK / 8

/** `atomBudget` is in bytes, for all cached bitmaps together. */
export function newEngine(layout: Layout, setting: Setting, atomBudget: number): Engine {
  const { arena } = layout
  const ones = arena.alloc(chunkBytes)
  arena.u8.fill(255, ones, ones + chunkBytes)
  return {
    layout,
    setting,
    sources: new Map(),
    plans: new WeakMap(),
    atoms: new Set(),
    atomBudget,
    clock: 0,
    slots: [],
    zeros: arena.alloc(chunkBytes),
    ones,
    table: { at: 0, entries: 0, owner: undefined },
    out: { t: 0, p: 0 },
  }
}

/** Gives back everything that a new engine makes anew; the bitmaps of a layout stay with the layout. */
export function release(engine: Engine): void {
  const { arena, capacity } = engine.layout
  for (const { atom } of engine.atoms) for (const at of [atom!.t, atom!.p]) arena.free(at, capacity / 8)
  for (const { list } of engine.sources.values()) if (list !== 0) arena.free(list, 64)
  for (const { t, p } of [...engine.slots, { t: engine.zeros, p: engine.ones }]) for (const at of [t, p]) arena.free(at, chunkBytes)
  if (engine.table.at !== 0) arena.free(engine.table.at, engine.table.entries * 8)
}

export function slotAt(engine: Engine, depth: number): Slot {
  const { arena } = engine.layout
  while (engine.slots.length <= depth) engine.slots.push({ t: arena.alloc(chunkBytes), p: arena.alloc(chunkBytes) })
  return engine.slots[depth]!
}

export function sourceOf(engine: Engine, leaf: Leaf): Source {
  const key = keyOf(leaf)
  let source = engine.sources.get(key)
  if (!source) {
    source = newSource(key, leaf, engine.setting)
    engine.sources.set(key, source)
  }
  return source
}

/** A fact that no row had on record is one now: what was taken for granted about it is not any more. */
export function forget(engine: Engine, fact: FactId): void {
  engine.plans = new WeakMap()
  for (const [key, source] of engine.sources) if (source.fact === fact) engine.sources.delete(key)
}

/** Bits of `n` words from `word` on for one condition, from its cached bitmaps or by looking at the column; into `engine.out`. */
export function answer(engine: Engine, source: Source, word: number, n: number, depth: number): void {
  const { out } = engine
  if (source.atom === undefined) {
    source.heat += n
    // Looked through as often as the whole column: from now on it is remembered.
    if (source.heat <= engine.layout.capacity >>> 5 || !remember(engine, source)) {
      const slot = slotAt(engine, depth)
      scan(engine, source, word, n, slot.t, slot.p)
      out.t = slot.t
      out.p = slot.p
      return
    }
  }
  source.used = engine.clock
  out.t = source.atom!.t + word * 4
  out.p = source.atom!.p + word * 4
}

/** Makes the bitmaps of a condition for all rows. False when they do not fit into the budget. */
export function remember(engine: Engine, source: Source): boolean {
  if (source.atom) return true
  const { arena, capacity } = engine.layout
  const bytes = capacity / 8
  while (engine.atoms.size > 0 && (engine.atoms.size + 1) * 2 * bytes > engine.atomBudget) {
    const coldest = [...engine.atoms].reduce((a, b) => (a.used <= b.used ? a : b))
    // Everything is in use by the question that is being answered.
    if (coldest.used === engine.clock) return false
    drop(engine, coldest)
  }
  if (2 * bytes > engine.atomBudget) return false
  const atom = { t: arena.alloc(bytes), p: arena.alloc(bytes) }
  for (let word = 0; word < capacity >>> 5; word += CHUNK >>> 5)
    scan(engine, source, word, Math.min(CHUNK >>> 5, (capacity >>> 5) - word), atom.t + word * 4, atom.p + word * 4)
  source.atom = atom
  source.used = engine.clock
  engine.atoms.add(source)
  return true
}

function drop(engine: Engine, source: Source): void {
  const { arena, capacity } = engine.layout
  arena.free(source.atom!.t, capacity / 8)
  arena.free(source.atom!.p, capacity / 8)
  engine.atoms.delete(source)
  source.atom = undefined
  source.heat = 0
}
