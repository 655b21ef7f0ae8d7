// @ts-nocheck AssemblyScript, see `kernels.ts`.
/** Over bitmaps. The last `n % 4` words are finished one by one. */

/** Types as switches, so that one text makes three loops: is a P what lies there, or that joined with its T? */
type Own = u8
type Over = u16
function possible<Kind>(t: v128, p: v128): v128 {
  return sizeof<Kind>() == sizeof<Over>() ? v128.or(t, p) : p
}
function possibleWord<Kind>(t: u32, p: u32): u32 {
  return sizeof<Kind>() == sizeof<Over>() ? t | p : p
}

function joint<A, B>(dt: usize, dp: usize, at: usize, ap: usize, bt: usize, bp: usize, n: i32): i32 {
  let seen = i64x2.splat(0)
  const end = ap + (((n >> 2) as usize) << 4)
  while (ap < end) {
    const a = v128.load(at)
    const b = v128.load(bt)
    const p = v128.and(possible<A>(a, v128.load(ap)), possible<B>(b, v128.load(bp)))
    v128.store(dt, v128.and(a, b))
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
    const a = load<u32>(at + i)
    const b = load<u32>(bt + i)
    const p = possibleWord<A>(a, load<u32>(ap + i)) & possibleWord<B>(b, load<u32>(bp + i))
    store<u32>(dt + i, a & b)
    store<u32>(dp + i, p)
    rest |= p
  }
  return (v128.any_true(seen) || rest != 0) as i32
}
export function and(dt: usize, dp: usize, at: usize, ap: usize, bt: usize, bp: usize, n: i32): i32 {
  return joint<Own, Own>(dt, dp, at, ap, bt, bp, n)
}
export function andOver(dt: usize, dp: usize, at: usize, ap: usize, bt: usize, over: usize, n: i32): i32 {
  return joint<Own, Over>(dt, dp, at, ap, bt, over, n)
}
export function andOvers(dt: usize, dp: usize, at: usize, overA: usize, bt: usize, overB: usize, n: i32): i32 {
  return joint<Over, Over>(dt, dp, at, overA, bt, overB, n)
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

export function clear(d: usize, n: i32): void {
  memory.fill(d, 0, (n as usize) << 2)
}

export function either(d: usize, a: usize, b: usize, n: i32): void {
  const end = a + (((n >> 2) as usize) << 4)
  while (a < end) {
    v128.store(d, v128.or(v128.load(a), v128.load(b)))
    d += 16
    a += 16
    b += 16
  }
  for (let i: usize = 0, last = ((n & 3) as usize) << 2; i < last; i += 4) store<u32>(d + i, load<u32>(a + i) | load<u32>(b + i))
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

/** The carry of three bits a lane, where `ab` says that the first two differ. */
function carry(a: v128, c: v128, ab: v128): v128 {
  return v128.bitselect(c, a, ab)
}

/**
 * Counting bits takes longer than joining them. So four vectors are first added up bit by bit, as a carry-save adder does: what is left of
 * them in ones and twos goes on to the next four, and only the fours are counted.
 */
function jointCount<A, B>(at: usize, ap: usize, bt: usize, bp: usize, n: i32, sums: usize): void {
  let t = i64x2.splat(0)
  let p = i64x2.splat(0)
  let oneT = i64x2.splat(0)
  let twoT = i64x2.splat(0)
  let oneP = i64x2.splat(0)
  let twoP = i64x2.splat(0)
  const end = ap + (((n >> 2) as usize) << 4)
  const wide = ap + (((n >> 4) as usize) << 6)
  while (ap < wide) {
    let a = v128.load(at)
    let b = v128.load(bt)
    let x = v128.and(a, b)
    let y = v128.and(possible<A>(a, v128.load(ap)), possible<B>(b, v128.load(bp)))
    a = v128.load(at, 16)
    b = v128.load(bt, 16)
    let z = v128.and(a, b)
    let differ = v128.xor(oneT, x)
    let moreT = carry(oneT, z, differ)
    oneT = v128.xor(differ, z)
    z = v128.and(possible<A>(a, v128.load(ap, 16)), possible<B>(b, v128.load(bp, 16)))
    differ = v128.xor(oneP, y)
    let moreP = carry(oneP, z, differ)
    oneP = v128.xor(differ, z)
    a = v128.load(at, 32)
    b = v128.load(bt, 32)
    x = v128.and(a, b)
    y = v128.and(possible<A>(a, v128.load(ap, 32)), possible<B>(b, v128.load(bp, 32)))
    a = v128.load(at, 48)
    b = v128.load(bt, 48)
    z = v128.and(a, b)
    differ = v128.xor(oneT, x)
    x = carry(oneT, z, differ)
    oneT = v128.xor(differ, z)
    z = v128.and(possible<A>(a, v128.load(ap, 48)), possible<B>(b, v128.load(bp, 48)))
    differ = v128.xor(oneP, y)
    y = carry(oneP, z, differ)
    oneP = v128.xor(differ, z)
    differ = v128.xor(twoT, moreT)
    t = i32x4.add(t, widened(ones(carry(twoT, x, differ))))
    twoT = v128.xor(differ, x)
    differ = v128.xor(twoP, moreP)
    p = i32x4.add(p, widened(ones(carry(twoP, y, differ))))
    twoP = v128.xor(differ, y)
    at += 64
    ap += 64
    bt += 64
    bp += 64
  }
  t = i32x4.add(i32x4.shl(t, 2), i32x4.add(i32x4.shl(widened(ones(twoT)), 1), widened(ones(oneT))))
  p = i32x4.add(i32x4.shl(p, 2), i32x4.add(i32x4.shl(widened(ones(twoP)), 1), widened(ones(oneP))))
  while (ap < end) {
    const a = v128.load(at)
    const b = v128.load(bt)
    t = i32x4.add(t, widened(ones(v128.and(a, b))))
    p = i32x4.add(p, widened(ones(v128.and(possible<A>(a, v128.load(ap)), possible<B>(b, v128.load(bp))))))
    at += 16
    ap += 16
    bt += 16
    bp += 16
  }
  let sure = total(t)
  let all = total(p)
  for (let i: usize = 0, last = ((n & 3) as usize) << 2; i < last; i += 4) {
    const a = load<u32>(at + i)
    const b = load<u32>(bt + i)
    sure += popcnt<u32>(a & b)
    all += popcnt<u32>(possibleWord<A>(a, load<u32>(ap + i)) & possibleWord<B>(b, load<u32>(bp + i)))
  }
  store<u32>(sums, sure)
  store<u32>(sums, all, 4)
}
export function andCount(at: usize, ap: usize, bt: usize, bp: usize, n: i32, sums: usize): void {
  jointCount<Own, Own>(at, ap, bt, bp, n, sums)
}
export function andCountOver(at: usize, ap: usize, bt: usize, over: usize, n: i32, sums: usize): void {
  jointCount<Own, Over>(at, ap, bt, over, n, sums)
}
export function andCountOvers(at: usize, overA: usize, bt: usize, overB: usize, n: i32, sums: usize): void {
  jointCount<Over, Over>(at, overA, bt, overB, n, sums)
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
