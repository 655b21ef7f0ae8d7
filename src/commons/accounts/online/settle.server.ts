/** What WeChat says of a payment becomes money in the book, exactly once; what cannot be booked is kept for the finance desk. */
import { sql } from 'kysely'
import { platform } from '../../../core/access.ts'
import { fen } from '../../../core/money.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal, type Refusal } from '../../../core/refusal.ts'
import { advance } from '../../../core/workflow.ts'
import { inTx, jsonb, type Ctx } from '../../../platform/db.server.ts'
import { announce } from '../../../platform/events.server.ts'
import { uuidv7 } from '../../../platform/ids.ts'
import type { Transaction } from '../../../platform/wechat-pay.server.ts'
import type { Institution } from '../model.ts'
import { bookPayment, debtorOf, lockPayment } from '../payments.server.ts'
import { insertPayment } from '../slips.server.ts'
import { findGateway } from './gateway.server.ts'
import type { OnlineState } from './model.ts'
import type { OnlinePaymentRow } from './tables.server.ts'
import { onlinePaymentWorkflow } from './workflow.ts'

type Row = Omit<OnlinePaymentRow, 'version'>
export type Settled = 'paid' | 'kept' | 'again'

export const tellOnline = (tx: Ctx, row: Row, action: string, detail: Record<string, unknown>) =>
  announce(tx, {
    subject: 'online-payment',
    subjectId: row.id,
    action,
    province: row.province,
    region: row.region,
    orgId: row.org_id,
    title: row.number,
    detail: { institutionId: row.institution_id, ...detail },
  })

/** Keeps what a person must look at; the same source is kept once. */
export async function keepTrouble(tx: Ctx, at: Institution, source: string, said: string, detail: unknown): Promise<void> {
  const kept = await tx.db
    .insertInto('online_troubles')
    .values({
      province: at.province,
      id: uuidv7(),
      institution_id: at.id,
      region: at.region,
      source,
      said,
      detail: jsonb(detail),
      at: tx.now,
      settled_at: null,
      settled_by_name: null,
      settled_how: null,
    })
    .onConflict((oc) => oc.columns(['province', 'institution_id', 'source']).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (kept)
    await announce(tx, {
      subject: 'online-trouble',
      subjectId: kept.id,
      action: 'kept',
      province: at.province,
      region: at.region,
      orgId: at.id,
      title: said,
    })
}

/** A successful transaction of this institution's merchant, from a verified notification or a verified answer. */
export const settle = (ctx: Ctx, at: Institution, mchid: string, said: Transaction): Promise<Settled | Refusal> =>
  inTx({ ...ctx, actor: platform }, async (tx) => {
    const row = await tx.db
      .selectFrom('online_payments')
      .selectAll()
      .where('number', '=', said.out_trade_no)
      .where('institution_id', '=', at.id)
      .forUpdate()
      .executeTakeFirst()
    const total = said.amount?.total
    const reference = said.transaction_id ?? ''
    const keep = async (why: string): Promise<Settled> => {
      await keepTrouble(tx, at, `transaction:${reference || said.out_trade_no}`, why, said)
      return 'kept'
    }
    if (row?.transaction_id && row.transaction_id === reference) return 'again'
    if (said.mchid !== mchid) return keep(`微信交易 ${reference} 的商户号是 ${said.mchid}，不是本机构的`)
    if (said.amount?.currency !== 'CNY' || !Number.isSafeInteger(total) || total! <= 0 || !/^\S{1,64}$/.test(reference))
      return keep(`微信交易 ${reference} 不是人民币或金额不明，没有入账；请到商户平台核对，商户订单号 ${said.out_trade_no}`)
    const slip = await insertPayment(tx, at, {
      method: 'wechat',
      reference,
      paidOn: shanghaiDate(instantOf(said.success_time) ?? tx.now),
      payer: row?.org_name ?? '微信支付用户',
      remark: remarkOn(row, said),
      amount: fen(total!),
    })
    if (isRefusal(slip)) return keep(slip.reason)
    // Nobody's yet: it stands among the payments without an owner, on the finance desk.
    if (!row || row.transaction_id) return 'kept'
    return take(tx, at, row, said, slip.id)
  })

const instantOf = (text: string | undefined) => (text && !Number.isNaN(Date.parse(text)) ? new Date(text).toISOString() : undefined)

function remarkOn(row: Row | undefined, said: Transaction): string {
  if (!row) return `商户订单号 ${said.out_trade_no}，平台没有这笔订单`
  if (row.transaction_id) return `商户订单号 ${said.out_trade_no} 已由 ${row.transaction_id} 付过，又来一笔`
  if (row.amount_fen !== BigInt(said.amount!.total!)) return `在线付款 ${row.number}，应付 ${row.amount_fen} 分，金额不符`
  return `在线付款 ${row.number}`
}

/** The amount that was asked for goes on the charges that were chosen; another amount waits for a person, with its owner named. */
async function take(tx: Ctx, at: Institution, row: Row, said: Transaction, paymentId: string): Promise<Settled | Refusal> {
  const step = advance(onlinePaymentWorkflow, row, 'pay', platform, tx.now)
  if (isRefusal(step)) return step
  const total = BigInt(said.amount!.total!)
  const payment = await lockPayment(tx, at, paymentId)
  const debtor = await debtorOf(tx, at, row.org_id)
  let trouble: string | null = total === row.amount_fen ? null : '到账金额与应付的不同，由财务认领'
  if (!trouble && debtor && !isRefusal(payment) && payment.state === 'unmatched') {
    const booked = await bookPayment(tx, at, payment, debtor, row.charge_ids)
    if (isRefusal(booked)) trouble = `没有自动入账，由财务认领：${booked.reason}`
  }
  await tx.db
    .updateTable('online_payments')
    .set({
      state: step.to,
      transaction_id: said.transaction_id!,
      paid_fen: total,
      paid_at: instantOf(said.success_time) ?? tx.now,
      payment_id: paymentId,
      trouble,
      version: sql`version + 1`,
    })
    .where('province', '=', row.province)
    .where('id', '=', row.id)
    .execute()
  await tellOnline(tx, row, 'paid', { amountFen: total, transactionId: said.transaction_id, after: row.state, trouble })
  return 'paid'
}

const over = new Set(['CLOSED', 'REVOKED', 'PAYERROR'])
const unknown = new Set(['ORDER_NOT_EXIST', 'ORDERNOTEXIST'])

/** Asks WeChat about an open payment, so that a lost notification is found; past its end it is closed there first, then here. */
export async function askAbout(ctx: Ctx, id: string): Promise<OnlineState | undefined> {
  const row = await ctx.db.selectFrom('online_payments').selectAll().where('id', '=', id).executeTakeFirst()
  const gateway = row && (await findGateway(ctx, row.institution_id, { closing: true }))
  if (!row || !gateway || row.state !== 'created') return row?.state
  const { wechat, institution, merchant } = gateway
  const answer = await wechat.query(row.number)
  if (answer.ok && (answer.body.trade_state === 'SUCCESS' || answer.body.trade_state === 'REFUND')) {
    await settle(ctx, institution, merchant.mchid, answer.body)
    return 'paid'
  }
  const gone = answer.ok ? over.has(answer.body.trade_state) : answer.sure && unknown.has(answer.code)
  const late = row.expires_at <= ctx.now
  if (gone && (answer.ok || late)) return expire(ctx, row)
  if (!answer.ok || !late) return 'created'
  const closed = await wechat.close(row.number)
  return closed.ok ? expire(ctx, row) : 'created'
}

const expire = async (ctx: Ctx, row: Row): Promise<OnlineState> => {
  await inTx({ ...ctx, actor: platform }, async (tx) => {
    const now = await tx.db
      .selectFrom('online_payments')
      .selectAll()
      .where('province', '=', row.province)
      .where('id', '=', row.id)
      .forUpdate()
      .executeTakeFirstOrThrow()
    const step = advance(onlinePaymentWorkflow, now, 'expire', platform, tx.now)
    if (isRefusal(step)) return step
    await tx.db
      .updateTable('online_payments')
      .set({ state: step.to, version: sql`version + 1` })
      .where('province', '=', row.province)
      .where('id', '=', row.id)
      .execute()
    await tellOnline(tx, row, 'expired', {})
    return {}
  })
  return 'expired'
}
