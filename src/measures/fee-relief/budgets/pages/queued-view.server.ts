/** The enterprise's own entries in line, ready to read. */
import { fen, formatYuan } from '../../../../core/money.ts'
import type { Ctx } from '../../../../platform/db.server.ts'
import { listQueued } from '../queries.server.ts'
import type { QueuedView } from './queued.tsx'

/** One row an order and policy, first in line first. Nothing for other roles: the desks of an institution are told nothing by this table. */
export async function queuedView(ctx: Ctx, of: { orderId?: string } = {}): Promise<QueuedView[]> {
  if (ctx.actor.role !== 'enterprise') return []
  const rows = (await listQueued(ctx, of)).toSorted((a, b) => Number(a.at) - Number(b.at))
  return [...Map.groupBy(rows, (row) => [row.order_id, row.slug, row.state, row.outcome, row.ends_on].join()).values()].map((group) => {
    const [row] = group as [(typeof group)[number]]
    const [first, last] = [Number(row.at), Number(group.at(-1)!.at)]
    return {
      id: row.id,
      slug: row.slug,
      title: row.title,
      orderId: row.order_id,
      order: row.order_number,
      lines: group.length,
      state: row.state,
      said: row.state === 'waiting' ? `第 ${first === last ? first : `${first} 至 ${last}`} 位，到 ${row.ends_on} 止` : (row.outcome ?? ''),
      amount: formatYuan(fen(group.reduce((sum, { amount_fen }) => sum + amount_fen, 0n))),
      served: formatYuan(fen(group.reduce((sum, { served_fen }) => sum + served_fen, 0n))),
    }
  })
}
