/** How each fact of the catalogue is kept, and how a value becomes a number in its column. */
import { facts as catalogue, type FactId, type Facts, type FactValue } from '../core/eligibility/facts.ts'
import type { Arena } from './arena.ts'
import { Dictionary } from './dictionary.ts'

export const factIds = Object.keys(catalogue) as FactId[]

export type Shape = 'dictionary' | 'number' | 'planes'

/** Flags, and whether there is a ledger, are two bits a row; numbers are four bytes; everything else is a number of a dictionary. */
export const shapeOf = (fact: FactId): Shape => {
  const { type } = catalogue[fact]
  return type === 'number' ? 'number' : type === 'flag' || type === 'holdings' ? 'planes' : 'dictionary'
}

export type Column =
  | { shape: 'dictionary'; fact: FactId; dictionary: Dictionary; bytes: 1 | 2 | 4; at: number }
  | { shape: 'number'; fact: FactId; at: number }
  /** Value = bit of `low` + 2 × bit of `high`, see `planeOf`. */
  | { shape: 'planes'; fact: FactId; low: number; high: number }

/** `i32` columns: not on record, on record but no number, a number that no comparison accepts; then the numbers. */
export const MISSING = -2_147_483_648
export const UNREADABLE = MISSING + 1
const NEVER = MISSING + 2
export const LEAST = MISSING + 3
export const MOST = 2_147_483_647

/**
 * A number as kept. Thresholds of rules are whole and far inside 32 bits, so rounding down and cutting off change no comparison with them.
 * +∞ and NaN satisfy no half-open range.
 */
export function encodeNumber(value: FactValue | undefined | null): number {
  if (value === undefined || value === null) return MISSING
  if (typeof value !== 'number') return UNREADABLE
  if (!(value < Infinity)) return NEVER
  return Math.max(LEAST, Math.min(MOST, Math.floor(value)))
}

/** What the four values of two planes stand for, as values that the oracle can be asked about. */
export const planeValues = (fact: FactId): readonly (FactValue | undefined)[] =>
  catalogue[fact].type === 'flag' ? [undefined, true, false, 'unreadable'] : [undefined, {}, 'unreadable', 'unreadable']

export function planeOf(fact: FactId, value: FactValue | undefined | null): number {
  if (value === undefined || value === null) return 0
  if (catalogue[fact].type === 'flag') return value === true ? 1 : value === false ? 2 : 3
  return isLedger(value) ? 1 : 2
}

export const isLedger = (value: FactValue | undefined | null): value is Readonly<Record<string, number>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !('oneOf' in value)

/** The narrowest number that holds a dictionary and what may still come to it. */
export const widthFor = (entries: number): 1 | 2 | 4 => (entries <= 224 ? 1 : entries <= 64_000 ? 2 : 4)

/** How many entries a column can number. */
export const roomOf = (bytes: 1 | 2 | 4): number => (bytes === 1 ? 256 : bytes === 2 ? 65_536 : 2 ** 32)

export function allocateColumn(arena: Arena, fact: FactId, capacity: number, dictionary = new Dictionary(fact)): Column {
  const shape = shapeOf(fact)
  if (shape === 'planes') return { shape, fact, low: arena.alloc(capacity / 8), high: arena.alloc(capacity / 8) }
  if (shape === 'number') {
    const at = arena.alloc(capacity * 4)
    arena.i32.fill(MISSING, at >>> 2, (at >>> 2) + capacity)
    return { shape, fact, at }
  }
  const bytes = widthFor(dictionary.entries.length)
  return { shape, fact, dictionary, bytes, at: arena.alloc(capacity * bytes) }
}

/** What stands in a row: a number of the dictionary, the number kept, or the value of the planes. */
export function readCell({ u8, u16, u32, i32 }: Arena, column: Column, row: number): number {
  if (column.shape === 'number') return i32[(column.at >>> 2) + row]!
  if (column.shape === 'planes') return bitAt(u32, column.low, row) | (bitAt(u32, column.high, row) << 1)
  return column.bytes === 1 ? u8[column.at + row]! : column.bytes === 2 ? u16[(column.at >>> 1) + row]! : u32[(column.at >>> 2) + row]!
}

export function writeCell(arena: Arena, column: Column, row: number, cell: number): void {
  if (column.shape === 'number') arena.i32[(column.at >>> 2) + row] = cell
  else if (column.shape === 'planes') {
    setBit(arena.u32, column.low, row, cell & 1)
    setBit(arena.u32, column.high, row, cell >> 1)
  } else if (column.bytes === 1) arena.u8[column.at + row] = cell
  else if (column.bytes === 2) arena.u16[(column.at >>> 1) + row] = cell
  else arena.u32[(column.at >>> 2) + row] = cell
}

export const bitAt = (u32: Uint32Array, at: number, row: number): number => (u32[(at >>> 2) + (row >>> 5)]! >>> (row & 31)) & 1

export function setBit(u32: Uint32Array, at: number, row: number, bit: number): void {
  const word = (at >>> 2) + (row >>> 5)
  if (bit) u32[word]! |= 1 << (row & 31)
  else u32[word]! &= ~(1 << (row & 31))
}

/** The cell of a value in this column; may add an entry to its dictionary. */
export const encode = (column: Column, facts: Facts): number => {
  const value = facts[column.fact]
  if (column.shape === 'number') return encodeNumber(value)
  return column.shape === 'planes' ? planeOf(column.fact, value) : column.dictionary.idOf(value)
}

/** A value that every rule answers as it answers the one that was put in; exact but for what `encodeNumber` and the planes leave out. */
export function decode(column: Column, cell: number): FactValue | undefined {
  if (column.shape === 'dictionary') return column.dictionary.entries[cell]
  if (column.shape === 'planes') return planeValues(column.fact)[cell]
  return cell === MISSING ? undefined : cell === UNREADABLE ? 'unreadable' : cell === NEVER ? Infinity : cell
}
