/**
 * Conditions on the industry, answered from the order of rows: within a region rows are sorted by the number of their industry, those
 * without one last, so a range of numbers is a run of rows there. Where regions are large, finding the runs is far less than looking at rows.
 */
import { firstRow } from './ledger.ts'

/** Ranges of numbers, both ends included, in order. */
export type Ranges = readonly (readonly [low: number, high: number])[]

interface Rows {
  /** Numbers of industries, by row. */
  cells: Uint8Array | Uint16Array | Uint32Array
  /** As in `Layout`. */
  regionStart: Uint32Array
  base: number
}

/** Of the region that a row is in, by the place of its start in `regionStart`; the last is for rows without a region. */
function regionAt(regionStart: Uint32Array, row: number): number {
  // Starts 1 … are in order; of several that are equal the last one has rows.
  return firstRow(regionStart, 1, regionStart.length, row + 1) - 1
}

/** How many regions begin or go on in the rows from `from` to `to`. Empty ones count too, so it is an upper bound. */
export const regionsIn = (regionStart: Uint32Array, from: number, to: number): number =>
  regionAt(regionStart, to - 1) - regionAt(regionStart, from) + 1

/** Sets the bits of rows `from` to `to` whose industry is in a range. The bitmap begins at the word of `from`, a multiple of 32. */
export function markRuns({ cells, regionStart, base }: Rows, ranges: Ranges, from: number, to: number, u32: Uint32Array, at: number): void {
  const end = Math.min(to, base)
  let region = regionAt(regionStart, from)
  for (let start = from; start < end; region++) {
    const next = Math.min(end, region + 1 < regionStart.length ? regionStart[region + 1]! : end)
    if (next > start) markRegion(cells, ranges, start, next, (low, high) => setBits(u32, at, low - from, high - from))
    start = Math.max(start, next)
  }
}

function markRegion(cells: Rows['cells'], ranges: Ranges, from: number, to: number, mark: (from: number, to: number) => void): void {
  const none = firstNone(cells, from, to)
  let start = from
  for (const [low, high] of ranges) {
    if (low === 0 && none < to) mark(none, to)
    start = firstRow(cells, start, none, low)
    if (start >= none) continue
    const end = firstRow(cells, start, none, high + 1)
    if (end > start) mark(start, end)
    start = end
  }
}

/** Rows without an industry stand last. */
function firstNone(cells: Rows['cells'], from: number, to: number): number {
  if (cells[to - 1] !== 0) return to
  while (from < to) {
    const middle = (from + to) >>> 1
    if (cells[middle] !== 0) from = middle + 1
    else to = middle
  }
  return from
}

function setBits(u32: Uint32Array, at: number, from: number, to: number): void {
  const first = (at >>> 2) + (from >>> 5)
  const last = (at >>> 2) + ((to - 1) >>> 5)
  const head = (0xffff_ffff << (from & 31)) >>> 0
  const tail = to & 31 ? 2 ** (to & 31) - 1 : 0xffff_ffff
  if (first === last) return void (u32[first]! |= head & tail)
  u32[first]! |= head
  u32.fill(0xffff_ffff, first + 1, last)
  u32[last]! |= tail
}
