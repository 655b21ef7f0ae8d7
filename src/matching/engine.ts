/** What the engine knows about one layout on one day: its conditions, their cached bitmaps, and blocks to work in. */
import type { FactId, Setting } from '../core/eligibility/facts.ts'
import type { Leaf, Rule } from '../core/eligibility/rule.ts'
import { CHUNK } from './arena.ts'
import { bytesOf } from './industry.ts'
import type { Layout } from './layout.ts'
import type { Plan } from './step.ts'
import { blocksOf, newSource, type Source } from './source.ts'
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
  atomBytes: number
  /** Bitmaps of rows without anything on record, by fact. */
  unknowns: Map<FactId, number>
  clock: number
  slots: Slot[]
  zeros: number
  ones: number
  /** Room for a sum a row of a chunk: zeros between questions. */
  sums: number
  /** Where `andCount` leaves what it counted. */
  counts: number
  /** Where the truths of one dictionary are laid out for the lookup kernels, and whose they are. */
  table: { at: number; entries: number; owner: Source | undefined }
  /** Where the answer of `run` lies: with `over`, P is T joined with what lies there, and `settle` writes it out. */
  out: Slot & { over: number }
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
    atomBytes: 0,
    unknowns: new Map(),
    clock: 0,
    slots: [],
    zeros: arena.alloc(chunkBytes),
    ones,
    sums: arena.alloc(CHUNK),
    counts: arena.alloc(64),
    table: { at: 0, entries: 0, owner: undefined },
    out: { t: 0, p: 0, over: 0 },
  }
}

/** Gives back everything that a new engine makes anew; the bitmaps of a layout stay with the layout. */
export function release(engine: Engine): void {
  const { arena, capacity } = engine.layout
  for (const { atom } of engine.atoms) for (const at of blocksOf(atom!)) arena.free(at, capacity / 8)
  for (const at of engine.unknowns.values()) arena.free(at, capacity / 8)
  for (const { list, runs } of engine.sources.values()) {
    if (list !== 0) arena.free(list, 64)
    if (runs) arena.free(runs.at, bytesOf(runs))
  }
  for (const { t, p } of [...engine.slots, { t: engine.zeros, p: engine.ones }]) for (const at of [t, p]) arena.free(at, chunkBytes)
  arena.free(engine.sums, CHUNK)
  arena.free(engine.counts, 64)
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
    // Worth remembering once a quarter of the rows has been looked at: rules come back.
    source = newSource(key, leaf, engine.setting, engine.layout.capacity >>> 7)
    engine.sources.set(key, source)
  }
  return source
}

/** A fact that no row had on record is one now: what was taken for granted about it is not any more. */
export function forget(engine: Engine, fact: FactId): void {
  engine.plans = new WeakMap()
  for (const [key, source] of engine.sources) if (source.fact === fact) engine.sources.delete(key)
}
