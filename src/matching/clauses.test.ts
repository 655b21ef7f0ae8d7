import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate } from '../core/eligibility/evaluate.ts'
import { arbitrarySetting } from '../core/eligibility/rule.arbitrary.ts'
import type { Rule } from '../core/eligibility/rule.ts'
import { clausesOf } from './clauses.ts'
import { factsIn } from './facet.ts'
import { forwardIndex } from './forward.ts'
import { anyFacts, anyRule } from './world.arbitrary.ts'

const employed = (lt: number): Rule => ({ op: 'range', fact: 'employees', lt })
const earning = (lt: number): Rule => ({ op: 'range', fact: 'revenue', lt })

describe('把混合条件拆成若干条可选的组合', () => {
  it('每个部分只问一项事实，合起来与原条件三值相同', () => {
    fc.assert(
      fc.property(anyRule, anyFacts, arbitrarySetting, (rule, facts, setting) => {
        const clauses = clausesOf(rule)
        fc.pre(clauses !== undefined)
        for (const part of clauses!.flat()) expect(factsIn(part).size).toBeLessThanOrEqual(1)
        const together: Rule = { op: 'any', of: clauses!.map((of) => ({ op: 'all', of })) }
        expect(evaluate(together, facts, setting)).toBe(evaluate(rule, facts, setting))
      }),
      { numRuns: 1000 },
    )
  })

  it('不满足“三项中至少两项”就是至少两项不满足', () => {
    const [a, b, c] = [employed(10), earning(20), employed(30)]
    expect(clausesOf({ op: 'not', of: { op: 'atLeast', n: 2, of: [a, b, c] } })).toEqual([
      [
        { op: 'not', of: a },
        { op: 'not', of: b },
      ],
      [
        { op: 'not', of: a },
        { op: 'not', of: c },
      ],
      [
        { op: 'not', of: b },
        { op: 'not', of: c },
      ],
    ])
  })

  it('组合太多就不拆，答案不变', () => {
    const of = Array.from({ length: 14 }, (_, i) => (i % 2 ? employed(i) : earning(i)))
    const rule: Rule = { op: 'atLeast', n: 6, of }
    const setting = { asOf: '2024-06-15', events: {} }
    expect(clausesOf(rule)).toBeUndefined()
    const index = forwardIndex([rule], setting)
    expect(index.match({ employees: 2, revenue: 2 })).toEqual({ eligible: [0], possible: [0] })
    expect(index.match({ employees: 9 })).toEqual({ eligible: [], possible: [0] })
    expect(index.match({ employees: 9, revenue: 9 })).toEqual({ eligible: [], possible: [] })
  })
})
