/** How codes nest: GB/T 2260 regions by pairs of digits, GB/T 4754 industries letter by digit, instrument kinds by dots. */
import type { FactValue } from './facts.ts'
import { NO, UNKNOWN, YES, type Truth } from './rule.ts'

/** The part of a region code that says something: `330100` → `3301`, `330000` → `33`, `000000` → `` (the whole country). */
export function regionPrefix(code: string): string {
  let end = code.length
  while (end >= 2 && code[end - 1] === '0' && code[end - 2] === '0' && end % 2 === 0) end -= 2
  return code.slice(0, end)
}

/** Is a place inside another? Unknown when the place on record is the larger one (the county is not known). */
export function compareRegion(actual: string, wanted: string): Truth {
  const have = regionPrefix(actual)
  const want = regionPrefix(wanted)
  if (have.startsWith(want)) return YES
  return want.startsWith(have) ? UNKNOWN : NO
}

/** `C40` covers `C4011`; `scale` covers `scale.electronic`, not `scales`. A code covers itself. */
export function covers(wide: string, narrow: string): boolean {
  if (wide === narrow) return true
  // Industry codes begin with a capital letter, kinds of instruments never do.
  const lettered = wide >= 'A' && wide < '['
  return narrow.startsWith(lettered ? wide : `${wide}.`)
}

/** The same question as `compareRegion` for industries and instrument kinds. */
export function compareCode(actual: string, wanted: string): Truth {
  if (covers(wanted, actual)) return YES
  return covers(actual, wanted) ? UNKNOWN : NO
}

/**
 * How many of these kinds the ledger holds for sure, and how many at most: two `scale` may turn out to be `scale.electronic`.
 * Each entry counts once, however many of the kinds cover it. Undefined: the ledger is not on record.
 */
export function countHeld(kinds: readonly string[], ledger: FactValue | undefined): { sure: number; possible: number } | undefined {
  if (typeof ledger !== 'object' || ledger === null || Array.isArray(ledger) || 'oneOf' in ledger) return undefined
  let sure = 0
  let possible = 0
  for (const [held, count] of Object.entries(ledger as Readonly<Record<string, number>>)) {
    const best = kinds.reduce<Truth>((truth, kind) => Math.max(truth, compareCode(held, kind)) as Truth, NO)
    if (best === YES) sure += count
    if (best !== NO) possible += count
  }
  return { sure, possible }
}
