/**
 * The least time that memory allows for all policies, one after the other. Once places are settled, every condition that is left has two
 * bits for each row that must be looked at; what these bits take at the speed of the counting kernel is the bound. Leaving off early, when
 * nobody is left, can beat it; so can bits that stay in the cache.
 */
import type { Rule } from '../../src/core/eligibility/rule.ts'
import { keyOf } from '../../src/matching/truths.ts'

export interface Bound {
  /** Gigabytes a second of one core, now. */
  bandwidth: { memory: number; cache: number }
  logicalPairs: number
  touchedPairs: number
  bytes: number
  /** Milliseconds for all policies. */
  memoryMs: number
  cacheMs: number
}

/** `touched`: rows that have to be looked at for a policy. */
export function boundOf(
  policies: readonly Rule[],
  rows: number,
  touched: (policy: number) => number,
  bandwidth: Bound['bandwidth'],
): Bound {
  let touchedPairs = 0
  let bytes = 0
  for (const [policy, rule] of policies.entries()) {
    const looked = touched(policy)
    touchedPairs += looked
    bytes += looked * conditionsOf(rule).size * (2 / 8)
  }
  // A gigabyte a second is a million bytes a millisecond.
  const ms = (speed: number): number => bytes / (speed * 1e6)
  return {
    bandwidth,
    logicalPairs: rows * policies.length,
    touchedPairs,
    bytes,
    memoryMs: ms(bandwidth.memory),
    cacheMs: ms(bandwidth.cache),
  }
}

/** Distinct conditions besides places, which the order of the rows settles. */
function conditionsOf(rule: Rule, found = new Set<string>()): Set<string> {
  if (rule.op === 'not') return conditionsOf(rule.of, found)
  if (rule.op === 'all' || rule.op === 'any' || rule.op === 'atLeast') for (const part of rule.of) conditionsOf(part, found)
  else if (rule.op !== 'region' || rule.mode === 'park') found.add(keyOf(rule))
  return found
}
