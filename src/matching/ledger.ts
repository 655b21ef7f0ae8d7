/**
 * Holdings of instruments, kept by kind: for each kind the rows that hold it, in order, with their counts. A condition asks about few kinds
 * and touches nothing else. Rows that came after the last compaction keep their ledgers as they are.
 */
import { compareCode } from '../core/eligibility/codes.ts'
import { NO, YES, type Truth } from '../core/eligibility/rule.ts'
import type { Arena } from './arena.ts'

export type Holdings = Readonly<Record<string, number>>

export interface Ledger {
  kinds: readonly string[]
  /** Holdings of kind k are those from `start[k]` to `start[k + 1]`. */
  start: Uint32Array
  /** In the memory of the kernels, as the counts. */
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

/** Room for numbers in the memory of the kernels: their address is the offset of the view. */
export function numbersIn(arena: Arena, length: number): Uint32Array {
  const at = arena.alloc(length * 4)
  return arena.u32.subarray(at >>> 2, (at >>> 2) + length)
}

/** `place[row]`: where a row of the entries has gone. */
export function sortLedger(arena: Arena, { kinds, rows, kind, counts, length }: Entries, place: ArrayLike<number>, base: number): Ledger {
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
  const sorted: Ledger = { kinds, start, rows: numbersIn(arena, length), counts: numbersIn(arena, length), tail: [] }
  for (let at = 0; at < length; at++) {
    const i = byRow[at]!
    const to = next[kind[i]!]!++
    sorted.rows[to] = place[rows[i]!]!
    sorted.counts[to] = counts[i]!
  }
  return sorted
}

/** The first place from `from` to `to` whose number is not below `row`. */
export function firstRow(rows: ArrayLike<number>, from: number, to: number, row: number): number {
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

/** Where the bits of a chunk go, and room for a sum a row (`CHUNK` bytes of zeros, left so). T and P begin at the word of the row `first`. */
export interface Marks {
  arena: Arena
  first: number
  t: number
  p: number
  sums: number
}

/** A sum is kept in a byte. */
const mostSum = 255

/** Sets the bits of the sorted rows from `from` to `to` (at most a chunk) that hold `min` of the kinds. */
export function markHolders(ledger: Ledger, wanted: readonly Wanted[], min: number, from: number, to: number, marks: Marks): void {
  const { arena, first, t, p } = marks
  const { kernels } = arena
  const spans = wanted.map((each) => {
    const [begin, end] = [ledger.start[each.k]!, ledger.start[each.k + 1]!]
    const low = firstRow(ledger.rows, begin, end, from)
    const high = firstRow(ledger.rows, low, end, to)
    return { ...each, low, high, rows: ledger.rows.byteOffset + low * 4, counts: ledger.counts.byteOffset + low * 4, n: high - low }
  })
  if (spans.length === 1 || min === 1) {
    for (const { rows, counts, n, sure } of spans) kernels.holders(rows, counts, n, first, min, sure ? t : p, p)
    return
  }
  if (min > mostSum) return markLarge(ledger, spans, min, marks)
  const reached = (those: typeof spans, to: number, and: number): void => {
    for (const { rows, counts, n } of those) kernels.tally(rows, counts, n, first, marks.sums)
    for (const { rows, n } of those) kernels.reach(rows, n, first, min, marks.sums, to, and)
  }
  const sure = spans.filter((span) => span.sure)
  if (sure.length === spans.length) return reached(spans, t, p)
  reached(spans, p, p)
  reached(sure, t, t)
}

/** Sums that no byte holds. Nobody asks for them but by mistake, so they need not be quick. */
function markLarge(
  { rows, counts }: Ledger,
  spans: readonly { low: number; high: number; sure: boolean }[],
  min: number,
  { arena, first, t, p }: Marks,
): void {
  const sums = new Map<number, { possible: number; sure: number; at: number }>()
  for (const { low, high, sure } of spans)
    for (let i = low; i < high; i++) {
      const sum = sums.get(rows[i]!) ?? { possible: 0, sure: 0, at: rows.byteOffset + i * 4 }
      sum.possible += counts[i]!
      if (sure) sum.sure += counts[i]!
      sums.set(rows[i]!, sum)
    }
  // At least 0 of anything: the kernel only sets the bit.
  for (const { possible, sure, at } of sums.values())
    if (possible >= min) arena.kernels.holders(at, at, 1, first, 0, sure >= min ? t : p, p)
}
