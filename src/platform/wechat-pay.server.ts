/**
 * WeChat Pay API v3 over HTTPS (https://pay.weixin.qq.com/doc/v3): requests are signed by the merchant (WECHATPAY2-SHA256-RSA2048),
 * answers and notifications by the platform, notifications sealed with AEAD_AES_256_GCM. Amounts are whole 分. It knows no business.
 */
import { createDecipheriv, createPublicKey, randomBytes, sign, verify, X509Certificate } from 'node:crypto'

/** What a merchant holds: the keys of its account, and the key by which WeChat Pay signs. */
export interface Merchant {
  mchid: string
  appid: string
  /** Serial number of the merchant's certificate. */
  serialNo: string
  /** PEM, RSA. */
  privateKey: string
  /** 32 bytes of ASCII. */
  apiV3Key: string
  /** `PUB_KEY_ID_…`, or the serial number of a platform certificate. */
  platformKeyId: string
  /** PEM: public key or certificate. */
  platformKey: string
}

export interface WireHeaders {
  signature: string
  timestamp: string
  nonce: string
  serial: string
}

/** Older or newer than this is refused: the same answer could be played again. */
export const skewSeconds = 300

export const signed = (text: string, privateKey: string): string => sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64')

export interface RequestToSign {
  method: string
  /** Path with query, as sent. */
  target: string
  timestamp: number
  nonce: string
  body: string
}

/** The value of `Authorization`. */
export function authorization(merchant: Merchant, { method, target, timestamp, nonce, body }: RequestToSign): string {
  const signature = signed(`${method}\n${target}\n${timestamp}\n${nonce}\n${body}\n`, merchant.privateKey)
  const fields = { mchid: merchant.mchid, nonce_str: nonce, signature, timestamp: String(timestamp), serial_no: merchant.serialNo }
  const said = Object.entries(fields).map(([name, value]) => `${name}="${value}"`)
  return `WECHATPAY2-SHA256-RSA2048 ${said.join(',')}`
}

export const wireHeaders = (headers: Headers): WireHeaders => ({
  signature: headers.get('wechatpay-signature') ?? '',
  timestamp: headers.get('wechatpay-timestamp') ?? '',
  nonce: headers.get('wechatpay-nonce') ?? '',
  serial: headers.get('wechatpay-serial') ?? '',
})

/** Why what came is not from WeChat Pay, or nothing. `now` is an ISO instant; `body` is the text as received, byte for byte. */
export function signatureFault(merchant: Merchant, headers: WireHeaders, body: string, now: string): string | undefined {
  if (headers.serial !== merchant.platformKeyId) return 'unknown key'
  if (!/^\d{1,12}$/.test(headers.timestamp)) return 'no timestamp'
  if (Math.abs(Date.parse(now) / 1000 - Number(headers.timestamp)) > skewSeconds) return 'outside the time window'
  const text = `${headers.timestamp}\n${headers.nonce}\n${body}\n`
  const good = verify('RSA-SHA256', Buffer.from(text), publicKeyOf(merchant.platformKey), Buffer.from(headers.signature, 'base64'))
  return good ? undefined : 'wrong signature'
}

/** A public key, or the one in a certificate. Throws when it is neither. */
export const publicKeyOf = (pem: string) => (pem.includes('BEGIN CERTIFICATE') ? new X509Certificate(pem).publicKey : createPublicKey(pem))

export interface Sealed {
  ciphertext: string
  nonce: string
  associated_data?: string | undefined
}

/** Opens the resource of a notification; nothing when it was changed or sealed under another key. */
export function openResource(apiV3Key: string, { ciphertext, nonce, associated_data = '' }: Sealed): string | undefined {
  try {
    const bytes = Buffer.from(ciphertext, 'base64')
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(apiV3Key), Buffer.from(nonce), { authTagLength: 16 })
    decipher.setAAD(Buffer.from(associated_data)).setAuthTag(bytes.subarray(-16))
    return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8')
  } catch {
    return undefined
  }
}

/** What a mini-program or an official account hands to `requestPayment`. */
export function jsapiParameters(merchant: Merchant, prepayId: string, now: string, nonce = randomBytes(16).toString('hex')) {
  const timeStamp = String(Math.floor(Date.parse(now) / 1000))
  const said = `prepay_id=${prepayId}`
  return {
    appId: merchant.appid,
    timeStamp,
    nonceStr: nonce,
    package: said,
    signType: 'RSA' as const,
    paySign: signed(`${merchant.appid}\n${timeStamp}\n${nonce}\n${said}\n`, merchant.privateKey),
  }
}

/** `sure`: WeChat Pay itself has said no. Otherwise nobody knows whether it was done: ask again, never conclude. */
export type Answer<T> = { ok: true; body: T } | { ok: false; sure: boolean; code: string; message: string }

export interface Order {
  outTradeNo: string
  description: string
  amountFen: number
  /** ISO instant. */
  expiresAt: string
  notifyUrl: string
}

export interface Transaction {
  out_trade_no: string
  transaction_id?: string
  mchid: string
  appid?: string
  trade_state: string
  success_time?: string
  amount?: { total?: number; currency?: string }
}

export interface RefundAnswer {
  refund_id: string
  out_refund_no: string
  /** In answers `status`, in notifications `refund_status`. */
  status?: string
  refund_status?: string
}

export interface Refund {
  outTradeNo: string
  outRefundNo: string
  reason: string
  refundFen: number
  totalFen: number
  notifyUrl: string
}

export interface WechatPay {
  createNative: (order: Order) => Promise<Answer<{ code_url: string }>>
  createJsapi: (order: Order, openid: string) => Promise<Answer<{ prepay_id: string }>>
  query: (outTradeNo: string) => Promise<Answer<Transaction>>
  close: (outTradeNo: string) => Promise<Answer<unknown>>
  refund: (refund: Refund) => Promise<Answer<RefundAnswer>>
  queryRefund: (outRefundNo: string) => Promise<Answer<RefundAnswer>>
}

/** A merchant's own calls. `base` without a slash at the end; `now` gives the ISO instant that requests are signed with. */
export function wechatPay(base: string, merchant: Merchant, now: () => string, timeoutMs = 10_000): WechatPay {
  const call = <T>(method: 'GET' | 'POST', target: string, content?: unknown) =>
    ask<T>({ base, merchant, now, timeoutMs, method, target, body: content === undefined ? '' : JSON.stringify(content) })
  const order = ({ outTradeNo, description, amountFen, expiresAt, notifyUrl }: Order) => ({
    appid: merchant.appid,
    mchid: merchant.mchid,
    description,
    out_trade_no: outTradeNo,
    time_expire: inShanghai(expiresAt),
    notify_url: notifyUrl,
    amount: { total: amountFen, currency: 'CNY' },
  })
  const byNumber = (outTradeNo: string) => `/v3/pay/transactions/out-trade-no/${encodeURIComponent(outTradeNo)}`
  return {
    createNative: (wanted) => call('POST', '/v3/pay/transactions/native', order(wanted)),
    createJsapi: (wanted, openid) => call('POST', '/v3/pay/transactions/jsapi', { ...order(wanted), payer: { openid } }),
    query: (no) => call('GET', `${byNumber(no)}?mchid=${encodeURIComponent(merchant.mchid)}`),
    close: (no) => call('POST', `${byNumber(no)}/close`, { mchid: merchant.mchid }),
    refund: ({ outTradeNo, outRefundNo, reason, refundFen, totalFen, notifyUrl }) =>
      call('POST', '/v3/refund/domestic/refunds', {
        out_trade_no: outTradeNo,
        out_refund_no: outRefundNo,
        reason,
        notify_url: notifyUrl,
        amount: { refund: refundFen, total: totalFen, currency: 'CNY' },
      }),
    queryRefund: (no) => call('GET', `/v3/refund/domestic/refunds/${encodeURIComponent(no)}`),
  }
}

const inShanghai = (instant: string) => `${new Date(Date.parse(instant) + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`

interface Asking {
  base: string
  merchant: Merchant
  now: () => string
  timeoutMs: number
  method: string
  target: string
  body: string
}

/** An answer that is not signed by WeChat Pay says nothing, whatever it claims: it could be anybody's on the way. */
async function ask<T>({ base, merchant, now, timeoutMs, method, target, body }: Asking): Promise<Answer<T>> {
  const unsure = (code: string, message: string) => ({ ok: false, sure: false, code, message }) as const
  const timestamp = Math.floor(Date.parse(now()) / 1000)
  let response, text
  try {
    response = await fetch(base + target, {
      method,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        accept: 'application/json',
        'user-agent': 'hengqi',
        'wechatpay-serial': merchant.platformKeyId,
        authorization: authorization(merchant, { method, target, timestamp, nonce: randomBytes(16).toString('hex'), body }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body }),
    })
    text = await response.text()
  } catch (error) {
    return unsure('NO_ANSWER', error instanceof Error ? error.message : String(error))
  }
  const said = parsed(text)
  const fault = signatureFault(merchant, wireHeaders(response.headers), text, now())
  if (fault) return unsure(response.ok ? 'UNSIGNED' : (said.code ?? 'UNSIGNED'), said.message ?? fault)
  if (response.ok) return { ok: true, body: said as T }
  const sure = response.status >= 400 && response.status < 500 && response.status !== 429 && response.status !== 408
  return { ok: false, sure, code: said.code ?? `HTTP_${response.status}`, message: said.message ?? '' }
}

function parsed(text: string): { code?: string; message?: string } {
  try {
    const value: unknown = text ? JSON.parse(text) : {}
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
