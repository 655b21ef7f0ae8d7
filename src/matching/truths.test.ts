import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate } from '../core/eligibility/evaluate.ts'
import { alliances, arbitraryRule, arbitrarySetting } from '../core/eligibility/rule.arbitrary.ts'
import type { Leaf } from '../core/eligibility/rule.ts'
import { Dictionary } from './dictionary.ts'
import { factOfLeaf, rangesOf, truthsOf } from './truths.ts'
import { anyFacts } from './world.arbitrary.ts'

const codes = fc.oneof(
  fc.constantFrom('000000', '330000', '330100', '330109', '33', '3301', '340000', 'C', 'C4', 'C40', 'C4011', 'D', '4011', 'scale'),
  fc.stringMatching(/^[0-9A-D]{0,6}$/),
)
const place: fc.Arbitrary<Leaf> = fc.oneof(
  fc.record({
    op: fc.constant('region' as const),
    mode: fc.constant('listed' as const),
    codes: fc.array(codes, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    op: fc.constant('region' as const),
    mode: fc.constant('alliance' as const),
    codes: fc.subarray([...Object.keys(alliances), 'unheard-of'], { minLength: 1 }),
  }),
  fc.record({
    op: fc.constant('within' as const),
    fact: fc.constant('industry' as const),
    codes: fc.array(codes, { minLength: 1, maxLength: 3 }),
  }),
)
const leaf = fc
  .oneof(place, arbitraryRule({ known: true, depth: 0 }) as fc.Arbitrary<Leaf>)
  .filter((each) => each.op !== 'holds' && each.op !== 'range')

describe('条件对字典的判断', () => {
  it('对每个值都与逐条判断相同，排序之后加进来的值也一样', () => {
    fc.assert(
      fc.property(
        leaf,
        fc.array(
          fc.oneof(
            codes,
            anyFacts.map((facts) => facts.region ?? facts.industry),
          ),
          { maxLength: 40 },
        ),
        codes,
        arbitrarySetting,
        (each, values, late, setting) => {
          const fact = factOfLeaf(each)
          const first = new Dictionary(fact)
          for (const value of values) first.idOf(value)
          const { dictionary, renumber } = first.ordered()
          first.entries.forEach((value, id) => expect(dictionary.entries[renumber[id]!]).toEqual(value))
          dictionary.idOf(late)
          const truths = truthsOf(each, dictionary, setting)
          dictionary.entries.forEach((value, id) =>
            expect(truths[id], JSON.stringify(value)).toBe(evaluate(each, value === undefined ? {} : { [fact]: value }, setting)),
          )
          const { yes, unknown } = rangesOf(truths)
          const again = new Uint8Array(truths.length)
          for (const [low, high] of yes) again.fill(2, low, high + 1)
          for (const [low, high] of unknown) again.fill(1, low, high + 1)
          expect(again).toEqual(truths)
        },
      ),
      { numRuns: 1500 },
    )
  })
})
