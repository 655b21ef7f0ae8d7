import { describe, expect, it } from 'vitest'
import { explain } from './explain.ts'
import type { Facts, Setting } from './facts.ts'
import { rankQuestions } from './questions.ts'
import { reasonCode } from './reason-code.ts'
import { NO, UNKNOWN, YES, type Leaf, type Rule } from './rule.ts'

const setting: Setting = { asOf: '2024-06-15', events: { epidemic: { from: '2020-01-23', to: '2023-01-07' } } }
const inZhejiang: Rule = { op: 'region', mode: 'nested', codes: ['330000'], src: 'c1' }
const isSmall: Rule = { op: 'in', fact: 'size', values: ['small', 'micro'] }
const fewer: Rule = { op: 'range', fact: 'employees', lt: 20 }
const inHardship: Rule = { op: 'flag', fact: 'hardship' }
const all = (...of: Rule[]): Rule => ({ op: 'all', of })
const any = (...of: Rule[]): Rule => ({ op: 'any', of })
const why = (rule: Rule, facts: Facts) => explain(rule, facts, setting)
const paths = (traces: readonly { path: string }[]) => traces.map(({ path }) => path)

describe('过程', () => {
  it('每一步都有路径、结果、现状和条款，条款从外层继承', () => {
    const rule: Rule = { op: 'all', src: 'c9', of: [inZhejiang, { op: 'not', of: fewer }] }
    expect(why(rule, { region: '330109', employees: 35 }).trace).toEqual({
      path: '',
      truth: YES,
      op: 'all',
      src: 'c9',
      of: [
        { path: '/of/0', truth: YES, leaf: inZhejiang, negated: false, src: 'c1', fact: 'region', actual: '330109', fixed: true },
        {
          path: '/of/1',
          truth: YES,
          op: 'not',
          src: 'c9',
          of: [{ path: '/of/1/of', truth: NO, leaf: fewer, negated: true, src: 'c9', fact: 'employees', actual: 35, fixed: false }],
        },
      ],
    })
  })
  it('没有受理日期时写明按判断日计', () => {
    const { trace } = why({ op: 'window', anchor: 'acceptedOn', from: '2024-07-01' }, {})
    expect(trace).toMatchObject({ actual: '2024-06-15', assumed: true, from: '2024-07-01' })
  })
})

describe('卡住与已符合', () => {
  it('全部满足：举出一条不符合的即可', () =>
    expect(paths(why(all(inZhejiang, fewer, isSmall), { region: '330109', employees: 35, size: 'large' }).blockers)).toEqual(['/of/1']))
  it('任一：每一条都要说', () =>
    expect(paths(why(any(fewer, isSmall), { employees: 35, size: 'large' }).blockers)).toEqual(['/of/0', '/of/1']))
  it('选条件最少的一组说明', () => {
    expect(paths(why(all(any(fewer, isSmall), inHardship), { employees: 35, size: 'large', hardship: false }).blockers)).toEqual(['/of/1'])
  })
  it('三项中要满足两项时，不符合的两项一起说', () => {
    const rule: Rule = { op: 'atLeast', n: 2, of: [fewer, isSmall, inHardship] }
    expect(paths(why(rule, { employees: 35, size: 'small', hardship: false }).blockers)).toEqual(['/of/0', '/of/2'])
  })
  it('否定之下，成立的条件是障碍，不成立的是已符合', () => {
    const rule: Rule = { op: 'not', of: any(fewer, inHardship) }
    const { blockers, passed } = why(rule, { employees: 12, hardship: false })
    expect(paths(blockers)).toEqual(['/of/of/0'])
    expect(paths(passed)).toEqual(['/of/of/1'])
  })
})

describe('问什么', () => {
  it('已定的不问，与结论无关的不问', () => {
    const decision = why(all(inZhejiang, any(inHardship, all(fewer, isSmall))), { region: '330109' })
    expect(decision).toMatchObject({ truth: UNKNOWN, ask: ['hardship'], exact: true })
  })
  it('只知道到市的注册地要问到县', () => {
    expect(why({ op: 'region', mode: 'nested', codes: ['330109'] }, { region: '330100' }).ask).toEqual(['region'])
  })
  it('派生的规模改问缺少的指标，并按指标个数取最少', () => {
    const derive = (fact: string) => (fact === 'size' ? (['employees', 'revenue'] as const) : [])
    expect(explain(isSmall, {}, setting, derive).ask).toEqual(['employees', 'revenue'])
    expect(explain(all(isSmall, fewer), {}, setting, derive).ask).toEqual(['employees', 'revenue'])
    expect(explain(any(isSmall, inHardship), {}, setting, derive).ask).toEqual(['hardship'])
  })
  it('同一信息的两个条件问一次；彼此矛盾的回答不算数', () => {
    const young: Rule = { op: 'range', fact: 'employees', lt: 5 }
    const old: Rule = { op: 'range', fact: 'employees', gte: 10 }
    expect(why(any(all(young, old), all(inHardship, isSmall)), {}).ask).toEqual(['hardship', 'size'])
    expect(why(all(young, old), {})).toMatchObject({ truth: UNKNOWN, ask: [] })
  })
  it('列全了的取值怎么答都一样，不去问它', () => {
    const sized: Rule = { op: 'in', fact: 'size', values: ['micro', 'small', 'medium', 'large', 'individual', 'unclassified'] }
    expect(why(any({ op: 'not', of: sized }, all(inHardship, fewer)), {}).ask).toEqual(['hardship', 'employees'])
  })
  it('登记得粗的器具要问清种类，一件也算', () => {
    const holds = (kind: string, min: number): Rule => ({ op: 'holds', kinds: [kind], min })
    const rule = all(holds('scale.electronic', 1), { op: 'not', of: holds('scale.spring', 2) })
    expect(why(rule, { instruments: { scale: 1 } })).toMatchObject({ truth: UNKNOWN, ask: ['instruments'], exact: true })
    expect(why(all(rule, holds('scale.spring', 1)), { instruments: { scale: 2 } })).toMatchObject({ truth: UNKNOWN, ask: ['instruments'] })
  })
  it('事件起止由运营录入，不问企业；能问企业解决的先问企业', () => {
    const during: Rule = { op: 'during', anchor: 'acceptedOn', event: 'drought' }
    expect(why(during, {})).toMatchObject({ ask: [], awaits: [{ kind: 'event', id: 'drought' }] })
    expect(why(any(during, all(fewer, isSmall)), {})).toMatchObject({ ask: ['employees', 'size'], awaits: [] })
    expect(why({ op: 'region', mode: 'alliance', codes: ['x'] }, { region: '330109' })).toMatchObject({
      ask: [],
      awaits: [{ kind: 'alliance', id: 'x' }],
    })
  })
  it('逐项说明单独回答能否定夺', () => {
    expect(why(all(fewer, any(isSmall, inHardship)), { employees: 12 }).couldDecide).toEqual([
      { fact: 'size', yes: true, no: false },
      { fact: 'hardship', yes: true, no: false },
    ])
  })
  it('跨政策排序：能帮上最多的先问，独自定夺的份量更重', () => {
    const asks = [
      { ask: ['size', 'region'] as const },
      { ask: ['region'] as const },
      { ask: ['size', 'hardship', 'region'] as const },
      { ask: ['serviceKind'] as const },
      { ask: [] },
    ]
    expect(rankQuestions(asks)).toEqual([
      { fact: 'region', decides: 3, alone: 1 },
      { fact: 'serviceKind', decides: 1, alone: 1 },
      { fact: 'size', decides: 2, alone: 0 },
      { fact: 'hardship', decides: 1, alone: 0 },
    ])
  })
})

describe('差一步', () => {
  it('只列要改的那一条，能改的优先于不能改的', () => {
    const { flips } = why(any(inZhejiang, fewer), { region: '340100', employees: 35 })
    expect(flips).toMatchObject([{ path: '/of/1', by: 'change', fixed: false, actual: 35 }])
    expect(why(all(inZhejiang, fewer), { region: '340100', employees: 12 }).flips).toMatchObject([
      { path: '/of/0', by: 'change', fixed: true },
    ])
  })
  it('一项信息改动可同时满足几条', () => {
    const half: Rule = { op: 'range', fact: 'employees', lt: 50 }
    const rule = any(all(fewer, half), all(isSmall, inHardship))
    expect(paths(why(rule, { employees: 80, size: 'large', hardship: false }).flips)).toEqual(['/of/0/of/0', '/of/0/of/1'])
  })
  it('缺的信息与要改的分开列', () => {
    expect(why(all(fewer, isSmall), { employees: 35 }).flips).toMatchObject([
      { by: 'change', fact: 'employees' },
      { by: 'tell', fact: 'size' },
    ])
  })
  it('怎么改也不行的不列', () => expect(why(all(fewer, { op: 'not', of: fewer }), { employees: 35 }).flips).toEqual([]))
})

describe('搜索的边界', () => {
  const facts = [
    'hardship',
    'epidemicAffected',
    'resumedWork',
    'buildsTopStandard',
    'externalCalibration',
    'traceable',
    'hasTechnicalNeed',
    'keyEnergyUser',
    'highEnergyUse',
    'fiscalHardship',
    'publicCharging',
    'registeredInPlatform',
    'selfChecked',
  ] as const
  const flags = facts.map((fact): Rule => ({ op: 'flag', fact }))
  const most: Rule = { op: 'atLeast', n: 7, of: flags }
  it('每项信息只问一处时，再多也能算出最少的', () => {
    expect(why(most, {})).toMatchObject({ exact: true, ask: facts.slice(0, 7) })
  })
  it('互相牵连的条件太多时给出够用但未必最少的答案，并如实说明', () => {
    const decision = why(all(most, any(flags[0]!, { op: 'not', of: flags[1]! })), {})
    expect(decision.exact).toBe(false)
    const told = Object.fromEntries(decision.ask.map((fact) => [fact, true]))
    expect(why(most, told).truth).toBe(YES)
  })
  it('很大的规则也很快有答案，且够用', () => {
    const rule: Rule = all(
      ...flags.map((_, i) => any(...flags.filter((__, j) => (i + j) % 3 !== 0))),
      ...flags.map((_, i) => any(...flags.filter((__, j) => (i * j) % 5 !== 1).map((of): Rule => ({ op: 'not', of })))),
    )
    const { ask } = why(rule, {})
    expect(ask.length).toBeGreaterThan(0)
    const patterns = Array.from({ length: 2 ** ask.length }, (_, bits) =>
      Object.fromEntries(ask.map((fact, i) => [fact, ((bits >> i) & 1) === 1])),
    )
    expect(patterns.some((told) => why(rule, told).truth === YES)).toBe(true)
  })
})

describe('原因代码', () => {
  it.each<[Leaf, Facts, string]>([
    [{ op: 'in', fact: 'affiliation', values: ['samr'] }, { affiliation: 'city' }, 'INSTITUTION_NOT_COVERED'],
    [{ op: 'in', fact: 'subjectKind', values: ['metrology-institution'] }, { subjectKind: 'enterprise' }, 'APPLICANT_KIND_NOT_COVERED'],
    [{ op: 'has', fact: 'activities', any: ['grain-storage'] }, { activities: [] }, 'APPLICANT_KIND_NOT_COVERED'],
    [{ op: 'in', fact: 'size', values: ['micro'] }, { size: 'large' }, 'SIZE_NOT_COVERED'],
    [{ op: 'region', mode: 'nested', codes: ['33'] }, { region: '340100' }, 'REGION_NOT_COVERED'],
    [{ op: 'region', mode: 'park', codes: ['tianqu'] }, { park: 'none' }, 'REGION_NOT_COVERED'],
    [{ op: 'window', anchor: 'acceptedOn', from: '2025-01-01' }, {}, 'OUT_OF_WINDOW'],
    [{ op: 'during', anchor: 'acceptedOn', event: 'epidemic' }, {}, 'OUT_OF_WINDOW'],
    [{ op: 'in', fact: 'serviceKind', values: ['calibration'] }, { serviceKind: 'testing' }, 'SERVICE_NOT_COVERED'],
    [{ op: 'within', fact: 'instrumentKind', codes: ['scale'] }, { instrumentKind: 'caliper' }, 'INSTRUMENT_NOT_COVERED'],
    [{ op: 'in', fact: 'use', values: ['trade'] }, { use: 'other' }, 'USE_NOT_COVERED'],
    [{ op: 'range', fact: 'employees', lt: 5 }, { employees: 9 }, 'CONDITION_NOT_MET'],
  ])('%j', (leaf, facts, code) => expect(why(leaf, facts).blockers.map(reasonCode)).toEqual([code]))
})
