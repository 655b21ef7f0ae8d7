import { redirect } from 'react-router'
import { seatCookie } from '../session.server.ts'
import type { Route } from './+types/seat.ts'

/** Which of one's own seats to act from; a foreign id in the cookie picks nothing (see `seatsOf`). */
export async function action({ request }: Route.ActionArgs) {
  const wanted = String((await request.formData()).get('membershipId') ?? '')
  const secure = new URL(request.url).protocol === 'https:' ? '; Secure' : ''
  return redirect('/desk', {
    headers: { 'set-cookie': `${seatCookie}=${encodeURIComponent(wanted)}; Path=/; HttpOnly; SameSite=Lax${secure}` },
  })
}

export const loader = () => redirect('/desk')
