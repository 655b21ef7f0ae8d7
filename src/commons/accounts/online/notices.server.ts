/** The address that WeChat Pay tells of payments and refunds: no session, signature instead; always a short answer, never a failure page. */
import type { Context, Handler } from 'hono'
import { z } from 'zod'
import { platform } from '../../../core/access.ts'
import { isRefusal } from '../../../core/refusal.ts'
import type { Ctx, Database } from '../../../platform/db.server.ts'
import { limiter } from '../../../platform/rate.server.ts'
import { openResource, signatureFault, wireHeaders, type RefundAnswer, type Transaction } from '../../../platform/wechat-pay.server.ts'
import { isUuid } from '../../people/index.ts'
import { findGateway } from './gateway.server.ts'
import { conclude } from './refunds.server.ts'
import { settle } from './settle.server.ts'

interface Heard {
  status: 200 | 400 | 401 | 404 | 413 | 429 | 503
  said: string
}

const envelope = z.object({
  event_type: z.string(),
  resource: z.object({ ciphertext: z.string(), nonce: z.string(), associated_data: z.string().optional() }),
})
const transaction = z.looseObject({
  out_trade_no: z.string().max(64),
  mchid: z.string(),
  trade_state: z.string(),
  transaction_id: z.string().optional(),
  success_time: z.string().optional(),
  amount: z.object({ total: z.number().optional(), currency: z.string().optional() }).optional(),
})
const refunded = z.looseObject({ out_refund_no: z.string().max(64), refund_id: z.string(), refund_status: z.string() })

/** `raw` byte for byte as received: the signature is over it. What is not signed by WeChat Pay changes nothing. */
export async function hearNotice(ctx: Ctx, institutionId: string, headers: Headers, raw: string): Promise<Heard> {
  const gateway = isUuid(institutionId) ? await findGateway(ctx, institutionId, { closing: true }) : undefined
  if (!gateway) return { status: 404, said: '没有这个商户' }
  const { merchant, institution } = gateway
  if (signatureFault(merchant, wireHeaders(headers), raw, ctx.now)) return { status: 401, said: '签名不对' }
  const said = read(envelope, raw)
  const opened = said && openResource(merchant.apiV3Key, said.resource)
  if (!said || opened === undefined) return { status: 400, said: '通知打不开' }
  if (said.event_type === 'TRANSACTION.SUCCESS') {
    const paid = read(transaction, opened)
    if (!paid || paid.trade_state !== 'SUCCESS') return { status: 400, said: '通知内容不全' }
    const settled = await settle(ctx, institution, merchant.mchid, paid as Transaction)
    return isRefusal(settled) ? { status: 503, said: settled.reason } : { status: 200, said: '成功' }
  }
  const back = said.event_type.startsWith('REFUND.') ? read(refunded, opened) : undefined
  if (back) await conclude(ctx, institution, back.out_refund_no, { ok: true, body: back as RefundAnswer })
  // Kinds that nobody here waits for are taken note of, or WeChat would tell them again for a day.
  return { status: 200, said: '成功' }
}

function read<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

const largest = 64 * 1024
/** Far above what a merchant has; what is turned away comes again, and is asked about meanwhile. */
const perInstitution = limiter(600, 60)

/** `POST /api/pay/wechat/notify/:institution`. */
export const noticeHandler =
  (database: Pick<Database, 'db'>, now: () => string, fault: (error: unknown) => void): Handler =>
  async (c) => {
    const institution = c.req.param('institution') ?? ''
    if (!perInstitution.take(institution.slice(0, 40))) return reply(c, { status: 429, said: '太频繁' })
    if (Number(c.req.header('content-length') ?? 0) > largest) return reply(c, { status: 413, said: '太长' })
    try {
      const raw = await c.req.text()
      if (raw.length > largest) return reply(c, { status: 413, said: '太长' })
      return reply(c, await hearNotice({ db: database.db, actor: platform, now: now() }, institution, c.req.raw.headers, raw))
    } catch (error) {
      fault(error)
      return reply(c, { status: 503, said: '稍后再通知' })
    }
  }

const reply = (c: Context, { status, said }: Heard) =>
  c.json(status === 200 ? { code: 'SUCCESS', message: said } : { code: 'FAIL', message: said }, status)
