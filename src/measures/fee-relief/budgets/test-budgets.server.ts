/** Budgets with orders that draw on them: the stage of the tests of budgets. */
import { sql } from 'kysely'
import { expect } from 'vitest'
import { findOrder } from '../../../commons/orders/index.server.ts'
import type { Actor } from '../../../core/access.ts'
import { orThrow } from '../../../core/test-refusal.ts'
import type { Database } from '../../../platform/db.server.ts'
import { acceptWithRelief, placeWithRelief } from '../orders.server.ts'
import { caliper, halfPolicy, orderOf, worldOf, type World } from '../test-world.server.ts'
import { findBudget, recomputeUsed } from './queries.server.ts'
import { decideChange, proposeBudget, proposeChange, type BudgetForm } from './set.server.ts'

export const basis = '示例浙财〔2026〕8号 第三条：全年减免额度'
export const form = (yuan: number, over: Partial<BudgetForm> = {}): BudgetForm => ({
  slug: 'test-half',
  region: '330000',
  startsOn: '2026-01-01',
  endsOn: '2026-12-31',
  amountFen: BigInt(yuan) * 100n,
  basis,
  ...over,
})
type Firm = Awaited<ReturnType<World['firm']>>

export async function budgetsOf(database: Database) {
  const world = worldOf(database)
  await world.publish(halfPolicy())
  const lab = await world.institution('检测院')
  const org = { id: '01900000-0000-7000-8000-000000000001', name: '示例·省局', region: '330000' }
  const first: Actor = {
    id: '01900000-0000-7000-8000-00000000000a',
    name: '示例·李工',
    role: 'regulator',
    org_id: org.id,
    org_name: org.name,
    region: org.region,
  }
  const second: Actor = { ...first, id: '01900000-0000-7000-8000-00000000000b', name: '示例·赵处' }
  /** A caliper costs ¥120, of which half is relief: ¥60 each. */
  async function place(firm: Firm, count: number, over = {}) {
    return orThrow(
      await placeWithRelief(
        firm.ctx(),
        orderOf(
          lab.org.id,
          Array.from({ length: count }, () => caliper),
          over,
        ),
      ),
    ).id
  }
  const accept = async (id: string) => {
    const found = (await findOrder(world.as(lab.counter), id))!
    return acceptWithRelief(world.as(lab.counter), id, {
      version: found.order.version,
      received: found.lines.map((line) => line.id),
      settled: {},
    })
  }
  return {
    world,
    lab,
    first,
    second,
    place,
    accept,
    async budgetOf(yuan: number, over: Partial<BudgetForm> = {}): Promise<string> {
      const { id } = orThrow(await proposeBudget(world.as(first), form(yuan, over)))
      orThrow(await decideChange(world.as(second), id, { step: 'approve', opinion: '', version: 1 }))
      await world.hear()
      return id
    },
    change: async (id: string, yuan: number) => {
      const { budget } = (await findBudget(world.as(first), id))!
      orThrow(await proposeChange(world.as(first), id, { amountFen: BigInt(yuan) * 100n, basis, version: budget.version }))
      orThrow(await decideChange(world.as(second), id, { step: 'approve', opinion: '', version: 1 }))
      await world.hear()
    },
    ordered: async (firm: Firm, count: number, over = {}) => {
      const id = await place(firm, count, over)
      orThrow(await accept(id))
      return id
    },
    /** As it is kept, which is what the uses add up to. */
    usedOf: async (id: string) => {
      const { budget } = (await findBudget(world.as(first), id))!
      expect(await recomputeUsed(world.system(), budget)).toBe(budget.used_fen)
      return budget.used_fen
    },
    reliefOf: async (orgId: string) =>
      (
        await sql<{ sum: bigint }>`select coalesce(sum(relief_fen), 0)::bigint as sum from charges where org_id = ${orgId}`.execute(
          database.db,
        )
      ).rows[0]!.sum,
  }
}
export type Budgets = Awaited<ReturnType<typeof budgetsOf>>
