import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { isRefusal } from '../core/refusal.ts'
import { distribute, placementOf, type Placement } from './citus.server.ts'
import type { Database } from './db.server.ts'
import { onCluster, testCluster, testDatabase } from './test-database.server.ts'

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

  it('不含省的排他约束、触发器、加锁的语句会被指出，所以其余的表今天留在协调节点', async () =>
    expect((await placementOf(database.db)).obstacles.toSorted()).toEqual([
      'book_entries：有触发器',
      'book_lines：有触发器',
      'order_visits：排他约束 order_visits_institution_id_crew_during_excl 不含 province',
      'relief_budgets：排他约束 relief_budgets_policy_id_region_daterange_excl 不含 province',
      expect.stringContaining('for update'),
    ]))

  it('没有扩展时拒绝，并说怎样做', async () =>
    expect(await distribute(database.db)).toMatchObject({
      kind: 'conflict',
      code: 'NO_CITUS',
      reason: expect.stringContaining('create extension citus'),
    }))
})

describe.skipIf(!onCluster)('在 Citus 上（TEST_CITUS_URL；没有设时跳过）', () => {
  let cluster: Database
  const steps: string[] = []
  const place = async (): Promise<Placement> => {
    steps.length = 0
    const placement = await distribute(cluster.db, (what) => steps.push(what))
    if (isRefusal(placement)) throw new Error(placement.reason)
    return placement
  }
  const ask = async <Row>(text: string): Promise<Row[]> => (await sql.raw<Row>(text).execute(cluster.db)).rows
  const placed = async (): Promise<string[]> =>
    (await ask<{ name: string }>(`select table_name::text as name from citus_tables where citus_table_type <> 'local' order by 1`)).map(
      ({ name }) => name,
    )

  beforeAll(async () => {
    cluster = await testCluster({ placed: false })
    await ask(`insert into match_rows (province, org_id, region, key, seq, changed_at, on_record)
      select i, gen_random_uuid(), i || '0000', i, i, now(), 0 from generate_series(11, 65) as i`)
  })
  afterAll(() => cluster.close())

  it('失败时什么也没有分布，行还在', async () => {
    await ask('create unique index match_rows_wrong on match_rows (seq)')
    await expect(place()).rejects.toThrow('match_rows')
    expect([await placed(), await ask('select count(*)::int as n from match_rows')]).toEqual([[], [{ n: 55 }]])
    await ask('drop index match_rows_wrong')
  })

  it('企业匹配表连同已有的行分到各台机器，协调节点不留；再跑一次什么也不改；其余的表不动', async () => {
    const { obstacles } = await place()
    expect(obstacles).not.toEqual([])
    expect([steps, await placed()]).toEqual([['match_rows：按省分布'], ['match_rows']])
    expect(await ask('select count(*)::int as n, sum(key)::int as sum from match_rows')).toEqual([{ n: 55, sum: 2090 }])
    expect(await ask(`select count(distinct nodeport)::int as n from citus_shards where shard_size > 0`)).toEqual([{ n: 2 }])
    expect(await ask(`select pg_relation_size('match_rows')::int as bytes`)).toEqual([{ bytes: 0 }])
    await place()
    expect(steps).toEqual([])
  })
})
