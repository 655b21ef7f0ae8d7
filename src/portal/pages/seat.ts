import { redirect } from 'react-router'
import { seatCookieTo } from '../session.server.ts'
import type { Route } from './+types/seat.ts'

/** Which of one's own seats to act from; a foreign id in the cookie picks nothing (see `standpointOf`). */
export async function action({ request }: Route.ActionArgs) {
  const wanted = String((await request.formData()).get('membershipId') ?? '')
  return redirect('/desk', { headers: { 'set-cookie': seatCookieTo(wanted, request) } })
}

export const loader = () => redirect('/desk')
