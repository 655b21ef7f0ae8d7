import { describe, expect, it } from 'vitest'
import type { Facts } from '../../core/eligibility/facts.ts'
import type { Rule } from '../../core/eligibility/rule.ts'
import { examplePolicy } from './example-policy.ts'
import { subject, judged, hangzhou } from './test-judged.ts'
import { figureOf, linesTouched, percent, sayWorth } from './worth.ts'

describe('给什么', () => {
  it('只说来源写明的数', () => {
    const [benefit] = examplePolicy().benefits
    expect(sayWorth(benefit!)).toBe('减收 50%，最高 ¥3,000.00')
    expect(sayWorth({ kind: 'reduce', appliesTo: '', detail: '', src: 'c1' })).toBe('减收')
    expect(sayWorth({ kind: 'fastTrack', appliesTo: '', detail: '', promisedDays: 5, statutoryDays: 20, src: 'c1' })).toBe(
      '加快办理，5 个工作日办结（法定 20 个）',
    )
    expect([percent(1250), percent(5), percent(10_000)]).toEqual(['12.5%', '0.05%', '100%'])
    expect([figureOf([benefit!]), figureOf([{ ...benefit!, rateBp: 10_000 }]), figureOf([])]).toEqual(['50%', '全免', undefined])
  })

  it('台账里的器具逐种试过，没有台账就不说件数', () => {
    const { rule } = examplePolicy().benefits[0]!
    const facts: Facts = { ...hangzhou, instruments: { 'pressure-gauge': 12, caliper: 40 } }
    expect(linesTouched(rule, facts, subject(facts).setting)).toEqual({ pieces: 12, kinds: ['pressure-gauge'] })
    expect(linesTouched(rule, hangzhou, subject(hangzhou).setting)).toBeUndefined()
    expect(linesTouched(rule, { instruments: {} }, subject({}).setting)).toEqual({ pieces: 0, kinds: [] })
  })

  it('只差每次送检的情况时，下单时逐件判断，不再问企业', () => {
    const [benefit] = examplePolicy().benefits
    const standing = (facts: Facts, rule?: Rule) =>
      judged({ ...hangzhou, employees: 5, ...facts }, { benefits: [benefit!, { ...benefit!, ...(rule && { rule }) }] }).benefits[1]
        ?.standing
    expect(standing({})).toBe('line')
    const hardship: Rule = { op: 'flag', fact: 'hardship', src: 'c1' }
    expect([standing({}, hardship), standing({ hardship: false }, hardship), standing({ hardship: true }, hardship)]).toEqual([
      'ask',
      'no',
      'yes',
    ])
  })

  it('一项待遇都享受不到的政策，不算符合；只差待遇的条件也会问', () => {
    const [benefit] = examplePolicy().benefits
    const benefits = [{ ...benefit!, rule: { op: 'flag', fact: 'hardship', src: 'c2' } as const }]
    expect(judged({ ...hangzhou, employees: 5, hardship: false }, { benefits }).result).toBe('ineligible')
    expect(judged({ ...hangzhou, employees: 5 }, { benefits })).toMatchObject({ result: 'unknown', decision: { ask: ['hardship'] } })
  })
})
