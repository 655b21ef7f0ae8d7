/** This repository's engine, over one store in one thread. */
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Setting } from '../../../src/core/eligibility/facts.ts'
import { buildStore, forwardIndex, type KernelKind, type Store } from '../../../src/matching/index.ts'
import { loadSnapshot, saveSnapshot } from '../../../src/matching/index.server.ts'
import type { BenchEngine } from '../engine.ts'

const columnsWith = (kernels: KernelKind, most: BenchEngine['most']): BenchEngine => ({
  name: `hengqi columns (${kernels})`,
  values: 3,
  most,
  prepare(rows, policies, setting) {
    const build = performance.now()
    const store = buildStore(rows(), setting, { kernels })
    const index = performance.now()
    const forward = forwardIndex(policies, setting, { kernels })
    const done = performance.now()
    const snapshot = timeSnapshot(store, setting)
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
          ...snapshot,
          'logical pairs': logical,
          'touched pairs': touched,
          'touched share': (touched / logical).toFixed(4),
          'remembered conditions': store.remembered,
        }
      },
    }
  },
})

export const columns = columnsWith('simd', { reverse: Infinity, forward: Infinity })
export const plain = columnsWith('plain', { reverse: 500, forward: 500 })

/** Written once, read three times: the best reading, with every checksum verified. */
function timeSnapshot(store: Store, setting: Setting): Record<string, string> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'hengqi-bench-'))
  const start = performance.now()
  saveSnapshot(store, directory)
  const save = performance.now() - start
  const loads = [1, 2, 3].map(() => {
    const before = performance.now()
    loadSnapshot(directory, setting)
    return performance.now() - before
  })
  rmSync(directory, { recursive: true })
  return { 'snapshot save ms': save.toFixed(0), 'snapshot load ms': Math.min(...loads).toFixed(0) }
}
