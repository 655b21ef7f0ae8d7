/** The library as a whole: every file is fit for publication, and the hard cases come out right. */
import { describe, expect, it } from 'vitest'
import { NO, YES } from '../../core/eligibility/rule.ts'
import type { Facts, Setting } from '../../core/eligibility/facts.ts'
import { decideLine, decideLineAmong, isLive, resultKindOf } from './decide.ts'
import { loadLibrary } from './load-library.server.ts'
import { cardFields, type PolicyContent } from './model.ts'
import { copiedPassages, mostShared, overlap } from './originality.ts'
import { gapsOf } from './publication.ts'

const library = await loadLibrary()
const policy = (slug: string): PolicyContent => library.find((each) => each.slug === slug)!
const epidemic = { 'epidemic-2020': { from: '2020-01-20', to: '2023-01-07' } }
const on = (asOf: string): Setting => ({ asOf, events: epidemic })
const line = (slug: string, facts: Facts, asOf: string) => decideLine(policy(slug), facts, on(asOf))

describe('政策库', () => {
  it('89 份政策，每份六项卡片齐全、每个条件有条款、解读不照抄，可以发布', () => {
    expect(library).toHaveLength(89)
    for (const each of library) {
      for (const field of Object.keys(cardFields) as (keyof typeof cardFields)[]) expect(each.card[field].length, `${each.slug} ${field}`).toBeGreaterThan(3)
      expect(copiedPassages(each), each.slug).toEqual([])
      expect(gapsOf(each), each.slug).toEqual([])
    }
  })

  it('历史文件、征求意见稿和地点不明的政策从不生效', () => {
    const never = library.filter((each) => each.historical || each.force === 'draft' || each.regionCode === null)
    expect(never.length).toBeGreaterThan(8)
    for (const each of never) for (const day of ['2015-06-01', '2020-06-01', '2026-11-23']) expect(isLive(each, day), each.slug).toBe(false)
  })

  it('只有来源可信、有比例和起止的可享受政策直接适用', () => {
    for (const each of library.filter((p) => resultKindOf(p) === 'apply')) expect([each.force, each.confidence, each.requiresApplication], each.slug).toEqual(['entitlement', 'high', false])
    expect(resultKindOf(policy('samr-2022-51-m2'))).toBe('guidance')
    expect(resultKindOf(policy('anqing-2020-fee50'))).toBe('apply-for')
  })

  it('照抄的解读会被认出来', () => {
    const source = '疫情防控期间，全市中小企业的各类非强检器具按现行标准一半收费。'
    expect(overlap(source, source)).toBe(1)
    expect(overlap('示例·某厂送检少付一半，余下照常。', source)).toBeLessThan(mostShared)
  })
})

describe('难例', () => {
  it('一：同一企业同一批次，强检免、非强检减半，逐件判断', () => {
    const firm: Facts = { region: '340822', size: 'small', subjectKind: 'enterprise' }
    const gauge: Facts = { ...firm, instrumentKind: 'pressure-gauge', use: 'safety', serviceKind: 'mandatory-verification' }
    const caliper: Facts = { ...firm, instrumentKind: 'caliper', use: 'other', serviceKind: 'voluntary-verification' }
    const both = [policy('mof-2017-20-stop-mandatory-fee'), policy('anqing-2020-fee50')]
    const decided = [gauge, caliper].map((facts) => decideLineAmong(both, facts, on('2020-03-20')).holding.map(({ slug, rateBp }) => [slug, rateBp]))
    expect(decided).toEqual([[['mof-2017-20-stop-mandatory-fee', 10_000]], [['anqing-2020-fee50', 5_000]]])
  })

  it('三：51号文只鼓励，没有比例，没有期限，只作参考', () => {
    const decision = line('samr-2022-51-m2', { region: '330109', size: 'micro', hardship: true, epidemicAffected: true, serviceKind: 'calibration' }, '2022-08-01')
    expect(decision).toMatchObject({ truth: YES, force: 'guidance', rateBp: 0 })
    expect(policy('samr-2022-51-m2').benefits.every(({ rateBp, deferDays }) => rateBp === undefined && deferDays === undefined)).toBe(true)
  })

  it('五：看服务机构隶属；湖北条款替代减半，不叠加', () => {
    const among = [policy('samr-2020-resume10-fee50'), policy('samr-2020-resume10-hubei-waive'), policy('wuhan-2020-13')]
    const firm: Facts = { resumedWork: true, serviceKind: 'calibration', subjectKind: 'enterprise' }
    const best = (facts: Facts) => decideLineAmong(among, { ...firm, ...facts }, on('2020-03-10')).holding[0]
    expect(best({ region: '420115', size: 'small', affiliation: 'samr' })).toMatchObject({ slug: 'samr-2020-resume10-hubei-waive', rateBp: 10_000 })
    expect(best({ region: '420115', size: 'large', affiliation: 'city' })).toMatchObject({ slug: 'wuhan-2020-13', rateBp: 10_000 })
    expect(best({ region: '440112', size: 'small', affiliation: 'samr' })).toMatchObject({ slug: 'samr-2020-resume10-fee50', rateBp: 5_000 })
    const none = decideLineAmong(among, { ...firm, region: '440112', size: 'small', affiliation: 'city' }, on('2020-03-10'))
    expect(none.holding).toEqual([])
    expect(none.not.find(({ slug }) => slug === 'samr-2020-resume10-fee50')).toMatchObject({ rateBp: 0, reasonCode: 'INSTITUTION_NOT_COVERED' })
    // 武汉检校免收不限规模，特检免费限受影响较大的中小企业。
    expect(line('wuhan-2020-13', { ...firm, region: '420115', size: 'large', affiliation: 'city', serviceKind: 'special-equipment', epidemicAffected: true }, '2020-03-10').truth).toBe(NO)
  })

  it('七：充电桩看用途；公共桩未报备资格成立，但要先申请', () => {
    const pile: Facts = { region: '350902', instrumentKind: 'ev-charger', serviceKind: 'mandatory-verification', activities: ['charging-operator'], industry: 'F5265', use: 'trade' }
    expect(line('ningde-charging', { ...pile, publicCharging: true, registeredInPlatform: true }, '2026-11-23')).toMatchObject({ truth: YES, rateBp: 10_000 })
    expect(line('ningde-charging', { ...pile, publicCharging: false, use: 'other' }, '2026-11-23').truth).toBe(NO)
    expect(line('ningde-charging', { ...pile, publicCharging: true, registeredInPlatform: false }, '2026-11-23')).toMatchObject({ truth: YES, force: 'apply-for' })
  })

  it('九：标题写免费，主体不是企业', () => {
    expect(line('hebei-2021-county-inst', { region: '130102', size: 'small', subjectKind: 'enterprise', serviceKind: 'voluntary-verification' }, '2026-11-23')).toMatchObject({
      truth: NO,
      reasonCode: 'APPLICANT_KIND_NOT_COVERED',
    })
  })
})
