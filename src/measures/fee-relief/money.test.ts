/** 账在数据库里：同时办两次只成一次，付错了能冲，结了账不能再记。 */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import {
  applyAdvance,
  closePeriod,
  creditCharge,
  entriesOf,
  lockCharges,
  matchPayment,
  recordPayment,
  refundAdvance,
  replay,
  reverseEntry,
  sumsOf,
} from '../../commons/accounts/index.server.ts'
import { bookVisit, cancelLine, findOrder, placeOrder } from '../../commons/orders/index.server.ts'
import { together } from '../../commons/people/test-stage.server.ts'
import { fen } from '../../core/money.ts'
import { isRefusal } from '../../core/refusal.ts'
import { inTx, type Database } from '../../platform/db.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { acceptWithRelief } from './orders.server.ts'
import { caliper, halfPolicy, monday, orderOf, orThrow, scale, worldOf, type World } from './test-world.server.ts'

let database: Database
let world: World
let lab: Awaited<ReturnType<World['institution']>>
type Firm = Awaited<ReturnType<World['firm']>>
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  world = worldOf(database)
  await world.publish(halfPolicy())
  lab = await world.institution('检测院')
})
afterAll(() => database.close())

const codeOf = (answer: unknown) => (isRefusal(answer) ? (answer.code ?? answer.kind) : 'done')
const counter = () => world.as(lab.counter)
const finance = () => world.as(lab.finance)

async function placed(firm: Firm, count = 1) {
  const { id } = orThrow(
    await placeOrder(
      firm.ctx(),
      orderOf(
        lab.org.id,
        Array.from({ length: count }, () => caliper),
      ),
    ),
  )
  return (await findOrder(counter(), id))!
}
const acceptance = ({ order, lines }: Awaited<ReturnType<typeof placed>>) => ({
  version: order.version,
  received: lines.map(({ id }) => id),
  settled: {},
})
async function accepted(firm: Firm, count = 1) {
  const found = await placed(firm, count)
  orThrow(await acceptWithRelief(counter(), found.order.id, acceptance(found)))
  return (await findOrder(counter(), found.order.id))!
}
let slips = 0
const slip = async (amount: bigint) =>
  orThrow(
    await recordPayment(finance(), {
      method: 'transfer',
      reference: `S-${++slips}`,
      paidOn: monday.slice(0, 10),
      payer: '示例',
      amount: fen(amount),
    }),
  ).id

describe('同时办两次', () => {
  it('两个窗口同时受理一单：一次成，费用只计一次', async () => {
    const firm = await world.firm('同时受理')
    const found = await placed(firm, 3)
    const answers = await together(
      database,
      [1, 2, 3].map(() => () => acceptWithRelief(counter(), found.order.id, acceptance(found))),
    )
    expect(answers.map(codeOf).toSorted()).toEqual(['conflict', 'conflict', 'done'])
    expect(await sumsOf(firm.ctx())).toMatchObject({ fee: 36000n, relief: 18000n, outstanding: 18000n })
    expect(await replay(world.system())).toEqual([])
  })

  it('同一笔到账同时认领两次：一次入账', async () => {
    const firm = await world.firm('同时认领')
    await accepted(firm)
    const paymentId = await slip(6000n)
    const answers = await together(
      database,
      [1, 2].map(() => () => matchPayment(finance(), { paymentId, orgId: firm.org.id, version: 1 })),
    )
    expect(answers.map(codeOf).toSorted()).toEqual(['MATCHED_ALREADY', 'done'])
    expect(await sumsOf(firm.ctx())).toMatchObject({ paid: 6000n, outstanding: 0n })
  })

  it('两笔到账同时抵一笔费用：都入账，多的转预收，一分不多', async () => {
    const firm = await world.firm('同时两笔')
    await accepted(firm)
    const ids = [await slip(6000n), await slip(6000n)]
    const answers = await together(
      database,
      ids.map((paymentId) => () => matchPayment(finance(), { paymentId, orgId: firm.org.id, version: 1 })),
    )
    expect(answers.map(codeOf)).toEqual(['done', 'done'])
    expect(await sumsOf(firm.ctx())).toMatchObject({ paid: 6000n, outstanding: 0n })
    expect(await replay(world.system())).toEqual([])
    expect(codeOf(await refundAdvance(finance(), { orgId: firm.org.id, amount: fen(6001n), reason: '多付', reference: 'T-1' }))).toBe(
      'EXCEEDS_ADVANCE',
    )
    expect(codeOf(await refundAdvance(finance(), { orgId: firm.org.id, amount: fen(6000n), reason: '多付', reference: 'T-1' }))).toBe(
      'done',
    )
  })

  it('两人约同一组同一时间：一个成', async () => {
    const firm = await world.firm('上门')
    const orders = await Promise.all(
      [1, 2].map(async () =>
        orThrow(
          await placeOrder(firm.ctx(), orderOf(lab.org.id, [{ ...scale, service: 'calibration' }], { mode: 'on-site', address: '示例路' })),
        ),
      ),
    )
    const slot = { crew: '一组', from: '2026-11-30T09:00:00+08:00', to: '2026-11-30T11:00:00+08:00' }
    const answers = await together(
      database,
      orders.map(
        ({ id }) =>
          () =>
            bookVisit(counter(), id, slot),
      ),
    )
    expect(answers.map(codeOf).toSorted()).toEqual(['SLOT_TAKEN', 'done'])
    const free = orders[answers.findIndex(isRefusal)]!
    // Half-open: the next may begin where the first ends.
    expect(codeOf(await bookVisit(counter(), free.id, { ...slot, from: slot.to, to: '2026-11-30T12:00:00+08:00' }))).toBe('done')
    await expect(
      sql`update order_visits set during = tstzrange('2026-11-30', null, '[)') where order_id = ${free.id}`.execute(database.db),
    ).rejects.toThrow()
  })
})

describe('更正', () => {
  it('付清后补减：多付的转预收，再抵下一笔；项目不做了，费用和减免一起撤', async () => {
    const firm = await world.firm('补减', { pledge: false })
    const { order } = await accepted(firm)
    expect(await sumsOf(firm.ctx())).toMatchObject({ fee: 12000n, relief: 0n })
    orThrow(await matchPayment(finance(), { paymentId: await slip(12000n), orgId: firm.org.id, version: 1 }))
    const [charge] = await lockAll(order.province, order.id)
    const institution = { province: '33', id: lab.org.id, region: lab.org.region }
    orThrow(await inTx(finance(), (tx) => creditCharge(tx, { institution, charge: charge!, source: 'review:1', memo: '补减' }, fen(6000n))))
    expect(await sumsOf(firm.ctx())).toMatchObject({ relief: 6000n, paid: 6000n, outstanding: 0n })
    const next = await accepted(firm, 2)
    expect(codeOf(await applyAdvance(finance(), firm.org.id))).toBe('done')
    expect(await sumsOf(firm.ctx())).toMatchObject({ fee: 36000n, paid: 12000n, outstanding: 18000n })
    const [line] = next.lines
    orThrow(await cancelLine(counter(), line!.id, { version: line!.version, opinion: '样品损坏' }))
    expect((await sumsOf(firm.ctx())).fee).toBe(24000n)
    expect(await replay(world.system())).toEqual([])
  })

  it('认错了冲销：钱回到待认领，费用恢复；已退走的不能冲', async () => {
    const [right, wrong] = [await world.firm('对的'), await world.firm('错的')]
    await accepted(right)
    await accepted(wrong)
    const paymentId = await slip(6000n)
    const { entryId } = orThrow(await matchPayment(finance(), { paymentId, orgId: wrong.org.id, version: 1 }))
    orThrow(await reverseEntry(finance(), entryId, '认错了'))
    expect(codeOf(await reverseEntry(finance(), entryId, '再来'))).toBe('REVERSED_ALREADY')
    expect((await sumsOf(wrong.ctx())).outstanding).toBe(6000n)
    expect(codeOf(await matchPayment(finance(), { paymentId, orgId: right.org.id, version: 3 }))).toBe('done')
    expect((await sumsOf(right.ctx())).outstanding).toBe(0n)
    expect((await entriesOf(wrong.ctx(), wrong.org.id)).filter(({ reversed }) => reversed)).toHaveLength(1)
  })
})

describe('账本自己守住', () => {
  it('不平的分录、改分录、删分录、往旧分录里加行，数据库都不让', async () => {
    const firm = await world.firm('守账')
    await accepted(firm)
    const entry = await database.db.selectFrom('book_entries').selectAll().where('org_id', '=', firm.org.id).executeTakeFirstOrThrow()
    await expect(sql`update book_lines set amount_fen = amount_fen + 1 where entry_id = ${entry.id}`.execute(database.db)).rejects.toThrow(
      'append-only',
    )
    await expect(sql`delete from book_entries where id = ${entry.id}`.execute(database.db)).rejects.toThrow('append-only')
    await expect(
      sql`insert into book_lines (province, entry_id, n, org_id, institution_id, account, amount_fen) values (${entry.province}, ${entry.id}, 90, ${firm.org.id}, ${lab.org.id}, 'cash', 5), (${entry.province}, ${entry.id}, 91, ${firm.org.id}, ${lab.org.id}, 'advance', -5)`.execute(
        database.db,
      ),
    ).rejects.toThrow('closed')
    await expect(sql`update charges set relief_fen = fee_fen + 1 where org_id = ${firm.org.id}`.execute(database.db)).rejects.toThrow()
    await expect(
      database.db.transaction().execute(async (tx) => {
        await sql`insert into book_entries select province, gen_random_uuid(), org_id, region, institution_id, 'receive', 'x', booked_on, memo, null, by_id, by_name, created_at from book_entries where id = ${entry.id}`.execute(
          tx,
        )
      }),
    ).rejects.toThrow('balance')
  })

  it('余额被人改过，重放会指出来', async () => {
    const firm = await world.firm('被改')
    await accepted(firm)
    await sql`update charges set outstanding_fen = outstanding_fen - 1 where org_id = ${firm.org.id}`.execute(database.db)
    expect(await replay(world.system())).toEqual([expect.stringContaining('余额与分录不符')])
    await sql`update charges set outstanding_fen = outstanding_fen + 1 where org_id = ${firm.org.id}`.execute(database.db)
  })

  it('按月结账：没过完的不能结，结过的不能再记', async () => {
    expect(codeOf(await closePeriod(finance(), '2026-11'))).toBe('MONTH_NOT_OVER')
    const later = world.as(lab.finance, '2026-12-02T01:00:00.000Z')
    expect(codeOf(await closePeriod(later, '2026-12'))).toBe('MONTH_NOT_OVER')
    const totals = orThrow(await closePeriod(later, '2026-11'))
    expect(BigInt(totals.fee)).toBeGreaterThan(0n)
    expect(codeOf(await closePeriod(later, '2026-11'))).toBe('PERIOD_CLOSED')
    const firm = await world.firm('结账后')
    const found = await placed(firm)
    expect(codeOf(await acceptWithRelief(counter(), found.order.id, acceptance(found)))).toBe('PERIOD_CLOSED')
    const other = await world.institution('没结账的')
    expect(codeOf(await closePeriod(world.as(other.finance), '2026-10'))).toBe('conflict')
  })
})

const lockAll = (province: string, orderId: string) =>
  inTx(finance(), (tx) => lockCharges(tx, province, { orderId })).then((rows) => orThrow(rows))
