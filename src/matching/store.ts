/** Enterprises as columns, asked by rule: who is eligible for sure, who may be. */
import type { Facts, Setting } from '../core/eligibility/facts.ts'
import type { Rule, Truth } from '../core/eligibility/rule.ts'
import { applyChange, checkChanges, isTailFull, type Change } from './changes.ts'
import { bitAt } from './columns.ts'
import { factsAt, regather } from './compact.ts'
import { remember, tick } from './atoms.ts'
import { newEngine, release, type Engine } from './engine.ts'
import { Gathering, type Row } from './gather.ts'
import { indexKeys, rowOf, type KeyIndex } from './key-index.ts'
import type { KernelKind } from './kernels/kernels.ts'
import { assemble, keyAt, type Layout } from './layout.ts'
import { planOf } from './plan.ts'
import type { Step } from './step.ts'
import { CONTAINER, deltaOf, encodeRows, rowsIn, type RowSet } from './row-set.ts'
import { countRows, visitChunks } from './run.ts'

export interface Options {
  kernels?: KernelKind
  /** Memory for remembered conditions, in bytes for each row that there is room for; a condition takes a quarter of a byte. Default 32. */
  atomBytesPerRow?: number
}

/** How many enterprises satisfy a rule for sure, and how many may (the first among them). */
export interface Counts {
  eligible: number
  possible: number
}

/** The same as rows; good for the layout that made them. */
export interface Sets {
  eligible: RowSet
  possible: RowSet
}

/** Keys that came and keys that went. */
export interface KeyDelta {
  added: number[]
  removed: number[]
}

/** Two bitmaps over all rows, and the containers of them that are not empty. */
interface Bits {
  t: number
  p: number
  touched: Uint8Array
}
const touchedIn = ({ touched }: Bits): number[] => [...touched.keys()].filter((container) => touched[container])

export class Store {
  /** Grows with every change; what two readers saw at the same epoch is the same. */
  epoch = 0
  /** Grows with every compaction: then rows have other places. */
  edition = 0
  #engine: Engine
  #index: KeyIndex | undefined
  #bits: Bits | undefined
  readonly #options: Options

  constructor(layout: Layout, setting: Setting, options: Options = {}) {
    this.#options = options
    this.#engine = newEngine(layout, setting, layout.capacity * (options.atomBytesPerRow ?? 32))
  }

  /** Enterprises in force. */
  get size(): number {
    return this.layout.rows - this.layout.dead
  }
  get setting(): Setting {
    return this.#engine.setting
  }
  get layout(): Layout {
    return this.#engine.layout
  }
  /** Bytes taken by columns, bitmaps, ledger and index. */
  get bytes(): number {
    return this.layout.arena.used + 4 * (this.#index?.byKey.length ?? 0)
  }
  /** Remembered conditions. */
  get remembered(): number {
    return this.#engine.atoms.size
  }

  match(rule: Rule): Counts {
    return countRows(this.#engine, rule)
  }

  sets(rule: Rule): Sets {
    const bits = this.#collect(rule)
    const { u16 } = this.layout.arena
    const containers = touchedIn(bits)
    const pieces = CONTAINER / 16
    const of = (at: number): RowSet => encodeRows(u16.subarray(at >>> 1, (at >>> 1) + bits.touched.length * pieces), containers)
    const sets = { eligible: of(bits.t), possible: of(bits.p) }
    this.#clear(bits, containers)
    return sets
  }

  /** The same as one bit a row of this edition. */
  bitmaps(rule: Rule): { eligible: Uint32Array; possible: Uint32Array } {
    const bits = this.#collect(rule)
    const { u32 } = this.layout.arena
    const words = this.layout.capacity >>> 5
    const of = (at: number): Uint32Array => u32.slice(at >>> 2, (at >>> 2) + words)
    const bitmaps = { eligible: of(bits.t), possible: of(bits.p) }
    this.#clear(bits, touchedIn(bits))
    return bitmaps
  }

  /** Keys of the rows of a set of this edition, in the order of the rows. */
  keysIn(set: RowSet): Uint32Array {
    return Uint32Array.from(rowsIn(set), (row) => keyAt(this.layout, row))
  }

  /** What the rule says of each of these enterprises; undefined for one that is not here. */
  truthsFor(rule: Rule, keys: readonly number[]): (Truth | undefined)[] {
    const bits = this.#collect(rule)
    const { u32 } = this.layout.arena
    this.#index ??= indexKeys(this.layout)
    const truths = keys.map((key) => {
      const row = rowOf(this.layout, this.#index!, key)
      return row < 0 ? undefined : ((bitAt(u32, bits.t, row) + bitAt(u32, bits.p, row)) as Truth)
    })
    this.#clear(bits, touchedIn(bits))
    return truths
  }

  /** How many rows have to be looked at for a rule, once places are settled. */
  touched(rule: Rule): number {
    const { parts } = planOf(this.#engine, rule)
    const { base, rows } = this.layout
    return rows - base + parts.reduce((sum, { ranges }) => ranges.reduce((rest, row, i) => rest + (i % 2 ? row : -row), sum), 0)
  }

  /** From an older answer to this one, both of this edition. An enterprise that only moved to another row is in neither list. */
  delta(before: RowSet, after: RowSet): KeyDelta {
    const { added, removed } = deltaOf(before, after)
    const keyOf = (row: number): number => keyAt(this.layout, row)
    const came = new Set(added.map(keyOf))
    const went = new Set(removed.map(keyOf))
    return { added: [...came].filter((key) => !went.has(key)), removed: [...went].filter((key) => !came.has(key)) }
  }

  /** All of it or nothing: throws a RangeError before anything is written. */
  apply(changes: readonly Change[]): void {
    checkChanges(changes)
    if (changes.length === 0) return
    for (const change of changes) {
      this.#index ??= indexKeys(this.layout)
      if (!applyChange(this.#engine, this.#index, change)) {
        this.compact()
        this.#index ??= indexKeys(this.layout)
        applyChange(this.#engine, this.#index, change)
      }
    }
    this.epoch++
  }

  get needsCompaction(): boolean {
    const { rows, base, dead } = this.layout
    return isTailFull(this.layout) || (rows - base + dead) * 50 > rows
  }

  /** Sorts the tail in and leaves out what is gone. Sets of rows made before mean nothing afterwards. */
  compact(): void {
    const layout = assemble(regather(this.layout), this.#options.kernels ?? 'simd')
    this.#reset(layout, this.setting)
    this.edition++
  }

  /** Another day, or an event that got its dates. */
  setSetting(setting: Setting): void {
    release(this.#engine)
    this.#engine = newEngine(this.layout, setting, this.#engine.atomBudget)
    this.epoch++
  }

  /** What is on record under a key, as far as rules can tell; undefined if it is not there. */
  factsOf(key: number): Facts | undefined {
    const row = rowOf(this.layout, (this.#index ??= indexKeys(this.layout)), key)
    return row < 0 ? undefined : factsAt(this.layout, row)
  }

  /** Remembers beforehand what these rules ask over many rows, the most asked first, as far as the memory for it goes. */
  warm(rules: Iterable<Rule>): void {
    const weights = new Map<Step & { kind: 'source' }, number>()
    const bySource = new Map<unknown, Step & { kind: 'source' }>()
    const add = (step: Step, rows: number): void => {
      if (step.kind === 'not') add(step.of, rows)
      else if (step.kind !== 'source') for (const each of 'of' in step ? step.of : []) add(each, rows)
      else {
        const first = bySource.get(step.source) ?? step
        bySource.set(step.source, first)
        weights.set(first, (weights.get(first) ?? 0) + rows)
      }
    }
    for (const rule of rules)
      for (const { step, ranges } of planOf(this.#engine, rule).parts)
        add(
          step,
          ranges.reduce((sum, row, i) => sum + (i % 2 ? row : -row), 0),
        )
    const worth = [...weights].filter(([, rows]) => rows > this.layout.capacity).toSorted((a, b) => b[1] - a[1])
    tick(this.#engine)
    for (const [{ source }, rows] of worth) {
      source.heat = Math.max(source.heat, rows / 32)
      remember(this.#engine, source)
    }
  }

  #reset(layout: Layout, setting: Setting): void {
    this.#engine = newEngine(layout, setting, layout.capacity * (this.#options.atomBytesPerRow ?? 32))
    this.#index = undefined
    this.#bits = undefined
  }

  /** The answer as two bitmaps over all rows. */
  #collect(rule: Rule): Bits {
    const { arena, capacity } = this.layout
    const containers = Math.ceil(capacity / CONTAINER)
    this.#bits ??= {
      t: arena.alloc((containers * CONTAINER) / 8),
      p: arena.alloc((containers * CONTAINER) / 8),
      touched: new Uint8Array(containers),
    }
    const bits = this.#bits
    visitChunks(this.#engine, rule, (_, from, to, t, p) => {
      bits.touched[Math.floor(from / CONTAINER)] = 1
      copyBits(arena.u32, t, bits.t, from, to)
      copyBits(arena.u32, p, bits.p, from, to)
    })
    return bits
  }

  #clear(bits: Bits, containers: readonly number[]): void {
    const { u8 } = this.layout.arena
    const size = CONTAINER / 8
    for (const container of containers) for (const at of [bits.t, bits.p]) u8.fill(0, at + container * size, at + (container + 1) * size)
    bits.touched.fill(0)
  }
}

/** Rows `from` to `to` of a bitmap that begins at the word of `from`, into one that begins at row 0 and has no bits of theirs yet. */
function copyBits(u32: Uint32Array, source: number, target: number, from: number, to: number): void {
  const first = from >>> 5
  const last = (to - 1) >>> 5
  const [read, write] = [source >>> 2, (target >>> 2) + first]
  const head = (0xffff_ffff << (from & 31)) >>> 0
  const tail = to & 31 ? 2 ** (to & 31) - 1 : 0xffff_ffff
  if (first === last) return void (u32[write]! |= u32[read]! & head & tail)
  u32[write]! |= u32[read]! & head
  u32.copyWithin(write + 1, read + 1, read + last - first)
  u32[write + last - first]! |= u32[read + last - first]! & tail
}

/** A store in the making, for rows that come a page at a time. */
export interface StoreBuilder {
  /** Throws a RangeError with the key for a row that cannot be kept. */
  add(row: Row): void
  readonly size: number
  build(setting: Setting, options?: Options): Store
}

export function storeBuilder(): StoreBuilder {
  const gathering = new Gathering()
  return {
    add: (row) => gathering.add(row),
    get size() {
      return gathering.count
    },
    build: (setting, options = {}) => new Store(assemble(gathering.finish(), options.kernels ?? 'simd'), setting, options),
  }
}

/** Throws a RangeError with the key for a row that cannot be kept. */
export function buildStore(rows: Iterable<Row>, setting: Setting, options: Options = {}): Store {
  const builder = storeBuilder()
  for (const row of rows) builder.add(row)
  return builder.build(setting, options)
}
