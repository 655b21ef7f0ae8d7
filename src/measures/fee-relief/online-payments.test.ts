/** 微信付款的全程：对着另一个进程里的微信支付，付成、丢通知、重复、伪造、晚到、退款；每一分只入账一次。 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import {
  advanceOf,
  listPayments,
  noticeHandler,
  operations,
  payableAt,
  payingOnline,
  replay,
  schedules,
  sumsOf,
  desk,
} from '../../commons/accounts/index.server.ts'
import { findOrder, placeOrder } from '../../commons/orders/index.server.ts'
import { isRefusal } from '../../core/refusal.ts'
import type { Database, Ctx } from '../../platform/db.server.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { sealing } from '../../platform/sealed.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { acceptWithRelief } from './orders.server.ts'
import { caliper, halfPolicy, monday, orderOf, orThrow, worldOf, type World } from './test-world.server.ts'
import { saveMerchant } from '../../commons/accounts/index.server.ts'

let database: Database
let world: World
let lab: Awaited<ReturnType<World['institution']>>
let fake: ChildProcess
let server: Server
let wechat: { url: string; merchant: Record<string, string> }
const faults: unknown[] = []
type Firm = Awaited<ReturnType<World['firm']>>

const tell = async (path: string, body: object) =>
  (await fetch(`${wechat.url}/_fake/${path}`, { method: 'POST', body: JSON.stringify(body) })).json() as Promise<number[]>

beforeAll(async () => {
  database = await testDatabase(inject('template'))
  sealing({ secret: '测试用的密钥'.repeat(8) })
  world = worldOf(database)
  await world.publish(halfPolicy())
  lab = await world.institution('收款院')
  fake = spawn(process.execPath, ['test/wechat-pay-fake.ts'], {
    env: { ...process.env, PORT: '0', FAKE_NOW: monday },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  wechat = JSON.parse(String((await once(fake.stdout!, 'data'))[0]))
  const app = new Hono().post(
    '/api/pay/wechat/notify/:institution',
    noticeHandler(
      database,
      () => monday,
      (error) => faults.push(error),
    ),
  )
  server = createServer(getRequestListener(app.fetch)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  payingOnline({ wechatPayUrl: wechat.url, publicUrl: `http://127.0.0.1:${port}`, now: () => monday })
  orThrow(await saveMerchant(finance(), { ...(wechat.merchant as never as Parameters<typeof saveMerchant>[1]), enabled: true, version: 0 }))
}, 60_000)
afterAll(async () => {
  payingOnline({ wechatPayUrl: undefined, publicUrl: '', now: () => monday })
  fake.kill()
  server.close()
  await database.close()
})

const finance = (now = monday) => world.as(lab.finance, now)
const codeOf = (answer: unknown) => (isRefusal(answer) ? (answer.code ?? answer.kind) : 'done')
const call = (ctx: Ctx, key: string, input: { params?: object; body?: object } = {}) => {
  const [method, path] = key.split(' ')
  const op = operations.find((each) => each.method === method && each.path === path)!
  return op.run(ctx, { params: {}, query: {}, body: {}, ...input } as never)
}
interface View {
  id: string
  number: string
  state: string
  amountFen: string
  codeUrl: string | null
  jsapi: { package: string } | null
}
const start = (firm: Firm, over: object = {}) =>
  call(firm.ctx(), 'post /online-payments', { body: { institutionId: lab.org.id, chargeIds: [], channel: 'native', ...over } }) as Promise<{
    id: string
    number: string
  }>
const view = (firm: Firm, id: string) => call(firm.ctx(), 'get /online-payments/{id}', { params: { id } }) as Promise<View>
/** Owes 60 元. */
async function debtor(name: string): Promise<Firm> {
  const firm = await world.firm(name)
  const { id } = orThrow(await placeOrder(firm.ctx(), orderOf(lab.org.id, [caliper])))
  const found = (await findOrder(world.as(lab.counter), id))!
  orThrow(
    await acceptWithRelief(world.as(lab.counter), id, {
      version: found.order.version,
      received: found.lines.map((line) => line.id),
      settled: {},
    }),
  )
  return firm
}
const minutesLater = (minutes: number) => new Date(Date.parse(monday) + minutes * 60_000).toISOString()
const ask = (now: string) => schedules[0]!.run(world.system(now))
const receipts = async (firm: Firm) =>
  (await database.db.selectFrom('book_entries').select('id').where('org_id', '=', firm.org.id).where('act', '=', 'receive').execute())
    .length

describe('付成', () => {
  it('扫码：金额按所欠定，同样再交一次是同一笔；付成即入账，费用付清，账平', async () => {
    const firm = await debtor('扫码')
    const paying = orThrow(await start(firm))
    expect(orThrow(await start(firm))).toEqual(paying)
    expect(await view(firm, paying.id)).toMatchObject({ state: 'created', amountFen: '6000', codeUrl: expect.stringMatching(/^weixin:/) })
    expect(await tell('pay', { out_trade_no: paying.number })).toEqual([200])
    expect(await view(firm, paying.id)).toMatchObject({ state: 'paid', codeUrl: null })
    expect(await sumsOf(firm.ctx())).toMatchObject({ paid: 6000n, outstanding: 0n })
    expect(await receipts(firm)).toBe(1)
    expect(codeOf(await start(firm))).toBe('NOTHING_OWED')
  })

  it('小程序：给出调起支付的参数；没有 openid 不行；待付时另选别的方式要先取消', async () => {
    const firm = await debtor('小程序')
    expect(codeOf(await start(firm, { channel: 'jsapi' }))).toBe('invalid')
    const paying = orThrow(await start(firm, { channel: 'jsapi', openid: 'o-123456' }))
    expect((await view(firm, paying.id)).jsapi?.package).toBe(`prepay_id=wx${paying.number}`)
    expect(codeOf(await start(firm))).toBe('OPEN_ALREADY')
    orThrow(await call(firm.ctx(), 'post /online-payments/{id}/close', { params: { id: paying.id } }))
    expect(await view(firm, paying.id)).toMatchObject({ state: 'closed' })
    expect(codeOf(await start(firm))).toBe('done')
  })

  it('别的企业看不到、取消不了；财务看得到', async () => {
    const [firm, other] = [await debtor('本家'), await world.firm('别家')]
    const { id } = orThrow(await start(firm))
    expect(codeOf(await view(other, id))).toBe('missing')
    expect(codeOf(await call(other.ctx(), 'post /online-payments/{id}/close', { params: { id } }))).toBe('missing')
    expect(await call(finance(), 'get /online-payments/{id}', { params: { id } })).toMatchObject({ id })
  })

  it('没有配置：没有地方能付', async () => {
    const other = await world.institution('没有商户')
    expect(await payableAt(world.system(), [lab.org.id, other.org.id])).toEqual(new Set([lab.org.id]))
    expect(codeOf(await start(await debtor('没有配置'), { institutionId: other.org.id }))).toBe('ONLINE_OFF')
  })
})

describe('路上出事', () => {
  it('通知丢了：定时查询找到，入账一次', async () => {
    const firm = await debtor('丢通知')
    const paying = orThrow(await start(firm))
    await tell('pay', { out_trade_no: paying.number, silent: true })
    await ask(minutesLater(1))
    expect(await view(firm, paying.id)).toMatchObject({ state: 'paid' })
    await ask(minutesLater(2))
    expect(await tell('pay', { out_trade_no: paying.number })).toEqual([200])
    expect(await receipts(firm)).toBe(1)
  })

  it('两次通知同时到：一笔', async () => {
    const firm = await debtor('两次通知')
    const paying = orThrow(await start(firm))
    expect(await tell('pay', { out_trade_no: paying.number, twice: true })).toEqual([200, 200])
    expect(await receipts(firm)).toBe(1)
    expect(await sumsOf(firm.ctx())).toMatchObject({ paid: 6000n, outstanding: 0n })
    expect(await advanceOf(firm.ctx(), firm.org.id)).toBe(0n)
  })

  it('下单的应答丢了：单子还在，再取一次是同一个码', async () => {
    const firm = await debtor('丢应答')
    await tell('next', { lose: true })
    const paying = orThrow(await start(firm))
    expect(await view(firm, paying.id)).toMatchObject({ state: 'created', codeUrl: null })
    expect(orThrow(await start(firm))).toEqual(paying)
    expect((await view(firm, paying.id)).codeUrl).toMatch(/^weixin:/)
  })

  it('应答不是微信签的：不信', async () => {
    const firm = await debtor('假应答')
    await tell('next', { unsigned: true })
    expect((await view(firm, orThrow(await start(firm)).id)).codeUrl).toBeNull()
  })

  it('通知比下单的应答先到：照样入账', async () => {
    const firm = await debtor('先到')
    await tell('next', { payFirst: true })
    const paying = orThrow(await start(firm))
    expect(await view(firm, paying.id)).toMatchObject({ state: 'paid' })
    expect(await receipts(firm)).toBe(1)
  })

  it.each([
    ['签名不对', { badSignature: true }, 401],
    ['密文被改', { altered: true }, 400],
  ])('%s：拒绝，什么都不记', async (name, how, status) => {
    const firm = await debtor(name)
    const paying = orThrow(await start(firm))
    expect(await tell('pay', { out_trade_no: paying.number, ...how })).toEqual([status])
    expect(await view(firm, paying.id)).toMatchObject({ state: 'created' })
    expect(await receipts(firm)).toBe(0)
  })

  it('没人付：过期先在微信关掉，再记过期；过后到的钱照样入账', async () => {
    const firm = await debtor('过期')
    const paying = orThrow(await start(firm))
    await ask(minutesLater(31))
    expect(await view(firm, paying.id)).toMatchObject({ state: 'expired' })
    expect(await tell('pay', { out_trade_no: paying.number })).toEqual([200])
    expect(await view(firm, paying.id)).toMatchObject({ state: 'paid' })
    expect(await receipts(firm)).toBe(1)
  })

  it('付成后取消：告诉已经付成，并入账', async () => {
    const firm = await debtor('付成后取消')
    const paying = orThrow(await start(firm))
    await tell('pay', { out_trade_no: paying.number, silent: true })
    expect(codeOf(await call(firm.ctx(), 'post /online-payments/{id}/close', { params: { id: paying.id } }))).toBe('PAID_ALREADY')
    expect(await view(firm, paying.id)).toMatchObject({ state: 'paid' })
  })

  it('金额不符、不认识的单号：钱记为待认领；外币：到财务的待办；一件都不丢', async () => {
    const firm = await debtor('不符')
    const paying = orThrow(await start(firm))
    await tell('pay', { out_trade_no: paying.number, amount: 5000, transaction: '4200000001' })
    const url = (await database.db.selectFrom('online_merchants').select('institution_id').executeTakeFirstOrThrow()).institution_id
    const notify = `http://127.0.0.1:${(server.address() as { port: number }).port}/api/pay/wechat/notify/${url}`
    expect(await tell('pay', { out_trade_no: 'elsewhere-1', url: notify, amount: 700, transaction: '4200000002', twice: true })).toEqual([
      200, 200,
    ])
    expect(
      await tell('pay', { out_trade_no: 'elsewhere-2', url: notify, amount: 700, currency: 'USD', transaction: '4200000003', twice: true }),
    ).toEqual([200, 200])
    const { rows } = await listPayments(finance(), { state: 'unmatched' })
    expect(rows.map(({ reference, amount_fen }) => [reference, amount_fen]).toSorted()).toEqual([
      ['4200000001', 5000n],
      ['4200000002', 700n],
    ])
    expect(await desk(finance())).toHaveLength(1)
    expect(await receipts(firm)).toBe(0)
  })
})

describe('退款', () => {
  const refund = (paymentId: string, id: string, amountFen: string) =>
    call(finance(), 'post /online-payments/{id}/refunds', { params: { id: paymentId }, body: { id, amountFen, reason: '多付' } })
  /** Paid 60 元 by WeChat after somebody had paid them at the counter: all of it is held. */
  async function overpaid(name: string) {
    const firm = await debtor(name)
    const paying = orThrow(await start(firm))
    const { recordPayment, matchPayment } = await import('../../commons/accounts/index.server.ts')
    const slip = orThrow(
      await recordPayment(finance(), { method: 'counter', reference: name, paidOn: '2026-11-23', payer: '示例', amount: 6000n as never }),
    )
    orThrow(await matchPayment(finance(), { paymentId: slip.id, orgId: firm.org.id, version: 1 }))
    await tell('pay', { out_trade_no: paying.number })
    expect(await advanceOf(firm.ctx(), firm.org.id)).toBe(6000n)
    return { firm, paying }
  }

  it('多付的退回微信：同一张单只退一次，超过的不退；退完状态是已退款', async () => {
    const { firm, paying } = await overpaid('退款')
    expect(codeOf(await refund(paying.id, uuidv7(), '6001'))).toBe('EXCEEDS_PAID')
    const id = uuidv7()
    expect(codeOf(await refund(paying.id, id, '6000'))).toBe('done')
    expect(codeOf(await refund(paying.id, id, '6000'))).toBe('done')
    expect(await advanceOf(firm.ctx(), firm.org.id)).toBe(0n)
    expect(await view(firm, paying.id)).toMatchObject({ state: 'refunded' })
  })

  it('退款的应答丢了：定时再问，只退一次', async () => {
    const { firm, paying } = await overpaid('退款丢应答')
    await tell('next', { lose: true })
    orThrow(await refund(paying.id, uuidv7(), '6000'))
    expect(await view(firm, paying.id)).toMatchObject({ state: 'paid' })
    await ask(minutesLater(1))
    expect(await view(firm, paying.id)).toMatchObject({ state: 'refunded' })
  })

  it('微信退不成：钱回到预收，财务收到待办', async () => {
    const { firm, paying } = await overpaid('退不成')
    const before = (await desk(finance())).length
    await tell('next', { refund: 'ABNORMAL' })
    orThrow(await refund(paying.id, uuidv7(), '6000'))
    expect(await advanceOf(firm.ctx(), firm.org.id)).toBe(6000n)
    expect(await desk(finance())).toHaveLength(before + 1)
  })
})

it('密钥在库里看不到；账从头重放一样；没有一次出差错', async () => {
  const [row] = await database.db.selectFrom('online_merchants').selectAll().execute()
  expect(JSON.stringify(row)).not.toContain(wechat.merchant.apiV3Key)
  expect(JSON.stringify(row)).not.toContain('PRIVATE KEY')
  expect(await replay(world.system())).toEqual([])
  expect(faults).toEqual([])
})
