/** What is held for an enterprise goes back to the WeChat account that it came from. Booked first, undone when WeChat says no. */
import { sql } from 'kysely'
import { platform } from '../../../core/access.ts'
import { fen, formatYuan, type Fen } from '../../../core/money.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { advance } from '../../../core/workflow.ts'
import { inTx, type Ctx } from '../../../platform/db.server.ts'
import { announce } from '../../../platform/events.server.ts'
import type { Answer, RefundAnswer } from '../../../platform/wechat-pay.server.ts'
import { isUuid } from '../../people/index.ts'
import { post } from '../book.server.ts'
import type { Institution } from '../model.ts'
import { refundAdvance } from '../payments.server.ts'
import { ownBook } from '../slips.server.ts'
import { findGateway, type Gateway } from './gateway.server.ts'
import { tradeNumber, type OnlineRefundState } from './model.ts'
import { keepTrouble } from './settle.server.ts'
import type { OnlineRefundRow } from './tables.server.ts'
import { onlinePaymentWorkflow, onlineRefundWorkflow } from './workflow.ts'

export interface OnlineRefunding {
  /** Made by the form: the same id again is the same refund. */
  id: string
  onlinePaymentId: string
  amount: Fen
  reason: string
}

type Row = Omit<OnlineRefundRow, 'version'>

/** By finance. The advance is taken at once, so that it cannot be used twice; WeChat is asked afterwards, with a number that never changes. */
export async function refundOnline(ctx: Ctx, form: OnlineRefunding): Promise<{ id: string; number: string } | Refusal> {
  const book = ownBook(ctx)
  if (isRefusal(book)) return book
  const gateway = await findGateway(ctx, book.id, { closing: true })
  if (!gateway) return refuse('conflict', '微信支付没有开通，退不到微信；请按银行转账退款。', { code: 'ONLINE_OFF' })
  const made = await inTx(ctx, (tx) => reserve(tx, book, form))
  if (!isRefusal(made)) await send(ctx, gateway, made.id)
  return made
}

async function reserve(tx: Ctx, book: Institution, form: OnlineRefunding): Promise<{ id: string; number: string } | Refusal> {
  if (!isUuid(form.id) || !isUuid(form.onlinePaymentId)) return refuse('missing', '没有这笔在线付款，或不归您办理。')
  const paid = await tx.db
    .selectFrom('online_payments')
    .selectAll()
    .where('id', '=', form.onlinePaymentId)
    .where('institution_id', '=', book.id)
    .forUpdate()
    .executeTakeFirst()
  if (!paid) return refuse('missing', '没有这笔在线付款，或不归您办理。')
  const before = await refundsOfPayment(tx, paid.province, paid.id)
  const known = before.find(({ id }) => id === form.id)
  if (known && known.amount_fen === form.amount) return { id: known.id, number: known.number }
  if (known) return refuse('conflict', '这张退款单已经提交过，金额不同；请刷新后重新填写。', { code: 'STALE' })
  if (paid.state !== 'paid') return refuse('conflict', '只有已付款、没有全部退回的才能退。', { code: 'NOT_PAID' })
  const left = paid.paid_fen! - before.filter(({ state }) => state !== 'failed').reduce((sum, { amount_fen }) => sum + amount_fen, 0n)
  if (form.amount > left)
    return refuse('conflict', `这笔付款还能退 ${formatYuan(fen(left))}，退不了 ${formatYuan(form.amount)}。`, {
      code: 'EXCEEDS_PAID',
      fields: { amount: `最多 ${formatYuan(fen(left))}` },
    })
  if (form.reason.trim().length > 80) return refuse('invalid', '退款原因最多 80 个字。', { fields: { reason: '最多 80 个字' } })
  const number = tradeNumber('R', shanghaiDate(tx.now), form.id)
  const booked = await refundAdvance(tx, { orgId: paid.org_id, amount: form.amount, reason: form.reason, reference: number })
  if (isRefusal(booked)) return booked
  const row: Row = {
    province: paid.province,
    id: form.id,
    number,
    online_payment_id: paid.id,
    org_id: paid.org_id,
    region: paid.region,
    institution_id: book.id,
    amount_fen: form.amount,
    reason: form.reason.trim(),
    state: onlineRefundWorkflow.start,
    refund_id: null,
    trouble: null,
    entry_id: booked.entryId,
    created_by: tx.actor.id,
    created_by_name: tx.actor.name,
    created_at: tx.now,
    settled_at: null,
  }
  await tx.db.insertInto('online_refunds').values(row).execute()
  await tellRefund(tx, row, 'requested')
  return { id: row.id, number }
}

const refundsOfPayment = ({ db }: Ctx, province: string, paymentId: string) =>
  db.selectFrom('online_refunds').selectAll().where('province', '=', province).where('online_payment_id', '=', paymentId).execute()

const tellRefund = (tx: Ctx, row: Row, action: string) =>
  announce(tx, {
    subject: 'online-refund',
    subjectId: row.id,
    action,
    province: row.province,
    region: row.region,
    orgId: row.org_id,
    title: row.number,
    detail: { institutionId: row.institution_id, amountFen: row.amount_fen },
  })

const findRow = ({ db }: Ctx, id: string) => db.selectFrom('online_refunds').selectAll().where('id', '=', id).executeTakeFirst()

async function send(ctx: Ctx, { wechat, institution, notifyUrl }: Gateway, id: string): Promise<void> {
  const row = await findRow(ctx, id)
  const paid =
    row &&
    (await ctx.db
      .selectFrom('online_payments')
      .selectAll()
      .where('province', '=', row.province)
      .where('id', '=', row.online_payment_id)
      .executeTakeFirst())
  if (!row || !paid || row.state !== 'requested') return
  const answer = await wechat.refund({
    outTradeNo: paid.number,
    outRefundNo: row.number,
    reason: row.reason,
    refundFen: Number(row.amount_fen),
    totalFen: Number(paid.paid_fen),
    notifyUrl,
  })
  await conclude(ctx, institution, row.number, answer)
}

/** Asked on a schedule: what was lost on the way is sent again under its own number, which WeChat pays out once. */
export async function askAboutRefund(ctx: Ctx, id: string): Promise<void> {
  const row = await findRow(ctx, id)
  const gateway = row && (await findGateway(ctx, row.institution_id, { closing: true }))
  if (!row || !gateway || row.state !== 'requested') return
  const answer = await gateway.wechat.queryRefund(row.number)
  if (!answer.ok && answer.sure && answer.code === 'RESOURCE_NOT_EXISTS') return send(ctx, gateway, id)
  if (answer.ok) await conclude(ctx, gateway.institution, row.number, answer)
}

/** From an answer or a verified notification. Silence, and what is still under way, conclude nothing. */
export async function conclude(ctx: Ctx, at: Institution, number: string, answer: Answer<RefundAnswer>): Promise<void> {
  const status = answer.ok ? (answer.body.status ?? answer.body.refund_status) : answer.sure ? 'REFUSED' : undefined
  if (status === 'SUCCESS') return end(ctx, at, number, 'succeed', answer.ok ? answer.body.refund_id : null, null)
  const why = {
    REFUSED: answer.ok ? '' : `微信支付没有受理：${answer.message}（${answer.code}）`,
    CLOSED: '微信支付已关闭这笔退款',
    ABNORMAL: '退款异常：付款人的账户收不了，请到微信商户平台处理，办完按银行退款登记',
  }[status ?? '']
  if (why) await end(ctx, at, number, 'fail', answer.ok ? answer.body.refund_id : null, why)
}

async function end(ctx: Ctx, at: Institution, number: string, step: 'succeed' | 'fail', refundId: string | null, why: string | null) {
  await inTx({ ...ctx, actor: platform }, async (tx) => {
    const row = await tx.db
      .selectFrom('online_refunds')
      .selectAll()
      .where('number', '=', number)
      .where('institution_id', '=', at.id)
      .forUpdate()
      .executeTakeFirst()
    if (!row || row.state !== 'requested') return {}
    const next = advance(onlineRefundWorkflow, row, step, platform, tx.now)
    if (isRefusal(next)) return next
    if (step === 'fail') {
      const undone = await giveBack(tx, at, row)
      if (isRefusal(undone)) return undone
    }
    await tx.db
      .updateTable('online_refunds')
      .set({ state: next.to as OnlineRefundState, refund_id: refundId, trouble: why, settled_at: tx.now, version: sql`version + 1` })
      .where('province', '=', row.province)
      .where('id', '=', row.id)
      .execute()
    await tellRefund(tx, row, next.to)
    if (step === 'succeed') await markWhole(tx, row)
    else
      await keepTrouble(tx, at, `refund:${number}`, `微信退款 ${number}（${formatYuan(fen(row.amount_fen))}）没有退成：${why}`, {
        refundId,
      })
    return {}
  })
}

/** The money never left: it is held for the enterprise again. */
const giveBack = (tx: Ctx, at: Institution, row: Row) =>
  post(tx, {
    institution: at,
    org: { province: row.province, id: row.org_id, region: row.region },
    act: 'reverse',
    source: `entry:${row.entry_id}`,
    memo: `冲销“退款”：${row.number} 没有退成`,
    reverses: row.entry_id,
    lines: [
      { account: 'advance', orgId: row.org_id, chargeId: null, amount: fen(-row.amount_fen) },
      { account: 'cash', orgId: row.org_id, chargeId: null, amount: fen(row.amount_fen) },
    ],
  })

async function markWhole(tx: Ctx, { province, online_payment_id }: Row): Promise<void> {
  const paid = await tx.db
    .selectFrom('online_payments')
    .selectAll()
    .where('province', '=', province)
    .where('id', '=', online_payment_id)
    .forUpdate()
    .executeTakeFirstOrThrow()
  const back = (await refundsOfPayment(tx, province, online_payment_id))
    .filter(({ state }) => state === 'succeeded')
    .reduce((sum, { amount_fen }) => sum + amount_fen, 0n)
  const step = advance(onlinePaymentWorkflow, paid, 'refund', platform, tx.now)
  if (isRefusal(step) || back < paid.paid_fen!) return
  await tx.db
    .updateTable('online_payments')
    .set({ state: step.to, version: sql`version + 1` })
    .where('province', '=', province)
    .where('id', '=', paid.id)
    .execute()
}
