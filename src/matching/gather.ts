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
  cells: Map<FactId, { cells: Uint32Array | Int32Array | Uint8Array; dictionary?: Dictionary }>
  entries: Entries
}

/** Throws a RangeError with the key of the row for a key or a count that cannot be kept. */
export function gather(rows: Iterable<Row>): Gathered {
  const keys = new Growing(Uint32Array)
  const entries = { rows: new Growing(Uint32Array), kind: new Growing(Uint16Array), counts: new Growing(Uint32Array) }
  const kinds = new Map<string, number>()
  const columns = factIds.map((fact) => newColumn(fact))
  let count = 0
  for (const { key, facts } of rows) {
    checkKey(key)
    keys.set(count, key)
    for (let c = 0; c < columns.length; c++) columns[c]!(facts, count)
    if (isLedger(facts.instruments)) {
      for (const [kind, held] of Object.entries(checkHoldings(key, facts.instruments))) {
        if (!kinds.has(kind)) kinds.set(kind, kinds.size)
        const at = entries.rows.length
        entries.rows.set(at, count)
        entries.kind.set(at, kinds.get(kind)!)
        entries.counts.set(at, held)
      }
    }
    count++
  }
  const cells = new Map(columns.flatMap((column) => column(undefined, count)))
  return {
    count,
    keys: keys.array(count),
    cells,
    entries: {
      kinds: [...kinds.keys()],
      rows: entries.rows.items,
      kind: entries.kind.items,
      counts: entries.counts.items,
      length: entries.rows.length,
    },
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

type Cells = [FactId, { cells: Uint32Array | Int32Array | Uint8Array; dictionary?: Dictionary }]
type Taker = { (facts: Facts, row: number): void; (facts: undefined, count: number): Cells[] }

/** Takes a row, or hands over what it has taken. Nothing is allocated before the first value. */
function newColumn(fact: FactId): Taker {
  const shape = shapeOf(fact)
  const dictionary = shape === 'dictionary' ? new Dictionary(fact) : undefined
  const missing = shape === 'number' ? MISSING : 0
  const encode = (value: FactValue): number =>
    dictionary ? dictionary.idOf(value) : shape === 'number' ? encodeNumber(value) : planeOf(fact, value)
  const items = new Growing<Uint32Array | Int32Array | Uint8Array>(
    shape === 'number' ? Int32Array : shape === 'planes' ? Uint8Array : Uint32Array,
    missing,
  )
  let seen = false
  const take = (facts: Facts | undefined, row: number): Cells[] | void => {
    if (facts === undefined) return seen ? [[fact, { cells: items.array(row), ...(dictionary && { dictionary }) }]] : []
    const value = facts[fact]
    if (value === undefined || value === null) return
    seen = true
    items.set(row, encode(value))
  }
  return take as Taker
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
