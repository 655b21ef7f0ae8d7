// @ts-nocheck AssemblyScript, not TypeScript: `scripts/build-kernels.ts` compiles it to `../simd-bytes.ts`.
/**
 * Loops over bitmaps and columns, 128 bits at a time. `../plain.ts` says the same in TypeScript and is the description of each kernel.
 * Pointers are bytes from the start of the shared memory; `n` counts 32-bit words, each of them the bits of 32 rows.
 * Scans make whole words, so they have no tail; kernels over bitmaps finish the last `n % 4` words one by one.
 */

export function and(dt: usize, dp: usize, at: usize, ap: usize, bt: usize, bp: usize, n: i32): i32 {
  let seen = i64x2.splat(0)
  const end = ap + (((n >> 2) as usize) << 4)
  while (ap < end) {
    v128.store(dt, v128.and(v128.load(at), v128.load(bt)))
    const p = v128.and(v128.load(ap), v128.load(bp))
    v128.store(dp, p)
    seen = v128.or(seen, p)
    dt += 16
    dp += 16
    at += 16
    ap += 16
    bt += 16
    bp += 16
  }
  let rest: u32 = 0
  for (let i: usize = 0, last = ((n & 3) as usize) << 2; i < last; i += 4) {
    store<u32>(dt + i, load<u32>(at + i) & load<u32>(bt + i))
    const p = load<u32>(ap + i) & load<u32>(bp + i)
    store<u32>(dp + i, p)
    rest |= p
  }
  return (v128.any_true(seen) || rest != 0) as i32
}

export function or(dt: usize, dp: usize, at: usize, ap: usize, bt: usize, bp: usize, n: i32): void {
  const end = ap + (((n >> 2) as usize) << 4)
  while (ap < end) {
    v128.store(dt, v128.or(v128.load(at), v128.load(bt)))
    v128.store(dp, v128.or(v128.load(ap), v128.load(bp)))
    dt += 16
    dp += 16
    at += 16
    ap += 16
    bt += 16
    bp += 16
  }
  for (let i: usize = 0, last = ((n & 3) as usize) << 2; i < last; i += 4) {
    store<u32>(dt + i, load<u32>(at + i) | load<u32>(bt + i))
    store<u32>(dp + i, load<u32>(ap + i) | load<u32>(bp + i))
  }
}

export function not(dt: usize, dp: usize, at: usize, ap: usize, n: i32): void {
  const end = ap + (((n >> 2) as usize) << 4)
  while (ap < end) {
    const t = v128.load(at)
    v128.store(dt, v128.not(v128.load(ap)))
    v128.store(dp, v128.not(t))
    dt += 16
    dp += 16
    at += 16
    ap += 16
  }
  for (let i: usize = 0, last = ((n & 3) as usize) << 2; i < last; i += 4) {
    const t = load<u32>(at + i)
    store<u32>(dt + i, ~load<u32>(ap + i))
    store<u32>(dp + i, ~t)
  }
}

export function orAnd(d: usize, a: usize, b: usize, n: i32): void {
  const end = a + (((n >> 2) as usize) << 4)
  while (a < end) {
    v128.store(d, v128.or(v128.load(d), v128.and(v128.load(a), v128.load(b))))
    d += 16
    a += 16
    b += 16
  }
  for (let i: usize = 0, last = ((n & 3) as usize) << 2; i < last; i += 4)
    store<u32>(d + i, load<u32>(d + i) | (load<u32>(a + i) & load<u32>(b + i)))
}

export function count(p: usize, n: i32): i32 {
  let sum = i32x4.splat(0)
  const vectors = n >> 2
  const wide = p + (((vectors >> 2) as usize) << 6)
  const end = p + ((vectors as usize) << 4)
  // Four bytes of at most 8 each fit into a byte, so lanes are widened once for four loads.
  while (p < wide) {
    const first = i8x16.add(i8x16.popcnt(v128.load(p)), i8x16.popcnt(v128.load(p, 16)))
    const second = i8x16.add(i8x16.popcnt(v128.load(p, 32)), i8x16.popcnt(v128.load(p, 48)))
    sum = i32x4.add(sum, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(i8x16.add(first, second))))
    p += 64
  }
  while (p < end) {
    sum = i32x4.add(sum, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(i8x16.popcnt(v128.load(p)))))
    p += 16
  }
  let total = i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1) + i32x4.extract_lane(sum, 2) + i32x4.extract_lane(sum, 3)
  for (let i: usize = 0, last = ((n & 3) as usize) << 2; i < last; i += 4) total += popcnt<u32>(load<u32>(p + i)) as i32
  return total
}

function ones(x: v128): v128 {
  return i8x16.popcnt(x)
}
function widened(x: v128): v128 {
  return i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(x))
}
function total(x: v128): u32 {
  return i32x4.extract_lane(x, 0) + i32x4.extract_lane(x, 1) + i32x4.extract_lane(x, 2) + i32x4.extract_lane(x, 3)
}

export function andCount(at: usize, ap: usize, bt: usize, bp: usize, n: i32, sums: usize): void {
  let t = i64x2.splat(0)
  let p = i64x2.splat(0)
  const end = ap + (((n >> 2) as usize) << 4)
  const wide = ap + (((n >> 3) as usize) << 5)
  while (ap < wide) {
    const sure = i8x16.add(ones(v128.and(v128.load(at), v128.load(bt))), ones(v128.and(v128.load(at, 16), v128.load(bt, 16))))
    const all = i8x16.add(ones(v128.and(v128.load(ap), v128.load(bp))), ones(v128.and(v128.load(ap, 16), v128.load(bp, 16))))
    t = i32x4.add(t, widened(sure))
    p = i32x4.add(p, widened(all))
    at += 32
    ap += 32
    bt += 32
    bp += 32
  }
  while (ap < end) {
    t = i32x4.add(t, widened(ones(v128.and(v128.load(at), v128.load(bt)))))
    p = i32x4.add(p, widened(ones(v128.and(v128.load(ap), v128.load(bp)))))
    at += 16
    ap += 16
    bt += 16
    bp += 16
  }
  let sure = total(t)
  let all = total(p)
  for (let i: usize = 0, last = ((n & 3) as usize) << 2; i < last; i += 4) {
    sure += popcnt<u32>(load<u32>(at + i) & load<u32>(bt + i))
    all += popcnt<u32>(load<u32>(ap + i) & load<u32>(bp + i))
  }
  store<u32>(sums, sure)
  store<u32>(sums, all, 4)
}

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

export function lookup8(column: usize, n: i32, table: usize, t: usize, p: usize): void {
  for (let i = 0; i < n; i++) {
    let both: u64 = 0
    for (let row: i64 = 0; row < 32; row += 4) {
      both |= answer(table, load<u8>(column), row) | answer(table, load<u8>(column, 1), row + 1)
      both |= answer(table, load<u8>(column, 2), row + 2) | answer(table, load<u8>(column, 3), row + 3)
      column += 4
    }
    store<u32>(t, both as u32)
    store<u32>(p, (both >> 32) as u32)
    t += 4
    p += 4
  }
}

export function lookup16(column: usize, n: i32, table: usize, t: usize, p: usize): void {
  for (let i = 0; i < n; i++) {
    let both: u64 = 0
    for (let row: i64 = 0; row < 32; row += 4) {
      both |= answer(table, load<u16>(column), row) | answer(table, load<u16>(column, 2), row + 1)
      both |= answer(table, load<u16>(column, 4), row + 2) | answer(table, load<u16>(column, 6), row + 3)
      column += 8
    }
    store<u32>(t, both as u32)
    store<u32>(p, (both >> 32) as u32)
    t += 4
    p += 4
  }
}

export function lookup32(column: usize, n: i32, table: usize, t: usize, p: usize): void {
  for (let i = 0; i < n; i++) {
    let both: u64 = 0
    for (let row: i64 = 0; row < 32; row++) {
      both |= answer(table, load<u32>(column), row)
      column += 4
    }
    store<u32>(t, both as u32)
    store<u32>(p, (both >> 32) as u32)
    t += 4
    p += 4
  }
}

/** Where bit i of `which` is set, the value i of two bit planes counts. */
function select(a: v128, b: v128, which: i32): v128 {
  const none = v128.andnot(v128.andnot(i32x4.splat(-1), a), b)
  return v128.or(
    v128.or(v128.and(none, i32x4.splat(-(which & 1))), v128.and(v128.andnot(a, b), i32x4.splat(-((which >> 1) & 1)))),
    v128.or(v128.and(v128.andnot(b, a), i32x4.splat(-((which >> 2) & 1))), v128.and(v128.and(a, b), i32x4.splat(-((which >> 3) & 1)))),
  )
}

export function planes(low: usize, high: usize, n: i32, yes: i32, possible: i32, t: usize, p: usize): void {
  let left = n
  while (left >= 4) {
    const a = v128.load(low)
    const b = v128.load(high)
    v128.store(t, select(a, b, yes))
    v128.store(p, select(a, b, possible))
    low += 16
    high += 16
    t += 16
    p += 16
    left -= 4
  }
  for (; left > 0; left--) {
    const a = i32x4.splat(load<u32>(low))
    const b = i32x4.splat(load<u32>(high))
    store<u32>(t, i32x4.extract_lane(select(a, b, yes), 0))
    store<u32>(p, i32x4.extract_lane(select(a, b, possible), 0))
    low += 4
    high += 4
    t += 4
    p += 4
  }
}

/** Rows are in order, so the words that bits go to are in the first cache. */
export function holders(rows: usize, counts: usize, n: i32, first: u32, min: u32, t: usize, p: usize): void {
  for (const end = rows + ((n as usize) << 2); rows < end; rows += 4, counts += 4) {
    const row = load<u32>(rows) - first
    const bit = ((load<u32>(counts) >= min) as u32) << (row & 31)
    const at = ((row >> 5) as usize) << 2
    store<u32>(t + at, load<u32>(t + at) | bit)
    store<u32>(p + at, load<u32>(p + at) | bit)
  }
}

export function tally(rows: usize, counts: usize, n: i32, first: u32, sums: usize): void {
  for (const end = rows + ((n as usize) << 2); rows < end; rows += 4, counts += 4) {
    const at = sums + ((load<u32>(rows) - first) as usize)
    const most = 255 - (load<u8>(at) as u32)
    store<u8>(at, (load<u8>(at) as u32) + min<u32>(load<u32>(counts), most))
  }
}

export function reach(rows: usize, n: i32, first: u32, least: u32, sums: usize, t: usize, p: usize): void {
  for (const end = rows + ((n as usize) << 2); rows < end; rows += 4) {
    const row = load<u32>(rows) - first
    const bit = (((load<u8>(sums + (row as usize)) as u32) >= least) as u32) << (row & 31)
    const at = ((row >> 5) as usize) << 2
    store<u32>(t + at, load<u32>(t + at) | bit)
    store<u32>(p + at, load<u32>(p + at) | bit)
  }
}
