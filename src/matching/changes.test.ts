import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate } from '../core/eligibility/evaluate.ts'
import type { Facts } from '../core/eligibility/facts.ts'
import { arbitrarySetting } from '../core/eligibility/rule.arbitrary.ts'
import { UNKNOWN, YES, type Rule } from '../core/eligibility/rule.ts'
import type { Change } from './changes.ts'
import { buildStore } from './store.ts'
import { anyFacts, anyRule, differences, drawRows, generator, randomSeed, sampleWorld } from './world.arbitrary.ts'

/** A few facts of a row become others: what changes in place in most cases. */
const nudge = fc.tuple(
  anyFacts,
  fc.subarray(['size', 'employees', 'revenue', 'hardship', 'qualifications', 'registeredOn', 'region'] as const),
)
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('put' as const), key: fc.nat({ max: 50 }), facts: anyFacts }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('nudge' as const), key: fc.nat({ max: 50 }), nudge }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('gone' as const), key: fc.nat({ max: 50 }) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'compact' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('day' as const), setting: arbitrarySetting }) },
)

describe('变更之后', () => {
  it('任意次修改、搬迁、注销、整理和换日：仍与逐条判断逐位相同', () => {
    fc.assert(
      fc.property(
        fc.array(anyFacts, { maxLength: 40 }),
        fc.array(anyRule, { minLength: 1, maxLength: 4 }),
        arbitrarySetting,
        fc.array(step, { minLength: 1, maxLength: 25 }),
        fc.constantFrom('simd' as const, 'plain' as const),
        (pool, rules, setting, steps, kernels) => {
          const now = new Map<number, Facts>(pool.map((facts, key) => [key, facts]))
          const store = buildStore(
            pool.map((facts, key) => ({ key, facts })),
            setting,
            { kernels },
          )
          const check = (): void => {
            for (const rule of rules) expect(differences(store, rule, (key) => now.get(key))).toEqual([])
          }
          check()
          for (const each of steps) {
            if (each.kind === 'compact') store.compact()
            else if (each.kind === 'day') store.setSetting(each.setting)
            else if (each.kind === 'gone') {
              now.delete(each.key)
              store.apply([{ key: each.key, gone: true }])
            } else {
              const facts =
                each.kind === 'put'
                  ? each.facts
                  : { ...now.get(each.key), ...Object.fromEntries(each.nudge[1].map((fact) => [fact, each.nudge[0][fact]])) }
              now.set(each.key, facts)
              store.apply([{ key: each.key, facts }])
            }
            expect(store.size).toBe(now.size)
            check()
          }
          for (const [key, facts] of now)
            for (const rule of rules) expect(evaluate(rule, store.factsOf(key)!, store.setting)).toBe(evaluate(rule, facts, store.setting))
        },
      ),
      { numRuns: 120 },
    )
  })

  it('尾段写满时自己整理，过了块的边界也一样', () => {
    const seed = randomSeed()
    const world = sampleWorld(seed, 300, 20)
    const { rows, drawn } = drawRows(world, 32_700, seed)
    const store = buildStore(rows, world.setting)
    const random = generator(seed + 1)
    const changes: Change[] = Array.from({ length: 4000 }, () => {
      const key = Math.floor(random() * 34_000)
      drawn[key] = Math.floor(random() * world.pool.length)
      return { key, facts: world.pool[drawn[key]]! }
    })
    store.warm([...world.rules, ...world.rules])
    store.apply(changes)
    expect(store.edition).toBeGreaterThan(0)
    for (const rule of world.rules)
      expect(differences(store, rule, (key) => world.pool[drawn[key]!]).slice(0, 3), `seed ${seed} ${JSON.stringify(rule)}`).toEqual([])
  })

  it('一条不能保存，就一条也不写', () => {
    const store = buildStore([{ key: 1, facts: { size: 'micro' } }], { asOf: '2024-06-15', events: {} })
    expect(() =>
      store.apply([
        { key: 1, facts: { size: 'large' } },
        { key: 2, facts: { instruments: { scale: -1 } } },
      ]),
    ).toThrow('a count is a whole number')
    expect(store.factsOf(1)).toEqual({ size: 'micro' })
    expect(store.epoch).toBe(0)
    expect(() => buildStore([{ key: 1.5, facts: {} }], { asOf: '2024-06-15', events: {} })).toThrow('1.5')
  })

  it('两夜之间的增减就是结果变了的企业；只是搬了位置的不算', () => {
    const world = sampleWorld(11, 200, 30)
    const { rows, drawn } = drawRows(world, 2000, 11)
    const store = buildStore(rows, world.setting)
    const truthOf = (rule: Rule, key: number): number => evaluate(rule, world.pool[drawn[key]!] ?? {}, world.setting)
    const before = world.rules.map((rule) => ({ sets: store.sets(rule), truths: drawn.map((_, key) => truthOf(rule, key)) }))
    const random = generator(12)
    store.apply(
      Array.from({ length: 150 }, () => {
        const key = Math.floor(random() * 2000)
        drawn[key] = Math.floor(random() * world.pool.length)
        return { key, facts: world.pool[drawn[key]]! }
      }),
    )
    world.rules.forEach((rule, i) => {
      const after = store.sets(rule)
      const { sets, truths } = before[i]!
      for (const [name, least] of [
        ['eligible', YES],
        ['possible', UNKNOWN],
      ] as const) {
        const came = drawn.flatMap((_, key) => (truths[key]! < least && truthOf(rule, key) >= least ? [key] : []))
        const went = drawn.flatMap((_, key) => (truths[key]! >= least && truthOf(rule, key) < least ? [key] : []))
        const delta = store.delta(sets[name], after[name])
        expect([delta.added.toSorted((a, b) => a - b), delta.removed.toSorted((a, b) => a - b)]).toEqual([came, went])
      }
    })
  })
})
