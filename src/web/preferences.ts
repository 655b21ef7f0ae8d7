/** Colour scheme and 适老 mode: a plain form, a cookie for a year, and back to the page. */
import { redirect } from 'react-router'
import type { Route } from './+types/preferences.ts'

const year = 60 * 60 * 24 * 365

export async function action({ request }: Route.ActionArgs) {
  const form = await request.formData()
  const headers = new Headers()
  const set = (name: string, value: string) =>
    headers.append('set-cookie', `hengqi.${name}=${value}; Path=/; Max-Age=${year}; SameSite=Lax; HttpOnly`)
  const scheme = form.get('scheme')
  const elder = form.get('elder')
  if (scheme === 'light' || scheme === 'dark' || scheme === 'auto') set('scheme', scheme)
  if (elder === '0' || elder === '1') set('elder', elder)
  const from = request.headers.get('referer')
  const back = from && new URL(from).host === new URL(request.url).host ? new URL(from) : undefined
  return redirect(back ? back.pathname + back.search : '/', { headers })
}

export const loader = () => redirect('/')
