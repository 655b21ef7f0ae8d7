/** From a request's cookies to the actor and the shell of its pages. */
import { visitor, type Actor } from '../core/access.ts'
import { unreadCount } from '../commons/messages/index.server.ts'
import { standpointOf, type Standpoint } from '../commons/people/index.server.ts'
import type { Config } from '../platform/config.server.ts'
import type { Ctx, Db } from '../platform/db.server.ts'
import type { Sessions, User } from '../platform/sessions.server.ts'
import type { Shell } from '../web/shell.ts'
import { cookieOf } from './cookies.ts'
import { menu } from './parts.server.ts'

export const seatCookie = 'hengqi.seat'

type SignedIn = Standpoint & { user: User }

const known = new WeakMap<Request, Promise<SignedIn | undefined>>()

/** Who is signed in and from which seat they act; the cookie picks it. Looked up once a request. */
function signedIn(db: Db, sessions: Sessions, request: Request, now: string): Promise<SignedIn | undefined> {
  const found = known.get(request) ?? lookUp(db, sessions, request, now)
  known.set(request, found)
  return found
}

async function lookUp(db: Db, sessions: Sessions, request: Request, now: string): Promise<SignedIn | undefined> {
  const user = await sessions.sessionUser(request)
  return user && { user, ...(await standpointOf({ db, actor: visitor, now }, user.id, cookieOf(request, seatCookie))) }
}

export const actorOf = async (db: Db, sessions: Sessions, request: Request, now: string): Promise<Actor> =>
  (await signedIn(db, sessions, request, now))?.actor ?? visitor

export async function shellOf(ctx: Ctx, sessions: Sessions, request: Request, config: Config): Promise<Shell> {
  const mine = await signedIn(ctx.db, sessions, request, ctx.now)
  const scheme = cookieOf(request, 'hengqi.scheme')
  return {
    actor: ctx.actor,
    personName: mine?.user.name ?? null,
    seats: (mine?.seats ?? []).map(({ id, actor, duty, agency, expired, renewers }) => ({
      renewers,
      membershipId: id,
      label: agency ? `代 ${actor.org_name} 办理` : `${actor.org_name} · ${duty}${expired ? '（已到期）' : ''}`,
      current: id === mine?.current?.id,
    })),
    menu: menu(ctx.actor),
    unread: ctx.actor.role === 'enterprise' ? await unreadCount(ctx) : 0,
    demo: config.demo,
    elder: cookieOf(request, 'hengqi.elder') === '1',
    scheme: scheme === 'light' || scheme === 'dark' ? scheme : 'auto',
  }
}

/**
 * Keeps somebody with several seats in the one that they see: without it, a form filled in while one seat was in force could be posted
 * from the next one. Nothing where the cookie says so already.
 */
export function seatPin(shell: Shell, request: Request): string | undefined {
  const current = shell.seats.find((seat) => seat.current)
  if (!current || shell.seats.length < 2 || cookieOf(request, seatCookie) === current.membershipId) return undefined
  return seatCookieTo(current.membershipId, request)
}

export const seatCookieTo = (id: string, request: Request): string => {
  const secure = new URL(request.url).protocol === 'https:' ? '; Secure' : ''
  return `${seatCookie}=${encodeURIComponent(id)}; Path=/; HttpOnly; SameSite=Lax${secure}`
}
