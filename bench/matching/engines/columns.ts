/** This repository's engine, over one store in one thread. */
import type { Facts } from '../../../src/core/eligibility/facts.ts'
import { buildStore, forwardIndex, type KernelKind } from '../../../src/matching/index.ts'
import type { BenchEngine } from '../engine.ts'

const columnsWith = (kernels: KernelKind, most: BenchEngine['most']): BenchEngine => ({
  name: `hengqi columns (${kernels})`,
  values: 3,
  how: `src/matching over one store in one thread, ${kernels === 'simd' ? 'SIMD kernels in WebAssembly' : 'the same without SIMD'}; remembered conditions within 32 bytes an enterprise.`,
  most,
  prepare({ enterprises, policies, setting }) {
    const build = performance.now()
    const store = buildStore(enterprises(), setting, { kernels })
    const index = performance.now()
    const forward = forwardIndex(policies, setting, { kernels })
    const done = performance.now()
    return {
      reverse: (policy) => store.match(policies[policy]!),
      keys(policy) {
        const { eligible, possible } = store.sets(policies[policy]!)
        return { eligible: store.keysIn(eligible), possible: store.keysIn(possible) }
      },
      forward: (facts: Facts) => forward.count(facts),
      numbers: (facts: Facts) => forward.match(facts),
      ...(kernels === 'simd' && { touched: (policy: number) => store.touched(policies[policy]!) }),
      get bytes() {
        return store.bytes
      },
      notes: () => ({
        'store ms': index - build,
        'forward index ms': done - index,
        'forward index bytes': forward.bytes,
        'remembered conditions': store.remembered,
      }),
    }
  },
})

export const columns = columnsWith('simd', { rows: Infinity, reverse: Infinity, forward: Infinity })
export const plain = columnsWith('plain', { rows: 1_000_000, reverse: 500, forward: 500 })
