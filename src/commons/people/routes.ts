/** Pages of people, behind the sign-in. */
import { route, type RouteConfigEntry } from '@react-router/dev/routes'

export const deskRoutes: RouteConfigEntry[] = [
  route('me/profile', 'commons/people/pages/profile.tsx'),
  route('me/people', 'commons/people/pages/people.tsx'),
  route('organisations', 'commons/people/pages/organisations.tsx'),
  route('organisations/:id', 'commons/people/pages/organisation.tsx'),
]
