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

/** Takes rows one at a time and keeps none of them: what is not typed arrays stays with the caller. */
export class Gathering {
  #count = 0
  readonly #keys = new Growing(Uint32Array)
  readonly #takers = new Map(factIds.map((fact) => [fact as string, newTaker(fact)]))
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
    // Over what is on record, not over the catalogue: rows of many shapes make each look-up of what is not there dear.
    for (const fact in facts) {
      const value = facts[fact as FactId]
      if (value !== undefined && value !== null) this.#takers.get(fact)?.take(row, value)
    }
    this.#count++
  }

  finish(): Gathered {
    const { rows, kind, counts } = this.#entries
    return {
      count: this.#count,
      keys: this.#keys.array(this.#count),
      cells: new Map([...this.#takers.values()].flatMap((taker) => (taker.seen ? [[taker.fact, taker.finish(this.#count)]] : []))),
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

/** The column of one fact in the making. Nothing is allocated before the first value. */
interface Taker {
  readonly fact: FactId
  seen: boolean
  take(row: number, value: FactValue): void
  finish(count: number): Cells
}

const newTaker = (fact: FactId): Taker => {
  const shape = shapeOf(fact)
  return shape === 'dictionary' ? new Names(fact) : shape === 'number' ? new Numbers(fact) : new Planes(fact)
}

class Names implements Taker {
  seen = false
  readonly fact: FactId
  readonly #dictionary: Dictionary
  readonly #items = new Growing(Uint32Array)
  constructor(fact: FactId) {
    this.fact = fact
    this.#dictionary = new Dictionary(fact)
  }
  take(row: number, value: FactValue): void {
    this.seen = true
    this.#items.set(row, this.#dictionary.idOf(value))
  }
  finish = (count: number): Cells => ({ cells: this.#items.array(count), dictionary: this.#dictionary })
}

class Numbers implements Taker {
  seen = false
  readonly fact: FactId
  readonly #items = new Growing(Int32Array, MISSING)
  constructor(fact: FactId) {
    this.fact = fact
  }
  take(row: number, value: FactValue): void {
    this.seen = true
    this.#items.set(row, encodeNumber(value))
  }
  finish = (count: number): Cells => ({ cells: this.#items.array(count) })
}

class Planes implements Taker {
  seen = false
  readonly fact: FactId
  readonly #items = new Growing(Uint8Array)
  constructor(fact: FactId) {
    this.fact = fact
  }
  take(row: number, value: FactValue): void {
    this.seen = true
    this.#items.set(row, planeOf(this.fact, value))
  }
  finish = (count: number): Cells => ({ cells: this.#items.array(count) })
}

/** A typed array that doubles. What was never set is `missing`. */
class Growing<T extends Uint32Array | Int32Array | Uint16Array | Uint8Array> {
  items: T
  length = 0
  readonly #missing: number

  constructor(kind: new (length: number) => T, missing = 0) {
    this.items = new kind(0)
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
    const more = new (this.items.constructor as new (length: number) => T)(Math.max(1024, least, this.items.length * 2))
    more.set(this.items)
    if (this.#missing !== 0) more.fill(this.#missing, this.items.length)
    this.items = more
  }
}

/** Every fact of the catalogue that an enterprise has by itself; the others belong to an order line. */
export const enterpriseFacts = factIds.filter((fact) => catalogue[fact].scope === 'enterprise')
