/** An enterprise begins to pay by WeChat what it owes one institution: the amount is fixed, the code is asked for, the payment can be cancelled. */
import { sql } from 'kysely'
import { fen, formatYuan } from '../../../core/money.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { advance } from '../../../core/workflow.ts'
import { inTx, jsonb, type Ctx } from '../../../platform/db.server.ts'
import { uuidv7 } from '../../../platform/ids.ts'
import { missingScope } from '../../people/index.server.ts'
import { isUuid } from '../../people/index.ts'
import { lockOpenCharges } from '../payments.server.ts'
import { findGateway, type Gateway } from './gateway.server.ts'
import { payableMinutes, tradeNumber, type Channel } from './model.ts'
import { findOnlinePayment } from './queries.server.ts'
import { askAbout, tellOnline } from './settle.server.ts'
import type { OnlinePaymentRow } from './tables.server.ts'
import { onlinePaymentWorkflow } from './workflow.ts'

export interface Paying {
  institutionId: string
  /** Empty: everything that is owed there. */
  chargeIds: readonly string[]
  channel: Channel
  /** Whose WeChat pays, for `jsapi`; not kept. */
  openid?: string | undefined
}

const off = () => refuse('conflict', '这家机构现在不能用微信支付，请按机构给的账号转账，或到窗口付款。', { code: 'ONLINE_OFF' })

/** The same choice again is the payment that is open; another choice waits until that one is paid or cancelled. */
export async function startOnlinePayment(ctx: Ctx, form: Paying): Promise<{ id: string; number: string } | Refusal> {
  const beyond = await missingScope(ctx, 'money')
  if (beyond) return beyond
  if (ctx.actor.role !== 'enterprise') return refuse('forbidden', '在线付款由企业办理，您当前的身份不能办理。')
  if (form.channel === 'jsapi' && !/^[\w-]{6,128}$/.test(form.openid ?? ''))
    return refuse('invalid', '小程序付款须带付款人的 openid。', { fields: { openid: '缺少 openid' } })
  const gateway = isUuid(form.institutionId) ? await findGateway(ctx, form.institutionId) : undefined
  if (!gateway) return off()
  const stale = await findOpen(ctx, form.institutionId)
  if (stale && stale.expires_at <= ctx.now) await askAbout(ctx, stale.id)
  const made = await inTx(ctx, (tx) => create(tx, gateway, form))
  if (!isRefusal(made)) await askForCode(ctx, gateway, made.id, form.openid)
  return made
}

const findOpen = ({ db, actor }: Ctx, institutionId: string, lock = false) =>
  db
    .selectFrom('online_payments')
    .selectAll()
    .where('province', '=', actor.region.slice(0, 2))
    .where('org_id', '=', actor.org_id)
    .where('institution_id', '=', institutionId)
    .where('state', '=', 'created')
    .$if(lock, (qb) => qb.forUpdate())
    .executeTakeFirst()

async function create(tx: Ctx, gateway: Gateway, form: Paying): Promise<{ id: string; number: string } | Refusal> {
  const { actor, now } = tx
  const before = await findOpen(tx, form.institutionId, true)
  const org = { province: actor.region.slice(0, 2), id: actor.org_id, region: actor.region }
  const open = await lockOpenCharges(tx, gateway.institution, org)
  const chosen = form.chargeIds.length === 0 ? open : open.filter(({ id }) => form.chargeIds.includes(id))
  if (chosen.length === 0 || chosen.length < new Set(form.chargeIds).size)
    return refuse('conflict', '选的费用已经付清、撤销，或不是这家机构的；请刷新后重新选择。', { code: 'NOTHING_OWED' })
  const amount = chosen.reduce((sum, { outstanding_fen }) => sum + outstanding_fen, 0n)
  const ids = chosen.map(({ id }) => id).toSorted()
  if (before) return sameOr(before, ids, amount, form.channel)
  const id = uuidv7()
  const number = tradeNumber('P', shanghaiDate(now), id)
  const made = await tx.db
    .insertInto('online_payments')
    .values({
      province: org.province,
      id,
      number,
      org_id: org.id,
      org_name: actor.org_name,
      region: org.region,
      institution_id: gateway.institution.id,
      institution_province: gateway.institution.province,
      institution_region: gateway.institution.region,
      institution_name: chosen[0]!.institution_name,
      mchid: gateway.merchant.mchid,
      channel: form.channel,
      amount_fen: amount,
      charge_ids: jsonb(ids),
      code: null,
      state: onlinePaymentWorkflow.start,
      transaction_id: null,
      paid_fen: null,
      paid_at: null,
      payment_id: null,
      trouble: null,
      created_by: actor.id,
      created_by_name: actor.name,
      created_at: now,
      expires_at: new Date(Date.parse(now) + payableMinutes * 60_000).toISOString(),
    })
    .onConflict((oc) => oc.doNothing())
    .returningAll()
    .executeTakeFirst()
  // Two presses at once: the other one has made it.
  if (!made) return sameOr((await findOpen(tx, form.institutionId))!, ids, amount, form.channel)
  await tellOnline(tx, made, 'created', { amountFen: amount, channel: form.channel })
  return { id, number }
}

function sameOr(open: Omit<OnlinePaymentRow, 'version'>, ids: readonly string[], amount: bigint, channel: Channel) {
  const same = open.amount_fen === amount && open.channel === channel && open.charge_ids.join() === ids.join()
  if (same) return { id: open.id, number: open.number }
  return refuse(
    'conflict',
    `对这家机构已有一笔待付款 ${open.number}（${formatYuan(fen(open.amount_fen))}）；请先付完或取消它，再付别的，以免付重。`,
    { code: 'OPEN_ALREADY' },
  )
}

/** Outside the transaction: the answer may take long or never come. Asked again with the same number, WeChat gives the same code. */
async function askForCode(ctx: Ctx, { wechat, notifyUrl }: Gateway, id: string, openid?: string): Promise<void> {
  const row = await findOnlinePayment(ctx, id)
  if (!row || row.code !== null || row.state !== 'created') return
  const order = {
    outTradeNo: row.number,
    description: `${row.institution_name} 检定校准费`.slice(0, 40),
    amountFen: Number(row.amount_fen),
    expiresAt: row.expires_at,
    notifyUrl,
  }
  const answer = row.channel === 'native' ? await wechat.createNative(order) : await wechat.createJsapi(order, openid ?? '')
  // Paid already: the page asks WeChat about it. Nothing is concluded from silence.
  if (!answer.ok && (!answer.sure || answer.code === 'ORDERPAID')) return
  const code = answer.ok ? ('code_url' in answer.body ? answer.body.code_url : answer.body.prepay_id) : null
  await inTx(ctx, async (tx) => {
    await tx.db
      .updateTable('online_payments')
      .set(
        answer.ok
          ? { code }
          : { state: 'closed', trouble: `微信支付没有受理：${answer.message}（${answer.code}）`, version: sql`version + 1` },
      )
      .where('province', '=', row.province)
      .where('id', '=', row.id)
      .where('state', '=', 'created')
      .execute()
    if (!answer.ok) await tellOnline(tx, row, 'closed', { code: answer.code, message: answer.message })
    return {}
  })
}

/** WeChat is told first, so that nobody can pay what is cancelled here. */
export async function cancelOnlinePayment(ctx: Ctx, id: string): Promise<{ id: string } | Refusal> {
  const beyond = await missingScope(ctx, 'money')
  if (beyond) return beyond
  const row = await findOnlinePayment(ctx, id)
  if (!row) return refuse('missing', '没有这笔付款，或不归您办理。')
  const allowed = advance(onlinePaymentWorkflow, row, 'close', ctx.actor, ctx.now)
  if (isRefusal(allowed)) return allowed
  const gateway = await findGateway(ctx, row.institution_id, { closing: true })
  if (!gateway) return off()
  const answer = await gateway.wechat.close(row.number)
  if (!answer.ok && !isUnknown(answer.code)) {
    const state = answer.sure ? await askAbout(ctx, id) : undefined
    return state === 'paid'
      ? refuse('conflict', '这笔款已经付成，不能取消；已经记到账上。', { code: 'PAID_ALREADY' })
      : refuse('conflict', '微信支付现在没有回应，还不能确定没有付款；请过一会儿再取消。', { code: 'NO_ANSWER' })
  }
  return inTx(ctx, async (tx) => {
    const now = await tx.db
      .selectFrom('online_payments')
      .selectAll()
      .where('province', '=', row.province)
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirstOrThrow()
    const closed = advance(onlinePaymentWorkflow, now, 'close', tx.actor, tx.now)
    if (isRefusal(closed)) return closed
    await tx.db
      .updateTable('online_payments')
      .set({ state: closed.to, version: sql`version + 1` })
      .where('province', '=', row.province)
      .where('id', '=', id)
      .execute()
    await tellOnline(tx, row, 'closed', {})
    return { id }
  })
}

const isUnknown = (code: string) => code === 'ORDER_NOT_EXIST' || code === 'ORDERNOTEXIST'
