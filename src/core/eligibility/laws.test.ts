import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, addMonths, latestStart, wholeMonths } from './calendar-day.ts'
import { compile } from './compile.ts'
import { evaluate } from './evaluate.ts'
import { arbitraryFacts, arbitraryRefinement, arbitraryRule, arbitrarySetting } from './rule.arbitrary.ts'
import { UNKNOWN, type Rule, type Truth } from './rule.ts'

const world = [arbitraryFacts, arbitrarySetting] as const
const not = (of: Rule): Rule => ({ op: 'not', of })
const all = (...of: Rule[]): Rule => ({ op: 'all', of })
const any = (...of: Rule[]): Rule => ({ op: 'any', of })
const rule = arbitraryRule({ known: true })
const many = { numRuns: 1000 }

/** Both rules have the same answer for every enterprise. */
const same = (pair: (a: Rule, b: Rule, c: Rule) => [Rule, Rule]) =>
  fc.assert(
    fc.property(rule, rule, rule, ...world, (a, b, c, facts, setting) => {
      const [left, right] = pair(a, b, c)
      expect(evaluate(left, facts, setting)).toBe(evaluate(right, facts, setting))
    }),
  )

describe('三值逻辑的定律', () => {
  it('双重否定', () => same((a) => [not(not(a)), a]))
  it('德摩根律', () => {
    same((a, b) => [not(all(a, b)), any(not(a), not(b))])
    same((a, b) => [not(any(a, b)), all(not(a), not(b))])
  })
  it('交换律与结合律', () => {
    same((a, b) => [all(a, b), all(b, a)])
    same((a, b) => [any(a, b), any(b, a)])
    same((a, b, c) => [all(a, all(b, c)), all(all(a, b), c)])
    same((a, b, c) => [any(a, any(b, c)), any(any(a, b), c)])
  })
  it('分配律与吸收律', () => {
    same((a, b, c) => [all(a, any(b, c)), any(all(a, b), all(a, c))])
    same((a, b) => [any(a, all(a, b)), a])
  })
  it('至少一项即任一，至少全部即全部满足，至少两项可展开', () => {
    same((a, b, c) => [{ op: 'atLeast', n: 1, of: [a, b, c] }, any(a, b, c)])
    same((a, b, c) => [{ op: 'atLeast', n: 3, of: [a, b, c] }, all(a, b, c)])
    same((a, b, c) => [{ op: 'atLeast', n: 2, of: [a, b, c] }, any(all(a, b), all(a, c), all(b, c))])
  })
})

describe('补充信息', () => {
  const better = arbitraryFacts.chain((facts) => fc.tuple(fc.constant(facts), arbitraryRefinement(facts)))
  it('不会把符合变成不符合，也不会反过来', () => {
    fc.assert(
      fc.property(arbitraryRule(), better, arbitrarySetting, (each, [before, after], setting) => {
        const truth = evaluate(each, before, setting)
        if (truth !== UNKNOWN) expect(evaluate(each, after, setting)).toBe(truth)
      }),
      many,
    )
  })
  it('运营录入事件起止也一样', () => {
    fc.assert(
      fc.property(arbitraryRule(), ...world, fc.constantFrom('2019-01-01', '2024-06-15', '2099-01-01'), (each, facts, setting, from) => {
        const truth = evaluate(each, facts, { ...setting, events: { ...setting.events, flood: {} } })
        const later = { ...setting, events: { ...setting.events, flood: { from } } }
        if (truth !== UNKNOWN) expect(evaluate(each, facts, later)).toBe(truth)
      }),
      many,
    )
  })
})

describe('编译后的规则', () => {
  it('与逐条判断的结果处处相同', () => {
    fc.assert(
      fc.property(rule, ...world, (each, facts, setting) => {
        expect(compile(each, setting)(facts)).toBe(evaluate(each, facts, setting))
      }),
      { numRuns: 3000 },
    )
  })
})

describe('月数', () => {
  const day = fc
    .integer({ min: 0, max: 20_000 })
    .map((n) => Array.from({ length: Math.floor(n / 25) }).reduce<string>((d) => addDays(d, 25), '1990-01-01'))
  const months = fc.integer({ min: 0, max: 300 })
  it('满 n 个月的那一天起才算满 n 个月', () => {
    fc.assert(
      fc.property(day, months, (start, n) => {
        expect(wholeMonths(start, addMonths(start, n))).toBe(n)
        expect(wholeMonths(start, addDays(addMonths(start, n), -1))).toBe(n - 1)
      }),
    )
  })
  it('最晚的起算日再晚一天就不满', () => {
    fc.assert(
      fc.property(day, months, (today, n) => {
        const start = latestStart(n, today)
        expect(wholeMonths(start, today)).toBeGreaterThanOrEqual(n)
        expect(wholeMonths(addDays(start, 1), today)).toBeLessThan(n)
      }),
    )
  })
})

describe('随机规则', () => {
  it('三种结果都常见，否则上面的定律是空谈', () => {
    const count: Record<Truth, number> = { 0: 0, 1: 0, 2: 0 }
    for (const [each, facts, setting] of fc.sample(fc.tuple(arbitraryRule(), ...world), { numRuns: 1000, seed: 7 }))
      count[evaluate(each, facts, setting)]++
    expect(Math.min(...Object.values(count))).toBeGreaterThan(100)
  })
})
