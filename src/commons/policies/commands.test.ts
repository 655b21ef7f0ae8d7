import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { platform, visitor, type Actor } from '../../core/access.ts'
import { isRefusal, type Refusal } from '../../core/refusal.ts'
import { inTx, type Ctx, type Database } from '../../platform/db.server.ts'
import { timeline } from '../../platform/events.server.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { saveDraft, takeStep, type StepInput } from './commands.server.ts'
import { createOrganisation } from '../people/index.server.ts'
import { dryRun } from './dry-run.server.ts'
import { desk } from './desk.server.ts'
import { setEvent } from './events.server.ts'
import { importLibrary } from './import-library.server.ts'
import type { PolicyContent, Version } from './model.ts'
import { findOpenVersion, findPolicy, listPolicyDesk, policiesInForce, settingOf } from './queries.server.ts'
import { samplePolicy } from './sample.ts'
import { listPolicies } from './search.server.ts'
import { edition } from './snapshot.server.ts'

const now = '2026-11-23T01:00:00.000Z'
const regulator = (name: string, region: string): Actor => ({
  id: uuidv7(),
  name,
  role: 'regulator',
  org_id: 'org-zj',
  org_name: '示例·省局',
  region,
})
const [li, zhao, city, anhui, national] = [
  regulator('示例·李工', '330000'),
  regulator('示例·赵处', '330000'),
  regulator('示例·王工', '330100'),
  regulator('示例·皖', '340000'),
  regulator('示例·孙工', '000000'),
]
const enterprise: Actor = { ...visitor, id: uuidv7(), role: 'enterprise', org_id: uuidv7(), region: '330109' }

let database: Database
let slug: string
let number = 0
beforeAll(async () => void (database = await testDatabase(inject('template'))))
afterAll(() => database.close())
beforeEach(() => void (slug = `test-${++number}`))

const as = (actor: Actor, at = now): Ctx => ({ db: database.db, actor, now: at })
const done = <T>(answer: T | Refusal): T => {
  if (isRefusal(answer)) throw new Error(answer.reason)
  return answer
}
const draft = async (change: Partial<PolicyContent> = {}, actor = li): Promise<Version> =>
  done(await saveDraft(as(actor), { content: samplePolicy({ slug, ...change }) }))
const step = (actor: Actor, version: Version, name: StepInput['step'], more: Partial<StepInput> = {}) =>
  takeStep(as(actor), version.id, { step: name, version: version.version, ...more })
const publish = async (change: Partial<PolicyContent> = {}): Promise<Version> => {
  const submitted = done(await step(li, await draft(change), 'submit'))
  return done(await step(zhao, submitted, 'publish'))
}
const inForce = async (asOf = '2026-11-23') =>
  (await policiesInForce(as(visitor), asOf)).filter((each) => each.slug === slug).map((each) => each.number)

describe('起草', () => {
  it('草稿可以不完整，存下什么读出什么，只有辖区的监管人员看得见', async () => {
    const saved = await draft({ card: { ...samplePolicy().card, until: '' }, interpretation: { questions: [], example: '', notFor: [] } })
    expect(saved).toMatchObject({ number: 1, state: 'draft', version: 1, createdByName: '示例·李工' })
    expect((await findOpenVersion(as(zhao), slug))?.content).toEqual(saved.content)
    for (const actor of [visitor, enterprise, city, anhui]) expect(await findPolicy(as(actor), slug)).toBeUndefined()
    for (const actor of [national, platform]) expect((await findPolicy(as(actor), slug))?.versions).toHaveLength(1)
  })

  it('只能起草本辖区的政策：市局不能起草全省的，省局不能起草外省和全国的', async () => {
    const content = samplePolicy({ slug })
    for (const [actor, regionCode] of [
      [city, '330000'],
      [anhui, '330000'],
      [li, '000000'],
      [li, null],
    ] as const)
      expect(await saveDraft(as(actor), { content: { ...content, regionCode } })).toMatchObject({
        kind: 'forbidden',
        fields: { regionCode: expect.stringContaining('本辖区') },
      })
    for (const actor of [enterprise, visitor]) expect(await saveDraft(as(actor), { content })).toMatchObject({ kind: 'forbidden' })
    expect(await saveDraft(as(city), { content: { ...content, regionCode: '330109' } })).toMatchObject({ state: 'draft', region: '330109' })
  })

  it('打开后被别人改过的表单保存不了，并被告知', async () => {
    const first = await draft()
    const second = done(
      await saveDraft(as(zhao), { content: samplePolicy({ slug, title: '赵处改过' }), versionId: first.id, version: first.version }),
    )
    expect(
      await saveDraft(as(li), { content: samplePolicy({ slug, title: '李工的' }), versionId: first.id, version: first.version }),
    ).toMatchObject({ kind: 'conflict', code: 'STALE' })
    expect((await findOpenVersion(as(li), slug))?.content.title).toBe('赵处改过')
    expect(second.authors).toEqual([li.id, zhao.id])
  })

  it('一份政策同时只有一个在办的版本', async () => {
    await draft()
    expect(await saveDraft(as(zhao), { content: samplePolicy({ slug }) })).toMatchObject({
      kind: 'conflict',
      code: 'VERSION_OPEN',
      reason: expect.stringContaining('示例·李工'),
    })
  })

  it('网址标识要合格、不占用平台自己的网址、保存后不变、不抢别省的', async () => {
    for (const bad of ['', 'UPPER', 'a b', 'drafts', '../x'])
      expect(await saveDraft(as(li), { content: samplePolicy({ slug: bad }) })).toMatchObject({
        kind: 'invalid',
        fields: { slug: expect.any(String) },
      })
    const saved = await draft()
    expect(await saveDraft(as(li), { content: samplePolicy({ slug: `${slug}-b` }), versionId: saved.id, version: 1 })).toMatchObject({
      kind: 'invalid',
    })
    expect(await saveDraft(as(anhui), { content: samplePolicy({ slug, regionCode: '340000' }) })).toMatchObject({ kind: 'conflict' })
  })
})

describe('审核与发布', () => {
  it('起草、提交、由另一人发布：公开、生效、版次和事件同时成立', async () => {
    const before = await edition(as(visitor))
    expect(await inForce()).toEqual([])
    const version = await publish()
    expect(version).toMatchObject({ state: 'published', publishedByName: '示例·赵处' })
    expect(await edition(as(visitor))).toBe(before + 1n)
    expect(await inForce()).toEqual([1])
    expect((await findPolicy(as(visitor), slug))?.current).toMatchObject({ versionId: version.id, state: 'published' })
    const events = await timeline(database.db, 'policy', version.policyId)
    expect(events.map(({ action, actor_name, detail }) => [action, actor_name, detail])).toEqual([
      ['submitted', '示例·李工', { versionId: version.id, slug, number: 1 }],
      ['published', '示例·赵处', { versionId: version.id, slug, number: 1 }],
    ])
  })

  it('四眼：起草人、参与修改的人和提交人都不能发布', async () => {
    const first = await draft()
    const second = done(await saveDraft(as(zhao), { content: first.content, versionId: first.id, version: 1 }))
    const submitted = done(await step(national, second, 'submit'))
    for (const actor of [li, zhao, national])
      expect(await step(actor, submitted, 'publish')).toMatchObject({ kind: 'conflict', reason: expect.stringMatching(/提交人|起草/) })
    expect(await step(platform, submitted, 'publish')).toMatchObject({ state: 'published' })
  })

  it('缺一项就发布不了，退回时列明缺什么，什么也没有改变', async () => {
    const submitted = done(await step(li, await draft({ card: { ...samplePolicy().card, until: '' } }), 'submit'))
    const before = await edition(as(visitor))
    expect(await step(zhao, submitted, 'publish')).toMatchObject({
      kind: 'conflict',
      reason: '还缺 1 项，补齐后才能发布：政策卡片缺“何时止”',
    })
    expect(await findOpenVersion(as(zhao), slug)).toEqual(submitted)
    expect(await edition(as(visitor))).toBe(before)
  })

  it('退回要写意见，起草人看得到；提交人可以撤回', async () => {
    const submitted = done(await step(li, await draft(), 'submit'))
    expect(await step(zhao, submitted, 'return')).toMatchObject({ kind: 'invalid' })
    expect(await step(li, submitted, 'return', { opinion: '自己退' })).toMatchObject({ kind: 'conflict' })
    const returned = done(await step(zhao, submitted, 'return', { opinion: '第二条写反了' }))
    expect(returned).toMatchObject({ state: 'draft', opinion: '第二条写反了', submittedBy: null })
    const again = done(await step(li, returned, 'submit'))
    expect(await step(zhao, again, 'withdraw')).toMatchObject({ kind: 'conflict' })
    expect(await step(li, again, 'withdraw')).toMatchObject({ state: 'draft' })
  })

  it('用旧页面点按钮会被告知；外省和企业看不见草稿，也就办不了', async () => {
    const saved = await draft()
    expect(await takeStep(as(li), saved.id, { step: 'submit', version: 7 })).toMatchObject({ kind: 'conflict', code: 'STALE' })
    for (const actor of [anhui, enterprise, visitor]) expect(await step(actor, saved, 'submit')).toMatchObject({ kind: 'missing' })
    expect(await takeStep(as(platform), saved.id, { step: 'adopt', version: 1 })).toMatchObject({ kind: 'missing' })
  })

  it('发布新版，旧版被取代；新版发布前旧版照常有效', async () => {
    const first = await publish()
    const second = await draft({ title: '第二版' }, zhao)
    expect(await inForce()).toEqual([1])
    const submitted = done(await step(zhao, second, 'submit'))
    done(await step(li, submitted, 'publish'))
    expect(await inForce()).toEqual([2])
    const page = await findPolicy(as(visitor), slug)
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
    await publish()
    const successor = slug
    slug = `test-${++number}`
    const version = await publish()
    for (const wrong of [slug, 'no-such-policy'])
      expect(await step(zhao, version, 'end', { opinion: '已到期', successor: wrong })).toMatchObject({
        kind: 'invalid',
        fields: { successor: expect.any(String) },
      })
    const before = await edition(as(visitor))
    expect(await step(zhao, version, 'end', { opinion: '已到期', successor })).toMatchObject({ state: 'ended', opinion: '已到期' })
    expect(await edition(as(visitor))).toBe(before + 1n)
    expect(await inForce()).toEqual([])
    const page = await findPolicy(as(visitor), slug)
    expect(page).toMatchObject({ status: 'ended', current: { content: { successor }, opinion: '已到期' } })
  })

  it('同一天前后，生效与截止的结果不同', async () => {
    await publish({ effectiveFrom: '2026-03-01', effectiveTo: '2026-06-30' })
    expect(await Promise.all(['2026-02-28', '2026-03-01', '2026-06-30', '2026-07-01'].map((day) => inForce(day)))).toEqual([
      [],
      [1],
      [1],
      [],
    ])
  })

  it('公众看不到是哪些人员经办的', async () => {
    await publish()
    expect(JSON.stringify(await findPolicy(as(visitor), slug))).not.toMatch(/李工|赵处/)
    expect(JSON.stringify(await findPolicy(as(zhao), slug))).toMatch(/李工/)
  })

  it('撤销的事务不留下记忆：回滚的发布不会被后来的人读到', async () => {
    const submitted = done(await step(li, await draft(), 'submit'))
    await inTx(as(zhao), async (tx) => {
      done(await takeStep(tx, submitted.id, { step: 'publish', version: submitted.version }))
      expect((await policiesInForce(tx, '2026-11-23')).some((each) => each.slug === slug)).toBe(true)
      throw new Error('rolled back on purpose')
    }).catch((error: Error) => expect(error.message).toBe('rolled back on purpose'))
    expect(await inForce()).toEqual([])
    await setEvent(as(national), { id: `e-${slug}`, name: '另一件事', startsOn: null, endsOn: null, source: '示例', version: 0 })
    expect(await inForce()).toEqual([])
  })
})

describe('工作台', () => {
  it('审核的人看到待审核的，起草人看到自己的草稿和被退回的', async () => {
    const saved = await draft()
    const mine = (items: Awaited<ReturnType<typeof desk>>) => items.filter(({ id }) => id === saved.id).map(({ kind, to }) => [kind, to])
    expect(mine(await desk(as(li)))).toEqual([['政策草稿', `/policies/${slug}/edit`]])
    expect(mine(await desk(as(zhao)))).toEqual([])
    const submitted = done(await step(li, saved, 'submit'))
    expect(mine(await desk(as(li)))).toEqual([])
    expect(mine(await desk(as(zhao)))).toEqual([['政策审核', `/policies/${slug}/review`]])
    done(await step(zhao, submitted, 'return', { opinion: '补条款' }))
    expect(mine(await desk(as(li)))).toEqual([['退回修改的政策', `/policies/${slug}/edit`]])
    expect(await desk(as(enterprise))).toEqual([])
    expect((await listPolicyDesk(as(anhui))).filter(({ versionId }) => versionId === saved.id)).toEqual([])
  })
})

describe('事件日期', () => {
  it('录入后立即进入判断依据，并升版；日期颠倒、没有依据的被拒绝', async () => {
    const id = `event-${slug}`
    const input = { id, name: '示例事件', startsOn: '2026-01-01', endsOn: null, source: '示例公告', version: 0 }
    for (const wrong of [
      { endsOn: '2025-12-31' },
      { source: ' ' },
      { startsOn: null, endsOn: '2026-02-01' },
      { startsOn: '2026-02-30' },
      { id: 'A B' },
    ])
      expect(await setEvent(as(national), { ...input, ...wrong })).toMatchObject({ kind: 'invalid' })
    for (const actor of [li, enterprise, visitor]) expect(await setEvent(as(actor), input)).toMatchObject({ kind: 'forbidden' })
    const before = await edition(as(visitor))
    expect(await setEvent(as(national), input)).toMatchObject({ version: 1, setByName: '示例·孙工' })
    expect(await edition(as(visitor))).toBe(before + 1n)
    expect((await settingOf(as(visitor))).events[id]).toEqual({ from: '2026-01-01' })
    expect(await setEvent(as(platform), { ...input, endsOn: '2026-03-01' })).toMatchObject({ kind: 'conflict', code: 'STALE' })
    expect(await setEvent(as(platform), { ...input, endsOn: '2026-03-01', version: 1 })).toMatchObject({ version: 2 })
    expect((await settingOf(as(visitor))).events[id]).toEqual({ from: '2026-01-01', to: '2026-03-01' })
    expect((await timeline(database.db, 'policy-event', id)).map(({ action }) => action)).toEqual(['dated', 'dated'])
  })
})

describe('导入政策库', () => {
  const library = () => [
    samplePolicy({ slug: `${slug}-a` }),
    samplePolicy({ slug: `${slug}-old`, historical: true }),
    samplePolicy({ slug: `${slug}-comment`, force: 'draft' }),
  ]

  it('第二次导入没有任何变化；内容变了才有新版', async () => {
    expect(await importLibrary(as(visitor), library())).toMatchObject({ added: 3, renewed: 0, unchanged: 0, kept: [], refused: [] })
    const before = await edition(as(visitor))
    expect(await importLibrary(as(visitor), library())).toMatchObject({ added: 0, renewed: 0, unchanged: 3 })
    expect(await edition(as(visitor))).toBe(before)
    const [first, ...rest] = library()
    expect(await importLibrary(as(visitor), [{ ...first!, title: '改了标题' }, ...rest])).toMatchObject({ renewed: 1, unchanged: 2 })
    expect((await findPolicy(as(visitor), `${slug}-a`))?.versions.map(({ number, state }) => [number, state])).toEqual([
      [2, 'published'],
      [1, 'superseded'],
    ])
  })

  it('历史文件和征求意见稿可以查到、标明仅供查阅，从不生效', async () => {
    await importLibrary(as(visitor), library())
    for (const each of ['old', 'comment']) {
      expect(await findPolicy(as(visitor), `${slug}-${each}`)).toMatchObject({ status: 'reference' })
      expect((await policiesInForce(as(visitor), '2026-11-23')).map((policy) => policy.slug)).not.toContain(`${slug}-${each}`)
    }
  })

  it('监管人员已经发布自己的版本，导入不覆盖；缺项的不收录', async () => {
    await importLibrary(as(visitor), library())
    const own = done(await saveDraft(as(li), { content: samplePolicy({ slug: `${slug}-a`, title: '省局修订' }) }))
    expect(await importLibrary(as(visitor), [samplePolicy({ slug: `${slug}-a`, title: '库里的新内容' })])).toMatchObject({
      kept: [`${slug}-a`],
    })
    done(await step(zhao, done(await step(li, own, 'submit')), 'publish'))
    const bad = samplePolicy({ slug: `${slug}-bad`, interpretation: { questions: [], example: '', notFor: [] } })
    expect(await importLibrary(as(visitor), [samplePolicy({ slug: `${slug}-a`, title: '库里的新内容' }), bad])).toMatchObject({
      added: 0,
      kept: [`${slug}-a`],
      refused: [{ slug: `${slug}-bad`, reason: '解读缺问答；解读缺算例；解读缺“不适用于”' }],
    })
    expect((await findPolicy(as(visitor), `${slug}-a`))?.current?.content.title).toBe('省局修订')
    expect(await findPolicy(as(platform), `${slug}-bad`)).toBeUndefined()
  })

  it('规则提到的事件先登记下来，等人录入日期', async () => {
    const event = `flood-${slug}`
    await importLibrary(as(visitor), [
      samplePolicy({ slug, rule: { op: 'not', of: { op: 'any', src: 'c1', of: [{ op: 'during', anchor: 'acceptedOn', event }] } } }),
    ])
    expect((await settingOf(as(visitor))).events[event]).toEqual({})
  })
})

describe('检索', () => {
  it('按词查得到标题、条款和解读；标题里有的排在前面；别的词查不到', async () => {
    await publish({ title: `水平仪专项 ${slug}` })
    const first = slug
    slug = `test-${++number}`
    await publish({
      interpretation: { ...samplePolicy().interpretation, notFor: ['没有水平仪的企业', '水平仪、水平仪、水平仪，已经报废的'] },
    })
    const { rows, total } = await listPolicies(as(visitor), { q: '水平仪' })
    expect(rows.map((row) => row.slug)).toEqual([first, slug])
    expect(total).toBe(2)
    expect((await listPolicies(as(visitor), { q: '量子鼓风机' })).total).toBe(0)
    expect((await listPolicies(as(visitor), { q: '，。' })).total).toBe((await listPolicies(as(visitor))).total)
    expect((await listPolicies(as(visitor), { q: "'; drop table policies --" })).total).toBe(0)
  })
})

describe('试算', () => {
  it('只数所选地区的企业；只能在本辖区试算；什么也不改变', async () => {
    const place = '330881'
    const admin = as(platform)
    for (const [i, region] of [place, '330802', '340100'].entries())
      done(await createOrganisation(admin, { kind: 'enterprise', name: `示例·试算${i}`, uscc: null, region, demo: true }))
    const content = samplePolicy({ slug })
    const before = await edition(as(visitor))
    expect(await dryRun(as(li), content, { region: place })).toMatchObject({ total: 1, eligible: 0, unknown: 1, ineligible: 0 })
    expect(await dryRun(as(li), content, { region: '330800' })).toMatchObject({ total: 2 })
    expect(await dryRun(as(national), content, { region: '000000' })).toMatchObject({ total: 3, ineligible: 1 })
    expect(await dryRun(as(li), content, { region: '340000' })).toMatchObject({ kind: 'forbidden', fields: { region: expect.any(String) } })
    expect(await dryRun(as(enterprise), content, { region: place })).toMatchObject({ kind: 'forbidden' })
    expect(await edition(as(visitor))).toBe(before)
    expect(await findPolicy(admin, slug)).toBeUndefined()
  })
})
