/** Pages of policies for staff; the public library belongs to measure 一. */
import { route, type RouteConfigEntry } from '@react-router/dev/routes'

export const deskRoutes: RouteConfigEntry[] = [
  route('policies/drafts', 'commons/policies/pages/drafts.tsx'),
  route('policies/new', 'commons/policies/pages/new.tsx'),
  route('policies/events', 'commons/policies/pages/events.tsx'),
  route('policies/:slug/edit', 'commons/policies/pages/edit.tsx'),
  route('policies/:slug/review', 'commons/policies/pages/review.tsx'),
]
