import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { isRefusal } from '../core/refusal.ts'
import { migrations } from '../migrations/index.ts'
import { distribute, placementOf, type Placement } from './citus.server.ts'
import { openPostgres, type Database } from './db.server.ts'
import { migrate } from './migrate.server.ts'
import { testDatabase } from './test-database.server.ts'

let database: Database
beforeAll(async () => void (database = await testDatabase(inject('template'))))
afterAll(() => database.close())

describe('按省分布', () => {
  it('每张表恰有一个去处；企业的表按省，人员等每台机器一份', async () => {
    const placement = await placementOf(database.db)
    const all = [...placement.distributed, ...placement.reference, ...placement.local]
    expect(new Set(all).size).toBe(all.length)
    expect(placement.distributed).toEqual(expect.arrayContaining(['match_rows', 'organisations', 'profile_facts', 'policy_matches']))
    expect(placement.reference).toContain('persons')
    expect(placement.local).toContain('match_head')
  })

  it('企业匹配表自己没有妨碍', async () => {
    const { obstacles } = await placementOf(database.db)
    expect(obstacles.filter((each) => /^(match_rows|organisations|profile_facts|policy_matches)：/.test(each))).toEqual([])
  })

  it('不含省的唯一索引会被指出', async () => {
    await sql`create unique index match_rows_wrong on match_rows (seq)`.execute(database.db)
    expect((await placementOf(database.db)).obstacles).toContain('match_rows：唯一索引 match_rows_wrong 不含 province')
    await sql`drop index match_rows_wrong`.execute(database.db)
  })

  it('没有扩展时拒绝，并说怎样做', async () =>
    expect(await distribute(database.db)).toMatchObject({
      kind: 'conflict',
      code: 'NO_CITUS',
      reason: expect.stringContaining('create extension citus'),
    }))
})

describe.skipIf(!process.env.TEST_CITUS_URL)('在 Citus 上（TEST_CITUS_URL；没有设时跳过）', () => {
  let cluster: Database
  beforeAll(async () => {
    cluster = await openPostgres(process.env.TEST_CITUS_URL!)
    await migrate(cluster, migrations)
  })
  afterAll(() => cluster.close())

  it('分布一次，再跑一次什么也不改；同一省的表在一起', async () => {
    const placement = await distribute(cluster.db)
    expect(isRefusal(placement)).toBe(false)
    const steps: string[] = []
    await distribute(cluster.db, (what) => steps.push(what))
    expect(steps).toEqual([])
    const { rows } = await sql<{
      n: number
    }>`select count(distinct colocationid)::int as n from pg_dist_partition where partmethod = 'h'`.execute(cluster.db)
    expect([rows[0]!.n, (placement as Placement).distributed.length > 0]).toEqual([1, true])
  })
})
