/**
 * Rows that have nothing readable on record of a fact, as one bitmap a fact. Nearly every condition on it is unknown there and nowhere else,
 * so a remembered condition need not keep that for itself: P = T ∨ U.
 */
import type { FactId } from '../core/eligibility/facts.ts'
import { CHUNK } from './arena.ts'
import { LEAST, readCell, setBit, UNREADABLE, type Column } from './columns.ts'
import type { Engine } from './engine.ts'

/** Made when first asked for. The column must exist. */
export function unknownsOf(engine: Engine, fact: FactId): number {
  const kept = engine.unknowns.get(fact)
  if (kept !== undefined) return kept
  const { arena, capacity, columns } = engine.layout
  const at = arena.alloc(capacity / 8)
  engine.unknowns.set(fact, at)
  engine.atomBytes += capacity / 8
  const list = arena.alloc(64)
  for (let word = 0; word < capacity >>> 5; word += CHUNK >>> 5)
    mark(engine, columns[fact]!, word, Math.min(CHUNK >>> 5, (capacity >>> 5) - word), list, at + word * 4)
  arena.free(list, 64)
  return at
}

/** T and P may go to the same place: P is written last. `list` is zeros: the range that is number 0. */
function mark({ layout: { arena } }: Engine, column: Column, word: number, n: number, list: number, to: number): void {
  const { kernels, u32 } = arena
  if (column.shape === 'number') kernels.range32(column.at + word * 128, n, LEAST, LEAST - 1, UNREADABLE, to, to)
  else if (column.shape === 'planes') kernels.planes(column.low + word * 4, column.high + word * 4, n, 0, unreadable(column), to, to)
  else if (column.bytes === 1) kernels.ranges8(column.at + word * 32, n, list, 0, 1, to, to)
  else if (column.bytes === 2) kernels.ranges16(column.at + word * 64, n, list, 0, 1, to, to)
  else
    for (let row = word * 32; row < (word + n) * 32; row++)
      if (u32[(column.at >>> 2) + row] === 0) u32[(to >>> 2) + (row >>> 5) - word]! |= 1 << (row & 31)
}

/** Values of two planes that are no yes, no no and no ledger, as bits. */
const unreadable = ({ fact }: Column): number => (fact === 'instruments' ? 0b1101 : 0b1001)

/** A fact has changed in this row. */
export function noteUnknown({ unknowns, layout: { arena, columns } }: Engine, fact: FactId, row: number): void {
  const at = unknowns.get(fact)
  if (at === undefined) return
  const column = columns[fact]!
  const cell = readCell(arena, column, row)
  const unknown = column.shape === 'number' ? cell <= UNREADABLE : column.shape === 'planes' ? (unreadable(column) >> cell) & 1 : cell === 0
  setBit(arena.u32, at, row, Number(unknown))
}
