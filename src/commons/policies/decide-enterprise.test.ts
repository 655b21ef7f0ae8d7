import { describe, expect, it } from 'vitest'
import { evaluate } from '../../core/eligibility/evaluate.ts'
import type { Facts, Setting } from '../../core/eligibility/facts.ts'
import { NO, UNKNOWN, YES } from '../../core/eligibility/rule.ts'
import { decide, decider, enterpriseRule } from './decide-enterprise.ts'
import { isLive } from './decide.ts'
import { enterpriseFacts } from './enterprise-facts.ts'
import { loadLibrary } from './load-library.server.ts'
import { samplePolicy } from './sample.ts'

const today: Setting = { asOf: '2026-11-23', events: { 'epidemic-2020': { from: '2020-01-20', to: '2023-01-07' } } }
const library = await loadLibrary()
const policy = (slug: string) => library.find((each) => each.slug === slug)!

describe('一家企业', () => {
  it('只差下单的，是符合；每件器具还要符合什么，单独说', () => {
    const decided = decide(samplePolicy(), { region: '330109', size: 'small' }, today)
    expect(decided).toMatchObject({ policyId: 'sample-fee', result: 'eligible', force: 'apply', ask: [], blockers: [] })
    expect(decided.benefits).toEqual([
      { benefit: samplePolicy().benefits[0], truth: YES, lineConditions: samplePolicy().benefits[0]!.rule },
    ])
  })

  it('一项待遇也享受不了的，是不符合：51号文第五条的大型企业', () => {
    const large = decide(policy('samr-2022-51-m5'), { size: 'large' }, today)
    expect(large.result).toBe('ineligible')
    expect(large.blockers.map(({ fact }) => fact)).toEqual(['size', 'size'])
    expect(large.decision.truth).toBe(NO)
    expect(decide(policy('samr-2022-51-m5'), { size: 'small' }, today).result).toBe('eligible')
  })

  it('还不知道规模的，问算得出规模的数，不问规模本身', () => {
    const described = (facts: Facts) => enterpriseFacts({ uscc: '91999999000009013U', facts: { industry: 'C3484', ...facts } })
    const judge = ({ facts, derive }: ReturnType<typeof described>) => decide(policy('samr-2022-51-m5'), facts, today, derive)
    expect(judge(described({}))).toMatchObject({ result: 'unknown', ask: ['employees', 'revenue'] })
    // 42 人至多是小型，营业收入再多也不会是大型：不必再问。
    expect(described({ employees: 42 }).facts.size).toEqual({ oneOf: ['micro', 'small'] })
    expect(judge(described({ employees: 42 }))).toMatchObject({ result: 'eligible', ask: [] })
  })

  it('文件的起止日期也是条件，按受理那天算', () => {
    const late = decide(samplePolicy(), { region: '330109', size: 'small', acceptedOn: '2028-01-01' }, today)
    expect(late).toMatchObject({ result: 'ineligible', blockers: [{ leaf: { op: 'window', to: '2027-12-31' } }] })
  })

  it('没有待遇的政策只看条件；有一项不设条件的待遇，其他待遇不作要求', () => {
    const bare = samplePolicy({ benefits: [], effectiveFrom: null, effectiveTo: null })
    expect(enterpriseRule(bare)).toBe(bare.rule)
    const [reduce] = samplePolicy().benefits
    const narrow = { ...reduce!, rule: { op: 'in' as const, fact: 'size' as const, values: ['micro'], src: 'c1' } }
    const { rule: _, ...free } = reduce!
    const facts: Facts = { region: '330109', size: 'small' }
    expect(decide(samplePolicy({ benefits: [narrow] }), facts, today).result).toBe('ineligible')
    const both = decide(samplePolicy({ benefits: [narrow, free] }), facts, today)
    expect([both.result, both.benefits.map(({ truth }) => truth)]).toEqual(['eligible', [NO, YES]])
  })

  it('全部政策、多种企业：结论、理由和要问的互相对得上', () => {
    const firms: Facts[] = [
      {},
      { region: '330109', size: 'small', subjectKind: 'enterprise', industry: 'C4011' },
      { region: '420100', size: { oneOf: ['micro', 'small'] }, subjectKind: 'enterprise', resumedWork: true },
      { region: '340822', size: 'individual', subjectKind: 'individual', activities: ['market-stall'] },
      { region: '350900', size: 'large', subjectKind: 'enterprise', hardship: true, instruments: {} },
    ]
    const results = { eligible: 0, unknown: 0, ineligible: 0 }
    for (const each of library.filter((p) => isLive(p, today.asOf))) {
      const prepared = decider(each, today)
      for (const facts of firms) {
        const { decision, ...brief } = decide(each, facts, today)
        expect(prepared(facts), each.slug).toEqual(brief)
        const truth = evaluate(enterpriseRule(each), facts, today)
        expect(brief.result).toBe(truth === YES ? 'eligible' : truth === UNKNOWN ? 'unknown' : 'ineligible')
        expect(decision.truth).toBe(truth)
        expect(decision.blockers).toEqual(brief.blockers)
        expect(brief.blockers.length > 0).toBe(truth === NO)
        if (brief.result === 'eligible' && each.benefits.length > 0)
          expect(
            brief.benefits.some((b) => b.truth === YES),
            each.slug,
          ).toBe(true)
        // Never better than the policy's own rule.
        expect(truth).toBeLessThanOrEqual(evaluate(each.rule, facts, today))
        results[brief.result]++
      }
    }
    expect(Object.values(results).every((n) => n > 20)).toBe(true)
  })
})

describe('企业的信息', () => {
  it('主体类型没有填时看信用代码，填了以填的为准', () => {
    expect(enterpriseFacts({ uscc: '9299999900000903XB', facts: {} }).facts).toMatchObject({
      subjectKind: 'individual',
      size: 'individual',
    })
    expect(enterpriseFacts({ uscc: '91999999000009013U', facts: { subjectKind: 'cooperative' } }).facts.subjectKind).toBe('cooperative')
    expect(enterpriseFacts({ facts: {} }).facts.subjectKind).toBeUndefined()
  })

  it('指标不全时是几种可能，指标不对的当作没有填', () => {
    const told: Facts = { industry: 'C3484', employees: 42, revenue: 3860 }
    expect(enterpriseFacts({ uscc: '91999999000009013U', facts: told }).facts.size).toBe('small')
    const wrong = enterpriseFacts({ uscc: '91999999000009013U', facts: { ...told, revenue: -1 } })
    expect(wrong.facts.size).toEqual({ oneOf: ['micro', 'small'] })
    expect(wrong.derive('size', wrong.facts)).toEqual(['revenue'])
    expect(wrong.derive('hardship', wrong.facts)).toEqual([])
  })
})
