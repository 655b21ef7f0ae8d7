/** Conditions that are asked often are remembered as bitmaps over all rows, as far as the memory for it goes; the least asked is forgotten first. */
import { CHUNK } from './arena.ts'
import { shapeOf } from './columns.ts'
import { slotAt, type Engine } from './engine.ts'
import { scan } from './scan.ts'
import type { Source } from './source.ts'

/** Bits of `n` words from `word` on for one condition, from its cached bitmaps or by looking at the column; into `engine.out`. */
export function answer(engine: Engine, source: Source, word: number, n: number, depth: number): void {
  const { out } = engine
  source.heat += n
  // Looked through as often as the whole column: from now on it is remembered, if it is asked more than what is.
  if (source.atom === undefined && (source.heat < source.wait || !remember(engine, source))) {
    const slot = slotAt(engine, depth)
    scan(engine, source, word, n, slot.t, slot.p)
    out.t = slot.t
    out.p = slot.p
    return
  }
  source.used = engine.clock
  out.t = source.atom!.t + word * 4
  out.p = source.atom!.p + word * 4
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
  while (engine.atoms.size > 0 && (engine.atoms.size + 1) * 2 * bytes > engine.atomBudget) {
    const coldest = [...engine.atoms].reduce((a, b) => (savedBy(a) <= savedBy(b) ? a : b))
    // What the question at hand has already used must stay where it is.
    if (coldest.used === engine.clock || savedBy(coldest) >= savedBy(source)) return wait(source)
    drop(engine, coldest)
  }
  if (2 * bytes > engine.atomBudget) return wait(source)
  const atom = { t: arena.alloc(bytes), p: arena.alloc(bytes) }
  for (let word = 0; word < capacity >>> 5; word += CHUNK >>> 5)
    scan(engine, source, word, Math.min(CHUNK >>> 5, (capacity >>> 5) - word), atom.t + word * 4, atom.p + word * 4)
  source.atom = atom
  source.used = engine.clock
  engine.atoms.add(source)
  return true
}

/** Time that a bitmap saves, roughly: a ledger takes longer to look through than a column, and ranges less than a table. */
const savedBy = (source: Source): number =>
  source.heat * (source.leaf.op === 'holds' ? 6 : shapeOf(source.fact) === 'number' ? 1 : source.list === 0 ? 4 : 1)

/** Not now; again when it has been asked twice as much. */
function wait(source: Source): false {
  source.wait = source.heat * 2
  return false
}

function drop(engine: Engine, source: Source): void {
  const { arena, capacity } = engine.layout
  arena.free(source.atom!.t, capacity / 8)
  arena.free(source.atom!.p, capacity / 8)
  engine.atoms.delete(source)
  source.atom = undefined
  source.wait = source.heat * 2
}
