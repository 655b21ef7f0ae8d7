/** What every kernel means, in TypeScript: the fallback where there is no SIMD, and the other side of the tests. */
import type { Kernels, Views } from './kernels.ts'

export const popcount = (word: number): number => {
  let x = word - ((word >>> 1) & 0x55555555)
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333)
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

export function plainKernels(views: Views): Kernels {
  return { ...bitmapKernels(views), ...scanKernels(views), ...runKernels(views), ...ledgerKernels(views) }
}

type And = `and${'' | 'Count'}${'' | 'Over' | 'Overs'}`
type BitmapKernels = And | 'or' | 'clear' | 'either' | 'not' | 'orAnd' | 'count' | 'planes'

const bitmapKernels = (views: Views): Pick<Kernels, BitmapKernels> => ({
  /** T = T ∧ T, P = P ∧ P. Not 0 if any P is left. */
  and: (dt, dp, at, ap, bt, bp, n) => joint(views, dt, dp, at, ap, ap, bt, bp, bp, n),
  andOver: (dt, dp, at, ap, bt, over, n) => joint(views, dt, dp, at, ap, ap, bt, bt, over, n),
  andOvers: (dt, dp, at, overA, bt, overB, n) => joint(views, dt, dp, at, at, overA, bt, bt, overB, n),
  /** T = T ∨ T, P = P ∨ P. */
  or(dt, dp, at, ap, bt, bp, n) {
    const { u32 } = views
    for (let i = 0; i < n; i++) {
      u32[(dt >>> 2) + i] = u32[(at >>> 2) + i]! | u32[(bt >>> 2) + i]!
      u32[(dp >>> 2) + i] = u32[(ap >>> 2) + i]! | u32[(bp >>> 2) + i]!
    }
  },
  clear(d, n) {
    views.u32.fill(0, d >>> 2, (d >>> 2) + n)
  },
  /** d = a ∨ b, one bitmap. */
  either(d, a, b, n) {
    const { u32 } = views
    for (let i = 0; i < n; i++) u32[(d >>> 2) + i] = u32[(a >>> 2) + i]! | u32[(b >>> 2) + i]!
  },
  /** T = ¬P, P = ¬T. */
  not(dt, dp, at, ap, n) {
    const { u32 } = views
    for (let i = 0; i < n; i++) {
      const t = u32[(at >>> 2) + i]!
      u32[(dt >>> 2) + i] = ~u32[(ap >>> 2) + i]!
      u32[(dp >>> 2) + i] = ~t
    }
  },
  /** d = d ∨ (a ∧ b), one bitmap. */
  orAnd(d, a, b, n) {
    const { u32 } = views
    for (let i = 0; i < n; i++) u32[(d >>> 2) + i]! |= u32[(a >>> 2) + i]! & u32[(b >>> 2) + i]!
  },
  count(p, n) {
    const { u32 } = views
    let total = 0
    for (let i = 0; i < n; i++) total += popcount(u32[(p >>> 2) + i]!)
    return total
  },
  andCount: (at, ap, bt, bp, n, sums) => jointCount(views, at, ap, ap, bt, bp, bp, n, sums),
  andCountOver: (at, ap, bt, over, n, sums) => jointCount(views, at, ap, ap, bt, bt, over, n, sums),
  andCountOvers: (at, overA, bt, overB, n, sums) => jointCount(views, at, at, overA, bt, bt, overB, n, sums),
  /** Values 0 to 3 as two bit planes; bit v of `yes` and of `possible` says what the value v is. */
  planes(low, high, n, yes, possible, t, p) {
    const { u32 } = views
    const select = (a: number, b: number, which: number): number =>
      (~a & ~b & -(which & 1)) | (a & ~b & -((which >> 1) & 1)) | (b & ~a & -((which >> 2) & 1)) | (a & b & -((which >> 3) & 1))
    for (let i = 0; i < n; i++) {
      const a = u32[(low >>> 2) + i]!
      const b = u32[(high >>> 2) + i]!
      u32[(t >>> 2) + i] = select(a, b, yes)
      u32[(p >>> 2) + i] = select(a, b, possible)
    }
  },
})

/** A T each, and two bitmaps that make its P. */
type Addresses = [at: number, ap: number, aOr: number, bt: number, bp: number, bOr: number, n: number]

function joint({ u32 }: Views, dt: number, dp: number, ...[at, ap, aOr, bt, bp, bOr, n]: Addresses): number {
  let seen = 0
  for (let i = 0; i < n; i++) {
    const p = (u32[(ap >>> 2) + i]! | u32[(aOr >>> 2) + i]!) & (u32[(bp >>> 2) + i]! | u32[(bOr >>> 2) + i]!)
    u32[(dt >>> 2) + i] = u32[(at >>> 2) + i]! & u32[(bt >>> 2) + i]!
    seen |= u32[(dp >>> 2) + i] = p
  }
  return seen === 0 ? 0 : 1
}

function jointCount({ u32 }: Views, ...[at, ap, aOr, bt, bp, bOr, n, sums]: [...Addresses, sums: number]): void {
  let [sure, possible] = [0, 0]
  for (let i = 0; i < n; i++) {
    sure += popcount(u32[(at >>> 2) + i]! & u32[(bt >>> 2) + i]!)
    possible += popcount((u32[(ap >>> 2) + i]! | u32[(aOr >>> 2) + i]!) & (u32[(bp >>> 2) + i]! | u32[(bOr >>> 2) + i]!))
  }
  u32[sums >>> 2] = sure
  u32[(sums >>> 2) + 1] = possible
}

const runKernels = (views: Views): Pick<Kernels, 'runs'> => ({
  /**
   * `table`: for each group `stride` numbers, where it begins in the regions. `list`: kt + kp pieces (group from, group to, least, span). The rows
   * of these groups count, of all of them those with least ≤ cell ≤ least + span, which lie together; span −1: every row. The first kt are
   * T and P, the others P.
   */
  runs(table, stride, regions, list, kt, kp, column, bytes, from, to, t, p) {
    const { u8, u16, u32 } = views
    const words = (to - from + 31) >>> 5
    for (const at of [t, p]) u32.fill(0, at >>> 2, (at >>> 2) + words)
    const cellAt = (row: number): number =>
      bytes === 1 ? u8[column + row]! : bytes === 2 ? u16[(column >>> 1) + row]! : u32[(column >>> 2) + row]!
    for (let k = 0; k < kt + kp; k++) {
      const [begin, end, least, span] = u32.subarray((list >>> 2) + 4 * k) as unknown as [number, number, number, number]
      for (let region = table >>> 2; region < (table >>> 2) + regions; region++)
        for (let row = Math.max(from, u32[region + begin * stride]!); row < Math.min(to, u32[region + end * stride]!); row++) {
          const cell = span === 0xffff_ffff ? least : cellAt(row)
          if (cell >= least && cell - least <= span) setBoth(u32, k < kt ? t : p, p, row - from)
        }
    }
  },
})

const ledgerKernels = (views: Views): Pick<Kernels, 'holders' | 'tally' | 'reach'> => ({
  /** Adds the bits of rows whose count, without sign, is at least `min`. */
  holders(rows, counts, n, first, min, t, p) {
    const { u32 } = views
    for (let i = 0; i < n; i++) if (u32[(counts >>> 2) + i]! >= min >>> 0) setBoth(u32, t, p, u32[(rows >>> 2) + i]! - first)
  },
  /** Adds counts to the bytes of their rows; 255 stands for that and more. */
  tally(rows, counts, n, first, sums) {
    const { u8, u32 } = views
    for (let i = 0; i < n; i++) {
      const at = sums + u32[(rows >>> 2) + i]! - first
      u8[at] = Math.min(255, u8[at]! + u32[(counts >>> 2) + i]!)
    }
  },
  /** Adds the bits of those rows whose sum is at least `min`, which is not 0, and sets the sum back to 0. */
  reach(rows, n, first, min, sums, t, p) {
    const { u8, u32 } = views
    for (let i = 0; i < n; i++) {
      const row = u32[(rows >>> 2) + i]! - first
      if (u8[sums + row]! >= min) setBoth(u32, t, p, row)
      u8[sums + row] = 0
    }
  },
})

function setBoth(u32: Uint32Array, t: number, p: number, row: number): void {
  u32[(t >>> 2) + (row >>> 5)]! |= 1 << (row & 31)
  u32[(p >>> 2) + (row >>> 5)]! |= 1 << (row & 31)
}

type Scans = 'range32' | 'ranges16' | 'ranges8' | 'lookup8' | 'lookup16' | 'lookup32'

function scanKernels(views: Views): Pick<Kernels, Scans> {
  return {
    /** T: low ≤ x ≤ high, both signed; P: T, or x ≤ unknown. */
    range32(column, n, low, high, unknown, t, p) {
      const x = views.i32
      scan(views, n, t, p, (row) => {
        const value = x[(column >>> 2) + row]!
        return value >= low && value <= high ? 3 : value <= unknown ? 2 : 0
      })
    },
    /** `list`: kt + kp pairs (low, span) of 16 bits. T: x − low ≤ span, without sign, for one of the first kt; P: T, or for one of the other kp. */
    ranges16(column, n, list, kt, kp, t, p) {
      scan(
        views,
        n,
        t,
        p,
        among(views, list, kt, kp, (row) => views.u16[(column >>> 1) + row]!),
      )
    },
    ranges8(column, n, list, kt, kp, t, p) {
      scan(
        views,
        n,
        t,
        p,
        among(views, list, kt, kp, (row) => views.u8[column + row]!),
      )
    },
    /** `table`: for each value eight bytes, T in the lowest bit of the first four, P in the lowest bit of the others. */
    lookup8(column, n, table, t, p) {
      scan(
        views,
        n,
        t,
        p,
        answered(views, table, (row) => views.u8[column + row]!),
      )
    },
    lookup16(column, n, table, t, p) {
      scan(
        views,
        n,
        t,
        p,
        answered(views, table, (row) => views.u16[(column >>> 1) + row]!),
      )
    },
    lookup32(column, n, table, t, p) {
      scan(
        views,
        n,
        t,
        p,
        answered(views, table, (row) => views.u32[(column >>> 2) + row]!),
      )
    },
  }
}

/** Bits of 32 rows to a word; `judge` gives T in bit 0 and P in bit 1. */
function scan({ u32 }: Views, n: number, t: number, p: number, judge: (row: number) => number): void {
  for (let i = 0; i < n; i++) {
    let yes = 0
    let possible = 0
    for (let bit = 0; bit < 32; bit++) {
      const both = judge(i * 32 + bit)
      yes |= (both & 1) << bit
      possible |= (both >> 1) << bit
    }
    u32[(t >>> 2) + i] = yes
    u32[(p >>> 2) + i] = possible
  }
}

const among =
  ({ u16 }: Views, list: number, kt: number, kp: number, value: (row: number) => number) =>
  (row: number): number => {
    const x = value(row)
    for (let k = 0; k < kt + kp; k++) {
      const low = u16[(list >>> 1) + 2 * k]!
      if (x >= low && x - low <= u16[(list >>> 1) + 2 * k + 1]!) return k < kt ? 3 : 2
    }
    return 0
  }

const answered =
  ({ u32 }: Views, table: number, value: (row: number) => number) =>
  (row: number): number => {
    const at = (table >>> 2) + 2 * value(row)
    return u32[at]! | (u32[at + 1]! << 1)
  }
