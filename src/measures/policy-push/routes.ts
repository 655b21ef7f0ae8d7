/** Pages of article 一. `publicRoutes` stand in the portal, `deskRoutes` behind the sign-in, `feedRoutes` bare. */
import { route, type RouteConfigEntry } from '@react-router/dev/routes'

const page = (name: string) => `measures/policy-push/pages/${name}`

export const publicRoutes: RouteConfigEntry[] = [route('policies', page('library.tsx')), route('policies/:slug', page('policy.tsx'))]

export const deskRoutes: RouteConfigEntry[] = [
  route('me/matches', page('matches.tsx')),
  route('me/matches/:slug', page('match.tsx')),
  // One page per thing: the enterprise and the authority open the same application.
  route('me/applications', page('applications.tsx'), { id: 'own-applications' }),
  route('me/applications/:id', page('application.tsx'), { id: 'own-application' }),
  route('applications', page('applications.tsx'), { id: 'applications' }),
  route('applications/:id', page('application.tsx'), { id: 'application' }),
  route('awareness', page('awareness.tsx')),
  route('awareness/:slug', page('awareness-policy.tsx')),
  route('awareness/:slug/records', page('awareness-records.tsx')),
]

export const feedRoutes: RouteConfigEntry[] = [
  route('policies/feed.xml', page('feed-xml.ts')),
  route('policies/feed.json', page('feed-json.ts')),
  route('policies/embed', page('embed.tsx')),
  route('awareness/:slug/export.csv', page('awareness-csv.ts')),
]
