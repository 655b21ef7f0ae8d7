import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { visitor } from '../../core/access.ts'
import type { Database } from '../../platform/db.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { samplePolicy } from './sample.ts'
import { listPolicies } from './search.server.ts'
import { worldOf, type World } from './test-world.server.ts'

let database: Database
let world: World
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  world = worldOf(database)
})
afterAll(() => database.close())
beforeEach(() => world.turn())

describe('检索', () => {
  it('按词查得到标题、条款和解读；标题里有的排在前面；别的词查不到', async () => {
    await world.publish({ title: `水平仪专项 ${world.slug}` })
    const first = world.slug
    world.turn()
    await world.publish({
      interpretation: { ...samplePolicy().interpretation, notFor: ['没有水平仪的企业', '水平仪、水平仪、水平仪，已经报废的'] },
    })
    const { rows, total } = await listPolicies(world.as(visitor), { q: '水平仪' })
    expect(rows.map((row) => row.slug)).toEqual([first, world.slug])
    expect(total).toBe(2)
    expect((await listPolicies(world.as(visitor), { q: '量子鼓风机' })).total).toBe(0)
    expect((await listPolicies(world.as(visitor), { q: '，。' })).total).toBe((await listPolicies(world.as(visitor))).total)
    expect((await listPolicies(world.as(visitor), { q: "'; drop table policies --" })).total).toBe(0)
  })
})
