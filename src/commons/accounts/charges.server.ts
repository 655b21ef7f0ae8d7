/** Fees of orders: raised at acceptance, relieved when more relief is found, cancelled with their line, moved when they are deferred. */
import { sql } from 'kysely'
import type { Fen } from '../../core/money.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { isRefusal, type Refusal } from '../../core/refusal.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { post, type Posted } from './book.server.ts'
import type { Charge, Line } from './chart.ts'
import type { Debtor, Institution } from './model.ts'
import { cancel, raise, relieve } from './postings.ts'
import type { ChargeRow } from './tables.server.ts'

export interface Fee {
  /** The order line that it is for; null: a surcharge of the whole order. */
  lineId: string | null
  title: string
  fee: Fen
  relief: Fen
}

export interface Raising {
  institution: Institution & { name: string }
  org: Debtor
  order: { id: string; number: string }
  memo: string
  fees: readonly Fee[]
  dueOn: string
  detail?: Record<string, unknown>
}

export const toCharge = (row: ChargeRow): Charge => ({
  id: row.id,
  orgId: row.org_id,
  fee: row.fee_fen as Fen,
  relief: row.relief_fen as Fen,
  outstanding: row.outstanding_fen as Fen,
})

/** One entry for all fees of an order. What costs nothing is no charge; an order without fees books nothing. */
export async function raiseCharges(tx: Ctx, { institution, org, order, memo, fees, dueOn, detail }: Raising): Promise<Refusal | undefined> {
  const charged = fees.filter(({ fee }) => fee > 0n).map((fee) => ({ ...fee, id: uuidv7() }))
  if (charged.length === 0) return undefined
  const lines: Line[] = []
  for (const { id, fee, relief } of charged) {
    const raised = raise({ id, orgId: org.id, fee, relief })
    if (isRefusal(raised)) return raised
    lines.push(...raised)
  }
  await tx.db
    .insertInto('charges')
    .values(
      charged.map(({ id, lineId, title, fee, relief }) => ({
        province: org.province,
        id,
        org_id: org.id,
        region: org.region,
        institution_id: institution.id,
        institution_name: institution.name,
        order_id: order.id,
        order_number: order.number,
        line_id: lineId,
        title,
        fee_fen: fee,
        relief_fen: relief,
        outstanding_fen: fee - relief,
        raised_on: shanghaiDate(tx.now),
        due_on: dueOn,
        deferral_id: null,
      })),
    )
    .execute()
  const posted = await post(tx, { institution, org, act: 'raise', source: `order:${order.id}`, memo, lines, ...(detail && { detail }) })
  if (isRefusal(posted)) return posted
  if (posted.again) throw new Error(`order ${order.id} was charged twice`)
  return undefined
}

/** Locked in the order of their ids, as every command locks them. */
export const lockCharges = ({ db }: Ctx, province: string, where: { ids: readonly string[] } | { lineId: string } | { orderId: string }) =>
  db
    .selectFrom('charges')
    .selectAll()
    .where('province', '=', province)
    .$if('ids' in where, (qb) => qb.where('id', '=', sql<string>`any(${(where as { ids: string[] }).ids}::uuid[])`))
    .$if('lineId' in where, (qb) => qb.where('line_id', '=', (where as { lineId: string }).lineId))
    .$if('orderId' in where, (qb) => qb.where('order_id', '=', (where as { orderId: string }).orderId))
    .orderBy('id')
    .forUpdate()
    .execute()

interface Adjusting {
  institution: Institution
  charge: ChargeRow
  source: string
  memo: string
  detail?: Record<string, unknown>
}

const debtorOf = ({ province, org_id, region }: ChargeRow): Debtor => ({ province, id: org_id, region })

/** A credit note 红字: relief found after acceptance, whether or not it was paid. */
export async function creditCharge(tx: Ctx, { charge, ...given }: Adjusting, amount: Fen): Promise<Posted | Refusal> {
  const lines = relieve(toCharge(charge), amount)
  return isRefusal(lines) ? lines : post(tx, { ...given, org: debtorOf(charge), act: 'relieve', lines })
}

/** The work is not done after all: fee and relief are undone, what was paid is held for the enterprise. */
export async function cancelCharge(tx: Ctx, { charge, ...given }: Adjusting): Promise<Posted | Refusal | undefined> {
  if (charge.fee_fen === 0n) return undefined
  const lines = cancel(toCharge(charge))
  return isRefusal(lines) ? lines : post(tx, { ...given, org: debtorOf(charge), act: 'cancel', lines })
}

/** A deferral moves a date, never an amount. */
export const moveDue = async (
  tx: Ctx,
  province: string,
  ids: readonly string[],
  to: { dueOn: string; deferralId: string },
): Promise<void> => {
  await sql`update charges set due_on = ${to.dueOn}, deferral_id = ${to.deferralId}
    where province = ${province} and id = any(${[...ids]}::uuid[])`.execute(tx.db)
}
