/** Every page of the platform; each folder brings its own. */
import { index, layout, route, type RouteConfig } from '@react-router/dev/routes'
import * as accounts from './commons/accounts/routes.ts'
import * as certificates from './commons/certificates/routes.ts'
import * as instruments from './commons/instruments/routes.ts'
import * as files from './commons/files/routes.ts'
import * as measurement from './commons/measurement/routes.ts'
import * as messages from './commons/messages/routes.ts'
import * as orders from './commons/orders/routes.ts'
import * as people from './commons/people/routes.ts'
import * as policies from './commons/policies/routes.ts'
import * as feeRelief from './measures/fee-relief/routes.ts'
import * as policyPush from './measures/policy-push/routes.ts'

export default [
  layout('web/layouts/portal.tsx', [
    index('portal/pages/home.tsx'),
    route('sign-in', 'portal/pages/sign-in.tsx'),
    route('demo', 'portal/pages/demo.tsx'),
    route('api/docs', 'portal/pages/api-docs.tsx'),
    ...policyPush.publicRoutes,
    ...instruments.publicRoutes,
    ...certificates.publicRoutes,
  ]),
  layout('web/layouts/desk.tsx', [
    route('desk', 'portal/pages/desk.tsx'),
    route('me/sessions', 'portal/pages/sessions.tsx'),
    ...policyPush.deskRoutes,
    ...instruments.deskRoutes,
    ...orders.deskRoutes,
    ...accounts.deskRoutes,
    ...measurement.deskRoutes,
    ...certificates.deskRoutes,
    ...feeRelief.deskRoutes,
    ...policies.deskRoutes,
    ...people.deskRoutes,
    ...messages.deskRoutes,
  ]),
  route('sign-out', 'portal/pages/sign-out.ts'),
  route('seat', 'portal/pages/seat.ts'),
  route('preferences', 'web/preferences.ts'),
  ...policyPush.feedRoutes,
  ...files.bareRoutes,
  ...instruments.bareRoutes,
  ...orders.bareRoutes,
  ...certificates.bareRoutes,
  ...measurement.bareRoutes,
  ...feeRelief.bareRoutes,
] satisfies RouteConfig
