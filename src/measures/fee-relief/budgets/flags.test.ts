/** 核实事项：关联的、拆单的提示一次，减免不变。 */
import { afterAll, beforeEach, describe, expect, inject, it } from 'vitest'
import type { Actor } from '../../../core/access.ts'
import { codeOf } from '../../../core/test-refusal.ts'
import type { Database } from '../../../platform/db.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import { halfPolicy, monday, type World } from '../test-world.server.ts'
import { findFlag, listFlags, stepFlag } from './flags.server.ts'
import { budgetsOf, type Budgets } from './test-budgets.server.ts'

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

describe('核实事项', () => {
  it('同一联系电话的两家合用超过两成：提示一次，不记电话；减免不变；要求说明、企业说明、结论', async () => {
    await budgets.budgetOf(500)
    const [one, two] = [await world.firm('关联甲'), await world.firm('关联乙')]
    await budgets.ordered(one, 1, { phone: '0571-11111111' })
    await world.hear()
    await budgets.ordered(two, 1, { phone: '0571-11111111' })
    await budgets.ordered(await world.firm('无关'), 1, { phone: '0571-22222222' })
    await world.hear()
    await world.hear()
    const { rows } = await listFlags(world.as(first))
    expect(rows).toHaveLength(1)
    const [flag] = rows
    expect(flag).toMatchObject({ kind: 'related', state: 'open', due_on: '2026-12-07', facts: { togetherFen: '12000', shareBp: 2_400 } })
    expect(JSON.stringify(flag)).not.toContain('0571')
    expect(await budgets.reliefOf(two.org.id)).toBe(6_000n)
    // Before it is asked, the enterprise does not see it.
    expect(await findFlag(two.ctx(), flag!.id)).toBeUndefined()
    expect(codeOf(await stepFlag(two.ctx(), flag!.id, { step: 'explain', opinion: '说明', version: 1 }))).toBe('missing')
    const step = async (actor: Actor, name: Parameters<typeof stepFlag>[2]['step'], version: number, opinion = '请说明两家的关系') =>
      codeOf(await stepFlag(world.as(actor), flag!.id, { step: name, opinion, version }))
    expect(await step(first, 'ask', 1, '')).toBe('invalid')
    expect(await step(first, 'ask', 1)).toBe('done')
    expect(await step(first, 'uphold', 2)).toBe('conflict')
    expect(await step(two.actor, 'explain', 2, '两家各有场地和人员')).toBe('done')
    expect(await step(first, 'clear', 3, '各自独立经营')).toBe('done')
    expect(await findFlag(two.ctx(), flag!.id)).toMatchObject({ state: 'cleared', outcome: '各自独立经营', owner_name: first.name })
    expect(await budgets.reliefOf(two.org.id)).toBe(6_000n)
  })

  it('一家在同一机构七天内几张单合起来超过单张上限：提示拆单，减免不变', async () => {
    const content = halfPolicy()
    await world.publish({ ...content, benefits: [{ ...content.benefits[0]!, capFen: 10_000, capPer: 'order' }] } as never)
    const firm = await world.firm('拆单厂')
    await budgets.ordered(firm, 1)
    await world.hear()
    expect((await listFlags(world.as(first))).total).toBe(0)
    await budgets.ordered(firm, 1)
    await world.hear()
    expect((await listFlags(world.as(first))).rows[0]).toMatchObject({
      kind: 'splitting',
      facts: { capFen: '10000', togetherFen: '12000' },
    })
    expect(await budgets.reliefOf(firm.org.id)).toBe(12_000n)
    expect((await listFlags(world.as({ ...first, region: '340000' }))).total).toBe(0)
    expect(monday.slice(0, 10)).toBe('2026-11-23')
  })
})
