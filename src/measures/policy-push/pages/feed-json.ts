import { ctxKey, publicUrlKey } from '../../../platform/context.server.ts'
import { toJsonFeed } from '../feed.ts'
import { feedResponse } from '../feeds.server.ts'
import type { Route } from './+types/feed-json.ts'

export const loader = ({ request, context }: Route.LoaderArgs) =>
  feedResponse(context.get(ctxKey), { request, site: context.get(publicUrlKey) }, 'application/feed+json', (feed) =>
    JSON.stringify(toJsonFeed(feed)),
  )
