/** What the bench asks of an engine: one small file in `engines/` each. */
import type { Facts, Setting } from '../../src/core/eligibility/facts.ts'
import type { Rule } from '../../src/core/eligibility/rule.ts'

export interface Counts {
  eligible: number
  /** Eligible or unknown. Absent for an engine of two values. */
  possible?: number
}

export interface Prepared {
  /** One policy, all enterprises. */
  reverse(policy: number): Counts | Promise<Counts>
  /** One enterprise, all policies. */
  forward?(facts: Facts): Counts | Promise<Counts>
  bytes?: number
  /** What else there is to say, by name. */
  notes?: Record<string, number | string>
  close?(): void | Promise<void>
}

export interface BenchEngine {
  name: string
  values: 2 | 3
  /** Policies and enterprises that it gets through in a reasonable time; the bench asks it no more than that. */
  most: { reverse: number; forward: number }
  prepare(rows: () => Iterable<{ key: number; facts: Facts }>, policies: readonly Rule[], setting: Setting): Prepared | Promise<Prepared>
}
