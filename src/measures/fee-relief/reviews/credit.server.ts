/** The credit note of a review that was upheld: book, order line and caps together, exactly once. */
import { creditCharge, lockCharges } from '../../../commons/accounts/index.server.ts'
import { creditLine, lockLines } from '../../../commons/orders/index.server.ts'
import type { Order, OrderLine } from '../../../commons/orders/index.ts'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { takeBudgets, writeUses } from '../budgets/take.server.ts'
import { useCaps } from '../decide-order.server.ts'
import type { Review } from './model.ts'
import type { Redecision } from './redecide.server.ts'

interface Crediting {
  review: Review
  order: Order
  line: OrderLine
  again: Redecision
}

export async function bookCredit(
  tx: Ctx,
  { review, order, line, again }: Crediting,
): Promise<{ credited_fen: bigint; entry_id: string } | Refusal> {
  await lockLines(tx, order.province, [line.id])
  const [charge] = await lockCharges(tx, order.province, { lineId: line.id })
  if (!charge) return refuse('conflict', '这一项没有计费，没有可补减的。', { code: 'NOTHING_TO_CREDIT' })
  const institution = {
    province: order.institution_region.slice(0, 2),
    id: order.institution_id,
    region: order.institution_region,
  }
  const booked = await creditCharge(
    tx,
    {
      institution,
      charge,
      source: `relief-review:${review.id}`,
      memo: `减免复核 ${review.number}：${review.line_title}`,
      detail: {
        orderId: order.id,
        reviewId: review.id,
        reliefBySlug: Object.fromEntries([...again.changes].map(([slug, amount]) => [slug, String(amount)])),
      },
    },
    again.more,
  )
  if (isRefusal(booked)) return booked
  if (booked.again) throw new Error(`review ${review.id} was credited twice`)
  await useCaps(tx, { province: order.province, orgId: order.org_id, year: again.year }, again.policies, again.changes)
  await moveBudgets(tx, { review, order, line, again })
  await creditLine(tx, order, line.id, again.more, { what: `${line.code} ${line.name}`, reviewId: review.id })
  return { credited_fen: again.more, entry_id: booked.entryId }
}

/** What the credit takes of budgets, what it gives back where a better policy takes another's place, and what has to wait for room. */
async function moveBudgets(tx: Ctx, { review, order, line, again }: Crediting): Promise<void> {
  const source = `relief-review:${review.id}`
  const changes = [...again.changes].map(([slug, amount]) => ({ slug, amount }))
  await takeBudgets(
    tx,
    again.budgets,
    order,
    [{ lineId: line.id, taken: changes.filter(({ amount }) => amount > 0n), queued: again.queued }],
    { kind: 'served', source },
  )
  await writeUses(
    tx,
    'returned',
    changes.flatMap(({ slug, amount }) =>
      amount < 0n
        ? (again.budgets.bySlug.get(slug)?.budgets ?? []).map(({ id }) => ({
            budgetId: id,
            order: { ...order, order_id: order.id },
            lineId: line.id,
            slug,
            amount,
            source,
          }))
        : [],
    ),
  )
}
