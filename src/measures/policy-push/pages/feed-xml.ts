import { ctxKey } from '../../../platform/context.server.ts'
import { toRss } from '../feed.ts'
import { feedResponse } from '../feeds.server.ts'
import type { Route } from './+types/feed-xml.ts'

export const loader = ({ request, context }: Route.LoaderArgs) => feedResponse(context.get(ctxKey), request, 'application/rss+xml', toRss)
