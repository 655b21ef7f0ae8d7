import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { platform, visitor } from '../../core/access.ts'
import { orThrow } from '../../core/test-refusal.ts'
import type { Database } from '../../platform/db.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { createOrganisation } from '../people/index.server.ts'
import { dryRun } from './dry-run.server.ts'
import { findPolicy } from './queries.server.ts'
import { samplePolicy } from './sample.ts'
import { edition } from './snapshot.server.ts'
import { worldOf, li, national, enterprise, type World } from './test-world.server.ts'

let database: Database
let world: World
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  world = worldOf(database)
})
afterAll(() => database.close())
beforeEach(() => world.turn())

describe('试算', () => {
  it('只数所选地区的企业；只能在本辖区试算；什么也不改变', async () => {
    const place = '330881'
    const admin = world.as(platform)
    for (const [i, region] of [place, '330802', '340100'].entries())
      orThrow(await createOrganisation(admin, { kind: 'enterprise', name: `示例·试算${i}`, uscc: null, region, demo: true }))
    const content = samplePolicy({ slug: world.slug })
    const before = await edition(world.as(visitor))
    expect(await dryRun(world.as(li), content, { region: place })).toMatchObject({ total: 1, eligible: 0, unknown: 1, ineligible: 0 })
    expect(await dryRun(world.as(li), content, { region: '330800' })).toMatchObject({ total: 2 })
    expect(await dryRun(world.as(national), content, { region: '000000' })).toMatchObject({ total: 3, ineligible: 1 })
    expect(await dryRun(world.as(li), content, { region: '340000' })).toMatchObject({
      kind: 'forbidden',
      fields: { region: expect.any(String) },
    })
    expect(await dryRun(world.as(enterprise), content, { region: place })).toMatchObject({ kind: 'forbidden' })
    expect(await edition(world.as(visitor))).toBe(before)
    expect(await findPolicy(admin, world.slug)).toBeUndefined()
  })
})
