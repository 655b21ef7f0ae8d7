// @ts-nocheck AssemblyScript, see `kernels.ts`.
/** Over columns: they make whole words, so they have no tail. */

/** 16 signed numbers as 16 bits: are they within? */
function bits16(p: usize, low: v128, high: v128): i32 {
  const a = inside(v128.load(p), low, high)
  const b = inside(v128.load(p, 16), low, high)
  const c = inside(v128.load(p, 32), low, high)
  const d = inside(v128.load(p, 48), low, high)
  return i8x16.bitmask(i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d)))
}
function inside(x: v128, low: v128, high: v128): v128 {
  return v128.and(i32x4.ge_s(x, low), i32x4.le_s(x, high))
}

export function range32(column: usize, n: i32, low: i32, high: i32, unknown: i32, t: usize, p: usize): void {
  const lows = i32x4.splat(low)
  const highs = i32x4.splat(high)
  const least = i32x4.splat(i32.MIN_VALUE)
  const unknowns = i32x4.splat(unknown)
  for (let i = 0; i < n; i++) {
    const yes = bits16(column, lows, highs) | (bits16(column + 64, lows, highs) << 16)
    store<u32>(t, yes)
    store<u32>(p, yes | bits16(column, least, unknowns) | (bits16(column + 64, least, unknowns) << 16))
    column += 128
    t += 4
    p += 4
  }
}

/** `list`: pairs (low, span) of u16. 32 rows are held in four registers; a range is loaded once for all of them. */
export function ranges16(column: usize, n: i32, list: usize, kt: i32, kp: i32, t: usize, p: usize): void {
  const sure = list + ((kt as usize) << 2)
  const all = sure + ((kp as usize) << 2)
  for (let i = 0; i < n; i++) {
    const w = v128.load(column)
    const x = v128.load(column, 16)
    const y = v128.load(column, 32)
    const z = v128.load(column, 48)
    let a = i64x2.splat(0)
    let b = i64x2.splat(0)
    let c = i64x2.splat(0)
    let d = i64x2.splat(0)
    let at = list
    for (; at < sure; at += 4) {
      const low = v128.load16_splat(at)
      const span = v128.load16_splat(at, 2)
      a = v128.or(a, i16x8.le_u(i16x8.sub(w, low), span))
      b = v128.or(b, i16x8.le_u(i16x8.sub(x, low), span))
      c = v128.or(c, i16x8.le_u(i16x8.sub(y, low), span))
      d = v128.or(d, i16x8.le_u(i16x8.sub(z, low), span))
    }
    store<u32>(t, i8x16.bitmask(i8x16.narrow_i16x8_s(a, b)) | (i8x16.bitmask(i8x16.narrow_i16x8_s(c, d)) << 16))
    for (; at < all; at += 4) {
      const low = v128.load16_splat(at)
      const span = v128.load16_splat(at, 2)
      a = v128.or(a, i16x8.le_u(i16x8.sub(w, low), span))
      b = v128.or(b, i16x8.le_u(i16x8.sub(x, low), span))
      c = v128.or(c, i16x8.le_u(i16x8.sub(y, low), span))
      d = v128.or(d, i16x8.le_u(i16x8.sub(z, low), span))
    }
    store<u32>(p, i8x16.bitmask(i8x16.narrow_i16x8_s(a, b)) | (i8x16.bitmask(i8x16.narrow_i16x8_s(c, d)) << 16))
    column += 64
    t += 4
    p += 4
  }
}

function any8(p: usize, list: usize, k: i32): i32 {
  const x = v128.load(p)
  let a = i64x2.splat(0)
  for (let i = 0; i < k; i++) {
    a = v128.or(a, i8x16.le_u(i8x16.sub(x, v128.load8_splat(list)), v128.load8_splat(list, 2)))
    list += 4
  }
  return i8x16.bitmask(a)
}

export function ranges8(column: usize, n: i32, list: usize, kt: i32, kp: i32, t: usize, p: usize): void {
  const more = list + ((kt as usize) << 2)
  for (let i = 0; i < n; i++) {
    const yes = any8(column, list, kt) | (any8(column + 16, list, kt) << 16)
    store<u32>(t, yes)
    store<u32>(p, yes | any8(column, more, kp) | (any8(column + 16, more, kp) << 16))
    column += 32
    t += 4
    p += 4
  }
}

/** The answer of one value: T in bit 0, P in bit 32. Shifted by the place of the row, so that 32 rows make both words at once. */
function answer(table: usize, id: usize, row: i64): u64 {
  return load<u64>(table + (id << 3)) << row
}

function lookup<T>(column: usize, n: i32, table: usize, t: usize, p: usize): void {
  for (let i = 0; i < n; i++) {
    let both: u64 = 0
    for (let row: i64 = 0; row < 32; row += 4) {
      both |= answer(table, load<T>(column), row) | answer(table, load<T>(column, sizeof<T>()), row + 1)
      both |= answer(table, load<T>(column, 2 * sizeof<T>()), row + 2) | answer(table, load<T>(column, 3 * sizeof<T>()), row + 3)
      column += 4 * sizeof<T>()
    }
    store<u32>(t, both as u32)
    store<u32>(p, (both >> 32) as u32)
    t += 4
    p += 4
  }
}

export function lookup8(column: usize, n: i32, table: usize, t: usize, p: usize): void {
  lookup<u8>(column, n, table, t, p)
}
export function lookup16(column: usize, n: i32, table: usize, t: usize, p: usize): void {
  lookup<u16>(column, n, table, t, p)
}
export function lookup32(column: usize, n: i32, table: usize, t: usize, p: usize): void {
  lookup<u32>(column, n, table, t, p)
}
