/** Carries a plan out, chunk by chunk. */
import { UNKNOWN, YES, type Rule } from '../core/eligibility/rule.ts'
import { CHUNK } from './arena.ts'
import { answer, tick } from './atoms.ts'
import { slotAt, type Engine } from './engine.ts'
import { popcount } from './kernels/plain.ts'
import { planOf, tailOf } from './plan.ts'
import type { Step } from './step.ts'

/** The bits of rows `from` to `to` begin at the word of `from`; bits of other rows in the first and last word mean nothing. */
export type Visit = (engine: Engine, from: number, to: number, t: number, p: number) => void

/** How many rows in force satisfy the rule for sure, and how many may. */
export function countRows(engine: Engine, rule: Rule): { eligible: number; possible: number } {
  const counts = { eligible: 0, possible: 0 }
  const add = (_: Engine, from: number, to: number, t: number, p: number): void => {
    counts.eligible += countBits(engine, t, from, to)
    counts.possible += countBits(engine, p, from, to)
  }
  eachPiece(engine, rule, (step, from, to) => {
    // What is counted need not be kept, unless rows that are gone are to be taken out of it.
    if (engine.layout.dead === 0) countRange(engine, step.kind === 'all' ? step.of : [step], from, to, counts)
    else visitRange(engine, step, from, to, add)
  })
  return counts
}

/** Visits every chunk in which the rule may hold for somebody, each row at most once, rows that are not in force left out. */
export function visitChunks(engine: Engine, rule: Rule, visit: Visit): void {
  eachPiece(engine, rule, (step, from, to) => visitRange(engine, step, from, to, visit))
}

/** What is to be asked, and of which rows. */
function eachPiece(engine: Engine, rule: Rule, act: (step: Step, from: number, to: number) => void): void {
  const { base, rows } = engine.layout
  const { parts } = planOf(engine, rule)
  tick(engine)
  for (const { step, ranges } of parts) for (let i = 0; i < ranges.length; i += 2) act(step, ranges[i]!, ranges[i + 1]!)
  if (base < rows) act(tailOf(engine, rule), base, rows)
}

function visitRange(engine: Engine, step: Step, from: number, to: number, visit: Visit): void {
  const { out, layout } = engine
  while (from < to) {
    const end = Math.min(to, (from & -CHUNK) + CHUNK)
    const word = from >>> 5
    const n = ((end + 31) >>> 5) - word
    if (run(engine, step, word, n, 0)) {
      settle(engine, n, 0)
      if (layout.dead > 0) {
        const { t, p } = slotAt(engine, 0)
        const live = layout.live + word * 4
        layout.arena.kernels.and(t, p, out.t, out.p, live, live, n)
        out.t = t
        out.p = p
      }
      visit(engine, from, end, out.t, out.p)
    }
    from = end
  }
}

/** Leaves both bitmaps in `engine.out`: in the slot of this depth, or somewhere that is not to be written. False: nobody, for sure, and `over` is 0. */
function run(engine: Engine, step: Step, word: number, n: number, depth: number): boolean {
  const { out } = engine
  out.over = 0
  switch (step.kind) {
    case 'source':
      answer(engine, step.source, word, n, depth)
      return true
    case 'constant':
      out.t = step.truth === YES ? engine.ones : engine.zeros
      out.p = step.truth >= UNKNOWN ? engine.ones : engine.zeros
      return step.truth !== 0
    case 'not': {
      const { t, p } = slotAt(engine, depth)
      if (run(engine, step.of, word, n, depth)) settle(engine, n, depth)
      else out.t = out.p = engine.zeros
      engine.layout.arena.kernels.not(t, p, out.t, out.p, n)
      out.t = t
      out.p = p
      return true
    }
    case 'all':
      return runAll(engine, step.of, word, n, depth)
    case 'any':
      return runAny(engine, step.of, word, n, depth)
    case 'atLeast':
      return runAtLeast(engine, step.n, step.of, word, n, depth)
  }
}

/** Writes out a P that was to be put together. */
function settle(engine: Engine, n: number, depth: number): void {
  const { out, layout } = engine
  if (out.over === 0) return
  const { p } = slotAt(engine, depth)
  layout.arena.kernels.either(p, out.t, out.over, n)
  out.p = p
  out.over = 0
}

/** The last of the parts is counted together with the others, or with everybody where it is alone. */
function countRange(engine: Engine, of: readonly Step[], from: number, to: number, counts: { eligible: number; possible: number }): void {
  const { out, layout, counts: sums } = engine
  const last = of.length - 1
  while (from < to) {
    const end = Math.min(to, (from & -CHUNK) + CHUNK)
    const word = from >>> 5
    const n = ((end + 31) >>> 5) - word
    out.t = out.p = engine.ones
    out.over = 0
    if (last === 0 || runAll(engine, of, word, n, 0, last)) {
      const { t, p, over } = out
      if (run(engine, of[last]!, word, n, 1)) {
        countBoth(engine, t, p, over, n)
        // Only now: what was asked may have been remembered, and the memory have grown.
        const { u32 } = layout.arena
        counts.eligible += u32[sums >>> 2]!
        counts.possible += u32[(sums >>> 2) + 1]!
        for (const [word, mask] of edges(from, end, n)) {
          const possible = (at: number, over: number): number => u32[(at >>> 2) + word]! | u32[((over || at) >>> 2) + word]!
          counts.eligible -= popcount(u32[(t >>> 2) + word]! & u32[(out.t >>> 2) + word]! & mask)
          counts.possible -= popcount(possible(p, over) & possible(out.p, out.over) & mask)
        }
      }
    }
    from = end
  }
}

/** Counts what lies there and what is in `engine.out`, both together; AND does not mind the order, so three loops are enough. */
function countBoth({ out, layout, counts: sums }: Engine, t: number, p: number, over: number, n: number): void {
  const { kernels } = layout.arena
  if (over === 0 && out.over === 0) kernels.andCount(t, p, out.t, out.p, n, sums)
  else if (over === 0) kernels.andCountOver(t, p, out.t, out.over, n, sums)
  else if (out.over === 0) kernels.andCountOver(out.t, out.p, t, over, n, sums)
  else kernels.andCountOvers(t, over, out.t, out.over, n, sums)
}

/** Bits of other rows in the first and the last word. */
const edges = (from: number, to: number, n: number): [word: number, mask: number][] => {
  const found: [number, number][] = []
  if (from & 31) found.push([0, 2 ** (from & 31) - 1])
  if (to & 31) found.push([n - 1, -(2 ** (to & 31))])
  return found
}

/** The first `many` of the parts. */
function runAll(engine: Engine, of: readonly Step[], word: number, n: number, depth: number, many = of.length): boolean {
  const { out } = engine
  if (!run(engine, of[0]!, word, n, depth)) return false
  for (let i = 1; i < many; i++) {
    const { t, p, over } = out
    if (!run(engine, of[i]!, word, n, depth + 1)) return false
    if (!joinBoth(engine, t, p, over, n, depth)) return false
  }
  return true
}

/** Leaves what lies there and what is in `engine.out`, both together, in the slot of this depth. False: nobody. */
function joinBoth(engine: Engine, at: number, ap: number, over: number, n: number, depth: number): boolean {
  const { out, layout } = engine
  const { kernels } = layout.arena
  const { t, p } = slotAt(engine, depth)
  const left =
    over === 0
      ? out.over === 0
        ? kernels.and(t, p, at, ap, out.t, out.p, n)
        : kernels.andOver(t, p, at, ap, out.t, out.over, n)
      : out.over === 0
        ? kernels.andOver(t, p, out.t, out.p, at, over, n)
        : kernels.andOvers(t, p, at, over, out.t, out.over, n)
  out.t = t
  out.p = p
  out.over = 0
  return left !== 0
}

function runAny(engine: Engine, of: readonly Step[], word: number, n: number, depth: number): boolean {
  const { out, layout } = engine
  let found = run(engine, of[0]!, word, n, depth)
  if (found) settle(engine, n, depth)
  else out.t = out.p = engine.zeros
  const { t, p } = slotAt(engine, depth)
  for (let i = 1; i < of.length; i++) {
    const beforeT = out.t
    const beforeP = out.p
    if (run(engine, of[i]!, word, n, depth + 1)) {
      settle(engine, n, depth + 1)
      layout.arena.kernels.or(t, p, beforeT, beforeP, out.t, out.p, n)
      found = true
      out.t = t
      out.p = p
    } else {
      out.t = beforeT
      out.p = beforeP
    }
  }
  return found
}

/** Slot `depth + least − k` says which rows have at least k of the parts looked at so far. */
function runAtLeast(engine: Engine, least: number, of: readonly Step[], word: number, n: number, depth: number): boolean {
  const { out, layout } = engine
  const { kernels } = layout.arena
  for (let k = 0; k < least; k++) {
    const { t, p } = slotAt(engine, depth + k)
    kernels.clear(t, n)
    kernels.clear(p, n)
  }
  for (const part of of) {
    if (!run(engine, part, word, n, depth + least)) continue
    settle(engine, n, depth + least)
    for (let k = 0; k < least; k++) {
      const more = slotAt(engine, depth + k)
      if (k === least - 1) kernels.or(more.t, more.p, more.t, more.p, out.t, out.p, n)
      else {
        const fewer = slotAt(engine, depth + k + 1)
        kernels.orAnd(more.t, fewer.t, out.t, n)
        kernels.orAnd(more.p, fewer.p, out.p, n)
      }
    }
  }
  const result = slotAt(engine, depth)
  out.t = result.t
  out.p = result.p
  return true
}

/** Bits of rows `from` to `to`, of a bitmap that begins at the word of `from`. */
function countBits({ layout: { arena } }: Engine, at: number, from: number, to: number): number {
  const n = ((to + 31) >>> 5) - (from >>> 5)
  let total = arena.kernels.count(at, n)
  for (const [word, mask] of edges(from, to, n)) total -= popcount(arena.u32[(at >>> 2) + word]! & mask)
  return total
}
