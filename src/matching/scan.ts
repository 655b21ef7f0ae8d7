/** One condition over one column: which rows satisfy it for sure (T), and which may (P = T or unknown). */
import { UNKNOWN, YES, type Leaf } from '../core/eligibility/rule.ts'
import { CHUNK } from './arena.ts'
import { LEAST, MOST, planeValues, UNREADABLE, type Column } from './columns.ts'
import type { Engine } from './engine.ts'
import { bytesOf, divisionsOf, makeRuns, markRuns, regionsBetween, runsCost } from './industry.ts'
import { markHolders, wantedKinds } from './ledger.ts'
import { truthsInTime, type Source } from './source.ts'
import { rangesOf } from './truths.ts'

/** Looks at `n` words of rows (at most a chunk) and writes both bitmaps. The column must exist. */
export function scan(engine: Engine, source: Source, word: number, n: number, t: number, p: number): void {
  const { arena, columns } = engine.layout
  const column = columns[source.fact]!
  if (column.shape === 'number') scanNumbers(engine, source, column.at + word * 128, n, t, p)
  else if (column.shape === 'dictionary') scanDictionary(engine, source, column, word, n, t, p)
  else if (source.leaf.op === 'holds') scanLedger(engine, source, column, word, n, t, p)
  else {
    const truths = (source.truths ??= Uint8Array.from(planeValues(source.fact), (value) => source.judge({ [source.fact]: value })))
    const mask = (least: number): number => truths.reduce<number>((bits, truth, value) => bits | (Number(truth >= least) << value), 0)
    arena.kernels.planes(column.low + word * 4, column.high + word * 4, n, mask(YES), mask(UNKNOWN), t, p)
  }
}

/** Nanoseconds for a word, roughly, as measured on one machine: good enough to say which of two conditions is the dearer one. */
export function scanCost(engine: Engine, source: Source): number {
  const { ledger, columns, base, regionStart } = engine.layout
  if (source.leaf.op === 'holds') {
    const entries = (source.wanted ??= wantedKinds(ledger, source.leaf.kinds)).reduce(
      (sum, { k }) => sum + ledger.start[k + 1]! - ledger.start[k]!,
      0,
    )
    return 2 + ((entries * 32) / Math.max(1, base)) * (source.wanted.length === 1 || source.leaf.min === 1 ? 1.5 : 4)
  }
  const shape = columns[source.fact]?.shape
  const chunks = Math.max(1, base / CHUNK)
  const inOrder = source.runs ? runsCost(source.runs, regionStart.length / chunks) / (CHUNK / 32) : Infinity
  if (inOrder < rangesCost(source)) return inOrder
  return shape === 'number' ? 11 : shape === 'planes' ? 1 : rangesCost(source)
}

/** Comparing with a few ranges, or looking each row up. */
const rangesCost = ({ list, ranges }: Source): number => (list === 0 ? 24 : 4 + 1.4 * (ranges.yes.length + ranges.unknown.length))

function scanNumbers({ layout: { arena } }: Engine, { leaf }: Source, at: number, n: number, t: number, p: number): void {
  if (leaf.op === 'range') {
    const low = leaf.gte === undefined ? LEAST : Math.max(LEAST, Math.ceil(leaf.gte))
    const high = leaf.lt === undefined ? MOST : Math.min(MOST, Math.ceil(leaf.lt) - 1)
    arena.kernels.range32(at, n, Math.min(low, MOST), Math.max(high, LEAST - 1), UNREADABLE, t, p)
  } else {
    // `known`: two-valued.
    arena.kernels.range32(at, n, UNREADABLE, MOST, UNREADABLE, t, p)
    arena.u8.copyWithin(p, t, t + n * 4)
  }
}

type DictionaryColumn = Column & { shape: 'dictionary' }

function scanDictionary(engine: Engine, source: Source, column: DictionaryColumn, word: number, n: number, t: number, p: number): void {
  const { kernels } = engine.layout.arena
  const at = column.at + word * 32 * column.bytes
  if (source.listed !== column.dictionary.entries.length) learn(engine, source, column)
  if (source.fact === 'industry' && scanRuns(engine, source, word, n, t, p)) return
  if (source.list !== 0) {
    const scanRanges = column.bytes === 1 ? kernels.ranges8 : kernels.ranges16
    return scanRanges(at, n, source.list, source.yes, source.unknown, t, p)
  }
  layTable(engine, source)
  const look = column.bytes === 1 ? kernels.lookup8 : column.bytes === 2 ? kernels.lookup16 : kernels.lookup32
  look(at, n, engine.table.at, t, p)
}

/** Up to so many ranges, comparing 16 rows at a time beats looking each up. */
const fewRanges = 6

/** From the order of the rows, where that is quicker; false where it is not. */
function scanRuns(engine: Engine, source: Source, word: number, n: number, t: number, p: number): boolean {
  const { layout } = engine
  const from = word * 32
  const to = Math.min(from + n * 32, layout.base)
  // Rows of the tail are in no order.
  if (from >= to || (layout.rows > layout.base && from + n * 32 > layout.base)) return false
  const divisions = divisionsOf(layout)
  if (!divisions) return false
  const runs = (source.runs ??= makeRuns(layout.arena, divisions, source.ranges.yes, source.ranges.unknown))
  const regions = regionsBetween(layout.regionStart, from, to)
  if (runsCost(runs, regions[1] - regions[0]) > n * rangesCost(source)) return false
  markRuns(layout, divisions, runs, regions, { from, to }, t, p)
  return true
}

/** The truths of entries that are new. */
function learn(engine: Engine, source: Source, { dictionary, bytes }: DictionaryColumn): void {
  source.truths = truthsInTime(source, dictionary, engine.setting)
  if (engine.table.owner === source) engine.table.owner = undefined
  source.listed = source.truths.length
  const { arena } = engine.layout
  const { yes, unknown } = (source.ranges = rangesOf(source.truths))
  if (source.runs) arena.free(source.runs.at, bytesOf(source.runs))
  source.runs = undefined
  if (bytes === 4 || yes.length + unknown.length > fewRanges) {
    if (source.list !== 0) arena.free(source.list, 64)
    return void (source.list = 0)
  }
  source.list ||= arena.alloc(64)
  source.yes = yes.length
  source.unknown = unknown.length
  ;[...yes, ...unknown].forEach(([low, high], i) => {
    arena.u16[(source.list >>> 1) + 2 * i] = low
    arena.u16[(source.list >>> 1) + 2 * i + 1] = high - low
  })
}

function layTable(engine: Engine, source: Source): void {
  const { table, layout } = engine
  const { arena } = layout
  const truths = source.truths!
  if (table.owner === source) return
  if (table.entries < truths.length) {
    if (table.at !== 0) arena.free(table.at, table.entries * 8)
    table.entries = Math.max(4096, truths.length * 2)
    table.at = arena.alloc(table.entries * 8)
  }
  const { u32 } = arena
  for (let id = 0, at = table.at >>> 2; id < truths.length; id++, at += 2) {
    u32[at] = truths[id]! >> 1
    u32[at + 1] = truths[id] === 0 ? 0 : 1
  }
  table.owner = source
}

type PlanesColumn = Column & { shape: 'planes' }

/** Rows without a readable ledger are unknown; the others hold nothing until it is found that they do. */
function scanLedger(engine: Engine, source: Source, column: PlanesColumn, word: number, n: number, t: number, p: number): void {
  const { arena, ledger, base, rows } = engine.layout
  const leaf = source.leaf as Leaf & { op: 'holds' }
  const enough = leaf.min <= 0
  arena.kernels.planes(column.low + word * 4, column.high + word * 4, n, enough ? 0b0010 : 0, enough ? 0b1111 : 0b1101, t, p)
  if (enough) return
  source.wanted ??= wantedKinds(ledger, leaf.kinds)
  const from = word * 32
  if (from < base)
    markHolders(ledger, source.wanted, leaf.min, from, Math.min(base, from + n * 32), { arena, first: from, t, p, sums: engine.sums })
  const { u32 } = arena
  for (let row = Math.max(from, base); row < Math.min(rows, from + n * 32); row++) {
    const holdings = ledger.tail[row - base]
    const truth = holdings ? source.judge({ instruments: holdings }) : 0
    const at = (row - from) >>> 5
    if (truth !== 0) u32[(p >>> 2) + at]! |= 1 << (row & 31)
    if (truth === YES) u32[(t >>> 2) + at]! |= 1 << (row & 31)
  }
}
