/** One list for every channel: which policies, in which order; and an answer that a reader need not fetch twice. */
import { createHash } from 'node:crypto'
import { topics, type LivePolicy, type Topic } from '../../commons/policies/index.ts'
import { edition, listPolicies } from '../../commons/policies/index.server.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { findRegion, fullRegionName } from '../../core/regions.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { hasTag } from '../../platform/http.server.ts'
import type { Feed } from './feed.ts'

export interface Channel {
  topic: Topic | undefined
  region: string | undefined
  limit: number
}

const most = 100

/** `region`, `topic` and `limit` of the address; what is not understood is left out. */
export function channelOf(url: URL): Channel {
  const { topic, region, limit } = Object.fromEntries(url.searchParams)
  const count = Number(limit)
  return {
    topic: topic && topic in topics ? (topic as Topic) : undefined,
    region: region && findRegion(region) ? region : undefined,
    limit: Number.isInteger(count) && count > 0 ? Math.min(count, most) : 30,
  }
}

/** Policies that can be used today, in the order in which they were published here. */
export async function channelItems(ctx: Ctx, { topic, region, limit }: Channel): Promise<LivePolicy[]> {
  const { rows } = await listPolicies(ctx, { topic, region, status: 'open', pageSize: Number.MAX_SAFE_INTEGER })
  return rows.toSorted((a, b) => b.publishedAt.localeCompare(a.publishedAt) || a.slug.localeCompare(b.slug)).slice(0, limit)
}

export const channelTitle = ({ topic, region }: Channel): string =>
  `衡企政策${region ? ` · ${fullRegionName(region)}` : ''}${topic ? ` · ${topics[topic]}` : ''}`

export async function feedResponse(
  ctx: Ctx,
  { request, site }: { request: Request; site: string },
  type: string,
  write: (feed: Feed) => string,
): Promise<Response> {
  const tag = await tagOf(ctx, request)
  const headers = { etag: tag, 'cache-control': 'public, max-age=300', 'access-control-allow-origin': '*' }
  if (hasTag(request.headers.get('if-none-match'), tag)) return new Response(null, { status: 304, headers })
  const url = new URL(request.url)
  const channel = channelOf(url)
  const feed = {
    title: channelTitle(channel),
    description: '计量惠企政策：给什么、谁能享、怎么办、何时止。标明“待核实”的请以发文机关为准。',
    site,
    self: url.pathname + url.search,
    page: `/policies${pageQuery(channel)}`,
    items: await channelItems(ctx, channel),
  }
  return new Response(write(feed), { headers: { ...headers, 'content-type': `${type}; charset=utf-8` } })
}

const pageQuery = ({ topic, region }: Channel): string => {
  const query = new URLSearchParams({ ...(topic && { topic }), ...(region && { region }) })
  return query.size > 0 ? `?${query}` : ''
}

/** Changes with every publication and, because policies begin and end, with the day. */
export async function tagOf(ctx: Ctx, request: Request): Promise<string> {
  const { pathname, search } = new URL(request.url)
  return `"${createHash('sha256')
    .update(`${await edition(ctx)} ${shanghaiDate(ctx.now)} ${pathname}${search}`)
    .digest('base64url')
    .slice(0, 22)}"`
}
