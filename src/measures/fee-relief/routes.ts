/** Pages of measure 二. */
import { route, type RouteConfigEntry } from '@react-router/dev/routes'

const page = (name: string) => `measures/fee-relief/pages/${name}`

export const deskRoutes: RouteConfigEntry[] = [
  route('me/orders/new', page('order-new.tsx')),
  // One page per thing: the enterprise and every desk open the same order.
  route('me/orders/:id', page('order.tsx'), { id: 'own-order' }),
  route('orders/:id', page('order.tsx'), { id: 'order' }),
  route('me/money', page('money.tsx')),
  route('me/money/defer', page('defer.tsx')),
  route('me/money/deferrals/:id', page('plan.tsx')),
  route('books', page('books.tsx')),
  route('books/:org', page('book.tsx')),
  route('books-periods', page('periods.tsx')),
  route('payments', page('payments.tsx')),
  route('payments/sheets/:id', page('payments-sheet.tsx')),
  route('payments/:id', page('payment.tsx')),
  route('pledges', page('pledges.tsx')),
]

export const bareRoutes: RouteConfigEntry[] = [route('books.csv', page('journal-csv.ts'))]
