/**
 * Changes between two compactions. What does not move a row is written in place, and the cached bitmaps of the facts that changed are
 * mended bit by bit. A row that moves (another region, industry or ledger) dies and comes again in the tail.
 */
import type { FactId, Facts } from '../core/eligibility/facts.ts'
import { setTruth } from './atoms.ts'
import { allocateColumn, bitAt, encode, factIds, isLedger, planeOf, readCell, roomOf, setBit, writeCell, type Column } from './columns.ts'
import { forget, type Engine } from './engine.ts'
import { checkHoldings, checkKey } from './gather.ts'
import { rowOf, type KeyIndex } from './key-index.ts'
import type { Layout } from './layout.ts'
import { holdingsOf, type Holdings } from './ledger.ts'
import { noteUnknown } from './unknowns.ts'

/** All that is on record of an enterprise now, or that it is not there any more. */
export type Change = { key: number; facts: Facts } | { key: number; gone: true }

/** Throws before anything is written if one of the changes cannot be kept. */
export function checkChanges(changes: readonly Change[]): void {
  for (const change of changes) {
    checkKey(change.key)
    if ('facts' in change && isLedger(change.facts.instruments)) checkHoldings(change.key, change.facts.instruments)
  }
}

export const isTailFull = ({ rows, capacity }: Layout): boolean => rows === capacity

/** False if the change needs a row and the tail has none: compact, and try again. */
export function applyChange(engine: Engine, index: KeyIndex, change: Change): boolean {
  const { layout } = engine
  const row = rowOf(layout, index, change.key)
  if ('gone' in change) {
    if (row >= 0) bury(layout, index, change.key, row)
    return true
  }
  if (row >= 0 && staysInPlace(layout, row, change.facts)) {
    rewrite(engine, row, change.facts)
    return true
  }
  if (isTailFull(layout)) return false
  if (row >= 0) bury(layout, index, change.key, row)
  append(engine, index, change.key, change.facts)
  return true
}

function bury(layout: Layout, index: KeyIndex, key: number, row: number): void {
  setBit(layout.arena.u32, layout.live, row, 0)
  layout.dead++
  index.since.set(key, -1)
}

/** Rows of the tail are in no order, so they stay whatever changes. */
function staysInPlace(layout: Layout, row: number, facts: Facts): boolean {
  const { columns, base, ledger } = layout
  if (row >= base) return true
  for (const fact of ['region', 'industry'] as const) {
    const column = columns[fact]
    if (column ? readCell(layout.arena, column, row) !== encode(column, facts) : (facts[fact] ?? undefined) !== undefined) return false
  }
  return sameHoldings(holdingsOf(ledger, row), isLedger(facts.instruments) ? facts.instruments : {})
}

const sameHoldings = (a: Holdings, b: Holdings): boolean => {
  const kinds = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...kinds].every((kind) => (a[kind] ?? 0) === (b[kind] ?? 0))
}

function rewrite(engine: Engine, row: number, facts: Facts): void {
  const { layout } = engine
  for (const fact of factIds) {
    const column = columnFor(engine, fact, facts)
    if (!column) continue
    const cell = encode(column, facts)
    if (cell === readCell(layout.arena, widened(engine, column, cell), row) && fact !== 'instruments') continue
    writeCell(layout.arena, column, row, cell)
    if (fact === 'instruments' && row >= layout.base) keepLedger(layout, row, facts)
    mend(engine, row, facts, fact)
  }
}

function append(engine: Engine, index: KeyIndex, key: number, facts: Facts): void {
  const { layout } = engine
  const row = layout.rows++
  layout.arena.u32[(layout.keys >>> 2) + row] = key
  setBit(layout.arena.u32, layout.live, row, 1)
  index.since.set(key, row)
  for (const fact of factIds) {
    const column = columnFor(engine, fact, facts)
    if (!column) continue
    const cell = encode(column, facts)
    writeCell(layout.arena, widened(engine, column, cell), row, cell)
  }
  keepLedger(layout, row, facts)
  mend(engine, row, facts)
}

function keepLedger({ ledger, base }: Layout, row: number, { instruments }: Facts): void {
  ledger.tail[row - base] = planeOf('instruments', instruments) === 1 ? (instruments as Holdings) : undefined
}

/** The column of a fact; made now if this is the first value anybody has on record. */
function columnFor(engine: Engine, fact: FactId, facts: Facts): Column | undefined {
  const { columns, arena, capacity } = engine.layout
  if (!columns[fact] && facts[fact] !== undefined && facts[fact] !== null) {
    columns[fact] = allocateColumn(arena, fact, capacity)
    forget(engine, fact)
  }
  return columns[fact]
}

/** A column of numbers that have become too large for it gets wider ones. */
function widened({ layout: { arena, capacity } }: Engine, column: Column, cell: number): Column {
  if (column.shape !== 'dictionary' || cell < roomOf(column.bytes)) return column
  const from =
    column.bytes === 1 ? arena.u8.slice(column.at, column.at + capacity) : arena.u16.slice(column.at >>> 1, (column.at >>> 1) + capacity)
  arena.free(column.at, capacity * column.bytes)
  column.bytes = column.bytes === 1 ? 2 : 4
  column.at = arena.alloc(capacity * column.bytes)
  if (column.bytes === 2) arena.u16.set(from, column.at >>> 1)
  else arena.u32.set(from, column.at >>> 2)
  return column
}

/** Asks every remembered condition (on one fact, or all of them) about a row again. */
function mend(engine: Engine, row: number, facts: Facts, fact?: FactId): void {
  for (const each of fact === undefined ? engine.unknowns.keys() : [fact]) noteUnknown(engine, each, row)
  for (const source of engine.atoms)
    if (fact === undefined || source.fact === fact) setTruth(engine, source.atom!, row, source.judge(facts))
}

export const isLive = (layout: Layout, row: number): boolean => bitAt(layout.arena.u32, layout.live, row) === 1
