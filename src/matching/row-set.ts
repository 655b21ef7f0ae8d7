/**
 * A compressed set of rows. Per 65 536 rows one container of 16-bit numbers, whichever is shortest: positions, runs, or the bits between
 * the first and the last. Laid out as: container number, kind, first, length, then `length` numbers; so that a set is one array, equal sets
 * are equal arrays, and writing it down is writing the array. Rows of one place stand together, which is why windows are short.
 */
export type RowSet = Uint16Array

const POSITIONS = 0
const RUNS = 1
const WINDOW = 2

/** Rows of one container, and its bits in 16-bit pieces. */
export const CONTAINER = 65_536
const pieces = CONTAINER / 16

/** The rows set in the containers named (in order); `bits` has 4096 pieces for each container. */
export function encodeRows(bits: Uint16Array, containers: Iterable<number>): RowSet {
  const parts: number[] = []
  for (const container of containers) encodeContainer(bits.subarray(container * pieces, (container + 1) * pieces), container, parts)
  return Uint16Array.from(parts)
}

function encodeContainer(bits: Uint16Array, container: number, parts: number[]): void {
  let first = 0
  while (first < bits.length && bits[first] === 0) first++
  if (first === bits.length) return
  let end = bits.length
  while (bits[end - 1] === 0) end--
  const { rows, runs } = measure(bits, first, end)
  const shortest = Math.min(rows, 2 * runs, end - first)
  if (shortest === end - first) {
    parts.push(container, WINDOW, first, end - first)
    for (let i = first; i < end; i++) parts.push(bits[i]!)
  } else if (shortest === rows) {
    parts.push(container, POSITIONS, 0, rows)
    for (let i = first; i < end; i++)
      for (let word = bits[i]!; word !== 0; word &= word - 1) parts.push(i * 16 + 31 - Math.clz32(word & -word))
  } else {
    parts.push(container, RUNS, 0, 2 * runs)
    pushRuns(bits, first, end, parts)
  }
}

function measure(bits: Uint16Array, first: number, end: number): { rows: number; runs: number } {
  let rows = 0
  let runs = 0
  let carry = 0
  for (let i = first; i < end; i++) {
    const word = bits[i]!
    for (let left = word; left !== 0; left &= left - 1) rows++
    for (let starts = word & ~((word << 1) | carry); starts !== 0; starts &= starts - 1) runs++
    carry = word >>> 15
  }
  return { rows, runs }
}

/** Start and length − 1, so that a full container fits. */
function pushRuns(bits: Uint16Array, first: number, end: number, parts: number[]): void {
  let start = -1
  for (let at = first * 16; at <= end * 16; at++) {
    const set = at < end * 16 && (bits[at >>> 4]! >>> (at & 15)) & 1
    if (set && start < 0) start = at
    else if (!set && start >= 0) {
      parts.push(start, at - start - 1)
      start = -1
    }
  }
}

/** Sets the bits of one container into 4096 pieces of zeros. `at`: where the container begins in the set. */
function decodeContainer(set: RowSet, at: number, bits: Uint16Array): void {
  const [kind, first, length] = [set[at + 1]!, set[at + 2]!, set[at + 3]!]
  const body = set.subarray(at + 4, at + 4 + length)
  if (kind === WINDOW) bits.set(body, first)
  else if (kind === POSITIONS) for (const row of body) bits[row >>> 4]! |= 1 << (row & 15)
  else
    for (let i = 0; i < length; i += 2) for (let row = body[i]!; row <= body[i]! + body[i + 1]!; row++) bits[row >>> 4]! |= 1 << (row & 15)
}

const scratch = new Uint16Array(pieces)

/** Rows of a set, in order. */
export function rowsIn(set: RowSet): number[] {
  const rows: number[] = []
  for (let at = 0; at < set.length; at += 4 + set[at + 3]!) {
    scratch.fill(0)
    decodeContainer(set, at, scratch)
    listBits(scratch, set[at]! * CONTAINER, rows)
  }
  return rows
}

function listBits(bits: Uint16Array, from: number, rows: number[]): void {
  for (let i = 0; i < pieces; i++)
    for (let word = bits[i]!; word !== 0; word &= word - 1) rows.push(from + i * 16 + 31 - Math.clz32(word & -word))
}

export interface RowDelta {
  added: number[]
  removed: number[]
}

const before = new Uint16Array(pieces)
const after = new Uint16Array(pieces)

/** What is in one set and not in the other. Equal sets are found equal without taking them apart. */
export function deltaOf(old: RowSet, now: RowSet): RowDelta {
  const delta: RowDelta = { added: [], removed: [] }
  if (sameNumbers(old, now)) return delta
  for (let a = 0, b = 0; a < old.length || b < now.length;) {
    const container = Math.min(old[a] ?? CONTAINER, now[b] ?? CONTAINER)
    before.fill(0)
    after.fill(0)
    if (old[a] === container) {
      decodeContainer(old, a, before)
      a += 4 + old[a + 3]!
    }
    if (now[b] === container) {
      decodeContainer(now, b, after)
      b += 4 + now[b + 3]!
    }
    for (let i = 0; i < pieces; i++) {
      const changed = before[i]! ^ after[i]!
      before[i]! &= changed
      after[i]! &= changed
    }
    listBits(after, container * CONTAINER, delta.added)
    listBits(before, container * CONTAINER, delta.removed)
  }
  return delta
}

function sameNumbers(a: Uint16Array, b: Uint16Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
