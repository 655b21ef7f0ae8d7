/** 欠费不欠服务：从下单、受理、减免、缓缴、出证到分次付清，账处处相等。 */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { matchPayment, recordPayment, replay, sumsOf } from '../../commons/accounts/index.server.ts'
import { approveLine, desk, findOrder, handBack, listWork, recordResult } from '../../commons/orders/index.server.ts'
import { listMessages } from '../../commons/messages/index.server.ts'
import type { Actor } from '../../core/access.ts'
import { addDays } from '../../core/eligibility/calendar-day.ts'
import { fen } from '../../core/money.ts'
import { isRefusal } from '../../core/refusal.ts'
import type { Database } from '../../platform/db.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { agreePlan, deferCharges, standingOf } from './deferral.server.ts'
import { remindDeferrals } from './listeners.server.ts'
import { acceptWithRelief, placeWithRelief, quoteOrder } from './orders.server.ts'
import { statementOf } from './statement.server.ts'
import { caliper, deferPolicy, halfPolicy, monday, orderOf, orThrow, scale, worldOf, type World } from './test-world.server.ts'

let database: Database
let world: World
let lab: Awaited<ReturnType<World['institution']>>
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  world = worldOf(database)
  await world.publish(halfPolicy())
  await world.publish(deferPolicy(90))
  lab = await world.institution('检测院')
})
afterAll(() => database.close())

const at = (days: number) => `${addDays(monday.slice(0, 10), days)}T01:00:00.000Z`
const reasonOf = (answer: unknown) => (isRefusal(answer) ? { code: answer.code, kind: answer.kind } : 'done')

async function placeAndAccept(firm: Awaited<ReturnType<World['firm']>>, lines = [scale, caliper], now = monday) {
  const { id } = orThrow(await placeWithRelief(firm.ctx(now), orderOf(lab.org.id, lines, { wantedOn: now.slice(0, 10) })))
  const found = (await findOrder(world.as(lab.counter, now), id))!
  orThrow(
    await acceptWithRelief(world.as(lab.counter, now), id, {
      version: found.order.version,
      received: found.lines.map((line) => line.id),
      settled: Object.fromEntries(found.lines.filter(({ to_verify }) => to_verify).map((line) => [line.id, 'mandatory' as const])),
    }),
  )
  return id
}

async function testAll(orderId: string, now: string) {
  const { lines } = (await findOrder(world.as(lab.tester, now), orderId))!
  for (const line of lines) {
    const verifies = line.service !== 'calibration'
    orThrow(
      await recordResult(world.as(lab.tester, now), line.id, {
        doneOn: now.slice(0, 10),
        conclusion: verifies ? 'pass' : 'none',
        certificateNo: `示例-${line.n}-${orderId.slice(-4)}`,
        ...(verifies && { validUntil: addDays(now.slice(0, 10), 364) }),
        version: line.version,
      }),
    )
    orThrow(await approveLine(world.as(lab.approver, now), line.id, { version: line.version + 1 }))
  }
}

describe('J3 全程', () => {
  it('强检 0、校准减半、缓缴 90 天、欠着出证、分两次付清；账、台账、事件三处的数相同', async () => {
    const firm = await world.firm('老吴摊位', { facts: { hardship: true } })
    const quote = orThrow(await quoteOrder(firm.ctx(), orderOf(lab.org.id, [scale, caliper])))
    expect(quote).toMatchObject({ relief: 6000n })
    const orderId = await placeAndAccept(firm)
    const { order, lines } = (await findOrder(firm.ctx(), orderId))!
    expect(lines.map(({ service, fee_fen, relief_fen }) => [service, fee_fen, relief_fen])).toEqual([
      ['mandatory-verification', 0n, 0n],
      ['calibration', 12000n, 6000n],
    ])
    expect(lines[0]!.basis).toContain('财税〔2017〕20号')
    expect(lines[1]!.relief).toMatchObject({
      taken: [{ slug: 'test-half', article: '第二条', rateBp: 5000, amountFen: '6000' }],
      facts: { size: 'individual' },
    })
    expect(order.due_on).toBe('2026-12-07')

    const [charge] = await chargesOf(firm.org.id)
    const deferral = orThrow(await deferCharges(firm.ctx(), { chargeIds: [charge!.id] }))
    expect((await standingOf(firm.ctx()))[0]).toMatchObject({
      number: deferral.number,
      term_ends_on: '2027-02-21',
      stage: 'in-term',
      outstanding: 6000n,
    })

    // Within the term: tested, signed and handed back while it is owed.
    await testAll(orderId, at(2))
    const ready = (await findOrder(firm.ctx(at(2)), orderId))!
    expect(ready.order.state).toBe('ready')
    orThrow(await handBack(world.as(lab.counter, at(3)), orderId, { lineIds: ready.lines.map(({ id }) => id), to: '示例·老吴' }))
    expect((await findOrder(firm.ctx(), orderId))!.order.state).toBe('closed')

    expect(await remindDeferrals(world.system(at(83)))).toBe(1)
    expect(await remindDeferrals(world.system(at(83)))).toBe(0)

    for (const [n, amount] of [2500n, 3500n].entries()) {
      const { id } = orThrow(
        await recordPayment(world.as(lab.finance, at(84 + n)), {
          method: 'transfer',
          reference: `LS-${n}-${orderId.slice(-6)}`,
          paidOn: at(84 + n).slice(0, 10),
          payer: '示例·老吴',
          amount: fen(amount),
        }),
      )
      orThrow(await matchPayment(world.as(lab.finance, at(84 + n)), { paymentId: id, orgId: firm.org.id, version: 1 }))
    }
    await world.hear(at(85))
    expect(await sumsOf(firm.ctx(at(85)))).toMatchObject({ fee: 12000n, relief: 6000n, paid: 6000n, outstanding: 0n, overdue: 0n })
    expect(await standingOf(firm.ctx(at(85)))).toEqual([])
    expect(await replay(world.system())).toEqual([])

    const statement = await statementOf(firm.ctx(at(85)), {})
    expect(statement).toMatchObject({ saved: 6000n, deferredEver: 6000n, outstanding: 0n, paid: 6000n })
    expect(await reported(firm.org.id)).toBe(statement.saved)
    expect(await reliefOfLines(firm.org.id)).toBe(statement.saved)
  })

  it('负面：期满 30 天后，新的收费单要先约定付款计划；强检照常；旧证书仍在；约定以后可以下单', async () => {
    const firm = await world.firm('期满摊位', { facts: { hardship: true } })
    const orderId = await placeAndAccept(firm)
    orThrow(await deferCharges(firm.ctx(), { chargeIds: (await chargesOf(firm.org.id)).map(({ id }) => id) }))
    await testAll(orderId, at(2))
    const stageAt = async (days: number) => (await standingOf(firm.ctx(at(days))))[0]!.stage
    expect([await stageAt(90), await stageAt(91), await stageAt(106), await stageAt(121)]).toEqual(['in-term', 'remind', 'plan', 'prepay'])
    const order = (lines = [caliper]) => orderOf(lab.org.id, lines, { wantedOn: at(125).slice(0, 10) })
    expect(reasonOf(await placeWithRelief(firm.ctx(at(120)), { ...order(), wantedOn: at(120).slice(0, 10) }))).toBe('done')
    expect(reasonOf(await placeWithRelief(firm.ctx(at(121)), order()))).toEqual({ code: 'PLAN_FIRST', kind: 'conflict' })
    const certified: typeof scale = { name: '加油机', kind: 'fuel-dispenser', use: 'trade', service: 'verification' }
    const quoted = orThrow(await quoteOrder(firm.ctx(at(121)), order([certified])))
    if (quoted.prepared.lines[0]!.service === 'mandatory-verification')
      expect(reasonOf(await placeWithRelief(firm.ctx(at(121)), order([certified])))).toBe('done')
    expect(
      (await findOrder(firm.ctx(at(121)), orderId))!.lines.every(({ certificate_no, state }) => certificate_no && state === 'approved'),
    ).toBe(true)
    const [held] = await standingOf(firm.ctx(at(121)))
    orThrow(await agreePlan(firm.ctx(at(121)), held!.id, { days: [addDays(at(121).slice(0, 10), 30), addDays(at(121).slice(0, 10), 60)] }))
    expect(reasonOf(await placeWithRelief(firm.ctx(at(121)), order()))).toBe('done')
  })

  it('政策把缓收延长到 120 天：未付清的自动顺延，有记录，付清的不动；缩短不收回', async () => {
    const firm = await world.firm('顺延摊位', { facts: { hardship: true } })
    await placeAndAccept(firm)
    const { id } = orThrow(
      await deferCharges(firm.ctx(), { chargeIds: (await chargesOf(firm.org.id)).map(({ id }) => id), days: ['2026-12-23', '2027-02-21'] }),
    )
    await world.hear()
    await world.publish(deferPolicy(120))
    await world.hear()
    expect((await standingOf(firm.ctx()))[0]).toMatchObject({
      term_ends_on: '2027-03-23',
      dates: [{ dueOn: '2027-01-22' }, { dueOn: '2027-03-23' }],
    })
    expect((await chargesOf(firm.org.id))[0]).toMatchObject({ due_on: '2027-03-23' })
    const { rows } = await sql<{
      detail: unknown
    }>`select detail from events where subject = 'deferral' and subject_id = ${id} and action = 'extended'`.execute(database.db)
    expect(rows).toEqual([{ detail: expect.objectContaining({ before: '2027-02-21', after: '2027-03-23' }) }])
    await world.publish(deferPolicy(60))
    await world.hear()
    expect((await standingOf(firm.ctx()))[0]).toMatchObject({ term_ends_on: '2027-03-23' })
  })
})

describe('谁看得到欠费', () => {
  it('窗口、检测员、批准人查不到费用和缓缴；受理、检测、出证的路上没有一处读欠费', async () => {
    for (const desk of [lab.counter, lab.tester, lab.approver]) {
      const ctx = world.as(desk)
      expect(await standingOf(ctx, { all: true })).toEqual([])
      expect(await sumsOf(ctx)).toMatchObject({ fee: 0n, outstanding: 0n })
    }
    expect((await sumsOf(world.as(lab.finance))).fee).toBeGreaterThan(0n)
    expect((await listWork(world.as(lab.tester), { state: 'received' })).rows.length).toBeGreaterThan(0)
  })

  it('提醒付款的消息只给企业自己看：代办人和监管人员的列表、计数里都没有', async () => {
    const firm = await world.firm('提醒摊位', { facts: { hardship: true } })
    await placeAndAccept(firm)
    orThrow(await deferCharges(firm.ctx(), { chargeIds: (await chargesOf(firm.org.id)).map(({ id }) => id) }))
    expect(await remindDeferrals(world.system(at(83)))).toBeGreaterThan(0)
    const subjectsFor = async (actor: Actor) =>
      (await listMessages(world.as(actor), { page: 1, pageSize: 100 })).rows.map(({ subject }) => subject)
    expect(await subjectsFor(firm.actor)).toContain('deferral')
    expect(await subjectsFor({ ...firm.actor, agent: { orgName: '示例·检测院', agencyId: firm.actor.id } })).not.toContain('deferral')
    expect(await subjectsFor({ ...lab.counter, role: 'regulator', region: '330000' })).not.toContain('deferral')
  })

  it('没有收到的样品不用交还，单子照样办完；没有受理的单没有样品可交还', async () => {
    const firm = await world.firm('少送摊位')
    const { id } = orThrow(await placeWithRelief(firm.ctx(), orderOf(lab.org.id, [caliper, caliper])))
    const found = (await findOrder(world.as(lab.counter), id))!
    expect(reasonOf(await handBack(world.as(lab.counter), id, { lineIds: [found.lines[0]!.id], to: '示例' }))).toMatchObject({
      kind: 'conflict',
    })
    orThrow(
      await acceptWithRelief(world.as(lab.counter), id, { version: found.order.version, received: [found.lines[0]!.id], settled: {} }),
    )
    const [line] = (await findOrder(world.as(lab.tester), id))!.lines
    const today = monday.slice(0, 10)
    orThrow(
      await recordResult(world.as(lab.tester), line!.id, {
        doneOn: today,
        conclusion: 'none',
        certificateNo: '示例-1',
        version: line!.version,
      }),
    )
    orThrow(await approveLine(world.as(lab.approver), line!.id, { version: line!.version + 1 }))
    expect(orThrow(await handBack(world.as(lab.counter), id, { lineIds: [line!.id], to: '示例' })).state).toBe('closed')
  })

  it('检测员的工作台一单一条，点开是这一单的清单；只剩一件时直接到那一件', async () => {
    const firm = await world.firm('一单多件')
    const id = await placeAndAccept(firm)
    const own = async () => (await desk(world.as(lab.tester))).filter(({ title }) => title.includes('一单多件'))
    const { order, lines } = (await findOrder(world.as(lab.tester), id))!
    expect(await own()).toMatchObject([
      {
        title: expect.stringContaining(`${order.number}：电子秤等 2 件`),
        to: `/bench?q=${encodeURIComponent(order.number)}`,
        action: '检测',
      },
    ])
    expect((await listWork(world.as(lab.tester), { state: 'received', q: order.number })).total).toBe(2)
    const [first, second] = lines
    orThrow(
      await recordResult(world.as(lab.tester), first!.id, {
        doneOn: monday.slice(0, 10),
        conclusion: 'pass',
        certificateNo: '示例-一单多件',
        validUntil: '2027-11-22',
        version: first!.version,
      }),
    )
    expect(await own()).toMatchObject([{ to: `/s/${second!.token}`, action: '检测' }])
    const toReview = (await desk(world.as(lab.approver))).filter(({ title }) => title.includes('一单多件'))
    expect(toReview).toMatchObject([{ to: `/s/${first!.token}`, action: '审核' }])
  })

  it('别的机构和别的企业什么也看不到', async () => {
    const other = await world.institution('别的检测院')
    expect(await sumsOf(world.as(other.finance))).toMatchObject({ fee: 0n })
    const stranger = await world.firm('别家')
    expect(await standingOf(stranger.ctx(), { all: true })).toEqual([])
  })
})

const chargesOf = (orgId: string) => database.db.selectFrom('charges').selectAll().where('org_id', '=', orgId).orderBy('id').execute()
/** What a report shows: a formula over events alone. */
const reported = async (orgId: string): Promise<bigint> =>
  (
    await sql<{
      sum: bigint
    }>`select coalesce(sum((detail ->> 'reliefFen')::bigint), 0)::bigint as sum from events where subject = 'book-entry' and org_id = ${orgId}`.execute(
      database.db,
    )
  ).rows[0]!.sum
const reliefOfLines = async (orgId: string): Promise<bigint> =>
  (
    await sql<{
      sum: bigint
    }>`select coalesce(sum(relief_fen), 0)::bigint as sum from order_lines where org_id = ${orgId} and state <> 'cancelled'`.execute(
      database.db,
    )
  ).rows[0]!.sum
