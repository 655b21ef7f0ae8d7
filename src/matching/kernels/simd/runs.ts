// @ts-nocheck AssemblyScript, see `kernels.ts`.
/** Over rows in the order of their regions and, within a region, of a column's numbers. */

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

function cell(column: usize, bytes: i32, row: u32): u32 {
  const at = column + (row as usize) * (bytes as usize)
  return bytes == 2 ? (load<u16>(at) as u32) : bytes == 1 ? (load<u8>(at) as u32) : load<u32>(at)
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
  const sure = list + ((kt as usize) << 4)
  const all = sure + ((kp as usize) << 4)
  const step = (stride as usize) << 2
  for (let piece = list; piece < all; piece += 16) {
    const begins = table + (load<u32>(piece) as usize) * step
    const ends = table + (load<u32>(piece, 4) as usize) * step
    const least = load<u32>(piece, 8)
    const span = load<u32>(piece, 12)
    // What is set in P is set in T as well, or in P once more.
    const also = piece < sure ? t : p
    for (let region: usize = 0, end = (regions as usize) << 2; region < end; region += 4) {
      let low = max<u32>(from, load<u32>(begins + region))
      let high = min<u32>(to, load<u32>(ends + region))
      if (low >= high) continue
      if (span != 0xffff_ffff) {
        while (low < high && cell(column, bytes, low) < least) low++
        let last = low
        while (last < high && cell(column, bytes, last) - least <= span) last++
        if (low == last) continue
        high = last
      }
      setRange(p, low - from, high - from)
      setRange(also, low - from, high - from)
    }
  }
}
