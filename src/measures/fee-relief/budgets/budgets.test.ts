/** 额度：设定、用、退、排队、补减、到期；两单同时受理也不超。 */
import { sql } from 'kysely'
import { afterAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { chargesOf } from '../../../commons/accounts/index.server.ts'
import { listMessages } from '../../../commons/messages/index.server.ts'
import { cancelLine, findOrder } from '../../../commons/orders/index.server.ts'
import { budgetMarks, markFor } from '../../../commons/policies/index.server.ts'
import type { Actor } from '../../../core/access.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { orThrow, codeOf } from '../../../core/test-refusal.ts'
import type { Database } from '../../../platform/db.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import { quoteOrder } from '../orders.server.ts'
import { caliper, orderOf, type World } from '../test-world.server.ts'
import { findBudget, listBudgets, listQueued, listUses } from './queries.server.ts'
import { turnBudgets } from './serve.server.ts'
import { decideChange, proposeBudget, proposeChange } from './set.server.ts'
import { budgetsOf, basis, form, type Budgets } from './test-budgets.server.ts'

let database: Database
let budgets: Budgets
let world: World
let first: Actor
const opened: Database[] = []
beforeEach(async () => {
  database = await testDatabase(inject('template'))
  opened.push(database)
  budgets = await budgetsOf(database)
  ;({ world, first } = budgets)
})
afterAll(() => Promise.all(opened.map((each) => each.close())))

describe('设定额度', () => {
  it('一人提出、另一人批准才生效；自己批自己的、没有依据的、别处的人都不行；事件写明改前改后', async () => {
    expect(codeOf(await proposeBudget(world.as(first), form(100, { basis: '短' })))).toBe('invalid')
    expect(codeOf(await proposeBudget(world.as(first), form(0)))).toBe('invalid')
    expect(codeOf(await proposeBudget(world.as(first), form(100, { region: '340000' })))).toBe('invalid')
    const city: Actor = { ...first, region: '330100' }
    expect(codeOf(await proposeBudget(world.as(city), form(100, { region: '330100' })))).toBe('forbidden')
    expect(codeOf(await proposeBudget(world.as(budgets.lab.counter), form(100)))).toBe('forbidden')
    const { id } = orThrow(await proposeBudget(world.as(first), form(100)))
    expect(codeOf(await proposeBudget(world.as(first), form(100, { startsOn: '2026-06-01' })))).toBe('BUDGET_EXISTS')
    const approve = { step: 'approve' as const, opinion: '', version: 1 }
    expect(codeOf(await decideChange(world.as(first), id, approve))).toBe('conflict')
    expect(codeOf(await decideChange(world.as({ ...budgets.second, region: '340000' }), id, approve))).toBe('missing')
    const half = await budgets.place(await world.firm('未生效'), 2)
    orThrow(await budgets.accept(half))
    expect((await findBudget(world.as(first), id))!.budget).toMatchObject({ state: 'proposed', used_fen: 0n })
    orThrow(await decideChange(world.as(budgets.second), id, approve))
    expect(codeOf(await decideChange(world.as(budgets.second), id, approve))).toBe('conflict')
    await budgets.change(id, 250)
    const { rows } = await sql<{
      detail: Record<string, unknown>
    }>`select detail from events where subject = 'relief-budget' and action = 'changed'
      order by seq`.execute(database.db)
    expect(rows.map(({ detail }) => [detail.beforeFen, detail.afterFen, detail.basis])).toEqual([
      [null, 10_000, basis],
      [10_000, 25_000, basis],
    ])
  })

  it('额度不能改到已用的以下；打开之后已有变化的不能改', async () => {
    const id = await budgets.budgetOf(200)
    await budgets.ordered(await world.firm('用户'), 2)
    expect(await budgets.usedOf(id)).toBe(12_000n)
    const { budget } = (await findBudget(world.as(first), id))!
    const asked = { amountFen: 11_999n, basis, version: budget.version }
    expect(codeOf(await proposeChange(world.as(first), id, asked))).toBe('BELOW_USED')
    expect(codeOf(await proposeChange(world.as(first), id, { ...asked, amountFen: 12_000n, version: 99 }))).toBe('STALE')
  })
})

describe('用完就排队，不悄悄拒绝', () => {
  it('先减放得下的，差额排队；报价事先说明；加额度后自动补减一次并告知；额度、账、记录三处相等', async () => {
    const id = await budgets.budgetOf(100)
    const [one, two] = [await world.firm('甲厂'), await world.firm('乙厂')]
    const orderId = await budgets.ordered(one, 2)
    expect(await budgets.usedOf(id)).toBe(10_000n)
    const lines = (await findOrder(one.ctx(), orderId))!.lines
    expect(lines.reduce((sum, { relief_fen }) => sum + relief_fen, 0n)).toBe(10_000n)
    const why = lines.flatMap(({ relief }) => relief!.refused).filter(({ code }) => code === 'BUDGET_QUEUED')
    expect(why[0]!.why).toBe('额度已用完，已排队，第 1 位；有额度时自动补减，不用再申请')
    const quote = orThrow(await quoteOrder(two.ctx(), orderOf(budgets.lab.org.id, [caliper])))
    expect(quote.decided.lines.get('0')).toMatchObject({ relief: 0n, queued: [{ slug: 'test-half', amount: 6_000n }] })
    expect(quote.decided.lines.get('0')!.record!.refused[0]!.code).toBe('BUDGET_QUEUED')
    await budgets.ordered(two, 1)
    await world.hear()
    expect((await listQueued(two.ctx())).map(({ at, amount_fen }) => [at, amount_fen])).toEqual([
      [lines.length === 2 ? why.length + 1 : 0, 6_000n],
    ])
    expect(await budgets.usedOf(id)).toBe(10_000n)
    expect(markFor(await budgetMarks(world.system(), { on: '2026-11-23' }), 'test-half', '330109')).toBe('used')

    await budgets.change(id, 150)
    expect(await budgets.usedOf(id)).toBe(15_000n)
    expect([await budgets.reliefOf(one.org.id), await budgets.reliefOf(two.org.id)]).toEqual([12_000n, 3_000n])
    await world.hear()
    const told = (await listMessages(world.as(two.actor), { page: 1, pageSize: 20 })).rows.filter(
      ({ subject }) => subject === 'relief-queue',
    )
    expect(told.map(({ title, number }) => [title, number])).toEqual([['已补减 ¥30.00', '¥30.00']])
    const [entry] = await listQueued(two.ctx())
    expect(entry).toMatchObject({ state: 'waiting', at: 1, served_fen: 3_000n })
    await budgets.change(id, 1_000)
    expect((await listQueued(two.ctx()))[0]).toMatchObject({ state: 'served', at: 0, served_fen: 6_000n })
    expect(await budgets.usedOf(id)).toBe(18_000n)
    expect((await chargesOf(two.ctx())).map(({ outstanding_fen }) => outstanding_fen)).toEqual([6_000n])
    // Another enterprise and other desks see none of it.
    expect(await listQueued((await world.firm('丙厂')).ctx())).toEqual([])
    expect(await listQueued(world.as(budgets.lab.counter))).toEqual([])
  })

  it('取消一项：用掉的退回额度，先排队的先补上；取消排队的一项，排队随即结束', async () => {
    const id = await budgets.budgetOf(60)
    const [one, two, three] = [await world.firm('甲'), await world.firm('乙'), await world.firm('丙')]
    const orderId = await budgets.ordered(one, 1)
    const waiting = await budgets.ordered(two, 1)
    await budgets.ordered(three, 1)
    await world.hear()
    const line = (await findOrder(world.as(budgets.lab.counter), orderId))!.lines[0]!
    orThrow(await cancelLine(world.as(budgets.lab.counter), line.id, { version: line.version, opinion: '样品损坏' }))
    // The room is there and nobody has been served yet: who comes now still goes to the end of the line.
    const late = await world.firm('后来')
    await budgets.ordered(late, 1)
    await world.hear()
    expect(await budgets.reliefOf(late.org.id)).toBe(0n)
    expect([await budgets.reliefOf(one.org.id), await budgets.reliefOf(two.org.id), await budgets.reliefOf(three.org.id)]).toEqual([
      0n,
      6_000n,
      0n,
    ])
    expect(await budgets.usedOf(id)).toBe(6_000n)
    const next = (await findOrder(world.as(budgets.lab.counter), waiting))!.lines[0]!
    orThrow(await cancelLine(world.as(budgets.lab.counter), next.id, { version: next.version, opinion: '样品损坏' }))
    await world.hear()
    expect(await budgets.reliefOf(three.org.id)).toBe(6_000n)
    expect((await listQueued(two.ctx()))[0]).toMatchObject({ state: 'ended', outcome: expect.stringContaining('不做了') })
    expect(await budgets.usedOf(id)).toBe(6_000n)
    expect((await listUses(world.as(first), id)).total).toBe(5)
  })

  it('省额度里再给杭州一份：两份都够才减；别的市不受杭州用完的影响', async () => {
    const [province, city] = [await budgets.budgetOf(600), await budgets.budgetOf(60, { region: '330100' })]
    const [hangzhou, ningbo] = [await world.firm('杭州厂'), await world.firm('宁波厂', { region: '330203' })]
    await budgets.ordered(hangzhou, 2)
    await budgets.ordered(ningbo, 2)
    expect([await budgets.usedOf(province), await budgets.usedOf(city)]).toEqual([18_000n, 6_000n])
    expect((await listQueued(hangzhou.ctx())).map(({ state }) => state)).toContain('waiting')
    expect(await listQueued(ningbo.ctx())).toEqual([])
  })

  it('额度期限到了还没排到：结束并写明原因，告诉企业；夜里跑两遍只结束一次', async () => {
    const id = await budgets.budgetOf(10, { endsOn: '2026-11-30' })
    const firm = await world.firm('没排到')
    await budgets.ordered(firm, 1)
    const later = '2026-12-01T01:00:00.000Z'
    expect(await turnBudgets(world.system('2026-11-30T10:00:00.000Z'))).toBe(0)
    expect(await turnBudgets(world.system(later))).toBe(2)
    expect(await turnBudgets(world.system(later))).toBe(0)
    expect((await listQueued(firm.ctx()))[0]).toMatchObject({ state: 'ended', outcome: expect.stringContaining('¥50.00') })
    expect((await findBudget(world.as(first), id))!.budget.state).toBe('ended')
    expect((await listMessages(world.as(firm.actor), { page: 1, pageSize: 20 })).rows.map(({ title }) => title)).toContain(
      '排队结束：¥50.00 没有补减',
    )
  })

  it('没有额度的政策照常减，不排队', async () => {
    const firm = await world.firm('不限额')
    await budgets.ordered(firm, 3)
    expect(await budgets.reliefOf(firm.org.id)).toBe(18_000n)
    expect(await listQueued(firm.ctx())).toEqual([])
  })
})

describe('同时办理', () => {
  it('十二张单同时受理，额度一分不超；没放下的都在排队；同时加额度、同时取消，最后仍然处处相等', async () => {
    const id = await budgets.budgetOf(300)
    const firms = await Promise.all(Array.from({ length: 6 }, (_, n) => world.firm(`并发${n}`)))
    const orders = []
    for (const firm of firms) orders.push(await budgets.place(firm, 1), await budgets.place(firm, 1))
    const answers = await Promise.all(orders.map(budgets.accept))
    expect(answers.filter(isRefusal)).toEqual([])
    expect(await budgets.usedOf(id)).toBe(30_000n)
    const sums = async () => {
      const { rows } = await sql<{ relief: bigint; queued: bigint }>`select (select sum(relief_fen) from charges)::bigint as relief,
        (select coalesce(sum(amount_fen - served_fen), 0) from relief_queue where state = 'waiting')::bigint as queued`.execute(database.db)
      return rows[0]!
    }
    expect(await sums()).toEqual({ relief: 30_000n, queued: 42_000n })
    const { budget } = (await findBudget(world.as(first), id))!
    orThrow(await proposeChange(world.as(first), id, { amountFen: 50_000n, basis, version: budget.version }))
    const lines = await Promise.all(
      orders.slice(0, 3).map(async (order) => (await findOrder(world.as(budgets.lab.counter), order))!.lines[0]!),
    )
    await Promise.all([
      decideChange(world.as(budgets.second), id, { step: 'approve', opinion: '', version: 1 }),
      ...lines.map((line) => cancelLine(world.as(budgets.lab.counter), line.id, { version: line.version, opinion: '损坏' })),
      world.hear(),
    ])
    await world.hear()
    await world.hear()
    expect(await budgets.usedOf(id)).toBe(50_000n)
    expect(await sums()).toEqual({ relief: 50_000n, queued: 4_000n })
    const { rows } = await listBudgets(world.as(first))
    expect(rows[0]).toMatchObject({ queued: 4_000n, used_fen: 50_000n })
  })
})
