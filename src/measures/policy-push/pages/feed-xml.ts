import { ctxKey, publicUrlKey } from '../../../platform/context.server.ts'
import { toRss } from '../feed.ts'
import { feedResponse } from '../feeds.server.ts'
import type { Route } from './+types/feed-xml.ts'

export const loader = ({ request, context }: Route.LoaderArgs) =>
  feedResponse(context.get(ctxKey), { request, site: context.get(publicUrlKey) }, 'application/rss+xml', toRss)
