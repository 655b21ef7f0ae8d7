/** Hard cases from real documents: `policy-cases.json` says what is expected and why, each story here gives the facts that it only outlines. */
import { describe, expect, it } from 'vitest'
import type { Facts, Setting } from '../../core/eligibility/facts.ts'
import { NO, YES } from '../../core/eligibility/rule.ts'
import { decide } from './decide-enterprise.ts'
import { decideLine, decideLineAmong, resultKindWithReason } from './decide.ts'
import { loadLibrary } from './load-library.server.ts'
import type { PolicyContent } from './model.ts'
import cases from './policy-cases.json' with { type: 'json' }

const library = await loadLibrary()
const policy = (slug: string): PolicyContent => library.find((each) => each.slug === slug)!
const story = (id: string) => cases.find((each) => each.id.startsWith(id))!
const expectedOf = <T>(id: string) => story(id).expected as T
const during = (id: string): Setting => ({
  asOf: (story(id).request as { date?: string }).date ?? '2026-11-23',
  events: { 'epidemic-2020': { from: '2020-01-20', to: '2023-01-07' } },
})
const among = (id: string, facts: Facts) => decideLineAmong(story(id).policyIds.map(policy), facts, during(id))
/** As the cases write it: 1 is the whole fee. */
const given = ({ applied }: ReturnType<typeof among>) => ({ policy: applied?.slug ?? null, rate: (applied?.rateBp ?? 0) / 10_000 })

describe('难例', () => {
  it('五个难例都在，涉及的政策都在库里', () => {
    expect(cases.map(({ id }) => id.slice(0, 6))).toEqual(['case-1', 'case-3', 'case-5', 'case-7', 'case-9'])
    expect(cases.flatMap(({ policyIds }) => policyIds).filter((slug) => !policy(slug))).toEqual([])
  })

  it('一：同一企业同一批次，强检免、非强检减半，逐件判断', () => {
    const firm: Facts = { region: '340822', size: 'small', subjectKind: 'enterprise' }
    const lines: Record<string, Facts> = {
      压力表: { instrumentKind: 'pressure-gauge', use: 'safety', serviceKind: 'mandatory-verification' },
      游标卡尺: { instrumentKind: 'caliper', use: 'other', serviceKind: 'voluntary-verification' },
    }
    const { perItem } = expectedOf<{ perItem: { instrument: string; policy: string; rate: number }[] }>('case-1')
    const outcomes = Object.entries(lines).map(([instrument, line]) => ({ instrument, ...among('case-1', { ...firm, ...line }) }))
    expect(outcomes.map((each) => ({ instrument: each.instrument, ...given(each) }))).toEqual(perItem)
    // Each line is under one of the two, so nothing could be added up.
    expect(outcomes.map(({ holding }) => holding.length)).toEqual([1, 1])
  })

  it('一：没有录入疫情起止日期时，减半待确认，不会自行认定', () => {
    const facts: Facts = { region: '340822', size: 'small', serviceKind: 'voluntary-verification' }
    const undated = decideLine(policy('anqing-2020-fee50'), facts, { asOf: '2020-03-20', events: {} })
    expect(undated).toMatchObject({ rateBp: 0, decision: { awaits: [{ kind: 'event', id: 'epidemic-2020' }], ask: [] } })
    expect(undated.truth).not.toBe(YES)
  })

  it('三：51号文只鼓励，没有比例，没有期限，只作参考', () => {
    const expected = expectedOf<{ match: string; autoApply: boolean; reduceRate: null; deferDays: null }>('case-3')
    const firm: Facts = { region: '330109', size: 'micro', hardship: true, epidemicAffected: true }
    const line = among('case-3', { ...firm, serviceKind: 'calibration' }).applied!
    expect(line).toMatchObject({ truth: YES, force: expected.match, rateBp: 0 })
    expect(line.force === 'apply').toBe(expected.autoApply)
    const { benefits, force } = decide(policy('samr-2022-51-m2'), firm, during('case-3'))
    expect(force).toBe('guidance')
    for (const { benefit, truth } of benefits)
      expect([benefit.rateBp ?? null, benefit.deferDays ?? null, truth]).toEqual([expected.reduceRate, expected.deferDays, YES])
  })

  it('三：中型企业不在缓缴范围，减免仍可参考', () => {
    const { result, benefits } = decide(
      policy('samr-2022-51-m2'),
      { size: 'medium', hardship: true, epidemicAffected: true },
      during('case-3'),
    )
    expect(result).toBe('eligible')
    expect(benefits.map(({ benefit, truth }) => [benefit.kind, truth])).toEqual([
      ['reduce', YES],
      ['waive', YES],
      ['defer', NO],
    ])
  })

  it('五：看服务机构隶属；湖北条款替代减半，不叠加', () => {
    const firm: Facts = { resumedWork: true, serviceKind: 'calibration', subjectKind: 'enterprise' }
    const variants: Facts[] = [
      { region: '420115', size: 'small', affiliation: 'samr' },
      { region: '420115', size: 'large', affiliation: 'city' },
      { region: '440112', size: 'small', affiliation: 'samr' },
      { region: '440112', size: 'small', affiliation: 'city' },
    ]
    const { results } = expectedOf<{ results: { policy: string | null; rate: number; reasonCode?: string }[] }>('case-5')
    const outcomes = variants.map((each) => among('case-5', { ...firm, ...each }))
    expect(outcomes.map(given)).toEqual(results.map(({ policy, rate }) => ({ policy, rate })))
    expect(outcomes.map(({ reasonCode }) => reasonCode)).toEqual(results.map(({ reasonCode }) => reasonCode))
    // 湖北 100 %，不是 150 %：减半被替代，不再出现。
    expect(outcomes[0]!.holding.map(({ slug }) => slug)).toEqual(['samr-2020-resume10-hubei-waive'])
  })

  it('五：武汉检校免收不限规模，特检免费限受影响较大的中小企业', () => {
    const special: Facts = { region: '420115', subjectKind: 'enterprise', serviceKind: 'special-equipment', epidemicAffected: true }
    const wuhan = (facts: Facts) =>
      decideLine(policy('wuhan-2020-13'), { ...special, resumedWork: true, affiliation: 'city', ...facts }, during('case-5'))
    expect(wuhan({ size: 'large' })).toMatchObject({ truth: NO, rateBp: 0 })
    expect(wuhan({ size: 'small' })).toMatchObject({ truth: YES, rateBp: 10_000 })
    expect(wuhan({ size: 'small', epidemicAffected: false }).truth).toBe(NO)
  })

  it('七：充电桩看用途；公共桩未报备资格成立，但要先申请', () => {
    const pile: Facts = { region: '350902', subjectKind: 'enterprise', instrumentKind: 'ev-charger' }
    const open: Facts = { ...pile, serviceKind: 'mandatory-verification', publicCharging: true, use: 'trade', registeredInPlatform: true }
    const own: Facts = { ...pile, serviceKind: 'voluntary-verification', publicCharging: false, use: 'other' }
    expect(given(among('case-7', open))).toEqual({ policy: 'ningde-charging', rate: 1 })
    expect(policy('ningde-charging').benefits[0]!.detail).toContain('三年一检')
    const nothing = among('case-7', own)
    expect([nothing.holding, nothing.unknown, nothing.reasonCode]).toEqual([[], [], 'SERVICE_NOT_COVERED'])
    const unreported = among('case-7', { ...open, registeredInPlatform: false }).applied!
    expect(unreported).toMatchObject({ slug: 'ningde-charging', truth: YES, force: 'apply-for' })
    expect(resultKindWithReason(policy('ningde-charging')).why).toBe('文件要求先提出申请')
  })

  it('九：标题写免费，主体不是企业', () => {
    const { eligible, reasonCode } = expectedOf<{ eligible: boolean; reasonCode: string }>('case-9')
    const firm: Facts = { region: '130102', size: 'small', subjectKind: 'enterprise' }
    const outcome = among('case-9', { ...firm, serviceKind: 'voluntary-verification' })
    expect([outcome.applied !== undefined, outcome.reasonCode]).toEqual([eligible, reasonCode])
    expect(decide(policy('hebei-2021-county-inst'), firm, during('case-9'))).toMatchObject({
      result: 'ineligible',
      blockers: [{ fact: 'subjectKind' }],
    })
  })
})
