/** Acceptance: samples are there, relief is decided and frozen, fees are raised, the promise begins. In one transaction, once. */
import { sql } from 'kysely'
import { addDays } from '../../core/eligibility/calendar-day.ts'
import { fen, zero, type Fen } from '../../core/money.ts'
import { promiseClock, shanghaiDate, type Pause } from '../../core/promise-clock.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { announce } from '../../platform/events.server.ts'
import { isUuid } from '../people/index.ts'
import { raiseCharges } from '../accounts/index.server.ts'
import { extraKinds, serviceKinds, type LineReliefRecord, type Order, type OrderExtra, type OrderLine } from './model.ts'
import { institutionSettings, seen } from './queries.server.ts'

export const noOrder = () => refuse('missing', '没有这张委托单，或不归您办理。')

/** An order that the actor may see, locked until the transaction ends. */
export async function lockOrder(tx: Ctx, id: string): Promise<Order | Refusal> {
  const row = isUuid(id)
    ? await tx.db.selectFrom('orders as o').selectAll('o').where('o.id', '=', id).where(seen(tx, 'o')).forUpdate().executeTakeFirst()
    : undefined
  return (row as Order | undefined) ?? noOrder()
}

export const linesOf = async ({ db }: Ctx, order: Pick<Order, 'province' | 'id'>): Promise<OrderLine[]> =>
  (await db
    .selectFrom('order_lines')
    .selectAll()
    .where('province', '=', order.province)
    .where('order_id', '=', order.id)
    .orderBy('n')
    .execute()) as OrderLine[]

export const extrasOf = async ({ db }: Ctx, order: Pick<Order, 'province' | 'id'>): Promise<OrderExtra[]> =>
  (await db
    .selectFrom('order_extras')
    .selectAll()
    .where('province', '=', order.province)
    .where('order_id', '=', order.id)
    .orderBy('kind')
    .execute()) as OrderExtra[]

export const dueOf = (startedAt: string, workdays: number, pauses: readonly Pause[], now: string): { on: string; provisional: boolean } => {
  const { statutory, provisional } = promiseClock({ startedAt, limit: `${workdays} 工作日`, pauses, now })
  return { on: statutory.due, provisional }
}

export interface AcceptedLine {
  line: OrderLine
  /** The sample is there; what is not is taken off the order. */
  received: boolean
  relief: Fen
  record: LineReliefRecord | null
}

/** `order` is locked and may be accepted; the caller has decided the relief of each line. */
export async function acceptOrder(
  tx: Ctx,
  order: Order,
  lines: readonly AcceptedLine[],
  detail: Record<string, unknown> = {},
): Promise<Order | Refusal> {
  const kept = lines.filter(({ received }) => received)
  if (kept.length === 0)
    return refuse('invalid', '一件样品也没有收到，不能受理；请勾选收到的样品，或选择不受理。', { fields: { lines: '请勾选收到的样品' } })
  const due = dueOf(tx.now, order.promise_workdays, [], tx.now)
  const written = lines.map(({ line, received, relief, record }) => ({
    id: line.id,
    state: received ? 'received' : 'cancelled',
    service: line.service,
    to_verify: false,
    fee: String(line.fee_fen),
    basis: line.basis,
    relief: String(received ? relief : zero),
    record: received ? record : null,
    finding: received ? null : '受理时没有收到样品',
  }))
  await sql`update order_lines l set state = v.state, service = v.service, to_verify = v.to_verify, fee_fen = v.fee, basis = v.basis,
      relief_fen = v.relief, relief = v.record, finding = v.finding, received_at = case when v.state = 'received' then ${tx.now}::timestamptz end,
      version = l.version + 1
    from jsonb_to_recordset(${JSON.stringify(written)}::jsonb)
      as v(id uuid, state text, service text, to_verify boolean, fee bigint, basis text, relief bigint, record jsonb, finding text)
    where l.province = ${order.province} and l.id = v.id`.execute(tx.db)
  const accepted = await tx.db
    .updateTable('orders')
    .set({
      state: 'accepted',
      accepted_on: shanghaiDate(tx.now),
      accepted_at: tx.now,
      accepted_by: tx.actor.id,
      accepted_by_name: tx.actor.name,
      due_on: due.on,
      due_provisional: due.provisional,
      version: sql`version + 1`,
    })
    .where('province', '=', order.province)
    .where('id', '=', order.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  const extras = await extrasOf(tx, order)
  const paymentDays = (await institutionSettings(tx, order.institution_id))?.payment_days ?? 30
  const raised = await raiseCharges(tx, {
    institution: {
      province: order.institution_region.slice(0, 2),
      id: order.institution_id,
      region: order.institution_region,
      name: order.institution_name,
    },
    org: { province: order.province, id: order.org_id, region: order.region },
    order,
    memo: `委托单 ${order.number}`,
    dueOn: addDays(shanghaiDate(tx.now), paymentDays),
    fees: [
      ...kept.map(({ line, relief }) => ({
        lineId: line.id,
        title: `${line.code} ${line.name} ${serviceKinds[line.service]}`,
        fee: fen(line.fee_fen),
        relief,
      })),
      ...extras.map(({ kind, fee_fen }) => ({ lineId: null, title: extraKinds[kind], fee: fen(fee_fen), relief: zero })),
    ],
    detail: { orderId: order.id, ...detail },
  })
  if (isRefusal(raised)) return raised
  await tellOrder(tx, order, 'accepted', {
    lines: kept.length,
    missing: lines.length - kept.length,
    due: due.on,
    ...detail,
  })
  return accepted as Order
}

export const tellOrder = (
  tx: Ctx,
  order: Pick<Order, 'id' | 'province' | 'region' | 'org_id' | 'number'>,
  action: string,
  detail: Record<string, unknown> = {},
) =>
  announce(tx, {
    subject: 'order',
    subjectId: order.id,
    action,
    province: order.province,
    region: order.region,
    orgId: order.org_id,
    title: order.number,
    detail,
  })
