/** Conditions that are asked often are remembered as bitmaps over all rows, as far as the memory for it goes; the least asked is forgotten first. */
import { UNKNOWN, YES, type Truth } from '../core/eligibility/rule.ts'
import { CHUNK } from './arena.ts'
import { bitAt, setBit, shapeOf } from './columns.ts'
import { slotAt, type Engine } from './engine.ts'
import { scan, scanCost } from './scan.ts'
import { blocksOf, type Atom, type Source } from './source.ts'
import { unknownsOf } from './unknowns.ts'

/** Bits of `n` words from `word` on for one condition, from its cached bitmaps or by looking at the column; into `engine.out`. */
export function answer(engine: Engine, source: Source, word: number, n: number, depth: number): void {
  const { out } = engine
  source.heat += n
  // Looked at often enough: from now on it is remembered, if there is room or it saves more than what is.
  if (source.atom === undefined && (source.heat < source.wait || !remember(engine, source))) {
    const slot = slotAt(engine, depth)
    scan(engine, source, word, n, slot.t, slot.p)
    out.t = slot.t
    out.p = slot.p
    return
  }
  source.used = engine.clock
  const { t, p, over } = source.atom!
  out.t = t + word * 4
  out.p = p + word * 4
  out.over = over && over + word * 4
}

/** Questions after which what was asked long ago counts half. */
const halfLife = 8192

/** A new question begins. */
export function tick(engine: Engine): void {
  if (++engine.clock % halfLife === 0) for (const source of engine.sources.values()) source.heat /= 2
}

/** Makes the bitmaps of a condition for all rows. False when they do not fit into the budget. */
export function remember(engine: Engine, source: Source): boolean {
  if (source.atom) return true
  // Two bit planes are as quick to look at as a bitmap.
  if (source.leaf.op !== 'holds' && shapeOf(source.fact) === 'planes') return wait(source)
  const { arena, capacity } = engine.layout
  const bytes = capacity / 8
  const enough = worthFrom(scanCost(engine, source), capacity >>> 5)
  if (source.heat < enough) {
    source.wait = enough
    return false
  }
  while (engine.atoms.size > 0 && engine.atomBytes + 2 * bytes > engine.atomBudget) {
    const coldest = [...engine.atoms].reduce((a, b) => (savedBy(engine, a) <= savedBy(engine, b) ? a : b))
    // What the question at hand has already used must stay where it is.
    if (coldest.used === engine.clock || 2 * savedBy(engine, coldest) >= savedBy(engine, source)) return wait(source)
    drop(engine, coldest)
  }
  if (2 * bytes > engine.atomBudget) return wait(source)
  const over = unknownsOf(engine, source.fact)
  const atom: Atom = { t: arena.alloc(bytes), p: arena.alloc(bytes), over: 0 }
  for (let word = 0; word < capacity >>> 5; word += CHUNK >>> 5)
    scan(engine, source, word, Math.min(CHUNK >>> 5, (capacity >>> 5) - word), atom.t + word * 4, atom.p + word * 4)
  engine.atomBytes += 2 * bytes
  shareUnknowns(engine, atom, over)
  source.atom = atom
  source.used = engine.clock
  engine.atoms.add(source)
  return true
}

/** Where nothing is unknown, or just what is unknown of the fact, one bitmap will do: half the memory. */
function shareUnknowns(engine: Engine, atom: Atom, over: number): void {
  const { arena, capacity } = engine.layout
  if (!same(engine, atom.p, atom.t, atom.t)) {
    if (!same(engine, atom.p, atom.t, over)) return
    atom.over = over
  }
  arena.free(atom.p, capacity / 8)
  engine.atomBytes -= capacity / 8
  atom.p = atom.t
}

/** Is the one bitmap the other two joined? Rows to come say nothing yet: each bit of theirs is set when they come. */
function same({ layout: { arena, rows } }: Engine, joined: number, a: number, b: number): boolean {
  const { u32 } = arena
  const whole = rows >>> 5
  const differs = (word: number): number => u32[(joined >>> 2) + word]! ^ (u32[(a >>> 2) + word]! | u32[(b >>> 2) + word]!)
  for (let word = 0; word < whole; word++) if (differs(word) !== 0) return false
  return (rows & 31) === 0 || (differs(whole) & (2 ** (rows & 31) - 1)) === 0
}

/** What a remembered condition says of a row now. The first unknown of another kind parts what was shared; for that, the budget may be passed. */
export function setTruth(engine: Engine, atom: Atom, row: number, truth: Truth): void {
  const { arena } = engine.layout
  const possible = Number(truth >= UNKNOWN)
  setBit(arena.u32, atom.t, row, Number(truth === YES))
  if (atom.p === atom.t) {
    const shared = truth === YES ? 1 : atom.over === 0 ? 0 : bitAt(arena.u32, atom.over, row)
    if (shared === possible) return
    part(engine, atom)
  }
  setBit(arena.u32, atom.p, row, possible)
}

function part(engine: Engine, atom: Atom): void {
  const { arena, capacity } = engine.layout
  const p = arena.alloc(capacity / 8)
  arena.kernels.either(p, atom.t, atom.over || atom.t, capacity >>> 5)
  engine.atomBytes += capacity / 8
  atom.p = p
  atom.over = 0
}

/** Nanoseconds for a word of a remembered bitmap. */
const readCost = 1

/** Words asked for from which on it would have saved a quarter of what making it costs: looking at all rows, comparing, fresh memory. */
const worthFrom = (cost: number, words: number): number => (words / 4) * ((cost + 4) / Math.max(1e-9, cost - readCost))

/** Time that a bitmap saves, roughly, in nanoseconds; half as much is said of two. */
const savedBy = (engine: Engine, source: Source): number =>
  (source.heat * Math.max(0, scanCost(engine, source) - readCost)) / (source.atom && source.atom.t !== source.atom.p ? 2 : 1)

/** Not now; again when it has been asked twice as much. */
function wait(source: Source): false {
  source.wait = source.heat * 2
  return false
}

function drop(engine: Engine, source: Source): void {
  const { arena, capacity } = engine.layout
  for (const at of blocksOf(source.atom!)) {
    arena.free(at, capacity / 8)
    engine.atomBytes -= capacity / 8
  }
  engine.atoms.delete(source)
  source.atom = undefined
  source.wait = source.heat * 2
}
