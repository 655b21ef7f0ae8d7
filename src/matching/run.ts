/** Carries a plan out, chunk by chunk. */
import { UNKNOWN, YES, type Rule } from '../core/eligibility/rule.ts'
import { CHUNK } from './arena.ts'
import { answer, tick } from './atoms.ts'
import { slotAt, type Engine } from './engine.ts'
import { popcount } from './kernels/plain.ts'
import { planOf } from './plan.ts'
import type { Step } from './step.ts'

/** The bits of rows `from` to `to` begin at the word of `from`; bits of other rows in the first and last word mean nothing. */
export type Visit = (engine: Engine, from: number, to: number, t: number, p: number) => void

/** Visits every chunk in which the rule may hold for somebody, each row at most once, rows that are not in force left out. */
export function visitChunks(engine: Engine, rule: Rule, visit: Visit): void {
  const { base, rows } = engine.layout
  const { parts, tail } = planOf(engine, rule)
  tick(engine)
  for (const { step, ranges } of parts)
    for (let i = 0; i < ranges.length; i += 2) visitRange(engine, step, ranges[i]!, ranges[i + 1]!, visit)
  if (base < rows) visitRange(engine, tail, base, rows, visit)
}

function visitRange(engine: Engine, step: Step, from: number, to: number, visit: Visit): void {
  const { out, layout } = engine
  while (from < to) {
    const end = Math.min(to, (from & -CHUNK) + CHUNK)
    const word = from >>> 5
    const n = ((end + 31) >>> 5) - word
    if (run(engine, step, word, n, 0)) {
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

/** Leaves both bitmaps in `engine.out`: in the slot of this depth, or somewhere that is not to be written. False: nobody, for sure. */
function run(engine: Engine, step: Step, word: number, n: number, depth: number): boolean {
  const { out } = engine
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
      if (!run(engine, step.of, word, n, depth)) out.t = out.p = engine.zeros
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

function runAll(engine: Engine, of: readonly Step[], word: number, n: number, depth: number): boolean {
  const { out, layout } = engine
  if (!run(engine, of[0]!, word, n, depth)) return false
  const { t, p } = slotAt(engine, depth)
  for (let i = 1; i < of.length; i++) {
    const beforeT = out.t
    const beforeP = out.p
    if (!run(engine, of[i]!, word, n, depth + 1)) return false
    if (layout.arena.kernels.and(t, p, beforeT, beforeP, out.t, out.p, n) === 0) return false
    out.t = t
    out.p = p
  }
  return true
}

function runAny(engine: Engine, of: readonly Step[], word: number, n: number, depth: number): boolean {
  const { out, layout } = engine
  let found = run(engine, of[0]!, word, n, depth)
  if (!found) out.t = out.p = engine.zeros
  const { t, p } = slotAt(engine, depth)
  for (let i = 1; i < of.length; i++) {
    const beforeT = out.t
    const beforeP = out.p
    if (run(engine, of[i]!, word, n, depth + 1)) {
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
    // A new slot may have moved the end of the memory: views are taken after it.
    layout.arena.u8.fill(0, t, t + n * 4)
    layout.arena.u8.fill(0, p, p + n * 4)
  }
  for (const part of of) {
    if (!run(engine, part, word, n, depth + least)) continue
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
export function countBits({ layout: { arena } }: Engine, at: number, from: number, to: number): number {
  const first = from & 31
  const last = to & 31
  const n = ((to + 31) >>> 5) - (from >>> 5)
  let total = arena.kernels.count(at, n)
  if (first) total -= popcount(arena.u32[at >>> 2]! & ((1 << first) - 1))
  if (last) total -= popcount(arena.u32[(at >>> 2) + n - 1]! >>> last)
  return total
}
