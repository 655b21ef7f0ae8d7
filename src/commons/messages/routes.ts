/** Pages of messages, behind the sign-in. */
import { route, type RouteConfigEntry } from '@react-router/dev/routes'

export const deskRoutes: RouteConfigEntry[] = [
  route('me/messages', 'commons/messages/pages/messages.tsx'),
  route('messages/log', 'commons/messages/pages/log.tsx'),
]
