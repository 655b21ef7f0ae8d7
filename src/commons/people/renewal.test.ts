import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { platform, visitor, type Actor } from '../../core/access.ts'
import type { Database } from '../../platform/db.server.ts'
import { timeline } from '../../platform/events.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { createPerson, endMembership, grantMembership, recordFact, renewMembership } from './commands.server.ts'
import { desk } from './desk.server.ts'
import type { Organisation } from './model.ts'
import { askForRenewal, expiredDelegations } from './renewal.server.ts'
import { missingScope } from './scope.server.ts'
import { standpointOf } from './seats.server.ts'
import { orThrow, stageOf, together, type Seated, type Stage } from './test-stage.server.ts'

let database: Database
let stage: Stage
let org: Organisation
let boss: Seated
let manager: Seated
let clerk: Seated
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  stage = stageOf(database)
})
afterAll(() => database.close())
beforeEach(async () => {
  org = await stage.organisation('衡器厂', '330109')
  boss = await stage.seat(org, '钱法人', 'legal-representative')
  manager = await stage.seat(org, '孙管理', 'manager', { scope: ['policy', 'people'], endsOn: '2027-06-30' })
  clerk = await stage.seat(org, '小陈', 'clerk', { scope: ['ledger'], endsOn: '2026-12-10' })
})

const day = (date: string) => `${date}T01:00:00.000Z`
const at = (actor: Actor, date: string) => stage.as(actor, day(date))
const standpoint = (date: string, picked?: string, seat = clerk) => standpointOf(at(visitor, date), seat.userId, picked)
const items = async (seat: Seated, date: string) => (await desk(at(seat.actor, date))).map(({ title, to, dueOn }) => ({ title, to, dueOn }))

describe('授权快到期', () => {
  it('到期前 14 天起，能续期的人和本人各有一件待办；到期 14 天后不再提醒', async () => {
    expect(await items(boss, '2026-11-25')).toEqual([])
    const item = { title: '示例·小陈的授权14 天后到期', to: '/me/people', dueOn: '2026-12-10' }
    expect(await items(boss, '2026-11-26')).toEqual([item])
    expect(await items(clerk, '2026-12-07')).toEqual([
      { ...item, title: '您自己的授权3 天后到期，可以续期的人：示例·钱法人（法定代表人）' },
    ])
    expect(await items(boss, '2026-12-10')).toMatchObject([{ title: '示例·小陈的授权今天到期' }])
    expect(await items(boss, '2026-12-24')).toMatchObject([{ title: '示例·小陈的授权已于 2026-12-10 到期' }])
    expect(await items(boss, '2026-12-25')).toEqual([])
  })

  it('不能续期的人没有这件待办：没有那项范围的管理员、别的经办人、别家', async () => {
    const other = await stage.seat(org, '沈经办', 'clerk', { scope: ['ledger'], endsOn: '2028-06-30' })
    const stranger = await stage.seat(await stage.organisation('别家', '330109'), '李外人', 'legal-representative')
    for (const seat of [manager, other, stranger]) expect(await items(seat, '2026-12-07')).toEqual([])
  })
})

describe('到期的经办人', () => {
  const late = '2027-03-01'

  it('什么都办不了，被告知什么时候到期、谁能续期；已经打开的页面也办不了', async () => {
    const { actor, current, person } = await standpoint(late)
    expect(current).toBeUndefined()
    expect(actor).toMatchObject({ id: clerk.actor.id, name: '示例·小陈', role: 'visitor', org_id: '', region: '' })
    expect(actor.lapsed).toBe(
      '您在示例·衡器厂的授权已于 2026-12-10 到期，不能再以该单位的身份办理；可以续期的人：示例·钱法人（法定代表人）',
    )
    expect(person?.number).toMatch(/^[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}$/)
    expect(await missingScope(at(clerk.actor, late), 'ledger')).toMatchObject({ kind: 'forbidden', code: 'SEAT_MISSING' })
    const fact = { orgId: org.id, fact: 'employees', value: 3, source: '企业填报', asOf: '2026-11-23' }
    expect(await recordFact(at(clerk.actor, late), fact)).toMatchObject({ kind: 'forbidden', code: 'SEAT_MISSING' })
    expect(await recordFact(at(actor, late), fact)).toMatchObject({ kind: 'missing' })
  })

  it('请求续期一次就够：待办出现在能续期的人那里，续期后消失，本人接着办', async () => {
    const self = (await standpoint(late)).actor
    expect(await expiredDelegations(at(self, late))).toMatchObject([{ id: clerk.membership.id, orgName: '示例·衡器厂', askedAt: null }])
    expect(await items(boss, late)).toEqual([])
    const first = orThrow(await askForRenewal(at(self, late), clerk.membership.id))
    const again = orThrow(await askForRenewal(at(self, '2027-03-02'), clerk.membership.id))
    expect(again).toEqual(first)
    expect((await timeline(database.db, 'membership', clerk.membership.id)).map(({ action }) => action)).toEqual([
      'granted',
      'renewal-asked',
    ])
    expect(await expiredDelegations(at(self, late))).toMatchObject([{ askedAt: day(late) }])
    expect(await items(boss, late)).toEqual([
      { title: '示例·小陈的授权已于 2026-12-10 到期，本人请您续期', to: '/me/people', dueOn: '2026-12-10' },
    ])
    orThrow(await renewMembership(at(boss.actor, late), clerk.membership.id, { endsOn: '2028-03-01', version: 1 }))
    expect(await items(boss, late)).toEqual([])
    const back = await standpoint(late)
    expect(back.actor).toMatchObject({ role: 'enterprise', org_id: org.id })
    expect(await missingScope(at(back.actor, late), 'ledger')).toBeUndefined()
    // The next time it ends, it may be asked for again.
    orThrow(await askForRenewal(at(clerk.actor, '2028-02-20'), clerk.membership.id))
    expect(await items(boss, '2028-02-20')).toHaveLength(1)
  })

  it('两次同时请求，只记一次', async () => {
    const ctx = at(clerk.actor, '2026-12-09')
    const asks = () => askForRenewal(ctx, clerk.membership.id)
    await together(database, [asks, asks])
    expect(
      (await timeline(database.db, 'membership', clerk.membership.id)).filter(({ action }) => action === 'renewal-asked'),
    ).toHaveLength(1)
  })

  it('别人的授权、还早的授权、已终止的授权，请求不了', async () => {
    expect(await askForRenewal(at(manager.actor, late), clerk.membership.id)).toMatchObject({ kind: 'missing' })
    expect(await askForRenewal(at(visitor, late), clerk.membership.id)).toMatchObject({ code: 'SIGN_IN_REQUIRED' })
    expect(await askForRenewal(at(clerk.actor, late), '不是编号')).toMatchObject({ kind: 'missing' })
    expect(await askForRenewal(at(clerk.actor, '2026-11-25'), clerk.membership.id)).toMatchObject({ kind: 'conflict' })
    expect(await askForRenewal(at(boss.actor, late), boss.membership.id)).toMatchObject({ reason: expect.stringContaining('不用续期') })
    orThrow(await endMembership(stage.as(platform), clerk.membership.id, { version: 1 }))
    expect(await askForRenewal(at(clerk.actor, late), clerk.membership.id)).toMatchObject({ reason: expect.stringContaining('已终止') })
  })
})

describe('有几个身份的人', () => {
  it('选定的身份到期或终止后，不会悄悄换成另一个；别人的身份选不中；没有选时用第一个有效的', async () => {
    const second = await stage.organisation('另一家', '330109')
    const personId = clerk.actor.id
    const other = orThrow(
      await grantMembership(stage.as(platform), {
        orgId: second.id,
        personId,
        role: 'enterprise',
        duty: 'clerk',
        scope: ['ledger'],
        startsOn: '2026-01-01',
        endsOn: '2028-01-01',
      }),
    )
    const late = '2027-03-01'
    expect((await standpoint(late, clerk.membership.id)).actor).toMatchObject({
      role: 'visitor',
      lapsed: expect.stringContaining('衡器厂'),
    })
    expect((await standpoint(late, other.id)).actor.org_id).toBe(second.id)
    expect((await standpoint(late)).actor.org_id).toBe(second.id)
    expect((await standpoint(late, boss.membership.id)).actor.org_id).toBe(second.id)
    expect((await standpoint(late, '; drop table')).actor.org_id).toBe(second.id)
    orThrow(await endMembership(stage.as(platform), other.id, { version: 1 }))
    expect((await standpoint('2026-12-01', other.id)).actor).toMatchObject({ role: 'visitor', lapsed: expect.stringContaining('已终止') })
    expect((await standpoint('2026-12-01')).actor.org_id).toBe(org.id)
  })

  it('从没有过授权的人被告知自己的个人编号，没有登记人员的账号也说得明白', async () => {
    const userId = `user-${org.id}`
    orThrow(await createPerson(stage.as(platform), { name: '示例·新人', userId }))
    const { actor, person } = await standpointOf(stage.as(visitor), userId)
    expect(actor).toMatchObject({ role: 'visitor', lapsed: expect.stringContaining(person!.number) })
    expect((await standpointOf(stage.as(visitor), 'nobody')).actor).toMatchObject({ id: '', lapsed: expect.stringContaining('平台管理员') })
  })
})
