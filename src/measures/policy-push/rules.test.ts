import { recordNumber } from '../../core/record-number.ts'
import { describe, expect, it } from 'vitest'
import type { Actor } from '../../core/access.ts'
import { explain } from '../../core/eligibility/explain.ts'
import type { Facts } from '../../core/eligibility/facts.ts'
import type { Rule } from '../../core/eligibility/rule.ts'
import type { LivePolicy, PolicyContent } from '../../commons/policies/index.ts'
import { namesFor } from '../../commons/policies/index.server.ts'
import { readAnswer } from '../../commons/people/index.ts'
import { changesBetween, worthTelling, type Standing } from './changes.ts'
import { examplePolicy } from './example-policy.ts'
import { judge, type Subject } from './judge.ts'
import { conditionLines, lineOf, traceLines } from './match-line.ts'
import { groupMatches, reasonOf, whatChanged } from './matching.ts'
import { applicationProblem, dueOf, outcomeOf, pausesAfter } from './rules.ts'
import { isClosing, mayTurn, scopeOf, termOf } from './term.ts'
import { figureOf, linesTouched, percent, sayWorth } from './worth.ts'

const subject = (facts: Facts, asOf = '2026-11-23'): Subject => ({ facts, setting: { asOf, events: {} }, derive: () => [] })
const live = (over: Partial<PolicyContent> = {}): LivePolicy => {
  const content = examplePolicy(over)
  return {
    policyId: `p-${content.slug}`,
    versionId: `v-${content.slug}`,
    number: 1,
    slug: content.slug,
    content,
    publishedAt: '2026-01-05T00:00:00.000Z',
  }
}
const judged = (facts: Facts, over: Partial<PolicyContent> = {}) => judge(live(over), subject(facts))
const enterprise: Actor = { id: 'a', name: '示例·周质量', role: 'enterprise', org_id: 'o', org_name: '示例', region: '330110' }
const hangzhou = { region: '330110' } as const

describe('三种结论', () => {
  it('从业人员没有填报是待补充，不是不符合', () => {
    expect(judged(hangzhou).result).toBe('unknown')
    expect(judged(hangzhou).decision.ask).toEqual(['employees'])
    expect(judged({ ...hangzhou, employees: 19 }).result).toBe('eligible')
    expect(judged({ ...hangzhou, employees: 20 }).result).toBe('ineligible')
  })

  it('差一步：写明现在是什么、要怎样、依据哪一条', () => {
    const content = examplePolicy()
    const line = lineOf(judged({ ...hangzhou, employees: 35 }), namesFor(content.clauses), '2026-11-23')
    expect(line.steps).toEqual([{ text: '差一步：从业人员为 35 人，若少于 20 人，即符合这一条（第二条）', clause: content.clauses[1] }])
    expect(line.blockers[0]?.text).toMatch(/^暂不符合：从业人员为 35 人，需少于 20 人（第二条）/)
  })

  it('不劝人迁址：注册地不符不列为可以改变的一步', () => {
    expect(lineOf(judged({ region: '340822', employees: 5 }), namesFor(), '2026-11-23').steps).toEqual([])
  })

  it('逐条判断的树里每个条件都有条款；“不”之下的全部变成任一', () => {
    const content = examplePolicy()
    const tree = traceLines(judged({ ...hangzhou, employees: 35 }).decision.trace, content, namesFor(content.clauses))
    expect(tree).toMatchObject({
      truth: 'no',
      text: '下列条件都要符合',
      parts: [
        { truth: 'yes', clause: { id: 'c1' } },
        { truth: 'no', clause: { id: 'c2' } },
      ],
    })
    const turned = explain({ op: 'not', of: content.rule, src: 'c1' }, { ...hangzhou, employees: 35 }, subject({}).setting)
    expect(traceLines(turned.trace, content, namesFor())).toMatchObject({
      truth: 'yes',
      text: '下列条件符合一项即可',
      parts: [{ truth: 'no' }, { truth: 'yes' }],
    })
  })

  it('不设条件的政策说“不设条件”，文件自己的日期不算一条', () => {
    const open = judged({}, { rule: { op: 'all', of: [] }, benefits: [] })
    expect(traceLines(open.decision.trace, open.policy.content, namesFor())).toEqual({ text: '不设条件', truth: 'yes', parts: [] })
  })

  it('条件逐条成句，各带自己的条款', () => {
    const content = examplePolicy()
    expect(conditionLines(content.rule, content, namesFor()).map(({ text, clause }) => [text, clause?.id])).toEqual([
      ['注册地在浙江省', 'c1'],
      ['从业人员少于 20 人', 'c2'],
    ])
  })
})

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

describe('期限', () => {
  it('起止取文件日期和办理期中较窄的', () => {
    expect(termOf(examplePolicy())).toEqual({ from: '2026-01-01', to: '2026-12-31' })
    const rule = { op: 'all', of: [{ op: 'window', anchor: 'acceptedOn', from: '2026-03-01', to: '2026-06-30', src: 'c1' }] } as const
    expect(termOf(examplePolicy({ rule }))).toEqual({ from: '2026-03-01', to: '2026-06-30' })
    expect([
      isClosing(examplePolicy(), '2026-11-30'),
      isClosing(examplePolicy(), '2026-12-02'),
      isClosing(examplePolicy(), '2027-01-01'),
    ]).toEqual([false, true, false])
  })

  it('跨过起止日的政策才重新匹配；有年龄条件的每天都可能变', () => {
    const at = (after: string, until: string, over = {}) =>
      mayTurn(examplePolicy(over), { e: { from: '2026-05-01', to: '2026-05-10' } }, after, until)
    expect([at('2025-12-31', '2026-01-01'), at('2026-01-01', '2026-01-02')]).toEqual([true, false])
    // The last day still counts: the answer turns on the day after it.
    expect([at('2026-12-30', '2026-12-31'), at('2026-12-31', '2027-01-01')]).toEqual([false, true])
    const during = { effectiveFrom: null, effectiveTo: null, rule: { op: 'during', anchor: 'acceptedOn', event: 'e', src: 'c1' } } as const
    expect([at('2026-05-09', '2026-05-10', during), at('2026-05-10', '2026-05-11', during)]).toEqual([false, true])
    expect(at('2026-08-01', '2026-08-02', { rule: { op: 'age', fact: 'registeredOn', ltMonths: 36, src: 'c1' } })).toBe(true)
  })

  it('范围取省一级前缀：只知道到省的企业也要看', () => {
    expect(scopeOf(examplePolicy().rule)).toBe('33')
    expect(scopeOf({ op: 'region', mode: 'listed', codes: ['330100', '340800'], src: 'c1' })).toBe('')
    expect(
      scopeOf({
        op: 'any',
        of: [
          { op: 'region', mode: 'nested', codes: ['330100'] },
          { op: 'flag', fact: 'hardship' },
        ],
      }),
    ).toBe('')
  })
})

describe('只告诉结果有变化的', () => {
  const standing = (policyId: string, result: 'eligible' | 'unknown', versionId = 'v1'): Standing => ({
    policyId,
    versionId,
    result,
    force: 'apply',
  })

  it('变为符合或待补充才算得到；曾经符合而不再符合才算失去', () => {
    const changes = changesBetween(
      [standing('a', 'unknown'), standing('b', 'eligible'), standing('c', 'eligible'), standing('d', 'unknown'), standing('e', 'eligible')],
      [standing('a', 'eligible'), standing('b', 'eligible'), standing('e', 'eligible', 'v2'), standing('f', 'unknown')],
    )
    expect(changes.map(({ policyId }) => policyId)).toEqual(['a', 'c', 'd', 'e', 'f'])
    const { gains, losses } = worthTelling(changes, new Set())
    expect([gains.map((c) => c.policyId), losses.map((c) => c.policyId)]).toEqual([['a', 'f'], ['c']])
  })

  it('放到一边的不再打扰，换了版本才再说', () => {
    const changes = changesBetween([standing('a', 'unknown')], [standing('a', 'eligible', 'v2')])
    expect(worthTelling(changes, new Set(['v1'])).gains).toHaveLength(1)
    expect(worthTelling(changes, new Set(['v2'])).gains).toHaveLength(0)
  })
})

describe('申请', () => {
  it('只有符合、且来源可信的政策可以申请；拒绝时写明条款和办法', () => {
    expect(applicationProblem(judged({ ...hangzhou, employees: 5 }), enterprise)).toBeUndefined()
    expect(applicationProblem(judged(hangzhou), enterprise)).toMatchObject({
      kind: 'conflict',
      code: 'UNDECIDED',
      reason: expect.stringContaining('示例〔2026〕1号 第二条'),
    })
    expect(applicationProblem(judged({ ...hangzhou, employees: 50 }), enterprise)).toMatchObject({ code: 'NOT_ELIGIBLE' })
    expect(applicationProblem({ ...judged({ ...hangzhou, employees: 5 }), force: 'guidance' }, enterprise)).toMatchObject({
      code: 'GUIDANCE_ONLY',
    })
    expect(applicationProblem(judged({ ...hangzhou, employees: 5 }), { ...enterprise, role: 'regulator' })).toMatchObject({
      kind: 'forbidden',
    })
  })

  it('承诺 5 个工作日；补正期间不计，再次提交后接着算', () => {
    const monday = '2026-11-23T02:00:00.000Z'
    expect(dueOf(monday, [], monday)).toEqual({ on: '2026-11-30', provisional: false })
    const paused = pausesAfter([], 'return', '2026-11-24T02:00:00.000Z')
    const resumed = pausesAfter(paused, 'resubmit', '2026-11-26T02:00:00.000Z')
    expect(resumed).toEqual([{ from: '2026-11-24T02:00:00.000Z', to: '2026-11-26T02:00:00.000Z', reason: '等待企业补正' }])
    expect(dueOf(monday, resumed, '2026-11-26T02:00:00.000Z').on).toBe('2026-12-02')
  })

  it('确认已享受要填金额，不予通过要选原因', () => {
    expect(outcomeOf('grant', { saving: '1,234.50' })).toEqual({ savingFen: 123_450n, reasonCode: null })
    for (const saving of [undefined, '-1', '一百', '1.234', '100000000.01'])
      expect(outcomeOf('grant', { saving })).toMatchObject({ kind: 'invalid', fields: { saving: expect.any(String) } })
    expect(outcomeOf('decline', {})).toMatchObject({ kind: 'invalid', fields: { reason: expect.any(String) } })
    expect(outcomeOf('decline', { reason: 'closed' })).toEqual({ savingFen: null, reasonCode: 'closed' })
  })

  it('编号按省和年', () => expect(recordNumber('33', 2026, 123)).toBe('浙-2026-000123'))
})

describe('回答', () => {
  const one = (fact: Parameters<typeof readAnswer>[0], value: string[], none = false) => readAnswer(fact, { value, none })

  it('按信息的类型读取，没填的请填，不猜', () => {
    expect([
      one('hardship', ['yes']),
      one('hardship', ['no']),
      one('employees', ['１，２００']),
      one('registeredOn', ['2020-03-15']),
    ]).toEqual([true, false, 1200, '2020-03-15'])
    for (const [fact, value] of [
      ['hardship', []],
      ['employees', ['很多']],
      ['employees', ['-3']],
      ['registeredOn', ['']],
      ['qualifications', []],
    ] as const)
      expect(one(fact, [...value])).toMatchObject({ kind: 'invalid', fields: { value: expect.any(String) } })
  })

  it('“以上都没有”是已知没有，与其他项不能同选', () => {
    expect(one('qualifications', [], true)).toEqual([])
    expect(one('instruments', [''], true)).toEqual({})
    expect(one('qualifications', ['cnas'], true)).toMatchObject({ kind: 'invalid' })
  })

  it('器具按名称和件数逐行读，俗名也认', () => {
    expect(one('instruments', ['压力表 12\n地磅：1台'])).toEqual({ 'pressure-gauge': 12, 'scale.truck': 1 })
    expect(one('instruments', ['压力表'])).toMatchObject({ kind: 'invalid', reason: expect.stringContaining('压力表') })
    expect(one('instruments', ['魔法棒 3'])).toMatchObject({ kind: 'invalid', reason: expect.stringContaining('魔法棒') })
  })
})
