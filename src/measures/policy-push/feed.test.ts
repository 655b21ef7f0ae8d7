import { describe, expect, it } from 'vitest'
import type { LivePolicy } from '../../commons/policies/index.ts'
import { toCsv } from './csv.ts'
import { examplePolicy } from './example-policy.ts'
import { toJsonFeed, toRss, type Feed } from './feed.ts'

const item: LivePolicy = {
  policyId: '0190a000-0000-7000-8000-000000000001',
  versionId: '0190a000-0000-7000-8000-000000000002',
  number: 2,
  slug: 'example-zj-half',
  content: examplePolicy({ title: '减半 <50%> & "免"\u0001', confidence: 'medium' }),
  publishedAt: '2026-11-23T01:00:00.000Z',
}
const feed: Feed = {
  title: '衡企政策',
  description: '说明',
  site: 'https://hengqi.example',
  self: '/policies/feed.xml?topic=fee-relief',
  page: '/policies?topic=fee-relief',
  items: [item],
}

describe('订阅', () => {
  it('RSS 转义标题、去掉不合法的字符，GUID 是版本号', () => {
    const rss = toRss(feed)
    expect(rss).toContain('<title>减半 &lt;50%&gt; &amp; &quot;免&quot;</title>')
    expect(rss).toContain('<guid isPermaLink="false">urn:uuid:0190a000-0000-7000-8000-000000000002</guid>')
    expect(rss).toContain('<pubDate>Mon, 23 Nov 2026 01:00:00 GMT</pubDate>')
    expect(rss).toContain('（待核实）')
    expect(rss.match(/<item>/g)).toHaveLength(1)
  })

  it('没有政策时仍是合法的空频道', () => {
    expect(toRss({ ...feed, items: [] })).not.toContain('lastBuildDate')
    expect(toJsonFeed({ ...feed, items: [] }).items).toEqual([])
  })

  it('JSON Feed 与 RSS 用同一个版本号', () => {
    const json = toJsonFeed(feed)
    expect(json).toMatchObject({
      version: 'https://jsonfeed.org/version/1.1',
      home_page_url: 'https://hengqi.example/policies?topic=fee-relief',
    })
    expect(json.items[0]).toMatchObject({
      id: 'urn:uuid:0190a000-0000-7000-8000-000000000002',
      url: 'https://hengqi.example/policies/example-zj-half',
    })
  })
})

describe('导出', () => {
  it('逗号、引号、换行都保住，公式不会执行', () => {
    expect(
      toCsv(
        ['甲', '乙'],
        [
          ['a,b', '说"好"'],
          ['=1+1', -3],
        ],
      ),
    ).toBe('\uFEFF甲,乙\r\n"a,b","说""好"""\r\n\'=1+1,-3\r\n')
  })
})
