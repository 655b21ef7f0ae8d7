/** 欠费不欠服务：窗口、检测员、批准人能调的每一个接口，有没有欠费、缓不缓、付没付，答得一字不差。由接口表生成。 */
import { Hono } from 'hono'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { matchPayment, recordPayment } from '../commons/accounts/index.server.ts'
import { findOrder } from '../commons/orders/index.server.ts'
import { fen } from '../core/money.ts'
import type { Actor } from '../core/access.ts'
import { deferCharges } from '../measures/fee-relief/deferral.server.ts'
import { acceptWithRelief, placeWithRelief } from '../measures/fee-relief/orders.server.ts'
import { caliper, deferPolicy, halfPolicy, monday, orderOf, orThrow, scale, worldOf } from '../measures/fee-relief/test-world.server.ts'
import { apiRouter } from '../platform/api-router.server.ts'
import type { Database } from '../platform/db.server.ts'
import { testDatabase } from '../platform/test-database.server.ts'
import { operations } from './parts.server.ts'

let database: Database
beforeAll(async () => {
  database = await testDatabase(inject('template'))
})
afterAll(() => database.close())

it('同一张单：欠着、缓着、付了一半、付清，四个时候问遍所有接口', async () => {
  const world = worldOf(database)
  await world.publish(halfPolicy())
  await world.publish(deferPolicy(90))
  const lab = await world.institution('检测院')
  const firm = await world.firm('老吴', { facts: { hardship: true } })
  const { id: orderId } = orThrow(await placeWithRelief(firm.ctx(), orderOf(lab.org.id, [scale, caliper])))
  const found = (await findOrder(world.as(lab.counter), orderId))!
  orThrow(
    await acceptWithRelief(world.as(lab.counter), orderId, {
      version: found.order.version,
      received: found.lines.map(({ id }) => id),
      settled: Object.fromEntries(found.lines.map(({ id }) => [id, 'mandatory' as const])),
    }),
  )
  await world.hear()
  const charge = await database.db.selectFrom('charges').selectAll().executeTakeFirstOrThrow()
  const ids = [orderId, firm.org.id, lab.org.id, charge.id, found.lines[0]!.id]

  const reads = operations.filter(({ method }) => method === 'get')
  /** Every reading operation with every id in its path, as this desk: status and body. */
  const ask = async (actor: Actor): Promise<Record<string, string>> => {
    const app = new Hono()
    app.route(
      '/',
      apiRouter(operations, async () => ({ db: database.db, actor, now: monday })),
    )
    const answers: Record<string, string> = {}
    for (const { path } of reads)
      for (const id of path.includes('{') ? ids : ['']) {
        const url = path.replace(/\{[^}]+\}/g, id)
        const response = await app.request(url)
        answers[url] = `${response.status} ${await response.text()}`
      }
    return answers
  }
  const desks = [lab.counter, lab.tester, lab.approver]
  const all = () => Promise.all(desks.map(ask))

  const owing = await all()
  expect(Object.values(owing[0]!).some((answer) => answer.startsWith('200') && answer.includes(found.order.number))).toBe(true)
  orThrow(await deferCharges(firm.ctx(), { chargeIds: [charge.id] }))
  await world.hear()
  expect(await all()).toEqual(owing)
  for (const [n, amount] of [2000n, 4000n].entries()) {
    const { id } = orThrow(
      await recordPayment(world.as(lab.finance), {
        method: 'transfer',
        reference: `R${n}`,
        paidOn: '2026-11-23',
        payer: '示例·老吴',
        amount: fen(amount),
      }),
    )
    orThrow(await matchPayment(world.as(lab.finance), { paymentId: id, orgId: firm.org.id, version: 1 }))
    await world.hear()
    expect(await all()).toEqual(owing)
  }
  // The finance desk does see it change: the comparison is not blind.
  const paid = await ask(lab.finance)
  expect(paid['/statement']).toContain('"outstandingFen":"0"')
  expect(Object.keys(owing[0]!).length).toBeGreaterThan(40)
})
