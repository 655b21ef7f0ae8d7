/**
 * Holdings of instruments, kept by kind: for each kind the rows that hold it, in order, with their counts. A condition asks about few kinds
 * and touches nothing else. Rows that came after the last compaction keep their ledgers as they are.
 */
import { compareCode } from '../core/eligibility/codes.ts'
import { NO, YES, type Truth } from '../core/eligibility/rule.ts'

export type Holdings = Readonly<Record<string, number>>

export interface Ledger {
  kinds: readonly string[]
  /** Holdings of kind k are those from `start[k]` to `start[k + 1]`. */
  start: Uint32Array
  rows: Uint32Array
  counts: Uint32Array
  /** By row minus the number of sorted rows. */
  tail: (Holdings | undefined)[]
}

/** One entry of one ledger, as gathered: in any order. */
export interface Entries {
  kinds: readonly string[]
  rows: ArrayLike<number>
  kind: ArrayLike<number>
  counts: ArrayLike<number>
  length: number
}

/** `place[row]`: where a row of the entries has gone. */
export function sortLedger({ kinds, rows, kind, counts, length }: Entries, place: ArrayLike<number>, base: number): Ledger {
  // Rows in order first, then kinds: counting sorts keep what is equal in order.
  const perRow = new Uint32Array(base + 1)
  for (let i = 0; i < length; i++) perRow[place[rows[i]!]! + 1]!++
  for (let r = 0; r < base; r++) perRow[r + 1]! += perRow[r]!
  const byRow = new Uint32Array(length)
  for (let i = 0; i < length; i++) byRow[perRow[place[rows[i]!]!]!++] = i
  const start = new Uint32Array(kinds.length + 1)
  for (let i = 0; i < length; i++) start[kind[i]! + 1]!++
  for (let k = 0; k < kinds.length; k++) start[k + 1]! += start[k]!
  const next = start.slice()
  const sorted: Ledger = { kinds, start, rows: new Uint32Array(length), counts: new Uint32Array(length), tail: [] }
  for (const i of byRow) {
    const to = next[kind[i]!]!++
    sorted.rows[to] = place[rows[i]!]!
    sorted.counts[to] = counts[i]!
  }
  return sorted
}

/** The first of the rows from `from` to `to` that is not before `row`. */
export function firstRow(rows: Uint32Array, from: number, to: number, row: number): number {
  while (from < to) {
    const middle = (from + to) >>> 1
    if (rows[middle]! < row) from = middle + 1
    else to = middle
  }
  return from
}

/** What a sorted row holds; `{}` for a row without holdings, whether its ledger is on record or not. */
export function holdingsOf({ kinds, start, rows, counts }: Ledger, row: number): Holdings {
  const held: Record<string, number> = {}
  kinds.forEach((kind, k) => {
    const at = firstRow(rows, start[k]!, start[k + 1]!, row)
    if (at < start[k + 1]! && rows[at] === row) held[kind] = counts[at]!
  })
  return held
}

/** Kinds of the ledger that a condition is about, and whether they count for sure. */
export interface Wanted {
  k: number
  sure: boolean
}

export const wantedKinds = (ledger: Ledger, kinds: readonly string[]): Wanted[] =>
  ledger.kinds.flatMap((held, k) => {
    const best = kinds.reduce<Truth>((most, kind) => Math.max(most, compareCode(held, kind)) as Truth, NO)
    return best === NO ? [] : [{ k, sure: best === YES }]
  })

const sure = new Float64Array(32_768)
const possible = new Float64Array(32_768)

/** Sets the bits of the sorted rows from `from` to `to` (at most 32 768) that hold `min` of the kinds. T and P begin at the word of `from`. */
export function markHolders(
  ledger: Ledger,
  wanted: readonly Wanted[],
  min: number,
  from: number,
  to: number,
  bits: { u32: Uint32Array; t: number; p: number },
): void {
  const first = from & ~31
  const mark = (at: number, row: number): void => void (bits.u32[(at >>> 2) + ((row - first) >>> 5)]! |= 1 << (row & 31))
  const spans = wanted.map((each) => {
    const [begin, end] = [ledger.start[each.k]!, ledger.start[each.k + 1]!]
    const low = firstRow(ledger.rows, begin, end, from)
    return { ...each, low, high: firstRow(ledger.rows, low, end, to) }
  })
  const { rows, counts } = ledger
  if (spans.length === 1 || min === 1) {
    for (const span of spans)
      for (let i = span.low; i < span.high; i++)
        if (counts[i]! >= min) {
          mark(bits.p, rows[i]!)
          if (span.sure) mark(bits.t, rows[i]!)
        }
    return
  }
  for (const span of spans)
    for (let i = span.low; i < span.high; i++) {
      possible[rows[i]! - first]! += counts[i]!
      if (span.sure) sure[rows[i]! - first]! += counts[i]!
    }
  for (const span of spans)
    for (let i = span.low; i < span.high; i++) {
      const row = rows[i]!
      if (possible[row - first]! >= min) mark(bits.p, row)
      if (sure[row - first]! >= min) mark(bits.t, row)
    }
  for (const span of spans) for (let i = span.low; i < span.high; i++) possible[rows[i]! - first] = sure[rows[i]! - first] = 0
}
