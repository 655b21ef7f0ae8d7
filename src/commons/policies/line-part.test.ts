import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate } from '../../core/eligibility/evaluate.ts'
import { arbitraryFacts, arbitraryRule, arbitrarySetting } from '../../core/eligibility/rule.arbitrary.ts'
import { YES, type Rule } from '../../core/eligibility/rule.ts'
import { enterprisePart, linePart, sayLineConditions } from './line-part.ts'
import { namesFor } from './names.ts'

const small: Rule = { op: 'in', fact: 'size', values: ['small'], src: 'c1' }
const calibration: Rule = { op: 'in', fact: 'serviceKind', values: ['calibration'], src: 'c2' }
const city: Rule = { op: 'in', fact: 'affiliation', values: ['city'], src: 'c3' }
const inSpring: Rule = { op: 'window', anchor: 'acceptedOn', from: '2026-03-01', to: '2026-05-31', src: 'c4' }
const not = (of: Rule): Rule => ({ op: 'not', of })

describe('一项待遇里，企业自己要符合的部分', () => {
  it.each<[string, Rule, Rule | undefined]>([
    ['只看器具行的，企业不用再符合什么', calibration, undefined],
    ['都要满足：只留企业的条件', { op: 'all', of: [small, calibration] }, { op: 'all', of: [small] }],
    ['满足其一：有一项归器具行，企业就不用再符合什么', { op: 'any', of: [small, calibration] }, undefined],
    ['“不”里面的器具行条件当作不成立', not({ op: 'any', of: [small, calibration] }), not({ op: 'any', of: [small] })],
    ['“不能同时”里只要有一项归器具行，就可以不同时', not({ op: 'all', of: [small, calibration] }), undefined],
    ['双重“不”还原', not(not({ op: 'all', of: [small, calibration] })), not(not({ op: 'all', of: [small] }))],
    [
      '满足其中两项：器具行的一项算满足，还差一项',
      { op: 'atLeast', n: 2, of: [small, inSpring, city] },
      { op: 'atLeast', n: 1, of: [small, inSpring] },
    ],
    ['受理日期有“今天”代替，不算器具行的条件', inSpring, inSpring],
    ['不设条件仍是不设条件', { op: 'all', of: [] }, { op: 'all', of: [] }],
  ])('%s', (_, rule, expected) => {
    expect(enterprisePart(rule)).toEqual(expected)
  })

  it('任何器具行能得到的，企业这一半一定不会说“不”', () => {
    fc.assert(
      fc.property(arbitraryRule(), arbitraryFacts, arbitrarySetting, (rule, facts, setting) => {
        const own = enterprisePart(rule)
        expect(own === undefined ? YES : evaluate(own, facts, setting)).toBeGreaterThanOrEqual(evaluate(rule, facts, setting))
      }),
      { numRuns: 2000 },
    )
  })

  it('器具行的信息改变不了企业这一半', () => {
    fc.assert(
      fc.property(arbitraryRule(), arbitraryFacts, arbitrarySetting, (rule, facts, setting) => {
        const { instrumentKind: _, certificateOn: __, ...enterprise } = facts
        const own = enterprisePart(rule)
        if (own) expect(evaluate(own, enterprise, setting)).toBe(evaluate(own, facts, setting))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('一项待遇里，每件器具要符合的部分', () => {
  it.each<[string, Rule, Rule | undefined]>([
    ['没有器具行条件', small, undefined],
    ['只留器具行的条件', { op: 'all', of: [small, calibration, city] }, { op: 'all', of: [calibration, city] }],
    [
      '里层的也找出来',
      { op: 'all', of: [small, { op: 'all', of: [calibration, small] }] },
      { op: 'all', of: [{ op: 'all', of: [calibration] }] },
    ],
    ['二选一的整个保留', { op: 'any', of: [small, calibration] }, { op: 'any', of: [small, calibration] }],
  ])('%s', (_, rule, expected) => {
    expect(linePart(rule)).toEqual(expected)
  })

  it('说成一句话', () => {
    expect(sayLineConditions(linePart({ op: 'all', of: [small, calibration] })!, namesFor())).toBe('适用于：服务种类为校准')
  })
})
