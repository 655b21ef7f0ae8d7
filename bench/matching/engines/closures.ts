/** The compiled closures of `core/eligibility`, row by row: what the platform would do without columns. */
import { compile } from '../../../src/core/eligibility/compile.ts'
import type { Facts } from '../../../src/core/eligibility/facts.ts'
import type { BenchEngine, Counts } from '../engine.ts'

export const closures: BenchEngine = {
  name: 'closures, row by row',
  values: 3,
  how: 'The compiled rules of core/eligibility over plain objects in memory.',
  most: { rows: 200_000, reverse: 20, forward: 200 },
  prepare({ enterprises, policies, setting }) {
    const all: Facts[] = []
    for (const { facts } of enterprises()) all.push(facts)
    const tests = policies.map((rule) => compile(rule, setting))
    const counted = <T>(items: readonly T[], truthOf: (item: T) => number): Counts => {
      const counts = { eligible: 0, possible: 0 }
      for (const item of items) {
        const truth = truthOf(item)
        if (truth === 2) counts.eligible++
        if (truth !== 0) counts.possible++
      }
      return counts
    }
    return {
      reverse: (policy) => counted(all, tests[policy]!),
      forward: (facts: Facts) => counted(tests, (test) => test(facts)),
    }
  },
}
