import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { platform, visitor } from '../../core/access.ts'
import { orThrow } from '../../core/test-refusal.ts'
import type { Database } from '../../platform/db.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { saveDraft } from './commands.server.ts'
import { importLibrary } from './import-library.server.ts'
import { findPolicy, policiesInForce, settingOf } from './queries.server.ts'
import { samplePolicy } from './sample.ts'
import { edition } from './snapshot.server.ts'
import { worldOf, li, zhao, type World } from './test-world.server.ts'

let database: Database
let world: World
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  world = worldOf(database)
})
afterAll(() => database.close())
beforeEach(() => world.turn())

describe('导入政策库', () => {
  const library = () => [
    samplePolicy({ slug: `${world.slug}-a` }),
    samplePolicy({ slug: `${world.slug}-old`, historical: true }),
    samplePolicy({ slug: `${world.slug}-comment`, force: 'draft' }),
  ]

  it('第二次导入没有任何变化；内容变了才有新版', async () => {
    expect(await importLibrary(world.as(visitor), library())).toMatchObject({ added: 3, renewed: 0, unchanged: 0, kept: [], refused: [] })
    const before = await edition(world.as(visitor))
    expect(await importLibrary(world.as(visitor), library())).toMatchObject({ added: 0, renewed: 0, unchanged: 3 })
    expect(await edition(world.as(visitor))).toBe(before)
    const [first, ...rest] = library()
    expect(await importLibrary(world.as(visitor), [{ ...first!, title: '改了标题' }, ...rest])).toMatchObject({ renewed: 1, unchanged: 2 })
    expect((await findPolicy(world.as(visitor), `${world.slug}-a`))?.versions.map(({ number, state }) => [number, state])).toEqual([
      [2, 'published'],
      [1, 'superseded'],
    ])
  })

  it('历史文件和征求意见稿可以查到、标明仅供查阅，从不生效', async () => {
    await importLibrary(world.as(visitor), library())
    for (const each of ['old', 'comment']) {
      expect(await findPolicy(world.as(visitor), `${world.slug}-${each}`)).toMatchObject({ status: 'reference' })
      expect((await policiesInForce(world.as(visitor), '2026-11-23')).map((policy) => policy.slug)).not.toContain(`${world.slug}-${each}`)
    }
  })

  it('监管人员已经发布自己的版本，导入不覆盖；缺项的不收录', async () => {
    await importLibrary(world.as(visitor), library())
    const own = orThrow(await saveDraft(world.as(li), { content: samplePolicy({ slug: `${world.slug}-a`, title: '省局修订' }) }))
    expect(await importLibrary(world.as(visitor), [samplePolicy({ slug: `${world.slug}-a`, title: '库里的新内容' })])).toMatchObject({
      kept: [`${world.slug}-a`],
    })
    orThrow(await world.step(zhao, orThrow(await world.step(li, own, 'submit')), 'publish'))
    const bad = samplePolicy({ slug: `${world.slug}-bad`, interpretation: { questions: [], example: '', notFor: [] } })
    expect(await importLibrary(world.as(visitor), [samplePolicy({ slug: `${world.slug}-a`, title: '库里的新内容' }), bad])).toMatchObject({
      added: 0,
      kept: [`${world.slug}-a`],
      refused: [{ slug: `${world.slug}-bad`, reason: '解读缺问答；解读缺算例；解读缺“不适用于”' }],
    })
    expect((await findPolicy(world.as(visitor), `${world.slug}-a`))?.current?.content.title).toBe('省局修订')
    expect(await findPolicy(world.as(platform), `${world.slug}-bad`)).toBeUndefined()
  })

  it('规则提到的事件先登记下来，等人录入日期', async () => {
    const event = `flood-${world.slug}`
    await importLibrary(world.as(visitor), [
      samplePolicy({
        slug: world.slug,
        rule: { op: 'not', of: { op: 'any', src: 'c1', of: [{ op: 'during', anchor: 'acceptedOn', event }] } },
      }),
    ])
    expect((await settingOf(world.as(visitor))).events[event]).toEqual({})
  })
})
