/** What one run found, and the comparisons that follow from it. */
import type { EngineName } from './engines/index.ts'
import type { Following } from './following.ts'
import type { Figures } from './measure.ts'
import type { ManyPolicies, Operations, Threads } from './operations.ts'
import { mean, sum } from './times.ts'

export interface Results {
  date: string
  command: string
  machine: { cpu: string; cores: number; gigabytes: number; load: number; node: string; system: string }
  options: { rows: number; policies: number; national: number; seed: number }
  bandwidth: { memory: number; cache: number }
  engines: Partial<Record<EngineName, Figures>>
  /** The same with policies for the whole country only: every row has to be looked at. */
  pruningOff: Partial<Record<EngineName, Figures>>
  /** Our own engine over worlds of other sizes. */
  sizes: Figures[]
  manyPolicies?: ManyPolicies
  operations?: Operations
  threads?: Threads
  following?: Following
  /** As many enterprises as one machine is asked to hold. */
  nation?: Threads
}

/** Answers that cannot be right, of all engines together. */
export function differencesIn({ engines, pruningOff, manyPolicies, threads }: Results): number {
  const verdicts = [...Object.values(engines), ...Object.values(pruningOff)].map(({ verdict }) => verdict.differences)
  const counted = new Set(threads?.runs.map(({ eligible }) => eligible))
  return sum(verdicts) + (manyPolicies?.differences ?? 0) + (counted.size > 1 ? 1 : 0)
}

/** Nanoseconds for one logical pair of an enterprise and a policy. */
export interface PairTimes {
  reverse?: number | undefined
  forward?: number | undefined
}

export const pairTimes = ({ rows, reverse, forward }: Figures, policies: number): PairTimes => ({
  reverse: reverse && (reverse.warm.mean * 1e6) / rows,
  forward: forward && (forward.fresh.mean * 1e6) / policies,
})

/** How many times as long an engine takes as ours, per logical pair: reverse on the same policies, forward on enterprises of the same kind. */
export function ratios(ours: Figures | undefined, other: Figures | undefined): { reverse?: number; forward?: number } {
  if (!ours?.reverse || !other?.reverse) return {}
  const n = other.reverse.warm.n
  const ourReverse = (n === ours.reverse.warm.n ? ours.reverse.warm.mean : mean(ours.reverse.warmTimes.slice(0, n))) / ours.rows
  return {
    reverse: other.reverse.warm.mean / other.rows / ourReverse,
    ...(ours.forward && other.forward && { forward: other.forward.fresh.mean / ours.forward.fresh.mean }),
  }
}

/** All enterprises and all policies, in seconds: the loop itself where it was run, otherwise projected from the time of a pair. */
export function bulkOf(
  { bulkMs, rows, reverse }: Figures,
  world: { rows: number; policies: number },
): { seconds: number; projected: boolean } | undefined {
  if (bulkMs && rows === world.rows) return { seconds: bulkMs.warm / 1000, projected: false }
  return reverse && { seconds: ((reverse.warm.mean / rows) * world.rows * world.policies) / 1000, projected: true }
}

/** Our own engine over worlds of all sizes, the smallest first. */
export const bySize = ({ engines, sizes }: Results): Figures[] =>
  [...sizes, ...(engines.columns ? [engines.columns] : [])].toSorted((a, b) => a.rows - b.rows)

/** A time of the largest world carried on in proportion. */
export function project(
  results: Results,
  rows: number,
): { rows: number; from: number; bulkSeconds: number; policyMs: number; bytes: number } | undefined {
  const largest = bySize(results).at(-1)
  if (!largest?.bulkMs || !largest.reverse || rows <= largest.rows) return undefined
  const times = rows / largest.rows
  return {
    rows,
    from: largest.rows,
    bulkSeconds: (largest.bulkMs.warm / 1000) * times,
    policyMs: largest.reverse.warm.mean * times,
    bytes: (largest.bytesPerEnterprise ?? 0) * rows,
  }
}
