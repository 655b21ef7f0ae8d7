/** What the desk says to somebody who is signed in and cannot act: why, who can help, and what they can do themselves. */
import { expiredDelegations } from '../../commons/people/index.server.ts'
import { personNumber } from '../../commons/people/index.ts'
import type { Ctx } from '../../platform/db.server.ts'
import type { Seat } from '../../web/shell.ts'

export const unseatedView = async (ctx: Ctx, seats: readonly Seat[]) => ({
  reason: ctx.actor.lapsed ?? '您现在没有可用的身份',
  number: ctx.actor.id ? personNumber(ctx.actor.id) : null,
  expired: await expiredDelegations(ctx),
  others: seats.filter(({ renewers }) => renewers === '').map(({ membershipId, label }) => ({ membershipId, label })),
})
export type UnseatedView = Awaited<ReturnType<typeof unseatedView>>
