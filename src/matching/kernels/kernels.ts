/** The loops that the engine spends its time in, and the memory that they see. */

export type KernelKind = 'simd' | 'plain'

/**
 * All arguments but `n`, counts and thresholds are byte addresses, at multiples of 4. `n` counts 32-bit words; `t` and `p` are where
 * the bits "definitely" and "possibly" go. A destination may be a source. See `plain.ts` for what each one does.
 */
export interface Kernels {
  and(dt: number, dp: number, at: number, ap: number, bt: number, bp: number, n: number): number
  /** The second P is what lies at `over`, or the second T. */
  andOver(dt: number, dp: number, at: number, ap: number, bt: number, over: number, n: number): number
  /** Each P is what lies at its `over`, or its T. */
  andOvers(dt: number, dp: number, at: number, overA: number, bt: number, overB: number, n: number): number
  or(dt: number, dp: number, at: number, ap: number, bt: number, bp: number, n: number): void
  /** Far quicker than `fill`, which is slow on shared memory. */
  clear(d: number, n: number): void
  /** One bitmap: d = a ∨ b. */
  either(d: number, a: number, b: number, n: number): void
  not(dt: number, dp: number, at: number, ap: number, n: number): void
  orAnd(d: number, a: number, b: number, n: number): void
  count(p: number, n: number): number
  /** What `and` would leave is counted and not kept: T in the word at `sums`, P in the next. */
  andCount(at: number, ap: number, bt: number, bp: number, n: number, sums: number): void
  andCountOver(at: number, ap: number, bt: number, over: number, n: number, sums: number): void
  andCountOvers(at: number, overA: number, bt: number, overB: number, n: number, sums: number): void
  range32(column: number, n: number, low: number, high: number, unknown: number, t: number, p: number): void
  ranges16(column: number, n: number, list: number, kt: number, kp: number, t: number, p: number): void
  ranges8(column: number, n: number, list: number, kt: number, kp: number, t: number, p: number): void
  lookup8(column: number, n: number, table: number, t: number, p: number): void
  lookup16(column: number, n: number, table: number, t: number, p: number): void
  lookup32(column: number, n: number, table: number, t: number, p: number): void
  planes(low: number, high: number, n: number, yes: number, possible: number, t: number, p: number): void
  /** Bits of the rows `from`, a multiple of 32, to `to`, as the pieces at `list` say of the regions at `table`. */
  runs(
    table: number,
    stride: number,
    regions: number,
    list: number,
    kt: number,
    kp: number,
    column: number,
    bytes: number,
    from: number,
    to: number,
    t: number,
    p: number,
  ): void
  /** The last three go over lists of rows in order: `n` counts entries, `first` is the row of the first bit or sum. */
  holders(rows: number, counts: number, n: number, first: number, min: number, t: number, p: number): void
  tally(rows: number, counts: number, n: number, first: number, sums: number): void
  reach(rows: number, n: number, first: number, min: number, sums: number, t: number, p: number): void
}

/** Of the whole memory; replaced when it grows. */
export interface Views {
  u8: Uint8Array
  u16: Uint16Array
  u32: Uint32Array
  i32: Int32Array
}
