import { describe, expect, it } from 'vitest'
import type { Rule } from '../../core/eligibility/rule.ts'
import { examplePolicy } from './example-policy.ts'
import { groupMatches, reasonOf, whatChanged } from './matching.ts'
import { judged, hangzhou } from './test-judged.ts'

describe('分组', () => {
  const list = [
    judged({ ...hangzhou, employees: 5 }, { slug: 'now' }),
    judged(hangzhou, { slug: 'ask' }),
    judged(hangzhou, { slug: 'await', rule: { op: 'during', anchor: 'acceptedOn', event: 'e', src: 'c1' } }),
    judged({ ...hangzhou, employees: 35 }, { slug: 'big' }),
    judged({ region: '340822', employees: 35 }, { slug: 'far' }),
    judged({ ...hangzhou, employees: 5 }, { slug: 'aside' }),
  ]

  it('现在适用、再补一项、等平台确认、暂不符合、放到一边各归各处；外地的只计数', () => {
    const grouped = groupMatches(list, new Set(['v-aside', 'v-big']))
    const slugs = (group: { policy: { slug: string } }[]) => group.map(({ policy }) => policy.slug)
    expect(slugs(grouped.now['apply-for'])).toEqual(['now'])
    expect(slugs(grouped.ask)).toEqual(['ask'])
    expect(slugs(grouped.awaiting)).toEqual(['await'])
    expect(grouped.not.map(({ reason, matches }) => [reason, slugs(matches)])).toEqual([['CONDITION_NOT_MET', ['big']]])
    expect(grouped.elsewhere).toBe(1)
    expect(slugs(grouped.dismissed)).toEqual(['aside'])
    expect(grouped.questions).toEqual([{ fact: 'employees', decides: 1, alone: 1 }])
    expect(reasonOf(list[4]!)).toBe('REGION_NOT_COVERED')
    const [place, people] = (examplePolicy().rule as Extract<Rule, { op: 'all' }>).of
    const placeLast: Rule = { op: 'all', of: [people!, place!] }
    expect(reasonOf(judged({ region: '340822', employees: 35 }, { rule: placeLast }))).toBe('REGION_NOT_COVERED')
    expect(reasonOf(judged({ ...hangzhou, employees: 35 }, { rule: placeLast }))).toBe('CONDITION_NOT_MET')
  })

  it('能享受的先问：只能让仅供参考的有结论的问题，再多也排在后面', () => {
    const guidance = ['g1', 'g2', 'g3'].map((slug) => ({
      ...judged(hangzhou, { slug, rule: { op: 'flag', fact: 'hardship', src: 'c1' } }),
      force: 'guidance' as const,
    }))
    const { questions, ask } = groupMatches([...guidance, judged(hangzhou, { slug: 'real' })], new Set())
    expect(questions.map(({ fact, decides }) => [fact, decides])).toEqual([
      ['employees', 1],
      ['hardship', 3],
    ])
    expect(ask[0]!.policy.slug).toBe('real')
  })

  it('答完一题，说清哪些适用了、哪些确定不适用', () => {
    const before = [
      judged(hangzhou, { slug: 'a' }),
      judged(hangzhou, { slug: 'b', rule: { op: 'range', fact: 'employees', gte: 50, src: 'c2' } }),
    ]
    const after = [
      judged({ ...hangzhou, employees: 5 }, { slug: 'a' }),
      judged({ ...hangzhou, employees: 5 }, { slug: 'b', rule: { op: 'range', fact: 'employees', gte: 50, src: 'c2' } }),
    ]
    expect(whatChanged(before, after)).toEqual({ now: ['a'], not: ['b'], closer: [] })
  })
})
