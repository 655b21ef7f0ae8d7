/** Pages of measure 二. */
import { route, type RouteConfigEntry } from '@react-router/dev/routes'

const page = (name: string) => `measures/fee-relief/pages/${name}`

const budgetPage = (name: string) => `measures/fee-relief/budgets/pages/${name}`

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
  route('me/relief-reviews', page('reviews.tsx'), { id: 'own-relief-reviews' }),
  route('relief-reviews', page('reviews.tsx'), { id: 'relief-reviews' }),
  route('me/relief-reviews/:id', page('review.tsx'), { id: 'own-relief-review' }),
  route('relief-reviews/:id', page('review.tsx'), { id: 'relief-review' }),
  route('relief-budgets', budgetPage('budgets.tsx')),
  route('relief-budgets/new', budgetPage('budget-new.tsx')),
  route('relief-budgets/:id', budgetPage('budget.tsx')),
  route('relief-flags', budgetPage('flags.tsx')),
  route('relief-flags/:id', budgetPage('flag.tsx')),
  // What the enterprise is asked: the same item, without the authority's facts about others.
  route('me/relief-flags/:id', budgetPage('flag.tsx'), { id: 'own-relief-flag' }),
  route('relief', page('relief.tsx')),
  route('simulations', page('simulations.tsx')),
  route('simulations/new', page('simulation-new.tsx')),
  route('simulations/:id', page('simulation.tsx')),
]

export const bareRoutes: RouteConfigEntry[] = [
  route('books.csv', page('journal-csv.ts')),
  route('relief-budgets/:id/uses.csv', budgetPage('uses-csv.ts')),
  route('relief.csv', page('relief-csv.ts')),
  route('simulations/:id/export.csv', page('simulation-csv.ts')),
]
