/** Puts the tail where it belongs and leaves out what is gone, column by column. */
import type { FactId, FactValue, Facts } from '../core/eligibility/facts.ts'
import { decode, readCell } from './columns.ts'
import { isLive } from './changes.ts'
import { Dictionary } from './dictionary.ts'
import type { Gathered } from './gather.ts'
import { keyAt, type Layout } from './layout.ts'
import { holdingsOf, type Entries } from './ledger.ts'

/** Everything in force, ready to be assembled anew; values that nobody has any more drop out of the dictionaries. */
export function regather(layout: Layout): Gathered {
  const count = layout.rows - layout.dead
  const kept = new Uint32Array(count)
  for (let row = 0, at = 0; row < layout.rows; row++) if (isLive(layout, row)) kept[at++] = row
  return {
    count,
    keys: kept.map((row) => keyAt(layout, row)),
    cells: new Map((Object.keys(layout.columns) as FactId[]).map((fact) => [fact, cellsOf(layout, fact, kept)])),
    entries: entriesOf(layout, kept),
  }
}

function cellsOf({ arena, columns }: Layout, fact: FactId, kept: Uint32Array) {
  const column = columns[fact]!
  if (column.shape === 'number') return { cells: Int32Array.from(kept, (row) => readCell(arena, column, row)) }
  if (column.shape === 'planes') return { cells: Uint8Array.from(kept, (row) => readCell(arena, column, row)) }
  const dictionary = new Dictionary(fact)
  const renumber = new Int32Array(column.dictionary.entries.length).fill(-1)
  const cells = new Uint32Array(kept.length)
  for (let at = 0; at < kept.length; at++) {
    const cell = readCell(arena, column, kept[at]!)
    if (renumber[cell]! < 0) renumber[cell] = dictionary.idOf(column.dictionary.entries[cell])
    cells[at] = renumber[cell]!
  }
  return { cells, dictionary }
}

function entriesOf({ ledger, base, rows }: Layout, kept: Uint32Array): Entries {
  const place = new Int32Array(rows).fill(-1)
  kept.forEach((row, at) => (place[row] = at))
  const kinds = [...ledger.kinds]
  const numbers = new Map(kinds.map((kind, k) => [kind, k]))
  const entries = { rows: [] as number[], kind: [] as number[], counts: [] as number[] }
  const push = (row: number, kind: number, count: number): void => {
    if (place[row]! < 0) return
    entries.rows.push(place[row]!)
    entries.kind.push(kind)
    entries.counts.push(count)
  }
  for (let k = 0; k < ledger.kinds.length; k++)
    for (let i = ledger.start[k]!; i < ledger.start[k + 1]!; i++) push(ledger.rows[i]!, k, ledger.counts[i]!)
  ledger.tail.forEach((held, at) => {
    for (const [kind, count] of Object.entries(held ?? {})) {
      if (!numbers.has(kind)) numbers.set(kind, kinds.push(kind) - 1)
      push(base + at, numbers.get(kind)!, count)
    }
  })
  return { kinds, ...entries, length: entries.rows.length }
}

/** What is on record of a row, in values that every rule answers as it answers those that were put in. */
export function factsAt(layout: Layout, row: number): Facts {
  const { arena, columns, ledger, base } = layout
  const facts: Partial<Record<FactId, FactValue>> = {}
  for (const column of Object.values(columns)) {
    const value = decode(column, readCell(arena, column, row))
    if (value !== undefined) facts[column.fact] = value
  }
  // A readable ledger is decoded as an empty one; what it holds stands elsewhere.
  if (typeof facts.instruments === 'object') facts.instruments = row < base ? holdingsOf(ledger, row) : ledger.tail[row - base]!
  return facts
}
