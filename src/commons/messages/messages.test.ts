import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { platform, visitor, type Actor, type Role } from '../../core/access.ts'
import { isRefusal, type Refusal } from '../../core/refusal.ts'
import type { Ctx, Database } from '../../platform/db.server.ts'
import { timeline } from '../../platform/events.server.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { createOrganisation } from '../people/index.server.ts'
import type { Organisation, OrganisationKind } from '../people/index.ts'
import { dismissMessage, markActed, openMessage, send } from './commands.server.ts'
import { stateOf, type Sending } from './model.ts'
import { awareness, listMessages, unreadCount, type MessageQuery } from './queries.server.ts'

const monday = '2026-11-23T01:00:00.000Z'
const tuesday = '2026-11-24T01:00:00.000Z'

let database: Database
let subjectId: string
let hangzhou: Organisation
let ningbo: Organisation
let hefei: Organisation
let reader: Actor
let province: Actor
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  province = actorOf('regulator', await organisation('省局', '330000', 'authority'))
})
afterAll(() => database.close())
beforeEach(async () => {
  subjectId = uuidv7()
  hangzhou = await organisation('杭州厂', '330109')
  ningbo = await organisation('宁波厂', '330203')
  hefei = await organisation('合肥厂', '340104')
  reader = actorOf('enterprise', hangzhou)
})

const as = (actor: Actor, now = monday): Ctx => ({ db: database.db, actor, now })
const orThrow = <T>(answer: T | Refusal): T => {
  if (isRefusal(answer)) throw new Error(`refused: ${answer.reason}`)
  return answer as T
}
const organisation = async (name: string, region: string, kind: OrganisationKind = 'enterprise') =>
  orThrow(await createOrganisation(as(platform), { kind, name: `示例·${name}`, uscc: null, region }))
const actorOf = (role: Role, org: Organisation): Actor => ({
  id: uuidv7(),
  name: '示例·某',
  role,
  org_id: org.id,
  org_name: org.name,
  region: org.region,
})
const sending = (org: Organisation, more: Partial<Sending> = {}): Sending => ({
  province: org.province,
  orgId: org.id,
  region: org.region,
  role: 'enterprise',
  template: 'policy-match',
  subject: 'policy',
  subjectId,
  title: '有一项新政策适用',
  body: '按现有信息符合。',
  actionLabel: '查看政策',
  actionUrl: '/matches/x',
  dedupe: `policy:${subjectId}`,
  ...more,
})
const told = (org: Organisation, more: Partial<Sending> = {}) => send(as(platform), sending(org, more))
const listed = async (actor: Actor, more: Partial<MessageQuery> = {}) =>
  (await listMessages(as(actor), { page: 1, pageSize: 100, ...more })).rows
const only = async (actor = reader) => {
  const rows = await listed(actor)
  expect(rows).toHaveLength(1)
  return rows[0]!
}

describe('发送', () => {
  it('同一件事对一家企业只说一次，站内消息写下即送达', async () => {
    expect(await told(hangzhou)).toBe(true)
    expect(await told(hangzhou, { title: '又说一遍' })).toBe(false)
    expect(await only()).toMatchObject({
      title: '有一项新政策适用',
      orgName: '示例·杭州厂',
      deliveredAt: monday,
      openedAt: null,
      number: null,
    })
    expect(await told(ningbo)).toBe(true)
    expect(await told(hangzhou, { dedupe: `again:${subjectId}` })).toBe(true)
    expect(await unreadCount(as(reader))).toBe(2)
  })

  it('消息只通向本平台的页面', async () => {
    for (const actionUrl of ['https://example.org/', '//example.org', '/\\example.org', 'javascript:alert(1)', ''])
      await expect(told(hangzhou, { actionUrl, dedupe: actionUrl })).rejects.toThrow('page of ours')
    expect(await listed(reader)).toEqual([])
  })

  it('别家、外地监管人员和访客看不到，也打不开', async () => {
    await told(hangzhou)
    const { id } = await only()
    for (const actor of [actorOf('enterprise', ningbo), actorOf('regulator', await organisation('皖局', '340000', 'authority')), visitor]) {
      expect((await listed(actor)).map((row) => row.id)).not.toContain(id)
      expect(await openMessage(as(actor), id)).toMatchObject({ kind: 'missing' })
      expect(await openMessage(as(actor), '不是编号')).toMatchObject({ kind: 'missing' })
      expect(await dismissMessage(as(actor), id, 'later')).toMatchObject({ kind: 'missing' })
      expect(await unreadCount(as(actor))).toBe(0)
    }
    expect((await listed(province)).map((row) => row.id)).toContain(id)
  })
})

describe('阅读与办理', () => {
  beforeEach(() => told(hangzhou))

  it('第一次打开记时刻，再打开不改；监管人员看了不算', async () => {
    const { id } = await only()
    orThrow(await openMessage(as(province), id))
    expect(await unreadCount(as(reader))).toBe(1)
    expect(orThrow(await openMessage(as(reader), id)).openedAt).toBe(monday)
    expect(orThrow(await openMessage(as(reader, tuesday), id)).openedAt).toBe(monday)
    expect(await only()).toMatchObject({ openedAt: monday, actedAt: null })
    expect(await unreadCount(as(reader))).toBe(0)
  })

  it('办了的事关闭本单位关于它的消息，不动别家的和别的事', async () => {
    await told(ningbo)
    await told(hangzhou, { subjectId: uuidv7(), dedupe: 'other' })
    await markActed(as(reader, tuesday), 'policy', subjectId)
    const states = (await listed(reader)).map((row) => [row.subjectId === subjectId, stateOf(row), row.openedAt])
    expect(states).toEqual(
      expect.arrayContaining([
        [true, 'acted', tuesday],
        [false, 'unread', null],
      ]),
    )
    expect(stateOf(await only(actorOf('enterprise', ningbo)))).toBe('unread')
    await markActed(as(reader, '2026-11-25T01:00:00.000Z'), 'policy', subjectId)
    expect((await listed(reader, { state: 'acted' })).map(({ actedAt }) => actedAt)).toEqual([tuesday])
  })

  it('不再提醒要有原因，只记一次，监管人员不能代设', async () => {
    const { id } = await only()
    for (const reason of ['', '烦', 'constructor']) expect(await dismissMessage(as(reader), id, reason)).toMatchObject({ kind: 'invalid' })
    expect(await dismissMessage(as(province), id, 'later')).toMatchObject({ kind: 'forbidden' })
    expect(orThrow(await dismissMessage(as(reader), id, 'not-relevant'))).toMatchObject({
      dismissedAt: monday,
      dismissReason: 'not-relevant',
      openedAt: monday,
    })
    orThrow(await dismissMessage(as(reader, tuesday), id, 'not-relevant'))
    expect(stateOf(await only())).toBe('dismissed')
    expect((await only()).dismissedAt).toBe(monday)
    expect((await timeline(database.db, 'message', id)).map(({ action, detail }) => ({ action, detail }))).toEqual([
      { action: 'dismissed', detail: { reason: 'not-relevant', about: subjectId } },
    ])
  })

  it('按状态和文字查，新的在前；百分号不是通配符', async () => {
    await send(as(platform, tuesday), sending(hangzhou, { title: '减免 50%', dedupe: 'later' }))
    expect((await listed(reader)).map(({ title }) => title)).toEqual(['减免 50%', '有一项新政策适用'])
    expect((await listed(reader, { q: '%' })).map(({ title }) => title)).toEqual(['减免 50%'])
    orThrow(await openMessage(as(reader), (await listed(reader))[0]!.id))
    for (const [state, count] of [
      ['unread', 1],
      ['opened', 1],
      ['acted', 0],
      ['dismissed', 0],
    ] as const)
      expect(await listed(reader, { state })).toHaveLength(count)
    expect(await listMessages(as(reader), { page: 2, pageSize: 1 })).toMatchObject({ total: 2, rows: [{ title: '有一项新政策适用' }] })
  })
})

describe('知晓', () => {
  it('按下一级地区分列，各行之和等于全部；只数自己辖区的', async () => {
    for (const org of [hangzhou, ningbo, hefei, await organisation('余杭厂', '330110')]) await told(org)
    await told(hangzhou, { subjectId: uuidv7(), dedupe: 'other' })
    orThrow(await openMessage(as(reader), (await listed(reader)).find((row) => row.subjectId === subjectId)!.id))
    await markActed(as(actorOf('enterprise', ningbo)), 'policy', subjectId)
    const rows = await awareness(as(province), 'policy', subjectId)
    expect(rows).toEqual([
      { region: '330100', name: '杭州市', delivered: 2, opened: 1, acted: 0 },
      { region: '330200', name: '宁波市', delivered: 1, opened: 1, acted: 1 },
    ])
    const country = await awareness(as({ ...province, region: '000000' }), 'policy', subjectId)
    expect(country.map(({ region, delivered, opened, acted }) => [region, delivered, opened, acted])).toEqual([
      ['330000', 3, 2, 1],
      ['340000', 1, 0, 0],
    ])
    const city = await awareness(as({ ...province, region: '330100' }), 'policy', subjectId)
    expect(city.map(({ region, delivered }) => [region, delivered])).toEqual([
      ['330109', 1],
      ['330110', 1],
    ])
    expect(await awareness(as(province), 'policy', subjectId, '340000')).toEqual([])
    expect(await awareness(as({ ...province, region: '340000' }), 'policy', subjectId)).toHaveLength(1)
    expect(await awareness(as(visitor), 'policy', subjectId)).toEqual([])
  })

  it('直辖市的区、省直辖的市按地名归位，不归到“市辖区”之类的分组代码', async () => {
    for (const [name, region] of [
      ['朝阳厂', '110105'],
      ['延庆厂', '110119'],
      ['仙桃厂', '429004'],
      ['江岸厂', '420102'],
      ['武汉厂', '420100'],
    ] as const)
      await told(await organisation(name, region))
    const lines = async (region: string) =>
      (await awareness(as({ ...province, region }), 'policy', subjectId)).map((row) => `${row.region} ${row.name} ${row.delivered}`)
    expect(await lines('110000')).toEqual(['110105 朝阳区 1', '110119 延庆区 1'])
    expect(await lines('420000')).toEqual(['420100 武汉市 2', '429004 仙桃市 1'])
    // Those of whom only the city is known stay with the city.
    expect(await lines('420100')).toEqual(['420100 武汉市 1', '420102 江岸区 1'])
    expect(await lines('429004')).toEqual(['429004 仙桃市 1'])
    expect(await lines('000000')).toEqual(['110000 北京市 2', '420000 湖北省 3'])
  })
})
