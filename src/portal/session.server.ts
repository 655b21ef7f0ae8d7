/** From a request's cookies to the actor and the shell of its pages. */
import { visitor, type Actor } from '../core/access.ts'
import { unreadCount } from '../commons/messages/index.server.ts'
import { actorsOf } from '../commons/people/index.server.ts'
import { duties } from '../commons/people/index.ts'
import type { Config } from '../platform/config.server.ts'
import type { Ctx, Db } from '../platform/db.server.ts'
import type { Sessions } from '../platform/sessions.server.ts'
import type { Shell } from '../web/shell.ts'
import { cookieOf } from './cookies.ts'
import { menu } from './parts.server.ts'

export const seatCookie = 'hengqi.seat'

/** The seats (membership and role) of the signed-in person; the cookie picks one, the first that has not expired otherwise. */
async function seatsOf(db: Db, sessions: Sessions, request: Request, now: string) {
  const user = await sessions.sessionUser(request)
  if (!user) return undefined
  const seats = await actorsOf({ db, actor: visitor, now }, user.id)
  const usable = seats.filter((seat) => !seat.expired)
  const wanted = cookieOf(request, seatCookie)
  return { user, seats, current: usable.find((seat) => seat.membership.id === wanted) ?? usable[0] }
}

export async function actorOf(db: Db, sessions: Sessions, request: Request, now: string): Promise<Actor> {
  return (await seatsOf(db, sessions, request, now))?.current?.actor ?? visitor
}

export async function shellOf(ctx: Ctx, sessions: Sessions, request: Request, config: Config): Promise<Shell> {
  const mine = await seatsOf(ctx.db, sessions, request, ctx.now)
  const scheme = cookieOf(request, 'hengqi.scheme')
  return {
    actor: ctx.actor,
    personName: mine?.user.name ?? null,
    seats: (mine?.seats ?? []).map(({ actor, membership, expired, renewers }) => ({
      renewers,
      membershipId: membership.id,
      label: `${actor.org_name} · ${duties[membership.duty] ?? ''}${expired ? '（已到期）' : ''}`,
      current: membership.id === mine?.current?.membership.id,
    })),
    menu: menu(ctx.actor),
    unread: ctx.actor.role === 'enterprise' ? await unreadCount(ctx) : 0,
    demo: config.demo,
    elder: cookieOf(request, 'hengqi.elder') === '1',
    scheme: scheme === 'light' || scheme === 'dark' ? scheme : 'auto',
  }
}
