import { sql } from 'kysely'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { grants, relations, roles, type Actor, type Grant, type Relation, type Role } from '../core/access.ts'
import { visible } from './access.server.ts'
import type { Database } from './db.server.ts'
import { testDatabase } from './test-database.server.ts'

let database: Database
beforeAll(async () => {
  database = await testDatabase(inject('template'))
})
afterAll(() => database.close())

const orgs = ['', '11111111-1111-7111-8111-111111111111', '22222222-2222-7222-8222-222222222222']
const people = ['', 'aaaaaaaa-aaaa-7aaa-8aaa-aaaaaaaaaaaa', 'bbbbbbbb-bbbb-7bbb-8bbb-bbbbbbbbbbbb']
const regions = ['', '000000', '330000', '330100', '330109', '340000', '429004', '110101']

it('每个角色 × 关系 × 单位 × 地区：代码和 SQL 的答案处处相同', async () => {
  const rows = orgs.slice(1).flatMap((org_id) =>
    regions.slice(2).flatMap((region) =>
      [[], [people[1]!], [people[1]!, people[2]!]].map((assigned, i) => ({
        org_id,
        region,
        assigned,
        institution_id: orgs[1 + (i % 2)]!,
      })),
    ),
  )
  const table = sql`(select * from jsonb_to_recordset(${JSON.stringify(rows.map((row, n) => ({ ...row, n })))}::jsonb) as r(n int, org_id uuid, region text, assigned uuid[], institution_id uuid))`
  let compared = 0
  let granted = 0
  for (const role of Object.keys(roles) as Role[])
    for (const relation of Object.keys(relations) as Relation[])
      for (const org_id of orgs)
        for (const region of regions) {
          const actor: Actor = {
            id: people[(orgs.indexOf(org_id) + regions.indexOf(region)) % 3]!,
            name: '甲',
            role,
            org_id,
            org_name: '',
            region,
          }
          const grant: Grant = `${role}:${relation}`
          // A grant of another role must give nothing.
          const list: Grant[] = [grant, role === 'admin' ? 'bank:any' : 'admin:any']
          if (regions.indexOf(region) % 2 && role !== 'regulator' && role !== 'enterprise') continue
          const found = await sql<{
            n: number
          }>`select n from ${table} r where ${visible(actor, list, { assigned: 'assigned', entrusted: true })} order by n`.execute(
            database.db,
          )
          const expected = rows.flatMap((row, n) => (list.some((g) => grants(g, actor, row)) ? [n] : []))
          expect(
            found.rows.map((r) => r.n),
            `${role}:${relation} ${org_id} ${region}`,
          ).toEqual(expected)
          compared += rows.length
          granted += expected.length
        }
  expect(compared).toBeGreaterThan(20_000)
  expect(granted).toBeGreaterThan(1_000)
})

it('没有授权就什么也看不到', async () => {
  const actor: Actor = { id: people[1]!, name: '甲', role: 'regulator', org_id: orgs[1]!, org_name: '', region: '330000' }
  const { rows } = await sql`select 1 from (values (1)) v where ${visible(actor, [])}`.execute(database.db)
  expect(rows).toEqual([])
})
