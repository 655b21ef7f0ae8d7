/** Pages of certificates. `publicRoutes` stand in the portal, `deskRoutes` behind the sign-in, `bareRoutes` are files. */
import { route, type RouteConfigEntry } from '@react-router/dev/routes'

const page = (name: string) => `commons/certificates/pages/${name}`

export const publicRoutes: RouteConfigEntry[] = [route('check', page('check.tsx')), route('check/:token', page('check-token.tsx'))]

export const deskRoutes: RouteConfigEntry[] = [
  route('me/certificates', page('certificates.tsx'), { id: 'own-certificates' }),
  route('certificates', page('certificates.tsx'), { id: 'certificates' }),
  route('certificates/keys', page('keys.tsx')),
  route('certificates/keys/:id', page('key.tsx')),
  route('me/certificates/upload', page('incoming-new.tsx'), { id: 'upload-certificates' }),
  route('me/instruments/:id/certificates/new', page('incoming-new.tsx'), { id: 'upload-certificate' }),
  route('me/certificates/incoming', page('incomings.tsx')),
  route('me/certificates/incoming/:id', page('incoming.tsx')),
  route('me/certificates/:id', page('certificate.tsx'), { id: 'own-certificate-page' }),
  route('certificates/:id', page('certificate.tsx'), { id: 'certificate-page' }),
]

export const bareRoutes: RouteConfigEntry[] = [
  route('certificates/:id/document/:type', page('document.ts'), { id: 'certificate-document' }),
  route('me/certificates/:id/document/:type', page('document.ts'), { id: 'own-certificate-document' }),
]
