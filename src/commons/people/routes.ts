/** Pages of people, behind the sign-in. */
import { route, type RouteConfigEntry } from '@react-router/dev/routes'

export const deskRoutes: RouteConfigEntry[] = [
  route('me/profile', 'commons/people/pages/profile.tsx'),
  route('me/people', 'commons/people/pages/people.tsx'),
  route('me/agencies', 'commons/people/pages/agencies-given.tsx'),
  route('agencies', 'commons/people/pages/agencies-held.tsx'),
  route('me/data', 'commons/people/pages/my-data.tsx'),
  route('me/data.json', 'commons/people/pages/my-data-json.ts'),
  route('me/data/erase', 'commons/people/pages/my-data-erase.tsx'),
  route('organisations', 'commons/people/pages/organisations.tsx'),
  route('organisations/:id', 'commons/people/pages/organisation.tsx'),
]
