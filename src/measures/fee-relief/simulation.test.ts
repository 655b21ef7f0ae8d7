/** 政策模拟：真实的单、同一套受理算法、改一项政策；不改就一分不差，什么记录也不动。 */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { cancelLine, findOrder } from '../../commons/orders/index.server.ts'
import type { OrderFormLine } from '../../commons/orders/index.ts'
import { createOrganisation, recordFacts } from '../../commons/people/index.server.ts'
import { listMessages } from '../../commons/messages/index.server.ts'
import type { Actor } from '../../core/access.ts'
import { addDays } from '../../core/eligibility/calendar-day.ts'
import { isRefusal } from '../../core/refusal.ts'
import type { Database } from '../../platform/db.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { acceptWithRelief, placeWithRelief } from './orders.server.ts'
import { cancelSimulation, startSimulation } from './simulation-commands.server.ts'
import { countiesOf, effectOf, findSimulation, listSimulations, simulatedOrders } from './simulation-queries.server.ts'
import { resumeSimulations, runSimulation } from './simulation-run.server.ts'
import { simulationForm } from './simulation-schema.ts'
import { caliper, halfPolicy, monday, orderOf, orThrow, scale, worldOf, type World } from './test-world.server.ts'

let database: Database
let world: World
let lab: Awaited<ReturnType<World['institution']>>
let official: Actor
let versionId: string
const ids: string[] = []
const at = (days: number) => `${addDays(monday.slice(0, 10), days)}T01:00:00.000Z`
const now = at(10)
const weigh: OrderFormLine = { name: '电子秤', kind: 'scale.electronic', use: 'other', service: 'calibration' }

beforeAll(async () => {
  database = await testDatabase(inject('template'))
  world = worldOf(database)
  lab = await world.institution('检测院')
  versionId = (await world.publish(halfPolicy())).id
  official = await officialOf('330100', '市局')
  const shops = [
    await world.firm('甲摊'),
    await world.firm('乙摊', { region: '330110' }),
    await world.firm('没承诺', { pledge: false }),
    await world.firm('大厂', { kind: 'enterprise', facts: { industry: 'C3484', employees: 2000, revenue: 90_000, assets: 90_000 } }),
  ]
  for (const [n, firm] of [...shops, ...shops, shops[0]!].entries()) {
    ids.push(await order(firm, [caliper, weigh, scale].slice(0, 1 + (n % 3)), at(n % 5)))
  }
  await order(await world.firm('外地', { region: '340822' }), [caliper], monday)
  // Afterwards one gives up a line, one reports other facts, and the policy gets a new version.
  const { lines } = (await findOrder(world.as(lab.counter, at(6)), ids[1]!))!
  orThrow(await cancelLine(world.as(lab.counter, at(6)), lines[0]!.id, { version: lines[0]!.version, opinion: '坏了' }))
  orThrow(
    await recordFacts(world.system(at(6)), shops[0]!.org.id, [{ fact: 'hardship', value: true }] as never, {
      source: '企业填报',
      asOf: at(5).slice(0, 10),
    }),
  )
  await world.publish(halfPolicy({ title: '示例·校准费减半办法（修订）' }), at(7))
})
afterAll(() => database.close())

async function officialOf(region: string, name: string): Promise<Actor> {
  const org = orThrow(await createOrganisation(world.system(), { kind: 'authority', name: `示例·${name}`, uscc: null, region }))
  return world.person('regulator', `示例·${name}王工`, org)
}

async function order(firm: Awaited<ReturnType<World['firm']>>, lines: OrderFormLine[], on: string): Promise<string> {
  const { id } = orThrow(await placeWithRelief(firm.ctx(on), orderOf(lab.org.id, lines, { wantedOn: on.slice(0, 10) })))
  const found = (await findOrder(world.as(lab.counter, on), id))!
  const settled = Object.fromEntries(found.lines.filter(({ to_verify }) => to_verify).map((line) => [line.id, 'mandatory' as const]))
  const received = found.lines.map((line) => line.id)
  orThrow(await acceptWithRelief(world.as(lab.counter, on), id, { version: found.order.version, received, settled }))
  return id
}

const formOf = (over: Record<string, unknown> = {}) =>
  simulationForm.parse({
    title: '示例模拟',
    versionId,
    rate: '50',
    from: '2026-01-01',
    to: '2026-12-31',
    periodFrom: '2026-11-01',
    periodTo: '2026-11-30',
    ...over,
  })

/** Asked, reckoned to the end, and its orders. */
async function simulate(over: Record<string, unknown> = {}, actor = official) {
  const ctx = world.as(actor, now)
  const { id } = orThrow(await startSimulation(ctx, formOf(over)))
  await settled(actor, id)
  const row = (await findSimulation(ctx, id))!
  return { row, ctx, effect: await effectOf(ctx, row), orders: (await simulatedOrders(ctx, row, { pageSize: 100 })).rows }
}

async function settled(actor: Actor, id: string): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if ((await findSimulation(world.as(actor, now), id))?.state !== 'running') return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('the simulation did not end')
}

const frozen = async (): Promise<Map<string, bigint>> => {
  const { rows } = await sql<{ order_id: string; sum: bigint }>`select order_id, sum(relief_fen)::bigint as sum from order_lines
    where state <> 'cancelled' group by 1`.execute(database.db)
  return new Map(rows.map(({ order_id, sum }) => [order_id, sum]))
}

describe('不改', () => {
  it('每一单差额都是 0，模拟前的数就是冻结的减免；后来改的信息、新版政策都不影响', async () => {
    const { row, orders, effect } = await simulate()
    const stored = await frozen()
    expect(row).toMatchObject({ state: 'done', orders_done: ids.length, orders_total: ids.length, problem: null })
    expect(orders.map(({ orderId }) => orderId).toSorted()).toEqual(ids.toSorted())
    for (const each of orders) expect([each.before, each.after]).toEqual([stored.get(each.orderId), stored.get(each.orderId)])
    expect(effect).toMatchObject({ changed: 0, changedEnterprises: 0, setAside: 0 })
    expect(effect.before).toBeGreaterThan(0n)
  })
})

describe('改一项', () => {
  it('五成改十成：每一单恰好翻倍，与手算相同；没有承诺书的、大型企业的不变', async () => {
    const { orders, effect } = await simulate({ rate: '100' })
    const stored = await frozen()
    for (const each of orders) expect(each.after).toBe(2n * stored.get(each.orderId)!)
    // 甲摊 120、208.88（三次里两次）、乙摊 208.88 去掉坏的 120、120，各一半。
    expect(effect.after - effect.before).toBe(effect.before)
    expect(effect).toMatchObject({ changedEnterprises: 2 })
  })

  it('加每年封顶 100 元：每家企业按受理先后用，合计不超过 100 元', async () => {
    const { orders } = await simulate({ cap: '100' })
    const byFirm = Map.groupBy(orders, ({ orgName }) => orgName)
    for (const [, own] of byFirm) expect(own.reduce((sum, { after }) => sum + after, 0n)).toBeLessThanOrEqual(10_000n)
    const first = byFirm.get('示例·甲摊')!.toSorted((a, b) => ids.indexOf(a.orderId) - ids.indexOf(b.orderId))
    expect(first.map(({ after }) => after)).toEqual([6000n, 4000n, 0n])
  })

  it('时段从年中开始，之前的单照样占当年的额度，但不计入结果', async () => {
    const { orders } = await simulate({ cap: '100', periodFrom: at(3).slice(0, 10) })
    const own = orders.filter(({ orgName }) => orgName === '示例·甲摊')
    expect(own.map(({ after }) => after).toSorted()).toEqual([0n, 4000n])
  })

  it('只给中型企业、或从明年起施行：本来减的都不减', async () => {
    for (const over of [{ sizes: ['medium'] }, { from: '2027-01-01', to: '2027-12-31' }]) {
      const { effect } = await simulate(over)
      expect(effect.after).toBe(0n)
    }
  })

  it('分县合计等于总数，等于逐单相加', async () => {
    const { row, ctx, effect, orders } = await simulate({ rate: '30' })
    const counties = await countiesOf(ctx, row)
    expect(counties.map(({ region }) => region).toSorted()).toEqual(['330109', '330110'])
    for (const key of ['before', 'after', 'fee'] as const) {
      expect(counties.reduce((sum, each) => sum + each[key], 0n)).toBe(effect[key])
      expect(orders.reduce((sum, each) => sum + each[key], 0n)).toBe(effect[key])
    }
  })
})

describe('谁的、哪里的', () => {
  it('外地的单不算；别的单位的模拟查不到、取消不了；企业不能模拟', async () => {
    const { row } = await simulate()
    const other = await officialOf('330100', '另一个局')
    expect(await findSimulation(world.as(other), row.id)).toBeUndefined()
    expect((await listSimulations(world.as(other))).total).toBe(0)
    expect(await cancelSimulation(world.as(other), row.id, { version: row.version })).toMatchObject({ kind: 'missing' })
    expect(await startSimulation(world.as(lab.counter, now), formOf())).toMatchObject({ kind: 'forbidden' })
    const anhui = await officialOf('340000', '皖局')
    expect(await startSimulation(world.as(anhui, now), formOf())).toMatchObject({ kind: 'missing' })
  })

  it('空的时段、太长的时段、将来的时段，说明原因', async () => {
    const ask = async (over: Record<string, unknown>) => {
      const answer = await startSimulation(world.as(official, now), formOf(over))
      return isRefusal(answer) ? (answer.code ?? answer.fields) : 'begun'
    }
    expect(await ask({ periodFrom: '2026-01-01', periodTo: '2026-01-31' })).toBe('NO_ORDERS')
    expect(await ask({ periodFrom: '2020-01-01' })).toMatchObject({ periodFrom: expect.any(String) })
    expect(await ask({ periodTo: '2027-11-30' })).toMatchObject({ periodTo: expect.any(String) })
  })
})

describe('后台', () => {
  const insertRunning = async () => {
    const { row } = await simulate({ rate: '80' })
    await sql`update simulations set state = 'running', finished_at = null, orders_done = 3, attempt = 1 where id = ${row.id}`.execute(
      database.db,
    )
    return row
  }

  it('进程断了，一分半以后从头再算，结果一样，不重复；算完有消息', async () => {
    const row = await insertRunning()
    const before = await effectOf(world.as(official), row)
    await runSimulation(world.system(now), row.id)
    expect((await findSimulation(world.as(official), row.id))!.state).toBe('running')
    expect(await resumeSimulations(world.system(at(11)))).toBe(1)
    await settled(official, row.id)
    expect(await findSimulation(world.as(official), row.id)).toMatchObject({ state: 'done', orders_done: ids.length, attempt: 2 })
    expect(await effectOf(world.as(official), row)).toEqual(before)
    const { rows } = await listMessages(world.as(official, now), { page: 1, pageSize: 100 })
    expect(rows.filter(({ subjectId }) => subjectId === row.id)).toHaveLength(1)
  })

  it('取消以后不再算，没有结果；同一次只能取消一次', async () => {
    const row = await insertRunning()
    orThrow(await cancelSimulation(world.as(official, now), row.id, { version: row.version }))
    await runSimulation(world.system(at(11)), row.id)
    const cancelled = (await findSimulation(world.as(official), row.id))!
    expect(cancelled.state).toBe('cancelled')
    expect((await effectOf(world.as(official), cancelled)).orders).toBe(0)
    expect(await cancelSimulation(world.as(official), row.id, { version: cancelled.version })).toMatchObject({ kind: 'conflict' })
  })

  it('试了三次都没有算成，不再试，说明原因', async () => {
    const row = await insertRunning()
    await sql`update simulations set attempt = 3 where id = ${row.id}`.execute(database.db)
    await runSimulation(world.system(at(11)), row.id)
    expect(await findSimulation(world.as(official), row.id)).toMatchObject({ state: 'failed', problem: expect.stringContaining('3 次') })
  })

  it('单、费用、额度、承诺书一个字都没动', async () => {
    const print = async () =>
      (
        await sql<{ hash: string }>`select md5(concat((select jsonb_agg(o order by o.id) from orders o),
          (select jsonb_agg(l order by l.id) from order_lines l), (select jsonb_agg(c order by c.id) from charges c),
          (select jsonb_agg(u) from relief_usage u), (select jsonb_agg(p order by p.id) from relief_pledges p))) as hash`.execute(
          database.db,
        )
      ).rows[0]!.hash
    const before = await print()
    await simulate({ rate: '100', cap: '50', sizes: ['micro', 'large'] })
    expect(await print()).toBe(before)
  })
})
