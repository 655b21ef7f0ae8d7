/** RSS 2.0 and JSON Feed 1.1 from one list; the id of an item is the version of the policy, the same on every channel. */
import { topics, type LivePolicy } from '../../commons/policies/index.ts'

export interface Feed {
  title: string
  description: string
  /** Of the platform, without a slash at the end. */
  site: string
  /** Path and query of the feed itself. */
  self: string
  /** Path and query of the page that it stands for. */
  page: string
  items: readonly LivePolicy[]
}

/** Not an address: a version stays what it is when the platform moves. */
export const versionTag = ({ versionId }: Pick<LivePolicy, 'versionId'>): string => `urn:uuid:${versionId}`

const linkOf = (site: string, { slug }: LivePolicy) => `${site}/policies/${slug}`
const summaryOf = ({ content }: LivePolicy) => `${content.card.oneLine}${content.confidence === 'high' ? '' : '（待核实）'}`

export function toRss({ title, description, site, self, page, items }: Feed): string {
  const entries = items.map(
    (item) => `    <item>
      <title>${xml(item.content.title)}</title>
      <link>${xml(linkOf(site, item))}</link>
      <guid isPermaLink="false">${versionTag(item)}</guid>
      <pubDate>${new Date(item.publishedAt).toUTCString()}</pubDate>
      <category>${xml(topics[item.content.topic])}</category>
      <description>${xml(summaryOf(item))}</description>
    </item>`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">
  <channel>
    <title>${xml(title)}</title>
    <link>${xml(site + page)}</link>
    <description>${xml(description)}</description>
    <language>zh-CN</language>
    <atom:link href="${xml(site + self)}" rel="self" type="application/rss+xml"/>
${[...(items[0] ? [`    <lastBuildDate>${new Date(items[0].publishedAt).toUTCString()}</lastBuildDate>`] : []), ...entries].join('\n')}
  </channel>
</rss>
`
}

export const toJsonFeed = ({ title, description, site, self, page, items }: Feed) => ({
  version: 'https://jsonfeed.org/version/1.1',
  title,
  description,
  language: 'zh-CN',
  home_page_url: site + page,
  feed_url: site + self,
  items: items.map((item) => ({
    id: versionTag(item),
    url: linkOf(site, item),
    title: item.content.title,
    summary: summaryOf(item),
    content_text: [item.content.card.oneLine, item.content.card.who, item.content.card.gives, item.content.card.until].join('\n'),
    date_published: item.publishedAt,
    tags: [topics[item.content.topic], item.content.regionName],
  })),
})

/** Text and attribute values; characters that XML 1.0 does not allow are dropped. */
const xml = (text: string): string =>
  text
    .replace(/[^\P{Cc}\t\n\r]|[\uFFFE\uFFFF]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
