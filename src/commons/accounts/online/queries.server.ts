/** Reading payments by WeChat, always through `visible`. */
import { sql } from 'kysely'
import { visible } from '../../../platform/access.server.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { isUuid } from '../../people/index.ts'
import { mine } from '../queries.server.ts'
import './tables.server.ts'

export async function findOnlinePayment(ctx: Ctx, id: string) {
  if (!isUuid(id)) return undefined
  return ctx.db.selectFrom('online_payments as p').selectAll('p').where('p.id', '=', id).where(mine(ctx, 'p')).executeTakeFirst()
}

/** The newest first. */
export async function listOnlinePayments(ctx: Ctx, { page = 1, pageSize = 20 }: { page?: number; pageSize?: number } = {}) {
  const all = ctx.db.selectFrom('online_payments as p').where(mine(ctx, 'p'))
  const { total } = await all.select(sql<number>`count(*)::int`.as('total')).executeTakeFirstOrThrow()
  const rows = await all
    .selectAll('p')
    .orderBy('p.created_at', 'desc')
    .orderBy('p.id', 'desc')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { rows, total }
}

export async function refundsOf(ctx: Ctx, onlinePaymentId: string) {
  if (!isUuid(onlinePaymentId)) return []
  return ctx.db
    .selectFrom('online_refunds as r')
    .selectAll('r')
    .where('r.online_payment_id', '=', onlinePaymentId)
    .where(mine(ctx, 'r'))
    .orderBy('r.created_at')
    .execute()
}

/** What the finance desk has to look at. */
export async function listTroubles(ctx: Ctx) {
  if (ctx.actor.role !== 'finance') return []
  return ctx.db
    .selectFrom('online_troubles as t')
    .selectAll('t')
    .where(visible(ctx.actor, ['finance:entrusted'], { table: 't', entrusted: true }))
    .where('t.settled_at', 'is', null)
    .orderBy('t.at')
    .limit(50)
    .execute()
}
