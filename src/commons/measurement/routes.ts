/** Pages of measurement: the sample, the bench, the register of standards. `bareRoutes` are answers without a page. */
import { route, type RouteConfigEntry } from '@react-router/dev/routes'

const page = (name: string) => `commons/measurement/pages/${name}`

export const deskRoutes: RouteConfigEntry[] = [
  route('s/:token', page('sample.tsx')),
  route('bench/:lineId/record', page('record.tsx')),
  route('standards', page('standards.tsx')),
  route('standards/new', page('standard-new.tsx')),
  route('standards/:id', page('standard.tsx')),
]

export const bareRoutes: RouteConfigEntry[] = [route('bench/:lineId/record/simulate', page('simulate.ts'))]
