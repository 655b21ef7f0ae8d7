/** Files have no page around them. */
import { route, type RouteConfigEntry } from '@react-router/dev/routes'

export const bareRoutes: RouteConfigEntry[] = [route('files/:id', 'commons/files/pages/file.ts')]
