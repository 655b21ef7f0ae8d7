import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitrarySetting } from '../core/eligibility/rule.arbitrary.ts'
import type { KernelKind } from './kernels/kernels.ts'
import { rowsIn } from './row-set.ts'
import { buildStore } from './store.ts'
import { anyFacts, anyRule, differences, drawRows, randomSeed, sampleWorld } from './world.arbitrary.ts'

const kinds: KernelKind[] = ['simd', 'plain']

describe('按列判断', () => {
  it('少数企业、任意规则：与逐条判断逐位相同', () => {
    fc.assert(
      fc.property(
        fc.array(anyFacts, { maxLength: 40 }),
        anyRule,
        arbitrarySetting,
        fc.constantFrom(...kinds),
        fc.constantFrom(0, 24),
        (pool, rule, setting, kernels, atomBytesPerRow) => {
          const store = buildStore(
            pool.map((facts, key) => ({ key, facts })),
            setting,
            { kernels, atomBytesPerRow },
          )
          expect(differences(store, rule, (key) => pool[key])).toEqual([])
          store.warm([rule, rule, rule])
          expect(differences(store, rule, (key) => pool[key])).toEqual([])
        },
      ),
      { numRuns: 500 },
    )
  })

  it.each([0, 1, 31, 32, 33, 127, 128, 129, 32_767, 32_768, 32_769, 65_537])('%i 家企业：整张位图与逐条判断相同，两种算法相同', (count) => {
    const seed = randomSeed()
    const world = sampleWorld(seed, 400, count > 1000 ? 16 : 120)
    const { rows, drawn } = drawRows(world, count, seed)
    for (const kernels of kinds) {
      const store = buildStore(rows, world.setting, { kernels })
      world.rules.forEach((rule, i) => {
        // The second half is answered from remembered conditions.
        if (i === world.rules.length >> 1) store.warm(world.rules)
        expect(
          differences(store, rule, (key) => world.pool[drawn[key]!]).slice(0, 3),
          `seed ${seed}, ${kernels}, ${JSON.stringify(rule)}`,
        ).toEqual([])
      })
    }
  })

  it('结果集就是位图里的那些企业', () => {
    const world = sampleWorld(7, 300, 60)
    const { rows, drawn } = drawRows(world, 3000, 7)
    const store = buildStore(rows, world.setting)
    for (const rule of world.rules) {
      const { eligible, possible } = store.sets(rule)
      expect([rowsIn(eligible).length, rowsIn(possible).length]).toEqual(Object.values(store.match(rule)))
      expect(store.keysIn(possible).every((key) => drawn[key] !== undefined)).toBe(true)
    }
  })
})
