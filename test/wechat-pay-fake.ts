/**
 * WeChat Pay API v3 in a process of its own, for tests and for trying out: checks the merchant's signature, signs its answers, keeps its
 * orders, sends notifications. `node test/wechat-pay-fake.ts`; PORT (0: any free one), FAKE_NOW (a fixed instant).
 * Its first line of output is JSON: address and the keys of its one merchant. `/_fake/…` tells it what to do.
 */
import { createCipheriv, createVerify, createSign, generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

const pair = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
const [merchantKeys, ownKeys, strangerKeys] = [pair(), pair(), pair()]
const mchid = '1900000001'
const appid = 'wx0000000000000001'
const serialNo = '5157F09EFDC096DE15EBE81A47057A7232F1B8E1'
const apiV3Key = randomBytes(16).toString('hex')
const platformKeyId = 'PUB_KEY_ID_0119000000012026000000000001'
const nowSeconds = () => Math.floor((process.env.FAKE_NOW ? Date.parse(process.env.FAKE_NOW) : Date.now()) / 1000)
const shanghai = (seconds: number) => `${new Date((seconds + 8 * 3600) * 1000).toISOString().slice(0, 19)}+08:00`

interface Order {
  body: { out_trade_no: string; notify_url: string; amount: { total: number; currency: string } }
  kind: string
  state: string
  transaction?: string
  paid?: { total: number; currency: string }
  at?: number
}
interface Refund {
  out_refund_no: string
  out_trade_no: string
  refund_id: string
  status: string
  refund: number
  notify_url: string
}
/** How the next call or notification goes wrong. */
interface How {
  amount?: number
  currency?: string
  silent?: boolean
  twice?: boolean
  badSignature?: boolean
  altered?: boolean
  lateMs?: number
  transaction?: string
}

const orders = new Map<string, Order>()
const refunds = new Map<string, Refund>()
const log: Record<string, unknown>[] = []
let next: { lose?: boolean; payFirst?: boolean; unsigned?: boolean; refund?: string } = {}
let count = 0

const signWith = (key: string, text: string) => createSign('RSA-SHA256').update(text).sign(key, 'base64')
const signatureHeaders = (body: string, key = ownKeys.privateKey) => {
  const [timestamp, nonce] = [String(nowSeconds()), randomBytes(16).toString('hex')]
  return {
    'wechatpay-timestamp': timestamp,
    'wechatpay-nonce': nonce,
    'wechatpay-serial': platformKeyId,
    'wechatpay-signature': signWith(key, `${timestamp}\n${nonce}\n${body}\n`),
  }
}

async function notify(url: string, event: string, resource: object, how: How): Promise<number[]> {
  if (how.lateMs) await new Promise((done) => setTimeout(done, how.lateMs))
  const nonce = randomBytes(6).toString('hex')
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(apiV3Key), Buffer.from(nonce)).setAAD(Buffer.from('transaction'))
  const bytes = Buffer.concat([cipher.update(JSON.stringify(resource), 'utf8'), cipher.final(), cipher.getAuthTag()])
  if (how.altered) bytes[0]! ^= 1
  const body = JSON.stringify({
    id: `EV-${++count}`,
    create_time: shanghai(nowSeconds()),
    event_type: event,
    resource_type: 'encrypt-resource',
    summary: event,
    resource: {
      algorithm: 'AEAD_AES_256_GCM',
      original_type: 'transaction',
      associated_data: 'transaction',
      nonce,
      ciphertext: bytes.toString('base64'),
    },
  })
  const send = async () => {
    const headers = signatureHeaders(body, how.badSignature ? strangerKeys.privateKey : ownKeys.privateKey)
    const answer = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })
    log.push({ notified: url, event, status: answer.status, answer: await answer.text() })
    return answer.status
  }
  return Promise.all(Array.from({ length: how.twice ? 2 : 1 }, send))
}

const transactionOf = (order: Order) => ({
  mchid,
  appid,
  out_trade_no: order.body.out_trade_no,
  trade_type: order.kind.toUpperCase(),
  trade_state: order.state,
  trade_state_desc: order.state,
  ...(order.transaction && {
    transaction_id: order.transaction,
    success_time: shanghai(order.at!),
    payer: { openid: 'o-fake' },
    amount: { ...order.paid, payer_total: order.paid!.total, payer_currency: order.paid!.currency },
  }),
})

async function pay(order: Order, how: How): Promise<number[]> {
  order.state = 'SUCCESS'
  order.transaction = how.transaction ?? order.transaction ?? `42000${String(nowSeconds())}${String(++count).padStart(8, '0')}`
  order.paid = { total: how.amount ?? order.body.amount.total, currency: how.currency ?? 'CNY' }
  order.at = nowSeconds()
  return how.silent ? [] : notify(order.body.notify_url, 'TRANSACTION.SUCCESS', transactionOf(order), how)
}

type Reply = readonly [status: number, body?: unknown]
const no = (status: number, code: string, message: string): Reply => [status, { code, message }]

/** The signature of the request, checked as the real one does. */
function faultIn(request: IncomingMessage, body: string): string | undefined {
  const [, scheme, rest = ''] = /^(\S+) (.*)$/.exec(request.headers.authorization ?? '') ?? []
  const fields = Object.fromEntries([...rest.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]))
  if (scheme !== 'WECHATPAY2-SHA256-RSA2048') return 'scheme'
  if (fields.mchid !== mchid || fields.serial_no !== serialNo) return 'merchant'
  if (Math.abs(Number(fields.timestamp) - nowSeconds()) > 300) return 'timestamp'
  const text = `${request.method}\n${request.url}\n${fields.timestamp}\n${fields.nonce_str}\n${body}\n`
  const good = createVerify('RSA-SHA256')
    .update(text)
    .verify(merchantKeys.publicKey, fields.signature ?? '', 'base64')
  return good ? undefined : 'signature'
}

async function create(
  kind: 'native' | 'jsapi',
  body: Order['body'] & { payer?: { openid: string }; mchid: string; appid: string },
): Promise<Reply> {
  if (body.mchid !== mchid || body.appid !== appid) return no(400, 'APPID_MCHID_NOT_MATCH', 'appid and mchid do not match')
  if (!/^[\w\-|*@]{6,32}$/.test(body.out_trade_no) || !Number.isInteger(body.amount?.total) || body.amount.total < 1)
    return no(400, 'PARAM_ERROR', 'parameter')
  if (kind === 'jsapi' && !body.payer?.openid) return no(400, 'PARAM_ERROR', 'openid')
  const known = orders.get(body.out_trade_no)
  if (known?.state === 'SUCCESS') return no(400, 'ORDERPAID', '该订单已支付')
  if (known?.state === 'CLOSED') return no(400, 'ORDER_CLOSED', '订单已关闭')
  if (known && (known.body.amount.total !== body.amount.total || known.kind !== kind))
    return no(400, 'OUT_TRADE_NO_USED', '商户订单号重复，参数不一致')
  const order = known ?? { body, kind, state: 'NOTPAY' }
  orders.set(body.out_trade_no, order)
  if (next.payFirst) await pay(order, {})
  return [
    200,
    kind === 'native'
      ? { code_url: `weixin://wxpay/bizpayurl?pr=${body.out_trade_no.slice(-10)}` }
      : { prepay_id: `wx${body.out_trade_no}` },
  ]
}

function refund(body: {
  out_trade_no: string
  out_refund_no: string
  notify_url: string
  amount: { refund: number; total: number }
}): Reply {
  const order = orders.get(body.out_trade_no)
  if (!order || order.state !== 'SUCCESS') return no(404, 'RESOURCE_NOT_EXISTS', '订单不存在')
  const known = refunds.get(body.out_refund_no)
  if (known && known.refund !== body.amount.refund) return no(400, 'PARAM_ERROR', '订单金额或退款金额与之前请求不一致')
  const before = [...refunds.values()].filter((each) => each.out_trade_no === body.out_trade_no && each !== known)
  if (body.amount.total !== order.paid!.total || before.reduce((sum, each) => sum + each.refund, body.amount.refund) > order.paid!.total)
    return no(400, 'NOT_ENOUGH', '退款金额超过可退金额')
  const made = known ?? {
    out_refund_no: body.out_refund_no,
    out_trade_no: body.out_trade_no,
    refund_id: `50000${String(++count).padStart(10, '0')}`,
    status: next.refund ?? 'SUCCESS',
    refund: body.amount.refund,
    notify_url: body.notify_url,
  }
  refunds.set(made.out_refund_no, made)
  return [200, made]
}

async function answer(request: IncomingMessage, body: string): Promise<Reply> {
  const path = new URL(request.url!, 'http://fake').pathname
  const content = body ? JSON.parse(body) : {}
  const [, made] = /^\/v3\/pay\/transactions\/(native|jsapi)$/.exec(path) ?? []
  if (made && request.method === 'POST') return create(made as 'native' | 'jsapi', content)
  const [, number, closing] = /^\/v3\/pay\/transactions\/out-trade-no\/([^/]+)(\/close)?$/.exec(path) ?? []
  if (number) {
    const order = orders.get(decodeURIComponent(number))
    if (!order) return no(404, 'ORDER_NOT_EXIST', '订单不存在')
    if (!closing) return [200, transactionOf(order)]
    if (order.state === 'SUCCESS') return no(400, 'ORDERPAID', '该订单已支付')
    order.state = 'CLOSED'
    return [204]
  }
  if (path === '/v3/refund/domestic/refunds') return refund(content)
  const [, refunded] = /^\/v3\/refund\/domestic\/refunds\/([^/]+)$/.exec(path) ?? []
  const known = refunded && refunds.get(decodeURIComponent(refunded))
  return known ? [200, known] : no(404, 'RESOURCE_NOT_EXISTS', '退款单不存在')
}

/** What the test tells it. */
async function told(path: string, { out_trade_no = '', url, ...how }: How & { out_trade_no?: string; url?: string }): Promise<unknown> {
  if (path === '/_fake/next') return void (next = how as typeof next)
  if (path === '/_fake/log') return log
  if (path === '/_fake/orders') return [...orders.values()].map(transactionOf)
  const known = orders.get(out_trade_no)
  // An order that nobody here knows of: paid by a code from elsewhere.
  const order = known ?? {
    body: { out_trade_no, notify_url: url!, amount: { total: how.amount ?? 1, currency: 'CNY' } },
    kind: 'native',
    state: 'NOTPAY',
  }
  return pay(order, how)
}

const textOf = async (request: IncomingMessage) => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await textOf(request)
  if (request.url!.startsWith('/_fake/')) {
    response.end(JSON.stringify((await told(request.url!, body ? JSON.parse(body) : {})) ?? null))
    return
  }
  const fault = faultIn(request, body)
  const [status, content] = fault ? no(401, 'SIGN_ERROR', fault) : await answer(request, body)
  log.push({ method: request.method, url: request.url, body, status })
  const { lose, unsigned } = next
  next = {}
  if (lose) return void request.socket.destroy()
  const text = content === undefined ? '' : JSON.stringify(content)
  const headers = signatureHeaders(text, unsigned ? strangerKeys.privateKey : ownKeys.privateKey)
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
}

const server = createServer(
  (request, response) => void serve(request, response).catch((error) => response.writeHead(500).end(String(error))),
)
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  const { port } = server.address() as { port: number }
  const keys = { mchid, appid, serialNo, privateKey: merchantKeys.privateKey, apiV3Key, platformKeyId, platformKey: ownKeys.publicKey }
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}`, merchant: keys }))
})
