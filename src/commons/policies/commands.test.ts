/** 政策的办理：起草、审核、发布、工作台。 */
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { platform, visitor } from '../../core/access.ts'
import { orThrow } from '../../core/test-refusal.ts'
import { inTx, type Database } from '../../platform/db.server.ts'
import { timeline } from '../../platform/events.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { saveDraft, takeStep } from './commands.server.ts'
import { desk } from './desk.server.ts'
import { setEvent } from './events.server.ts'
import { findOpenVersion, findPolicy, listPolicyDesk, policiesInForce } from './queries.server.ts'
import { samplePolicy } from './sample.ts'
import { edition } from './snapshot.server.ts'
import { worldOf, li, zhao, city, anhui, national, enterprise, type World } from './test-world.server.ts'

let database: Database
let world: World
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  world = worldOf(database)
})
afterAll(() => database.close())
beforeEach(() => world.turn())

describe('起草', () => {
  it('草稿可以不完整，存下什么读出什么，只有辖区的监管人员看得见', async () => {
    const saved = await world.draft({
      card: { ...samplePolicy().card, until: '' },
      interpretation: { questions: [], example: '', notFor: [] },
    })
    expect(saved).toMatchObject({ number: 1, state: 'draft', version: 1, createdByName: '示例·李工' })
    expect((await findOpenVersion(world.as(zhao), world.slug))?.content).toEqual(saved.content)
    for (const actor of [visitor, enterprise, city, anhui]) expect(await findPolicy(world.as(actor), world.slug)).toBeUndefined()
    for (const actor of [national, platform]) expect((await findPolicy(world.as(actor), world.slug))?.versions).toHaveLength(1)
  })

  it('只能起草本辖区的政策：市局不能起草全省的，省局不能起草外省和全国的', async () => {
    const content = samplePolicy({ slug: world.slug })
    for (const [actor, regionCode] of [
      [city, '330000'],
      [anhui, '330000'],
      [li, '000000'],
      [li, null],
    ] as const)
      expect(await saveDraft(world.as(actor), { content: { ...content, regionCode } })).toMatchObject({
        kind: 'forbidden',
        fields: { regionCode: expect.stringContaining('本辖区') },
      })
    for (const actor of [enterprise, visitor]) expect(await saveDraft(world.as(actor), { content })).toMatchObject({ kind: 'forbidden' })
    expect(await saveDraft(world.as(city), { content: { ...content, regionCode: '330109' } })).toMatchObject({
      state: 'draft',
      region: '330109',
    })
  })

  it('打开后被别人改过的表单保存不了，并被告知', async () => {
    const first = await world.draft()
    const second = orThrow(
      await saveDraft(world.as(zhao), {
        content: samplePolicy({ slug: world.slug, title: '赵处改过' }),
        versionId: first.id,
        version: first.version,
      }),
    )
    expect(
      await saveDraft(world.as(li), {
        content: samplePolicy({ slug: world.slug, title: '李工的' }),
        versionId: first.id,
        version: first.version,
      }),
    ).toMatchObject({ kind: 'conflict', code: 'STALE' })
    expect((await findOpenVersion(world.as(li), world.slug))?.content.title).toBe('赵处改过')
    expect(second.authors).toEqual([li.id, zhao.id])
  })

  it('一份政策同时只有一个在办的版本', async () => {
    await world.draft()
    expect(await saveDraft(world.as(zhao), { content: samplePolicy({ slug: world.slug }) })).toMatchObject({
      kind: 'conflict',
      code: 'VERSION_OPEN',
      reason: expect.stringContaining('示例·李工'),
    })
  })

  it('网址标识要合格、不占用平台自己的网址、保存后不变、不抢别省的', async () => {
    for (const bad of ['', 'UPPER', 'a b', 'drafts', '../x'])
      expect(await saveDraft(world.as(li), { content: samplePolicy({ slug: bad }) })).toMatchObject({
        kind: 'invalid',
        fields: { slug: expect.any(String) },
      })
    const saved = await world.draft()
    expect(
      await saveDraft(world.as(li), { content: samplePolicy({ slug: `${world.slug}-b` }), versionId: saved.id, version: 1 }),
    ).toMatchObject({
      kind: 'invalid',
    })
    expect(await saveDraft(world.as(anhui), { content: samplePolicy({ slug: world.slug, regionCode: '340000' }) })).toMatchObject({
      kind: 'conflict',
    })
  })
})

describe('审核与发布', () => {
  it('起草、提交、由另一人发布：公开、生效、版次和事件同时成立', async () => {
    const before = await edition(world.as(visitor))
    expect(await world.inForce()).toEqual([])
    const version = await world.publish()
    expect(version).toMatchObject({ state: 'published', publishedByName: '示例·赵处' })
    expect(await edition(world.as(visitor))).toBe(before + 1n)
    expect(await world.inForce()).toEqual([1])
    expect((await findPolicy(world.as(visitor), world.slug))?.current).toMatchObject({ versionId: version.id, state: 'published' })
    const events = await timeline(database.db, 'policy', version.policyId)
    expect(events.map(({ action, actor_name, detail }) => [action, actor_name, detail])).toEqual([
      ['submitted', '示例·李工', { versionId: version.id, slug: world.slug, number: 1 }],
      ['published', '示例·赵处', { versionId: version.id, slug: world.slug, number: 1 }],
    ])
  })

  it('四眼：起草人、参与修改的人和提交人都不能发布', async () => {
    const first = await world.draft()
    const second = orThrow(await saveDraft(world.as(zhao), { content: first.content, versionId: first.id, version: 1 }))
    const submitted = orThrow(await world.step(national, second, 'submit'))
    for (const actor of [li, zhao, national])
      expect(await world.step(actor, submitted, 'publish')).toMatchObject({
        kind: 'conflict',
        reason: expect.stringMatching(/提交人|起草/),
      })
    expect(await world.step(platform, submitted, 'publish')).toMatchObject({ state: 'published' })
  })

  it('缺一项就发布不了，退回时列明缺什么，什么也没有改变', async () => {
    const submitted = orThrow(await world.step(li, await world.draft({ card: { ...samplePolicy().card, until: '' } }), 'submit'))
    const before = await edition(world.as(visitor))
    expect(await world.step(zhao, submitted, 'publish')).toMatchObject({
      kind: 'conflict',
      reason: '还缺 1 项，补齐后才能发布：政策卡片缺“何时止”',
    })
    expect(await findOpenVersion(world.as(zhao), world.slug)).toEqual(submitted)
    expect(await edition(world.as(visitor))).toBe(before)
  })

  it('退回要写意见，起草人看得到；提交人可以撤回', async () => {
    const submitted = orThrow(await world.step(li, await world.draft(), 'submit'))
    expect(await world.step(zhao, submitted, 'return')).toMatchObject({ kind: 'invalid' })
    expect(await world.step(li, submitted, 'return', { opinion: '自己退' })).toMatchObject({ kind: 'conflict' })
    const returned = orThrow(await world.step(zhao, submitted, 'return', { opinion: '第二条写反了' }))
    expect(returned).toMatchObject({ state: 'draft', opinion: '第二条写反了', submittedBy: null })
    const again = orThrow(await world.step(li, returned, 'submit'))
    expect(await world.step(zhao, again, 'withdraw')).toMatchObject({ kind: 'conflict' })
    expect(await world.step(li, again, 'withdraw')).toMatchObject({ state: 'draft' })
  })

  it('用旧页面点按钮会被告知；外省和企业看不见草稿，也就办不了', async () => {
    const saved = await world.draft()
    expect(await takeStep(world.as(li), saved.id, { step: 'submit', version: 7 })).toMatchObject({ kind: 'conflict', code: 'STALE' })
    for (const actor of [anhui, enterprise, visitor]) expect(await world.step(actor, saved, 'submit')).toMatchObject({ kind: 'missing' })
    expect(await takeStep(world.as(platform), saved.id, { step: 'adopt', version: 1 })).toMatchObject({ kind: 'missing' })
  })

  it('发布新版，旧版被取代；新版发布前旧版照常有效', async () => {
    const first = await world.publish()
    const second = await world.draft({ title: '第二版' }, zhao)
    expect(await world.inForce()).toEqual([1])
    const submitted = orThrow(await world.step(zhao, second, 'submit'))
    orThrow(await world.step(li, submitted, 'publish'))
    expect(await world.inForce()).toEqual([2])
    const page = await findPolicy(world.as(visitor), world.slug)
    expect(page?.versions.map(({ number, state }) => [number, state])).toEqual([
      [2, 'published'],
      [1, 'superseded'],
    ])
    const events = await timeline(database.db, 'policy', first.policyId)
    expect(events.slice(-2).map(({ action, detail }) => [action, (detail as { number: number }).number])).toEqual([
      ['superseded', 1],
      ['published', 2],
    ])
  })

  it('废止后不再用于匹配，仍能查到，标明已废止并指向接替的政策', async () => {
    await world.publish()
    const successor = world.slug
    world.turn()
    const version = await world.publish()
    for (const wrong of [world.slug, 'no-such-policy'])
      expect(await world.step(zhao, version, 'end', { opinion: '已到期', successor: wrong })).toMatchObject({
        kind: 'invalid',
        fields: { successor: expect.any(String) },
      })
    const before = await edition(world.as(visitor))
    expect(await world.step(zhao, version, 'end', { opinion: '已到期', successor })).toMatchObject({ state: 'ended', opinion: '已到期' })
    expect(await edition(world.as(visitor))).toBe(before + 1n)
    expect(await world.inForce()).toEqual([])
    const page = await findPolicy(world.as(visitor), world.slug)
    expect(page).toMatchObject({ status: 'ended', current: { content: { successor }, opinion: '已到期' } })
  })

  it('同一天前后，生效与截止的结果不同', async () => {
    await world.publish({ effectiveFrom: '2026-03-01', effectiveTo: '2026-06-30' })
    expect(await Promise.all(['2026-02-28', '2026-03-01', '2026-06-30', '2026-07-01'].map((day) => world.inForce(day)))).toEqual([
      [],
      [1],
      [1],
      [],
    ])
  })

  it('公众看不到是哪些人员经办的', async () => {
    await world.publish()
    expect(JSON.stringify(await findPolicy(world.as(visitor), world.slug))).not.toMatch(/李工|赵处/)
    expect(JSON.stringify(await findPolicy(world.as(zhao), world.slug))).toMatch(/李工/)
  })

  it('撤销的事务不留下记忆：回滚的发布不会被后来的人读到', async () => {
    const submitted = orThrow(await world.step(li, await world.draft(), 'submit'))
    await inTx(world.as(zhao), async (tx) => {
      orThrow(await takeStep(tx, submitted.id, { step: 'publish', version: submitted.version }))
      expect((await policiesInForce(tx, '2026-11-23')).some((each) => each.slug === world.slug)).toBe(true)
      throw new Error('rolled back on purpose')
    }).catch((error: Error) => expect(error.message).toBe('rolled back on purpose'))
    expect(await world.inForce()).toEqual([])
    await setEvent(world.as(national), {
      id: `e-${world.slug}`,
      name: '另一件事',
      startsOn: null,
      endsOn: null,
      source: '示例',
      version: 0,
    })
    expect(await world.inForce()).toEqual([])
  })
})

describe('工作台', () => {
  it('审核的人看到待审核的，起草人看到自己的草稿和被退回的', async () => {
    const saved = await world.draft()
    const mine = (items: Awaited<ReturnType<typeof desk>>) => items.filter(({ id }) => id === saved.id).map(({ kind, to }) => [kind, to])
    expect(mine(await desk(world.as(li)))).toEqual([['政策草稿', `/policies/${world.slug}/edit`]])
    expect(mine(await desk(world.as(zhao)))).toEqual([])
    const submitted = orThrow(await world.step(li, saved, 'submit'))
    expect(mine(await desk(world.as(li)))).toEqual([])
    expect(mine(await desk(world.as(zhao)))).toEqual([['政策审核', `/policies/${world.slug}/review`]])
    orThrow(await world.step(zhao, submitted, 'return', { opinion: '补条款' }))
    expect(mine(await desk(world.as(li)))).toEqual([['退回修改的政策', `/policies/${world.slug}/edit`]])
    expect(await desk(world.as(enterprise))).toEqual([])
    expect((await listPolicyDesk(world.as(anhui))).filter(({ versionId }) => versionId === saved.id)).toEqual([])
  })
})
