/** Who may open a page at all: visitors are sent to sign in and come back; others are told whose page it is. */
import { redirect } from 'react-router'
import { roles, type Actor, type Role } from '../core/access.ts'

/** `url` as the person sees it: the request's own may be that of a data fetch. */
export function admit({ actor }: { actor: Actor }, url: URL, admitted: readonly Role[]): void {
  if (admitted.includes(actor.role)) return
  if (actor.role === 'visitor') throw redirect(`/sign-in?to=${encodeURIComponent(url.pathname + url.search)}`)
  throw new Response(`这一页由${admitted.map((role) => roles[role]).join('、')}使用，您当前的身份是${roles[actor.role]}。`, { status: 403 })
}

/** The enterprise's own records under `/me/`, the authority's view of its region elsewhere: whether it is the first, after admitting. */
export function admitOwn(ctx: { actor: Actor }, url: URL): boolean {
  const own = url.pathname.startsWith('/me/')
  admit(ctx, url, own ? ['enterprise'] : ['regulator', 'admin'])
  return own
}

export const missing = (what: string): Response => new Response(`没有${what}，或不归您看。`, { status: 404 })
