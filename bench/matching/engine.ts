/** What the bench asks of an engine: one small file in `engines/` each. */
import type { Facts, Setting } from '../../src/core/eligibility/facts.ts'
import type { Rule } from '../../src/core/eligibility/rule.ts'

export interface Counts {
  eligible: number
  /** Eligible or unknown. Absent for an engine of two values. */
  possible?: number
}

/** The same as numbers: keys of enterprises, or numbers of policies. */
export interface Ids {
  eligible: ArrayLike<number>
  possible?: ArrayLike<number>
}

export interface Enterprise {
  key: number
  facts: Facts
}

/** What an engine is given. `rows` enterprises are drawn, the first ones of a larger world being those of a smaller one. */
export interface World {
  rows: number
  enterprises(): Iterable<Enterprise>
  policies: readonly Rule[]
  setting: Setting
  /** PostgreSQL that may be used, and the name of a database of the bench's own there. */
  postgres?: { url: string; database: string }
  /** The same on the coordinator of a Citus cluster. */
  citus?: { url: string; database: string }
}

export interface Prepared {
  /** One policy, all enterprises. */
  reverse(policy: number): Counts | Promise<Counts>
  /** The same with the keys of the enterprises. */
  keys?(policy: number): Ids | Promise<Ids>
  /** What `forward` and `numbers` want of an enterprise; the time of it is not counted. The facts themselves if absent. */
  encode?(facts: Facts): unknown
  /** One enterprise, all policies. */
  forward?(encoded: never): Counts | Promise<Counts>
  /** The same with the numbers of the policies. */
  numbers?(encoded: never): Ids | Promise<Ids>
  /** Rows that must be looked at for a policy: only from our own engine, which is measured against the memory. */
  touched?(policy: number): number
  /** Memory of all enterprises, where the engine can tell. */
  bytes?: number
  /** What else there is to say, by name; read after all questions. */
  notes?(): Record<string, number | string>
  close?(): void | Promise<void>
}

export interface BenchEngine {
  name: string
  /** Two-valued: a missing fact makes a condition false, and so `not` of it true. */
  values: 2 | 3
  /** Settings and what is not counted in its favour or against it: one or two sentences for the report. */
  how: string
  /** Package whose version is reported. */
  package?: string
  /** Enterprises, policies and questions that it gets through in a reasonable time; the bench asks it no more than that. */
  most: { rows: number; reverse: number; forward: number }
  /** A sentence if the engine is not to be had here. */
  prepare(world: World): Prepared | string | Promise<Prepared | string>
}
