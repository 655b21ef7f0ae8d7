/** Rows as they come, into columns as they come: sorting is `assemble`'s work. */
import { facts as catalogue, type FactId, type Facts, type FactValue } from '../core/eligibility/facts.ts'
import { factIds, encodeNumber, isLedger, MISSING, planeOf, shapeOf } from './columns.ts'
import { Dictionary } from './dictionary.ts'
import type { Entries, Holdings } from './ledger.ts'

/** One enterprise. `key`: a whole number that stays with it for good; the caller keeps it beside its own id. */
export interface Row {
  key: number
  facts: Facts
}

export interface Gathered {
  count: number
  keys: Uint32Array
  /** Cells by fact; a fact that no row has on record is not here. */
  cells: Map<FactId, Cells>
  entries: Entries
}

/**
 * Texts are looked up this many rows at a time, fact by fact: one dictionary stays in the cache, where all of them in turn push each other out.
 */
const BATCH = 2048

/** Takes rows one at a time and keeps none of them, but for the texts of the last few: what is not typed arrays stays with the caller. */
export class Gathering {
  #count = 0
  readonly #keys = new Growing(Uint32Array)
  readonly #takers = new Takers()
  readonly #kinds = new Map<string, number>()
  readonly #entries = { rows: new Growing(Uint32Array), kind: new Growing(Uint16Array), counts: new Growing(Uint32Array) }

  get count(): number {
    return this.#count
  }

  /** Throws a RangeError with the key of the row for a key or a count that cannot be kept; nothing of that row is kept then. */
  add({ key, facts }: Row): void {
    checkKey(key)
    const row = this.#count
    if (isLedger(facts.instruments)) this.#addHoldings(row, checkHoldings(key, facts.instruments))
    this.#keys.set(row, key)
    this.#takers.begin()
    // Over what is on record, not over the catalogue: rows of many shapes make each look-up of what is not there dear.
    for (const fact in facts) {
      const value = facts[fact as FactId]
      if (value !== undefined && value !== null) this.#takers.next(fact)?.take(row, value)
    }
    this.#count++
    if (this.#count % BATCH === 0) this.#takers.flush(this.#count)
  }

  finish(): Gathered {
    this.#takers.flush(this.#count)
    const { rows, kind, counts } = this.#entries
    return {
      count: this.#count,
      keys: this.#keys.array(this.#count),
      cells: new Map(this.#takers.all.map((taker) => [taker.fact, taker.finish(this.#count)])),
      entries: { kinds: [...this.#kinds.keys()], rows: rows.items, kind: kind.items, counts: counts.items, length: rows.length },
    }
  }

  #addHoldings(row: number, held: Holdings): void {
    const { rows, kind, counts } = this.#entries
    for (const name in held) {
      let number = this.#kinds.get(name)
      if (number === undefined) this.#kinds.set(name, (number = this.#kinds.size))
      const at = rows.length
      rows.set(at, row)
      kind.set(at, number)
      counts.set(at, held[name]!)
    }
  }
}

export function checkKey(key: number): void {
  if (!Number.isInteger(key) || key < 0 || key >= 2 ** 32) throw new RangeError(`The key ${key} is not a whole number below 2^32.`)
}

/** The ledger itself, if every count is one that can be added up exactly. */
export function checkHoldings(key: number, holdings: Holdings): Holdings {
  for (const kind in holdings) {
    const held = holdings[kind]!
    if (!Number.isInteger(held) || held < 0 || held >= 2 ** 32)
      throw new RangeError(`The enterprise ${key} holds ${held} of “${kind}”: a count is a whole number from 0 to 4 294 967 295.`)
  }
  return holdings
}

interface Cells {
  cells: Uint32Array | Int32Array | Uint8Array
  dictionary?: Dictionary
}

/** The column of one fact in the making. */
interface Taker {
  readonly fact: FactId
  take(row: number, value: FactValue): void
  /** Rows before this one are all taken. */
  flush?(to: number): void
  finish(count: number): Cells
}

/** Columns of the facts that some row has on record, in about the order in which rows name them: so the next one is found a step or two ahead. */
class Takers {
  readonly all: Taker[] = []
  #at = 0

  /** Before the facts of a row. */
  begin(): void {
    this.#at = 0
  }

  flush(to: number): void {
    for (const taker of this.all) taker.flush?.(to)
  }

  next(fact: string): Taker | undefined {
    const { all } = this
    for (let i = this.#at; i < all.length; i++)
      if (all[i]!.fact === fact) {
        this.#at = i + 1
        return all[i]
      }
    return this.#find(fact)
  }

  /** Named out of order, for the first time, or not in the catalogue. */
  #find(fact: string): Taker | undefined {
    let at = this.all.findIndex((taker) => taker.fact === fact)
    if (at < 0) {
      if (!Object.hasOwn(catalogue, fact)) return undefined
      at = this.#at
      this.all.splice(at, 0, newTaker(fact as FactId))
    }
    this.#at = at + 1
    return this.all[at]
  }
}

const newTaker = (fact: FactId): Taker => {
  const shape = shapeOf(fact)
  return shape === 'dictionary' ? new Names(fact) : shape === 'number' ? new Numbers(fact) : new Planes(fact)
}

class Names implements Taker {
  readonly fact: FactId
  readonly #dictionary: Dictionary
  readonly #items = new Growing(Uint32Array)
  readonly #waiting = Array.from<string | undefined>({ length: BATCH })
  constructor(fact: FactId) {
    this.fact = fact
    this.#dictionary = new Dictionary(fact)
  }
  take(row: number, value: FactValue): void {
    if (typeof value === 'string') this.#waiting[row % BATCH] = value
    // Not later: the caller may use the object again.
    else this.#items.set(row, this.#dictionary.idOf(value))
  }
  flush(to: number): void {
    const from = to - 1 - ((to - 1) % BATCH)
    for (let row = from; row < to; row++) {
      const text = this.#waiting[row - from]
      if (text === undefined) continue
      this.#items.set(row, this.#dictionary.idOf(text))
      this.#waiting[row - from] = undefined
    }
  }
  finish = (count: number): Cells => ({ cells: this.#items.array(count), dictionary: this.#dictionary })
}

class Numbers implements Taker {
  readonly fact: FactId
  readonly #items = new Growing(Int32Array, MISSING)
  constructor(fact: FactId) {
    this.fact = fact
  }
  take(row: number, value: FactValue): void {
    this.#items.set(row, encodeNumber(value))
  }
  finish = (count: number): Cells => ({ cells: this.#items.array(count) })
}

class Planes implements Taker {
  readonly fact: FactId
  readonly #items = new Growing(Uint8Array)
  constructor(fact: FactId) {
    this.fact = fact
  }
  take(row: number, value: FactValue): void {
    this.#items.set(row, planeOf(this.fact, value))
  }
  finish = (count: number): Cells => ({ cells: this.#items.array(count) })
}

interface NumbersOf<T> {
  new (buffer: SharedArrayBuffer): T
  readonly BYTES_PER_ELEMENT: number
}

/**
 * A typed array that doubles. What was never set is `missing`. Its memory is shared, because that is not counted as garbage to come:
 * otherwise each 64 MB would make the collector walk over all rows that the caller holds.
 */
class Growing<T extends Uint32Array | Int32Array | Uint16Array | Uint8Array> {
  items: T
  length = 0
  readonly #kind: NumbersOf<T>
  readonly #missing: number

  constructor(kind: NumbersOf<T>, missing = 0) {
    this.items = new kind(new SharedArrayBuffer(0))
    this.#kind = kind
    this.#missing = missing
  }

  set(at: number, value: number): void {
    if (at >= this.items.length) this.#grow(at + 1)
    this.items[at] = value
    if (at >= this.length) this.length = at + 1
  }

  array(length: number): T {
    if (length > this.items.length) this.#grow(length)
    return this.items.subarray(0, length) as T
  }

  #grow(least: number): void {
    const more = new this.#kind(new SharedArrayBuffer(Math.max(1024, least, this.items.length * 2) * this.#kind.BYTES_PER_ELEMENT))
    more.set(this.items)
    if (this.#missing !== 0) more.fill(this.#missing, this.items.length)
    this.items = more
  }
}

/** Every fact of the catalogue that an enterprise has by itself; the others belong to an order line. */
export const enterpriseFacts = factIds.filter((fact) => catalogue[fact].scope === 'enterprise')
