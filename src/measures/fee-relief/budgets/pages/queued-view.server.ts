/** The enterprise's own entries in line, ready to read. */
import { fen, formatYuan } from '../../../../core/money.ts'
import type { Ctx } from '../../../../platform/db.server.ts'
import { listQueued } from '../queries.server.ts'
import type { QueuedView } from './queued.tsx'

/** Nothing for other roles: the desks of an institution are told nothing by this table. */
export const queuedView = async (ctx: Ctx, of: { orderId?: string } = {}): Promise<QueuedView[]> =>
  ctx.actor.role !== 'enterprise'
    ? []
    : (await listQueued(ctx, of)).map((row) => ({
        id: row.id,
        slug: row.slug,
        title: row.title,
        orderId: row.order_id,
        order: row.order_number,
        state: row.state,
        said: row.state === 'waiting' ? `第 ${row.at} 位，到 ${row.ends_on} 止` : (row.outcome ?? ''),
        amount: formatYuan(fen(row.amount_fen)),
        served: formatYuan(fen(row.served_fen)),
      }))
