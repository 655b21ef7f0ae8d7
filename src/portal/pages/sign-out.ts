import { redirect } from 'react-router'
import { environmentKey } from '../environment.server.ts'
import type { Route } from './+types/sign-out.ts'

export async function action({ request, context }: Route.ActionArgs) {
  return redirect('/', { headers: await context.get(environmentKey).sessions.signOut(request) })
}

export const loader = () => redirect('/')
