/** Pages of orders that are the same whatever relief there is: lists, benches, samples, prices. */
import { route, type RouteConfigEntry } from '@react-router/dev/routes'

const page = (name: string) => `commons/orders/pages/${name}`

export const deskRoutes: RouteConfigEntry[] = [
  route('me/orders', page('orders.tsx'), { id: 'own-orders' }),
  route('orders', page('orders.tsx'), { id: 'orders' }),
  route('bench', page('work.tsx'), { id: 'work' }),
  route('review', page('work.tsx'), { id: 'review' }),
  route('visits', page('visits.tsx')),
  route('prices', page('prices.tsx')),
  route('prices/:id', page('price-list.tsx')),
]

export const bareRoutes: RouteConfigEntry[] = [
  route('orders/:id/receipt.pdf', page('receipt-pdf.ts')),
  route('orders/:id/:line/certificate.pdf', page('certificate-pdf.ts'), { id: 'certificate' }),
  route('me/orders/:id/:line/certificate.pdf', page('certificate-pdf.ts'), { id: 'own-certificate' }),
  route('prices/template.xlsx', page('price-template.ts')),
]
