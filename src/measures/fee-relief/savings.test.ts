/** 减免成效：各单减免之和 = 对账单 = 这一页；只有本辖区的；缓缴不足五家不说。 */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { chargesOf, creditCharge, lockCharges } from '../../commons/accounts/index.server.ts'
import { cancelLine, creditLine, findOrder, handBack } from '../../commons/orders/index.server.ts'
import type { OrderFormLine } from '../../commons/orders/index.ts'
import { createOrganisation } from '../../commons/people/index.server.ts'
import type { Actor } from '../../core/access.ts'
import { addDays } from '../../core/eligibility/calendar-day.ts'
import { fen } from '../../core/money.ts'
import { inTx, type Database } from '../../platform/db.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { deferCharges } from './deferral.server.ts'
import { acceptWithRelief, placeWithRelief } from './orders.server.ts'
import { deferredByMonth, reliefOrders, savedOf, savingsByCounty, savingsByMonth, savingsOf } from './savings.server.ts'
import { monthsOf } from './savings.ts'
import { statementOf } from './statement.server.ts'
import { caliper, deferPolicy, halfPolicy, monday, orderOf, orThrow, worldOf, type World } from './test-world.server.ts'

let database: Database
let world: World
let lab: Awaited<ReturnType<World['institution']>>
let city: Actor
const at = (days: number) => `${addDays(monday.slice(0, 10), days)}T01:00:00.000Z`
const period = { from: '2026-10-01', to: '2026-12-31' }
const firms: Awaited<ReturnType<World['firm']>>[] = []
const orders: string[] = []

beforeAll(async () => {
  database = await testDatabase(inject('template'))
  world = worldOf(database)
  lab = await world.institution('检测院')
  await world.publish(halfPolicy())
  await world.publish(deferPolicy(90))
  city = await officialOf('330100', '市局')
  for (let n = 0; n < 5; n++) {
    const firm = await world.firm(`摊位${n}`, { region: n < 3 ? '330109' : '330110', facts: { hardship: true } })
    firms.push(firm)
    orders.push(await order(firm, [caliper, caliper].slice(n % 2), at(n * 3)))
  }
  await order(await world.firm('温州摊位', { region: '330303' }), [caliper], monday)
})
afterAll(() => database.close())

async function officialOf(region: string, name: string): Promise<Actor> {
  const org = orThrow(await createOrganisation(world.system(), { kind: 'authority', name: `示例·${name}`, uscc: null, region }))
  return world.person('regulator', `示例·${name}王工`, org)
}

async function order(firm: (typeof firms)[number], lines: OrderFormLine[], on: string): Promise<string> {
  const { id } = orThrow(await placeWithRelief(firm.ctx(on), orderOf(lab.org.id, lines, { wantedOn: on.slice(0, 10) })))
  const found = (await findOrder(world.as(lab.counter, on), id))!
  const received = found.lines.map((line) => line.id)
  orThrow(await acceptWithRelief(world.as(lab.counter, on), id, { version: found.order.version, received, settled: {} }))
  return id
}

const statements = async (): Promise<bigint> => {
  let sum = 0n
  for (const firm of firms) sum += (await statementOf(firm.ctx(at(20)), {})).saved
  return sum
}

describe('同一个数', () => {
  it('各单之和、分月、分县、企业对账单都相同；外地的不算', async () => {
    const ctx = world.as(city, at(20))
    const all = await savingsOf(ctx, period)
    expect(savedOf(all)).toBe(await statements())
    expect(all).toMatchObject({ orders: 5, enterprises: 5 })
    for (const rows of [await savingsByMonth(ctx, period), await savingsByCounty(ctx, period)])
      expect(rows.reduce((sum, row) => sum + savedOf(row), 0n)).toBe(savedOf(all))
    const behind = await reliefOrders(ctx, { ...period, pageSize: 100 })
    expect(behind.rows.reduce((sum, { relief }) => sum + relief, 0n)).toBe(savedOf(all))
    expect((await savingsByMonth(ctx, period)).map(({ key }) => key)).toEqual(['2026-10', '2026-11', '2026-12'])
    const county = world.as(await officialOf('330109', '区局'), at(20))
    expect((await savingsByCounty(county, period)).map(({ key }) => key)).toEqual(['330109'])
  })

  it('不做了的项目、交还了的不做项目，都不算；对账单也不算', async () => {
    const counter = world.as(lab.counter, at(15))
    const [line] = (await findOrder(counter, orders[0]!))!.lines
    orThrow(await cancelLine(counter, line!.id, { version: line!.version, opinion: '坏了' }))
    expect(savedOf(await savingsOf(world.as(city, at(20)), period))).toBe(await statements())
    orThrow(await handBack(counter, orders[0]!, { lineIds: [line!.id], to: '示例·老吴' }))
    expect(savedOf(await savingsOf(world.as(city, at(20)), period))).toBe(await statements())
  })

  it('受理以后补减的，单独列出，算在受理的那个月，对账单和这一页还是同一个数', async () => {
    const [charge] = await chargesOf(world.as(lab.finance), { orgId: firms[1]!.org.id, open: true })
    const own = { province: lab.org.province, id: lab.org.id, region: lab.org.region, name: lab.org.name }
    const { order } = (await findOrder(world.as(lab.counter), charge!.order_id))!
    orThrow(
      await inTx(world.as(lab.finance, at(16)), async (tx) => {
        const [locked] = await lockCharges(tx, charge!.province, { ids: [charge!.id] })
        await creditCharge(tx, { institution: own, charge: locked!, source: 'test:1', memo: '补减' }, fen(1000n))
        return creditLine(tx, order, charge!.line_id!, fen(1000n), { what: '补减' })
      }),
    )
    const all = await savingsOf(world.as(city, at(20)), period)
    expect(all.later).toBe(1000n)
    expect(savedOf(all)).toBe(await statements())
    const month = (await savingsByMonth(world.as(city, at(20)), period)).find(({ key }) => key === charge!.raised_on.slice(0, 7))
    expect(month).toMatchObject({ later: 1000n })
  })
})

describe('缓缴', () => {
  it('不足五家只说不足，够五家才有金额', async () => {
    const ctx = world.as(city, at(20))
    expect(await deferredByMonth(ctx, period)).toEqual(new Map())
    let total = 0n
    for (const [n, firm] of firms.entries()) {
      const open = await chargesOf(firm.ctx(at(17)), { open: true })
      orThrow(await deferCharges(firm.ctx(at(17)), { chargeIds: open.map(({ id }) => id) }))
      total += open.reduce((sum, { outstanding_fen }) => sum + outstanding_fen, 0n)
      expect((await deferredByMonth(ctx, period)).get('2026-12')).toBe(n < 4 ? null : total)
    }
    // A single day or county is never told: two answers side by side would name one enterprise.
    expect((await deferredByMonth(ctx, { from: '2026-12-09', to: '2026-12-09' })).get('2026-12')).toBe(total)
    expect(await deferredByMonth(ctx, { ...period, region: '330109' })).toEqual(new Map())
  })

  it('月份从头到尾一个不少，跨年也是', () => {
    expect(monthsOf({ from: '2026-11-15', to: '2027-02-01' })).toEqual(['2026-11', '2026-12', '2027-01', '2027-02'])
  })
})
