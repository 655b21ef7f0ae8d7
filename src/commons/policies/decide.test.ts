import { describe, expect, it } from 'vitest'
import type { Facts, Setting } from '../../core/eligibility/facts.ts'
import { NO, UNKNOWN, YES, type Rule } from '../../core/eligibility/rule.ts'
import { decideLine, decideLineAmong, isLive, liveness, resultKindWithReason } from './decide.ts'
import { loadLibrary } from './load-library.server.ts'
import type { Benefit, PolicyContent } from './model.ts'
import { samplePolicy } from './sample.ts'
import { statusOf } from './status.ts'

const on = (asOf: string): Setting => ({ asOf, events: {} })
const firm: Facts = { region: '330109', size: 'small', serviceKind: 'calibration' }

describe('某一天是否有效', () => {
  it.each<[string, Partial<PolicyContent> & { ended?: boolean }, string, string]>([
    ['2025-12-31', {}, '即将开始', '2026-01-01 起受理'],
    ['2026-01-01', {}, '受理中', '受理至 2027-12-31'],
    ['2027-12-31', {}, '受理中', '受理至 2027-12-31'],
    ['2028-01-01', {}, '已截止', '已于 2027-12-31 截止'],
    ['2026-06-01', { effectiveFrom: null, effectiveTo: null }, '受理中', '来源没有写明截止日期'],
    ['2026-06-01', { historical: true }, '仅供查阅', '历史文件，不再据以办理'],
    ['2026-06-01', { force: 'draft' }, '仅供查阅', '征求意见稿，尚未施行'],
    ['2026-06-01', { regionCode: null }, '仅供查阅', '适用地区待核实，不参与匹配'],
    ['2026-06-01', { ended: true }, '已废止', '发布机关已废止'],
  ])('%s %j：%s', (day, change, label, reason) => {
    const content = samplePolicy(change)
    expect(liveness(content, day)).toMatchObject({ label, reason, live: label === '受理中' })
    if (!change.ended) expect(isLive(content, day)).toBe(label === '受理中')
  })

  it('政策页上的状态由此细分：只有受理中的，才再看条件里的受理期', async () => {
    for (const content of await loadLibrary())
      for (const day of ['2016-01-01', '2020-06-01', '2025-06-30', '2026-11-23', '2030-01-01']) {
        const { live, status } = liveness(content, day)
        const shown = statusOf({ state: 'published', content }, day)
        if (live) expect(['open', 'upcoming', 'closed'], content.slug).toContain(shown)
        else expect(shown, `${content.slug} ${day}`).toBe(status)
      }
  })
})

describe('怎样享受', () => {
  const [reduce] = samplePolicy().benefits as [Benefit]
  const window: Rule = { op: 'window', anchor: 'acceptedOn', from: '2026-01-01', src: 'c1' }
  const undated = { effectiveFrom: null, effectiveTo: null }
  it.each<[string, Partial<PolicyContent>, string]>([
    ['有比例、有起止、来源可信：直接适用', {}, 'apply'],
    ['鼓励性：仅供参考', { force: 'encouraged' }, 'guidance'],
    ['报道：仅供参考', { force: 'reported-practice' }, 'guidance'],
    ['征求意见稿：仅供参考', { force: 'draft' }, 'guidance'],
    ['要先申请', { requiresApplication: true }, 'apply-for'],
    ['转载的来源不自行适用', { confidence: 'medium' }, 'apply-for'],
    ['不全的来源不自行适用', { confidence: 'low' }, 'apply-for'],
    ['没有比例', { benefits: [{ ...reduce, rateBp: undefined }] as never }, 'apply-for'],
    ['有一项没有比例就不行', { benefits: [reduce, { ...reduce, rateBp: undefined }] as never }, 'apply-for'],
    ['没有起止', undated, 'apply-for'],
    ['起止写在条件里', { ...undated, rule: { op: 'all', of: [window] } }, 'apply'],
    ['起止写在每项待遇里', { ...undated, benefits: [{ ...reduce, rule: { op: 'not', of: window } }] }, 'apply'],
    ['起止只写在一项待遇里', { ...undated, benefits: [{ ...reduce, rule: window }, reduce] }, 'apply-for'],
    ['缓收没有写天数', { benefits: [{ ...reduce, kind: 'defer' }] }, 'apply-for'],
    ['缓收写明天数', { benefits: [{ kind: 'defer', appliesTo: '校准费', detail: '缓缴', deferDays: 90, src: 'c2' }] }, 'apply'],
    ['补助须由主管部门拨付', { benefits: [{ ...reduce, kind: 'subsidy' }] }, 'apply-for'],
    ['不涉及金额，有起止', { benefits: [{ kind: 'removeObligation', appliesTo: '强制检定', detail: '改为自行溯源', src: 'c2' }] }, 'apply'],
  ])('%s', (_, change, kind) => {
    const judged = resultKindWithReason(samplePolicy(change))
    expect(judged.kind).toBe(kind)
    expect(judged.why).not.toBe('')
  })
})

describe('一件器具', () => {
  it('企业和器具都符合才给，按受理那天算', () => {
    expect(decideLine(samplePolicy(), firm, on('2026-06-01'))).toMatchObject({ truth: YES, rateBp: 5000, force: 'apply' })
    expect(decideLine(samplePolicy(), { ...firm, serviceKind: 'testing' }, on('2026-06-01'))).toMatchObject({
      truth: NO,
      rateBp: 0,
      reasonCode: 'SERVICE_NOT_COVERED',
    })
    expect(decideLine(samplePolicy(), { region: '330109', size: 'small' }, on('2026-06-01'))).toMatchObject({
      truth: UNKNOWN,
      rateBp: 0,
      decision: { ask: ['serviceKind'] },
    })
    // Accepted while it still held, decided afterwards; and the other way round.
    expect(decideLine(samplePolicy(), { ...firm, acceptedOn: '2027-12-31' }, on('2028-02-01'))).toMatchObject({ truth: YES, rateBp: 5000 })
    expect(decideLine(samplePolicy(), { ...firm, acceptedOn: '2028-01-01' }, on('2026-06-01'))).toMatchObject({
      truth: NO,
      reasonCode: 'OUT_OF_WINDOW',
    })
  })

  it('历史文件、征求意见稿和地区不明的，条件再符合也不给', () => {
    for (const change of [{ historical: true }, { force: 'draft' as const }, { regionCode: null }])
      expect(decideLine(samplePolicy(change), firm, on('2026-06-01'))).toMatchObject({ truth: NO, rateBp: 0, reasonCode: 'NOT_IN_FORCE' })
  })

  it('同一政策里取比例最高且成立的一项', () => {
    const [half] = samplePolicy().benefits as [Benefit]
    const free: Benefit = { ...half, kind: 'waive', rateBp: 10_000, rule: { op: 'in', fact: 'size', values: ['micro'], src: 'c1' } }
    const both = samplePolicy({ benefits: [free, half] })
    expect(decideLine(both, firm, on('2026-06-01'))).toMatchObject({ rateBp: 5000, benefit: { kind: 'reduce' } })
    expect(decideLine(both, { ...firm, size: 'micro' }, on('2026-06-01'))).toMatchObject({ rateBp: 10_000, benefit: { kind: 'waive' } })
  })
})

describe('几项政策同时涉及一件器具', () => {
  const policyOf = (slug: string, rateBp: number, change: Partial<PolicyContent> = {}) =>
    samplePolicy({ slug, benefits: [{ ...samplePolicy().benefits[0]!, rateBp }], ...change })
  const slugs = (policies: PolicyContent[], facts = firm) =>
    decideLineAmong(policies, facts, on('2026-06-01')).holding.map(({ slug }) => slug)

  it('特别规定单独适用，一般规定让位，即使比例更高', () => {
    const [general, special] = [policyOf('general', 8000), policyOf('special', 3000, { overrides: ['general'] })]
    expect(slugs([general, special])).toEqual(['special'])
    expect(decideLineAmong([general, special], firm, on('2026-06-01')).applied).toMatchObject({ slug: 'special', rateBp: 3000 })
  })

  it('特别规定不成立时，一般规定照常', () => {
    const special = policyOf('special', 10_000, {
      overrides: ['general'],
      rule: { op: 'region', mode: 'nested', codes: ['420000'], src: 'c1' },
    })
    expect(slugs([policyOf('general', 5000), special])).toEqual(['general'])
  })

  it('报道的地方做法不能取代文件给的', () => {
    const report = policyOf('report', 10_000, { force: 'reported-practice', overrides: ['general'] })
    expect(slugs([report, policyOf('general', 5000)])).toEqual(['general', 'report'])
  })

  it('只取一项：直接适用的在前，再比比例，再比地区', () => {
    const policies = [
      policyOf('nation', 5000, { regionCode: '000000' }),
      policyOf('asked', 10_000, { requiresApplication: true }),
      policyOf('county', 5000, { regionCode: '330109' }),
      policyOf('less', 2000),
    ]
    expect(slugs(policies)).toEqual(['county', 'nation', 'less', 'asked'])
  })

  it('都不成立时，说最接近的一项差在哪里', () => {
    const elsewhere = policyOf('elsewhere', 5000, { rule: { op: 'region', mode: 'nested', codes: ['420000'], src: 'c1' } })
    const record = policyOf('record', 5000, { historical: true })
    const none = decideLineAmong([record, elsewhere, policyOf('near', 5000)], { ...firm, serviceKind: 'testing' }, on('2026-06-01'))
    expect(none.not.map(({ slug }) => slug)).toEqual(['near', 'elsewhere', 'record'])
    expect([none.applied, none.reasonCode]).toEqual([undefined, 'SERVICE_NOT_COVERED'])
  })
})
