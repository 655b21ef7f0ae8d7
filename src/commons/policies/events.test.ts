import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { platform, visitor } from '../../core/access.ts'
import type { Database } from '../../platform/db.server.ts'
import { timeline } from '../../platform/events.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { setEvent } from './events.server.ts'
import { settingOf } from './queries.server.ts'
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

describe('事件日期', () => {
  it('录入后立即进入判断依据，并升版；日期颠倒、没有依据的被拒绝', async () => {
    const id = `event-${world.slug}`
    const input = { id, name: '示例事件', startsOn: '2026-01-01', endsOn: null, source: '示例公告', version: 0 }
    for (const wrong of [
      { endsOn: '2025-12-31' },
      { source: ' ' },
      { startsOn: null, endsOn: '2026-02-01' },
      { startsOn: '2026-02-30' },
      { id: 'A B' },
    ])
      expect(await setEvent(world.as(national), { ...input, ...wrong })).toMatchObject({ kind: 'invalid' })
    for (const actor of [li, enterprise, visitor]) expect(await setEvent(world.as(actor), input)).toMatchObject({ kind: 'forbidden' })
    const before = await edition(world.as(visitor))
    expect(await setEvent(world.as(national), input)).toMatchObject({ version: 1, setByName: '示例·孙工' })
    expect(await edition(world.as(visitor))).toBe(before + 1n)
    expect((await settingOf(world.as(visitor))).events[id]).toEqual({ from: '2026-01-01' })
    expect(await setEvent(world.as(platform), { ...input, endsOn: '2026-03-01' })).toMatchObject({ kind: 'conflict', code: 'STALE' })
    expect(await setEvent(world.as(platform), { ...input, endsOn: '2026-03-01', version: 1 })).toMatchObject({ version: 2 })
    expect((await settingOf(world.as(visitor))).events[id]).toEqual({ from: '2026-01-01', to: '2026-03-01' })
    expect((await timeline(database.db, 'policy-event', id)).map(({ action }) => action)).toEqual(['dated', 'dated'])
  })
})
