/** Pages of the instrument ledger. `deskRoutes` stand behind the sign-in, `publicRoutes` in the portal, `bareRoutes` are files. */
import { route, type RouteConfigEntry } from '@react-router/dev/routes'

const page = (name: string) => `commons/instruments/pages/${name}`

export const deskRoutes: RouteConfigEntry[] = [
  // One page per thing: the enterprise and the authority open the same register.
  route('me/instruments', page('register.tsx'), { id: 'own-instruments' }),
  route('instruments', page('register.tsx'), { id: 'instruments' }),
  route('me/instruments/new', page('new.tsx')),
  route('me/instruments/kinds', page('kinds.tsx')),
  route('me/instruments/places', page('places.tsx')),
  route('me/instruments/imports', page('imports.tsx')),
  route('me/instruments/imports/new', page('import-new.tsx')),
  route('me/instruments/imports/:id', page('import.tsx')),
  route('me/instruments/due', page('due.tsx')),
  route('me/instruments/due/calendar', page('due-calendar.tsx')),
  route('me/instruments/forecast', page('forecast.tsx')),
  route('me/instruments/labels', page('labels.tsx')),
  route('me/instruments/audit-pack', page('audit-pack.tsx')),
  route('me/instruments/:id/checks/:check/file', page('certificate-file.tsx')),
  route('me/instruments/:id/checks/:check/confirm', page('confirm.tsx')),
  route('me/instruments/:id/errors', page('errors.tsx'), { id: 'own-errors' }),
  route('instruments/:id/errors', page('errors.tsx'), { id: 'errors' }),
  route('me/confirmations', page('confirmations.tsx')),
  route('me/confirmations/:id', page('confirmation.tsx'), { id: 'own-confirmation' }),
  route('confirmations/:id', page('confirmation.tsx'), { id: 'confirmation' }),
  route('me/traces', page('traces.tsx'), { id: 'own-traces' }),
  route('traces', page('traces.tsx'), { id: 'traces' }),
  route('me/traces/:id', page('trace.tsx'), { id: 'own-trace' }),
  route('traces/:id', page('trace.tsx'), { id: 'trace' }),
  route('me/send-outs', page('send-outs.tsx')),
  route('me/send-outs/new', page('send-out-new.tsx')),
  route('me/send-outs/:id', page('send-out.tsx')),
  route('me/faults', page('faults.tsx')),
  route('me/faults/:id', page('fault.tsx')),
  route('me/instruments/:id', page('instrument.tsx'), { id: 'own-instrument' }),
  route('instruments/:id', page('instrument.tsx'), { id: 'instrument' }),
  route('me/instruments/:id/edit', page('edit.tsx')),
]

export const publicRoutes: RouteConfigEntry[] = [route('i/:token', page('scan.tsx')), route('i/:token/fault', page('scan-fault.tsx'))]

export const bareRoutes: RouteConfigEntry[] = [
  route('me/instruments/template.xlsx', page('template.ts')),
  route('me/instruments/export.xlsx', page('export-xlsx.ts')),
  route('me/instruments/export.csv', page('export-csv.ts')),
  route('me/instruments/imports/:id/bad.xlsx', page('import-bad-xlsx.ts')),
  route('me/instruments/forecast.csv', page('forecast-csv.ts')),
  route('me/instruments/labels.pdf', page('labels-pdf.ts')),
  route('me/instruments/audit-pack.zip', page('audit-pack-zip.ts')),
]
