/**
 * What an engine answered against this repository's own. Engines of three values must agree on every count and every number. One of two
 * values takes a condition on a missing fact as not met; under `not` that makes people eligible of whom nobody knows it. What it says then
 * lies between "certainly" and "possibly": such pairs are counted and reported, anything else is a difference.
 */
import type { Counts, Ids } from './engine.ts'

export interface Verdict {
  /** Answers that cannot be right. */
  differences: number
  /** Pairs called eligible that are unknown. */
  wronglyEligible: number
  /** Pairs in truth unknown, of the answers compared. */
  unknown: number
  compared: number
}

export const noVerdict = (): Verdict => ({ differences: 0, wronglyEligible: 0, unknown: 0, compared: 0 })

export interface Wanted {
  eligible: number
  possible: number
}

/** `strict`: an engine of two values has no excuse, because the rule has no `not`. */
export function compareCounts(verdict: Verdict, given: Counts, wanted: Wanted, values: 2 | 3, strict: boolean): void {
  verdict.compared++
  verdict.unknown += wanted.possible - wanted.eligible
  if (values === 3) {
    if (given.eligible !== wanted.eligible || given.possible !== wanted.possible) verdict.differences++
  } else if (given.eligible < wanted.eligible || given.eligible > (strict ? wanted.eligible : wanted.possible)) verdict.differences++
  else verdict.wronglyEligible += given.eligible - wanted.eligible
}

/** Numbers one by one. Pairs called eligible wrongly were counted with the counts. */
export function compareIds(verdict: Verdict, given: Ids, wanted: Ids, values: 2 | 3): void {
  verdict.compared++
  const [eligible, possible] = [sorted(wanted.eligible), sorted(wanted.possible!)]
  const said = sorted(given.eligible)
  const right =
    values === 3 ? same(said, eligible) && same(sorted(given.possible!), possible) : within(eligible, said) && within(said, possible)
  if (!right) verdict.differences++
}

const sorted = (numbers: ArrayLike<number>): Uint32Array => Uint32Array.from(numbers).sort()

const same = (a: Uint32Array, b: Uint32Array): boolean => a.length === b.length && a.every((each, i) => each === b[i])

/** Both sorted. A number that stands twice in the first has to stand twice in the second. */
function within(few: Uint32Array, many: Uint32Array): boolean {
  let at = 0
  for (const each of few) {
    while (at < many.length && many[at]! < each) at++
    if (many[at++] !== each) return false
  }
  return true
}
