// @ts-nocheck AssemblyScript, see `kernels.ts`.
/** Over rows in the order of their regions and, within a region, of a column's numbers. */
import { either } from './bitmaps'

/** Bits `from` to `to`, at least one. */
function setRange(at: usize, from: u32, to: u32): void {
  const first = at + (((from >> 5) as usize) << 2)
  const last = at + ((((to - 1) >> 5) as usize) << 2)
  const head: u32 = (0xffff_ffff as u32) << (from & 31)
  const tail: u32 = (0xffff_ffff as u32) >> (31 - ((to - 1) & 31))
  if (first == last) {
    store<u32>(first, load<u32>(first) | (head & tail))
    return
  }
  store<u32>(first, load<u32>(first) | head)
  for (let word = first + 4; word < last; word += 4) store<u32>(word, 0xffff_ffff)
  store<u32>(last, load<u32>(last) | tail)
}

/** The first row from `low` to `high` whose cell is not below `least`; within a group cells are in order. */
function firstAt<T>(column: usize, low: u32, high: u32, least: u32): u32 {
  while (low < high) {
    const middle = (low + high) >> 1
    if ((load<T>(column + (middle as usize) * sizeof<T>()) as u32) < least) low = middle + 1
    else high = middle
  }
  return low
}
function firstRow(column: usize, bytes: i32, low: u32, high: u32, least: u32): u32 {
  if (bytes == 2) return firstAt<u16>(column, low, high, least)
  return bytes == 1 ? firstAt<u8>(column, low, high, least) : firstAt<u32>(column, low, high, least)
}

export function runs(
  table: usize,
  stride: i32,
  regions: i32,
  list: usize,
  kt: i32,
  kp: i32,
  column: usize,
  bytes: i32,
  from: u32,
  to: u32,
  t: usize,
  p: usize,
): void {
  const words = (((to - from + 31) >> 5) as usize) << 2
  memory.fill(t, 0, words)
  memory.fill(p, 0, words)
  const sure = list + ((kt as usize) << 4)
  const all = sure + ((kp as usize) << 4)
  const step = (stride as usize) << 2
  for (let piece = list; piece < all; piece += 16) {
    const begins = table + (load<u32>(piece) as usize) * step
    const ends = table + (load<u32>(piece, 4) as usize) * step
    const least = load<u32>(piece, 8)
    const span = load<u32>(piece, 12)
    const marks = piece < sure ? t : p
    for (let region: usize = 0, end = (regions as usize) << 2; region < end; region += 4) {
      let low = max<u32>(from, load<u32>(begins + region))
      let high = min<u32>(to, load<u32>(ends + region))
      if (low >= high) continue
      if (span != 0xffff_ffff) {
        low = firstRow(column, bytes, low, high, least)
        high = firstRow(column, bytes, low, high, least + span + 1)
        if (low >= high) continue
      }
      setRange(marks, low - from, high - from)
    }
  }
  // So that what is sure is written once.
  either(p, p, t, (words >> 2) as i32)
}
