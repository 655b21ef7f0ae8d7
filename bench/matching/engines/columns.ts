/** This repository's engine, over one store in one thread. */
import { buildStore, forwardIndex } from '../../../src/matching/index.ts'
import type { BenchEngine } from '../engine.ts'

export const columns: BenchEngine = {
  name: 'hengqi columns (SIMD)',
  values: 3,
  most: { reverse: Infinity, forward: Infinity },
  prepare(rows, policies, setting) {
    const build = performance.now()
    const store = buildStore(rows(), setting)
    const index = performance.now()
    const forward = forwardIndex(policies, setting)
    const done = performance.now()
    const logical = store.size * policies.length
    const touched = policies.reduce((sum, rule) => sum + store.touched(rule), 0)
    return {
      reverse: (policy) => store.match(policies[policy]!),
      forward: (facts) => forward.count(facts),
      get bytes() {
        return store.bytes
      },
      get notes() {
        return {
          'build s': ((index - build) / 1000).toFixed(2),
          'forward index ms': (done - index).toFixed(0),
          'forward index MB': (forward.bytes / 1e6).toFixed(1),
          'logical pairs': logical,
          'touched pairs': touched,
          'touched share': (touched / logical).toFixed(4),
          'remembered conditions': store.remembered,
        }
      },
    }
  },
}
