/**
 * Rows in their places: sorted by (region, industry), so that a place is a range of rows; rows without a region after them;
 * then the tail, where rows go that came or moved after the last compaction.
 */
import type { FactId } from '../core/eligibility/facts.ts'
import { Arena } from './arena.ts'
import { allocateColumn, type Column, writeCell } from './columns.ts'
import type { Gathered } from './gather.ts'
import type { KernelKind } from './kernels/kernels.ts'
import { sortLedger, type Ledger } from './ledger.ts'

/** Where industry group g begins in the i-th region is the number at `at + 4 × (g × stride + i)`; it ends where the next group begins. */
export interface Divisions {
  at: number
  /** Regions. After the groups come the rows without an industry, as a group of their own, and the ends of the regions. */
  stride: number
  /** Group g has the dictionary's numbers from `first[g]` to `first[g + 1]`. */
  first: readonly number[]
}

export interface Layout {
  arena: Arena
  /** Rows that there is room for: a multiple of 128, so that every column ends on a whole word. */
  capacity: number
  /** Sorted rows. */
  base: number
  /** Sorted rows and tail. */
  rows: number
  /** Rows that are not in force any more. */
  dead: number
  /** u32 a row. */
  keys: number
  /** A bit a row. */
  live: number
  columns: Partial<Record<FactId, Column>>
  /** Rows of region number r are those from `regionStart[r]` to `regionStart[r + 1]`; number 0 (none) stands at the end. */
  regionStart: Uint32Array
  ledger: Ledger
  /** Made when first asked for; null where it would be too large. */
  divisions?: Divisions | null
}

/** Room for what comes before the next compaction: one row in twenty-five, and at least a few. */
const roomFor = (rows: number): number => Math.ceil((rows + Math.max(1024, rows / 25)) / 128) * 128

export function assemble(gathered: Gathered, kind: KernelKind): Layout {
  const { count, cells } = gathered
  for (const [fact, { cells: numbers, dictionary: unordered }] of cells) {
    if (!unordered) continue
    const { dictionary, renumber } = unordered.ordered()
    const renumbered = new Uint32Array(count)
    for (let row = 0; row < count; row++) renumbered[row] = renumber[numbers[row]!]!
    cells.set(fact, { cells: renumbered, dictionary })
  }
  const { place, regionStart } = sortRows(gathered)
  const arena = new Arena(kind)
  const capacity = roomFor(count)
  const layout: Layout = {
    arena,
    capacity,
    base: count,
    rows: count,
    dead: 0,
    keys: arena.alloc(capacity * 4),
    live: arena.alloc(capacity / 8),
    columns: {},
    regionStart,
    ledger: sortLedger(arena, gathered.entries, place, count),
  }
  for (let row = 0; row < count; row++) arena.u32[(layout.keys >>> 2) + place[row]!] = gathered.keys[row]!
  fillBits(arena.u32, layout.live, count)
  for (const [fact, { cells: from, dictionary }] of cells) {
    const column = allocateColumn(arena, fact, capacity, dictionary)
    scatter(arena, column, from, place)
    layout.columns[fact] = column
  }
  return layout
}

function scatter(arena: Arena, column: Column, from: ArrayLike<number>, place: Uint32Array): void {
  const to =
    column.shape === 'number'
      ? arena.i32.subarray(column.at >>> 2)
      : column.shape === 'planes'
        ? undefined
        : column.bytes === 1
          ? arena.u8.subarray(column.at)
          : column.bytes === 2
            ? arena.u16.subarray(column.at >>> 1)
            : arena.u32.subarray(column.at >>> 2)
  if (to) for (let row = 0; row < place.length; row++) to[place[row]!] = from[row]!
  else for (let row = 0; row < place.length; row++) if (from[row] !== 0) writeCell(arena, column, place[row]!, from[row]!)
}

/** Where each row goes, and where each region begins. Two counting sorts: by industry, then by region. */
function sortRows({ count, cells }: Gathered): { place: Uint32Array; regionStart: Uint32Array } {
  const region = cells.get('region')
  const industry = cells.get('industry')
  let order: Uint32Array = new Uint32Array(count)
  for (let row = 0; row < count; row++) order[row] = row
  if (industry) order = countingSort(order, industry.cells, industry.dictionary!.entries.length).order
  const sorted = countingSort(order, region?.cells ?? new Uint8Array(count), region?.dictionary!.entries.length ?? 1)
  const place = new Uint32Array(count)
  for (let at = 0; at < count; at++) place[sorted.order[at]!] = at
  return { place, regionStart: sorted.start }
}

/** By number, with 0 last. `start[n]` to `start[n + 1]` are the places of number n; for n = 0 from `start[0]` to the end. */
function countingSort(order: Uint32Array, of: ArrayLike<number>, numbers: number): { order: Uint32Array; start: Uint32Array } {
  const sizes = new Uint32Array(numbers)
  for (let row = 0; row < order.length; row++) sizes[of[row]!]!++
  const start = new Uint32Array(numbers + 1)
  let at = 0
  for (let n = 1; n < numbers; n++) {
    start[n] = at
    at += sizes[n]!
  }
  start[numbers] = start[0] = at
  const next = start.slice()
  const sorted = new Uint32Array(order.length)
  for (let i = 0; i < order.length; i++) sorted[next[of[order[i]!]!]!++] = order[i]!
  return { order: sorted, start }
}

/** Sets the first `count` bits. */
export function fillBits(u32: Uint32Array, at: number, count: number): void {
  u32.fill(0xffff_ffff, at >>> 2, (at >>> 2) + (count >>> 5))
  if (count & 31) u32[(at >>> 2) + (count >>> 5)] = 2 ** (count & 31) - 1
}

export const keyAt = ({ arena, keys }: Layout, row: number): number => arena.u32[(keys >>> 2) + row]!
