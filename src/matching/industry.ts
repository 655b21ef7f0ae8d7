/**
 * Conditions on the industry, answered from the order of rows: within a region rows are sorted by the number of their industry, those
 * without one last. A table says where in each region each division begins, so that a condition on whole divisions or sections is a few
 * runs a region, and only for one on classes within a division their ends are looked for among the rows of this division.
 */
import type { Arena } from './arena.ts'
import type { Column } from './columns.ts'
import { firstRow } from './ledger.ts'
import type { Divisions, Layout } from './layout.ts'

type DictionaryColumn = Column & { shape: 'dictionary' }

/** Ranges of numbers, both ends included, in order. */
export type Ranges = readonly (readonly [low: number, high: number])[]

/** A condition as pieces for the kernel; `looked`: how many of them are parts of a group, whose ends are looked for. */
export interface Runs {
  at: number
  yes: number
  unknown: number
  looked: number
}

/** The letter of the section and the two digits of the division. */
const divisionDigits = 3

/** Bytes a row that the table may take: where regions have few rows, reading the column is as quick. */
const mostBytes = 2

/** Undefined where the table would be large for what it saves. */
export function divisionsOf(layout: Layout): Divisions | undefined {
  if (layout.divisions === undefined) layout.divisions = makeDivisions(layout) ?? null
  return layout.divisions ?? undefined
}

function makeDivisions({ arena, base, regionStart, columns }: Layout): Divisions | undefined {
  const column = columns.industry
  if (column?.shape !== 'dictionary') return undefined
  const { prefixes, entries } = column.dictionary
  const nameOf = (id: number): string | undefined => prefixes[id - 1]?.slice(0, divisionDigits)
  const first: number[] = []
  for (let id = 1; id < entries.length; id++) if (id === 1 || nameOf(id) !== nameOf(id - 1)) first.push(id)
  const groups = first.length
  first.push(entries.length)
  const stride = regionStart.length
  const numbers = stride * (groups + 2)
  if (numbers * 4 > base * mostBytes) return undefined
  const groupOf = new Uint16Array(entries.length).fill(groups)
  for (let g = 0; g < groups; g++) groupOf.fill(g, first[g], first[g + 1])
  const at = arena.alloc(numbers * 4)
  const starts = arena.u32.subarray(at >>> 2, (at >>> 2) + numbers)
  const cells = cellsOf(arena, column)
  // The first number of `regionStart` stands for rows without a region, which come last.
  for (let i = 1; i < stride; i++) {
    const [from, to] = regionRows(regionStart, i, base)
    for (let g = 0, row = from; g < groups + 2; g++) {
      starts[g * stride + i] = row
      while (row < to && groupOf[cells[row]!] === g) row++
    }
  }
  return { at, stride, first }
}

const regionRows = (regionStart: Uint32Array, i: number, base: number): [from: number, to: number] => [
  regionStart[i]!,
  i + 1 < regionStart.length ? regionStart[i + 1]! : base,
]

const cellsOf = ({ u8, u16, u32 }: Arena, { at, bytes }: DictionaryColumn): Uint8Array | Uint16Array | Uint32Array =>
  bytes === 1 ? u8.subarray(at) : bytes === 2 ? u16.subarray(at >>> 1) : u32.subarray(at >>> 2)

/** Bytes of one piece: groups from and to, the least number and how many more; see the kernel `runs`. */
const pieceBytes = 16

/** Makes room for the pieces in the arena: free `bytesOf(runs)` at `at`. */
export function makeRuns(arena: Arena, { first }: Divisions, yes: Ranges, unknown: Ranges): Runs {
  const pieces = [yes, unknown].map((ranges) => ranges.flatMap(([low, high]) => piecesOf(first, low, high)))
  const all = pieces.flat()
  const at = arena.alloc(all.length * pieceBytes)
  all.forEach((piece, i) => arena.u32.set(piece, (at + i * pieceBytes) >>> 2))
  const looked = all.filter(([, , , span]) => span !== whole).length
  return { at, yes: pieces[0]!.length, unknown: pieces[1]!.length, looked }
}

export const bytesOf = ({ yes, unknown }: Runs): number => (yes + unknown) * pieceBytes

type Piece = [from: number, to: number, least: number, span: number]
const whole = 0xffff_ffff

/** Numbers `low` to `high`: whole groups as one piece, what is left at either end as one piece each. Numbers that came later are in no run. */
function piecesOf(first: readonly number[], low: number, high: number): Piece[] {
  const groups = first.length - 1
  if (low === 0) return [[groups, groups + 1, 0, whole], ...(high > 0 ? piecesOf(first, 1, high) : [])]
  const last = Math.min(high, first[groups]! - 1)
  if (last < low) return []
  const groupAt = (id: number): number => firstRow(first, 0, groups, id + 1) - 1
  const [from, to] = [groupAt(low), groupAt(last)]
  const startsWhole = first[from] === low
  const endsWhole = first[to + 1] === last + 1
  if (from === to && !(startsWhole && endsWhole)) return [[from, from + 1, low, last - low]]
  const pieces: Piece[] = []
  if (!startsWhole) pieces.push([from, from + 1, low, first[from + 1]! - 1 - low])
  const [begin, end] = [startsWhole ? from : from + 1, endsWhole ? to + 1 : to]
  if (begin < end) pieces.push([begin, end, 0, whole])
  if (!endsWhole) pieces.push([to, to + 1, first[to]!, last - first[to]!])
  return pieces
}

/** The regions that have rows from `from` to `to`, as places in the table. Starts 1 … are in order; of several that are equal the last one has rows. */
export function regionsBetween(regionStart: Uint32Array, from: number, to: number): [first: number, end: number] {
  const regionAt = (row: number): number => firstRow(regionStart, 1, regionStart.length, row + 1) - 1
  return [regionAt(from), regionAt(to - 1) + 1]
}

/** Nanoseconds for a chunk, roughly: beginning, a piece in a region, and one whose ends have to be looked for. */
export const runsCost = ({ yes, unknown, looked }: Runs, regions: number): number => 800 + regions * (6 * (yes + unknown) + 20 * looked)

/** Sets the bits of rows `from` to `to`, all sorted ones, in bitmaps that begin at the word of `from`, a multiple of 32. */
export function markRuns(
  { arena, columns }: Layout,
  { at, stride }: Divisions,
  runs: Runs,
  [region, end]: readonly [first: number, end: number],
  rows: { from: number; to: number },
  t: number,
  p: number,
): void {
  const column = columns.industry as DictionaryColumn
  const first = at + region * 4
  arena.kernels.runs(first, stride, end - region, runs.at, runs.yes, runs.unknown, column.at, column.bytes, rows.from, rows.to, t, p)
}
