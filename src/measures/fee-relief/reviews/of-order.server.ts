/** The reviews of an order as its page shows them, line by line; nothing for the desks that see no money. */
import { missingScope } from '../../../commons/people/index.server.ts'
import type { Order } from '../../../commons/orders/index.ts'
import { fen, formatYuan } from '../../../core/money.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { reviewStates } from './model.ts'
import { isOpen, listReviews } from './queries.server.ts'

export interface LineReview {
  id: string
  slug: string
  number: string
  state: string
  open: boolean
}

export interface OrderReviews {
  /** This person may begin one. */
  may: boolean
  /** Of the line's relief, what was found after acceptance; by line. */
  credited: ReadonlyMap<string, string>
  of: ReadonlyMap<string, readonly LineReview[]>
}

const money = new Set(['enterprise', 'finance', 'regulator', 'admin'])

export async function orderReviews(ctx: Ctx, order: Order): Promise<OrderReviews> {
  const { role, agent } = ctx.actor
  if (order.accepted_at === null || !money.has(role) || agent || (await missingScope(ctx, 'money')))
    return { may: false, credited: new Map(), of: new Map() }
  const { rows } = await listReviews(ctx, { orderId: order.id, dir: 'asc', pageSize: 1000 })
  const byLine = Map.groupBy(rows, ({ line_id }) => line_id)
  return {
    may: role === 'enterprise' || role === 'finance',
    credited: new Map(
      [...byLine].flatMap(([line, list]) => {
        const sum = list.reduce((total, { credited_fen }) => total + (credited_fen ?? 0n), 0n)
        return sum > 0n ? [[line, formatYuan(fen(sum))] as const] : []
      }),
    ),
    of: new Map(
      [...byLine].map(([line, list]) => [
        line,
        list.map(({ id, slug, number, state }) => ({ id, slug, number, state: reviewStates[state], open: isOpen(state) })),
      ]),
    ),
  }
}
