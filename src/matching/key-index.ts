/** From the key of an enterprise to its row: four bytes a row, made when the first change comes. */
import { keyAt, type Layout } from './layout.ts'

export interface KeyIndex {
  /** Sorted rows, in the order of their keys. */
  byKey: Uint32Array
  /** Rows of the tail, and −1 for a key that is gone. */
  since: Map<number, number>
}

/** Throws a RangeError if two rows have the same key. */
export function indexKeys(layout: Layout): KeyIndex {
  const { base, arena, keys } = layout
  const all = arena.u32.subarray(keys >>> 2, (keys >>> 2) + base)
  let byKey: Uint32Array = Uint32Array.from({ length: base }, (_, row) => row)
  for (const shift of [0, 11, 22]) byKey = sortByDigit(byKey, all, shift)
  for (let i = 1; i < base; i++) if (all[byKey[i]!] === all[byKey[i - 1]!]) throw new RangeError(`Two rows have the key ${all[byKey[i]!]}.`)
  return { byKey, since: new Map() }
}

function sortByDigit(order: Uint32Array, keys: Uint32Array, shift: number): Uint32Array {
  const start = new Uint32Array(2049)
  for (const row of order) start[((keys[row]! >>> shift) & 2047) + 1]!++
  for (let i = 0; i < 2048; i++) start[i + 1]! += start[i]!
  const sorted = new Uint32Array(order.length)
  for (const row of order) sorted[start[(keys[row]! >>> shift) & 2047]!++] = row
  return sorted
}

/** The row of a key that is in force, or −1. */
export function rowOf(layout: Layout, { byKey, since }: KeyIndex, key: number): number {
  const late = since.get(key)
  if (late !== undefined) return late
  let low = 0
  let high = byKey.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (keyAt(layout, byKey[middle]!) < key) low = middle + 1
    else high = middle
  }
  const row = byKey[low]
  return row !== undefined && keyAt(layout, row) === key ? row : -1
}
