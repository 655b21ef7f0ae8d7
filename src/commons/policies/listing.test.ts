import { describe, expect, it } from 'vitest'
import { arrange } from './listing.ts'
import type { PolicyContent, PublicPolicy } from './model.ts'
import { samplePolicy } from './sample.ts'
import { statusOf } from './status.ts'

const policy = (slug: string, change: Partial<PolicyContent> = {}, more: Partial<PublicPolicy> = {}): PublicPolicy => ({
  policyId: slug,
  versionId: slug,
  number: 1,
  slug,
  content: samplePolicy({ slug, ...change }),
  publishedAt: '2026-01-05T00:00:00.000Z',
  state: 'published',
  endedAt: null,
  opinion: null,
  region: '330000',
  demo: false,
  ...more,
})
const asOf = '2026-11-23'
const library = [
  policy('zj'),
  policy('national', { regionCode: '000000', publishedOn: '2022-06-06', effectiveTo: null }),
  policy('hangzhou', { regionCode: '330100', topic: 'training' }),
  policy('anhui', { regionCode: '340000', force: 'encouraged' }),
  policy('nowhere', { regionCode: null, confidence: 'low' }),
  policy('later', { effectiveFrom: '2027-01-01' }),
  policy('over', { effectiveFrom: '2020-01-01', effectiveTo: '2020-12-31' }),
  policy('gone', {}, { state: 'ended' }),
  policy('old', { historical: true }),
  policy('comment', { force: 'draft' }),
]
const slugs = (query: Parameters<typeof arrange>[1], found?: string[]) =>
  arrange(library, query, asOf, found)
    .rows.map(({ slug }) => slug)
    .sort()

describe('政策库列表', () => {
  it('状态：受理中、即将开始、已截止、已废止、仅供查阅', () => {
    expect(Object.fromEntries(library.slice(4).map((each) => [each.slug, statusOf(each, asOf)]))).toEqual({
      nowhere: 'reference',
      later: 'upcoming',
      over: 'closed',
      gone: 'ended',
      old: 'reference',
      comment: 'reference',
    })
    expect(statusOf(library[6]!, '2020-12-31')).toBe('open')
    expect(statusOf(library[6]!, '2021-01-01')).toBe('closed')
  })

  it('按地区筛选时，含上级和全国的，也含其下级的；地点不明的不算', () => {
    expect(slugs({ region: '330000', status: 'open' })).toEqual(['hangzhou', 'national', 'zj'])
    expect(slugs({ region: '330109', status: 'open' })).toEqual(['hangzhou', 'national', 'zj'])
    expect(slugs({ region: '340100', status: 'open' })).toEqual(['anhui', 'national'])
  })

  it('每个筛选项的计数，是选了它会得到的条数', () => {
    const { counts, total } = arrange(library, { status: 'open' }, asOf)
    expect(total).toBe(4)
    expect(Object.keys(counts.region)).toHaveLength(34)
    for (const region of Object.keys(counts.region))
      expect(arrange(library, { status: 'open', region }, asOf).total, region).toBe(counts.region[region])
    for (const topic of Object.keys(counts.topic))
      expect(arrange(library, { status: 'open', topic: topic as 'training' }, asOf).total).toBe(counts.topic[topic])
    for (const status of Object.keys(counts.status))
      expect(arrange(library, { status: status as 'open' }, asOf).total).toBe(counts.status[status])
    for (const force of Object.keys(counts.force))
      expect(arrange(library, { status: 'open', force: force as 'draft' }, asOf).total).toBe(counts.force[force])
    for (const trust of Object.keys(counts.trust))
      expect(arrange(library, { status: 'open', trust: trust as 'low' }, asOf).total).toBe(counts.trust[trust])
  })

  it('翻页不重不漏，次序稳定', () => {
    const pages = [1, 2, 3, 4].flatMap((page) => arrange(library, { page, pageSize: 3 }, asOf).rows.map(({ slug }) => slug))
    expect(pages).toEqual(arrange(library, { pageSize: 100 }, asOf).rows.map(({ slug }) => slug))
    expect(new Set(pages).size).toBe(library.length)
  })

  it('没有要求次序时，还能办的在前，其次是将要能办的；日期不明的不算新', () => {
    const { rows } = arrange(
      [...library, policy('undated', { publishedOn: null, source: { ...samplePolicy().source, date: null } })],
      {},
      asOf,
    )
    const turn = { open: 0, upcoming: 1, closed: 2, ended: 2, reference: 2 }
    expect(rows.map(({ status }) => turn[status])).toEqual(rows.map(({ status }) => turn[status]).sort())
    expect(rows.filter(({ status }) => status === 'open').at(-1)!.slug).toBe('undated')
    expect(arrange(library, { sort: 'newest' }, asOf).rows[0]!.slug).not.toBe('undated')
  })

  it('按相关程度时，次序听检索的；按截止日期时，还能办的在前', () => {
    expect(arrange(library, { q: 'x' }, asOf, ['over', 'zj']).rows.map(({ slug }) => slug)).toEqual(['over', 'zj'])
    expect(arrange(library, { sort: 'deadline' }, asOf).rows[0]!.status).toBe('open')
    expect(arrange(library, { sort: 'deadline' }, asOf).rows.at(-1)!.status).not.toBe('open')
  })
})
