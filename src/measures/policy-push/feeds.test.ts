import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Database } from '../../platform/db.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { toRss, versionTag } from './feed.ts'
import { channelItems, channelOf, feedResponse } from './feeds.server.ts'
import { followPolicy } from './matches.server.ts'
import { worldOf, type World } from './test-world.server.ts'
import { publishExamples } from './test-world.server.ts'

let database: Database
let world: World
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  world = worldOf(database)
  await publishExamples(world)
})
afterAll(() => database.close())

describe('订阅', () => {
  const asked = (path: string, headers = {}) => ({
    // Behind a proxy the platform sees another address than people do.
    request: new Request(`http://127.0.0.1:3000${path}`, { headers }),
    site: 'https://hengqi.example',
  })

  it('订阅里是今天能用的政策，版本号与政策页相同；内容没变答 304，日子变了重新给', async () => {
    const ctx = world.system()
    const response = await feedResponse(ctx, asked('/policies/feed.xml'), 'application/rss+xml', toRss)
    const text = await response.text()
    const { current } = (await followPolicy(ctx, 'example-zj-half', '2026-11-23'))!
    expect(text).toContain(versionTag(current))
    expect(text).toContain('https://hengqi.example/policies/')
    expect(text).not.toContain('127.0.0.1')
    expect(text).not.toContain('旧办法')
    const tag = response.headers.get('etag')!
    expect((await feedResponse(ctx, asked('/policies/feed.xml', { 'if-none-match': tag }), 'application/rss+xml', toRss)).status).toBe(304)
    expect(
      (
        await feedResponse(
          world.system('2026-11-24T01:00:00.000Z'),
          asked('/policies/feed.xml', { 'if-none-match': tag }),
          'application/rss+xml',
          toRss,
        )
      ).status,
    ).toBe(200)
    expect(
      (await feedResponse(ctx, asked('/policies/feed.xml?topic=training', { 'if-none-match': tag }), 'application/rss+xml', toRss)).status,
    ).toBe(200)
  })

  it('参数只认存在的主题和地区，条数有上限', async () => {
    expect(channelOf(new URL('https://x/policies/embed?topic=nope&region=999999&limit=1e9'))).toEqual({
      topic: undefined,
      region: undefined,
      limit: 100,
    })
    expect(await channelItems(world.system(), { topic: undefined, region: '340000', limit: 10 })).toEqual([])
  })
})
