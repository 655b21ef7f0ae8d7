/** Pages of payments by WeChat. */
import { route, type RouteConfigEntry } from '@react-router/dev/routes'

const page = (name: string) => `commons/accounts/online/pages/${name}`

export const deskRoutes: RouteConfigEntry[] = [
  route('me/money/pay/:institution', page('pay.tsx')),
  route('me/money/online/:id', page('paying.tsx')),
  route('online', page('online.tsx')),
  route('online/:id', page('online-payment.tsx')),
]
