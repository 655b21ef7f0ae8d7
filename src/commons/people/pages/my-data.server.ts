/** The gate of the pages about oneself: signed in is enough, a seat is not needed. */
import { redirect } from 'react-router'
import { isRefusal } from '../../../core/refusal.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { asSelf } from '../personal/queries.server.ts'
import type { PersonRow } from '../tables.server.ts'

export async function selfOr(ctx: Ctx, url: URL): Promise<PersonRow> {
  const who = await asSelf(ctx)
  if (!isRefusal(who)) return who.row
  if (ctx.actor.lapsed) throw new Response(`${ctx.actor.lapsed}。`, { status: 403 })
  throw redirect(`/sign-in?to=${encodeURIComponent(url.pathname)}`)
}
