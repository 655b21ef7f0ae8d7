import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate } from '../core/eligibility/evaluate.ts'
import type { Facts, Setting } from '../core/eligibility/facts.ts'
import { arbitrarySetting } from '../core/eligibility/rule.arbitrary.ts'
import { EVERYONE, UNKNOWN, YES, type Rule } from '../core/eligibility/rule.ts'
import { forwardIndex, type ForwardAnswer } from './forward.ts'
import { anyFacts, anyRule, randomSeed, sampleWorld } from './world.arbitrary.ts'

const wanted = (rules: readonly Rule[], facts: Facts, setting: Setting): ForwardAnswer => {
  const truths = rules.map((rule) => evaluate(rule, facts, setting))
  const least = (truth: number): number[] => [...truths.keys()].filter((policy) => truths[policy]! >= truth)
  return { eligible: least(YES), possible: least(UNKNOWN) }
}

describe('一家企业对全部政策', () => {
  it('与逐条判断相同，两种算法、向量放不下时也一样', () => {
    fc.assert(
      fc.property(
        fc.array(anyRule, { minLength: 1, maxLength: 50 }),
        fc.array(anyFacts, { minLength: 1, maxLength: 8 }),
        arbitrarySetting,
        fc.constantFrom('simd' as const, 'plain' as const),
        fc.constantFrom(0, 1 << 20),
        (rules, many, setting, kernels, vectorBytes) => {
          const index = forwardIndex(rules, setting, { kernels, vectorBytes })
          for (const facts of many) {
            const answer = wanted(rules, facts, setting)
            expect(index.match(facts)).toEqual(answer)
            expect(index.count(facts)).toEqual({ eligible: answer.eligible.length, possible: answer.possible.length })
          }
        },
      ),
      { numRuns: 200 },
    )
  })

  it.each([1, 31, 32, 33, 127, 128, 129, 1000])('%i 条政策：每条的结果都相同', (count) => {
    const seed = randomSeed()
    const { pool, rules, setting } = sampleWorld(seed, 60, count)
    const index = forwardIndex(rules, setting)
    for (const facts of pool) expect(index.match(facts), `seed ${seed}`).toEqual(wanted(rules, facts, setting))
  })

  it('人人适用的政策、没有政策', () => {
    const setting = { asOf: '2024-06-15', events: {} }
    expect(forwardIndex([EVERYONE, { op: 'not', of: EVERYONE }], setting).match({})).toEqual({ eligible: [0], possible: [0] })
    expect(forwardIndex([], setting).match({ size: 'micro' })).toEqual({ eligible: [], possible: [] })
  })
})
