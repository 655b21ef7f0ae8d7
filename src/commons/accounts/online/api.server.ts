/** Payments by WeChat for programs: the mini-program begins here. */
import { z } from 'zod'
import { fen } from '../../../core/money.ts'
import { isRefusal, refuse } from '../../../core/refusal.ts'
import { operation, type Operation } from '../../../platform/api.server.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { jsapiParameters } from '../../../platform/wechat-pay.server.ts'
import { missingScope } from '../../people/index.server.ts'
import { findGateway } from './gateway.server.ts'
import { onlineStates, type OnlineState } from './model.ts'
import { findOnlinePayment } from './queries.server.ts'
import { refundOnline } from './refunds.server.ts'
import { askAbout } from './settle.server.ts'
import { cancelOnlinePayment, startOnlinePayment } from './start.server.ts'

const tag = '在线付款'
const params = z.object({ id: z.uuid('标识不正确') })
const begun = z.object({ id: z.uuid(), number: z.string() })
const states = Object.keys(onlineStates) as [OnlineState, ...OnlineState[]]
const jsapi = z.object({
  appId: z.string(),
  timeStamp: z.string(),
  nonceStr: z.string(),
  package: z.string(),
  signType: z.literal('RSA'),
  paySign: z.string(),
})

async function view(ctx: Ctx, id: string) {
  const beyond = await missingScope(ctx, 'money')
  if (beyond) return beyond
  const row = await findOnlinePayment(ctx, id)
  if (!row) return refuse('missing', '没有这笔在线付款，或不归您看。')
  const open = row.state === 'created' ? row.code : null
  const gateway = open && row.channel === 'jsapi' ? await findGateway(ctx, row.institution_id) : undefined
  return {
    id: row.id,
    number: row.number,
    state: row.state,
    amountFen: String(row.amount_fen),
    institution: row.institution_name,
    expiresAt: new Date(row.expires_at).toISOString(),
    codeUrl: row.channel === 'native' ? open : null,
    jsapi: gateway ? jsapiParameters(gateway.merchant, open!, ctx.now) : null,
  }
}

export const operations: readonly Operation[] = [
  operation({
    method: 'post',
    path: '/online-payments',
    summary: '用微信付一家机构的费用：金额按选的费用定，同样的选择再交一次是同一笔',
    tag,
    by: ['enterprise'],
    body: z.strictObject({
      institutionId: z.uuid('机构标识不正确'),
      chargeIds: z.array(z.uuid('费用标识不正确')).max(500).default([]),
      channel: z.enum(['native', 'jsapi']),
      openid: z.string().max(128).optional(),
    }),
    answer: begun,
    refusals: ['forbidden', 'conflict'],
    run: (ctx, { body }) => startOnlinePayment(ctx, body),
  }),
  operation({
    method: 'get',
    path: '/online-payments/{id}',
    summary: '在线付款的状态；待付款时有二维码内容或小程序调起支付的参数',
    tag,
    by: ['enterprise', 'finance'],
    params,
    answer: z.object({
      id: z.uuid(),
      number: z.string(),
      state: z.enum(states),
      amountFen: z.string().regex(/^\d+$/),
      institution: z.string(),
      expiresAt: z.string(),
      codeUrl: z.string().nullable(),
      jsapi: jsapi.nullable(),
    }),
    refusals: ['forbidden', 'missing'],
    run: (ctx, { params: { id } }) => view(ctx, id),
  }),
  operation({
    method: 'post',
    path: '/online-payments/{id}/ask',
    summary: '向微信支付查这笔付款的结果',
    tag,
    by: ['enterprise', 'finance'],
    params,
    body: z.strictObject({}),
    answer: z.object({ state: z.enum(states) }),
    refusals: ['forbidden', 'missing'],
    run: async (ctx, { params: { id } }) => {
      const found = await view(ctx, id)
      if (isRefusal(found)) return found
      return { state: (await askAbout(ctx, id)) ?? found.state }
    },
  }),
  operation({
    method: 'post',
    path: '/online-payments/{id}/close',
    summary: '取消还没付的在线付款',
    tag,
    by: ['enterprise'],
    params,
    body: z.strictObject({}),
    answer: z.object({ id: z.uuid() }),
    refusals: ['forbidden', 'missing', 'conflict'],
    run: (ctx, { params: { id } }) => cancelOnlinePayment(ctx, id),
  }),
  operation({
    method: 'post',
    path: '/online-payments/{id}/refunds',
    summary: '把预收款退回付款的微信；同一标识只退一次',
    tag,
    by: ['finance'],
    params,
    body: z.strictObject({
      id: z.uuid('退款标识不正确'),
      amountFen: z.string().regex(/^\d{1,15}$/, '金额须是以分为单位的整数'),
      reason: z.string().trim().min(1, '请填写退款原因').max(80),
    }),
    answer: begun,
    refusals: ['forbidden', 'missing', 'conflict'],
    run: (ctx, { params: { id }, body }) =>
      refundOnline(ctx, { id: body.id, onlinePaymentId: id, amount: fen(BigInt(body.amountFen)), reason: body.reason }),
  }),
]
