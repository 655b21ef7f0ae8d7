import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { platform, visitor } from '../../core/access.ts'
import { isRefusal } from '../../core/refusal.ts'
import type { Database } from '../../platform/db.server.ts'
import { timeline } from '../../platform/events.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { createPerson, delegate, endMembership, grantMembership, renewMembership } from './commands.server.ts'
import { personNumber, type Organisation } from './model.ts'
import { listMemberships } from './queries.server.ts'
import { actorsOf, findPerson } from './seats.server.ts'
import { orThrow, stageOf, type Seated, type Stage } from './test-stage.server.ts'

let database: Database
let stage: Stage
let org: Organisation
let boss: Seated
let manager: Seated
let newcomer: string
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  stage = stageOf(database)
})
afterAll(() => database.close())
beforeEach(async () => {
  org = await stage.organisation('衡器厂', '330109')
  boss = await stage.seat(org, '钱法人', 'legal-representative')
  manager = await stage.seat(org, '孙管理', 'manager', { scope: ['ledger', 'policy', 'people'], endsOn: '2027-06-30' })
  newcomer = orThrow(await createPerson(stage.as(platform), { name: '示例·新人' })).id
})

const clerk = (given: object = {}) => ({
  orgId: org.id,
  personId: newcomer,
  role: 'enterprise' as const,
  duty: 'clerk' as const,
  scope: ['ledger' as const],
  startsOn: '2026-11-23',
  endsOn: '2027-03-31',
  ...given,
})

describe('授权', () => {
  it('管理员在自己的范围和期限内授权经办人，并留下授权人', async () => {
    const given = orThrow(await grantMembership(stage.as(manager.actor), clerk()))
    expect(given).toMatchObject({
      personName: '示例·新人',
      duty: 'clerk',
      scope: ['ledger'],
      endsOn: '2027-03-31',
      grantedByName: '示例·孙管理',
      state: 'active',
    })
    expect((await timeline(database.db, 'membership', given.id)).map(({ action }) => action)).toEqual(['granted'])
  })

  it.each([
    ['自己没有的范围', { scope: ['ledger', 'money'] }, '费用'],
    ['比自己更长的期限', { endsOn: '2027-07-01' }, '2027-06-30'],
    ['没有期限', { endsOn: undefined }, '第一百六十五条'],
    ['与自己同级的职务', { duty: 'manager' }, '由法定代表人授予'],
    ['法定代表人', { duty: 'legal-representative' }, '平台管理员'],
    ['转授权', { scope: ['people'] }, '经办人不能再给他人授权'],
    ['监管人员的身份', { role: 'regulator' }, '身份'],
    ['平台管理员的身份', { role: 'admin' }, '身份'],
    ['写错的日期', { endsOn: '明年' }, '日期'],
  ])('授出的不会多于自己的：%s', async (_, beyond, said) => {
    const answer = await grantMembership(stage.as(manager.actor), clerk(beyond))
    expect(isRefusal(answer) && answer.reason).toContain(said)
    expect((await listMemberships(stage.as(boss.actor))).map(({ personId }) => personId)).not.toContain(newcomer)
  })

  it('经办人不能授权；外单位的法定代表人看不到这家单位', async () => {
    const held = orThrow(await grantMembership(stage.as(manager.actor), clerk()))
    const own = { ...manager.actor, id: held.personId }
    expect(await grantMembership(stage.as(own), clerk())).toMatchObject({ kind: 'forbidden' })
    const stranger = await stage.seat(await stage.organisation('别家', '330109'), '李外人', 'legal-representative')
    expect(await grantMembership(stage.as(stranger.actor), clerk())).toMatchObject({ kind: 'missing' })
  })
})

describe('凭个人编号授权', () => {
  const asked = (given: object = {}) => ({
    personNumber: personNumber(newcomer),
    personName: '示例·新人',
    duty: 'clerk' as const,
    scope: ['ledger' as const],
    endsOn: '2027-03-31',
    ...given,
  })

  it('编号和姓名都对才授得出，从今天起生效，被授权的人马上有身份', async () => {
    const userId = `user-${newcomer}`
    const { id } = orThrow(await createPerson(stage.as(platform), { name: '示例·新人', userId }))
    expect(await findPerson(stage.as(visitor), userId)).toEqual({ id, name: '示例·新人', number: personNumber(id) })
    const given = orThrow(await delegate(stage.as(manager.actor), asked({ personNumber: personNumber(id).toUpperCase() })))
    expect(given).toMatchObject({ personId: id, orgId: org.id, role: 'enterprise', startsOn: '2026-11-23', endsOn: '2027-03-31' })
    expect(await actorsOf(stage.as(visitor), userId)).toMatchObject([{ expired: false, actor: { role: 'enterprise', org_id: org.id } }])
  })

  it.each([
    ['编号抄错', { personNumber: '0000-0000-0000' }],
    ['编号不成样子', { personNumber: '%' }],
    ['姓名不符', { personName: '示例·旁人' }],
  ])('%s就不授，也不说出别人的姓名', async (_, wrong) => {
    const answer = await delegate(stage.as(manager.actor), asked(wrong))
    expect(answer).toMatchObject({ kind: 'invalid', fields: { personNumber: expect.stringContaining('个人编号') } })
    expect(JSON.stringify(answer)).not.toContain('新人')
  })

  it('同一个人不授第二份；到期后可以重新授权；访客和别的身份办不了', async () => {
    orThrow(await delegate(stage.as(manager.actor), asked()))
    expect(await delegate(stage.as(boss.actor), asked({ duty: 'manager', scope: ['orders'] }))).toMatchObject({
      kind: 'conflict',
      reason: expect.stringContaining('已经是本单位的经办人'),
    })
    orThrow(await delegate(stage.as(boss.actor, '2027-04-01T01:00:00.000Z'), asked({ endsOn: '2028-03-31' })))
    expect(await delegate(stage.as(visitor), asked())).toMatchObject({ kind: 'missing' })
    expect(await delegate(stage.as(await stage.officer('县局', '330109')), asked())).toMatchObject({ kind: 'forbidden' })
  })
})

describe('到期与续期', () => {
  const later = '2027-07-01T01:00:00.000Z'
  const clock = (seat: Seated, now = later) => stage.as(seat.actor, now)

  it('截止日当天仍有效，次日到期，并说明谁可以续期', async () => {
    const [last] = await actorsOf(stage.as(platform, '2027-06-30T15:59:00.000Z'), manager.userId)
    expect(last).toMatchObject({ expired: false, renewers: '' })
    const [seat] = await actorsOf(stage.as(platform, '2027-06-30T16:00:00.000Z'), manager.userId)
    expect(seat).toMatchObject({
      expired: true,
      renewers: '示例·钱法人（法定代表人）',
      actor: { org_name: '示例·衡器厂', role: 'enterprise' },
    })
  })

  it('可以续期的人不含同级、经办人、到期的和没有那项范围的同事', async () => {
    const second = await stage.seat(org, '赵二管', 'manager', { scope: ['ledger', 'people'], endsOn: '2028-06-30' })
    const third = await stage.seat(org, '何三管', 'manager', { scope: ['policy', 'people'], endsOn: '2028-06-30' })
    const held = await stage.seat(org, '蒋经办', 'clerk', { scope: ['ledger'], endsOn: '2027-05-31' })
    await stage.seat(org, '沈经办', 'clerk', { scope: ['ledger'], endsOn: '2028-06-30' })
    const renewers = async (seat: Seated) => (await actorsOf(stage.as(platform, later), seat.userId))[0]!.renewers
    expect(await renewers(held)).toBe('示例·钱法人（法定代表人）、示例·赵二管（管理员）')
    expect(await renewers(manager)).toBe('示例·钱法人（法定代表人）')
    const answer = await renewMembership(stage.as(third.actor, later), held.membership.id, { endsOn: '2028-01-01', version: 1 })
    expect(isRefusal(answer) && answer.reason).toContain('台账')
    orThrow(await renewMembership(stage.as(second.actor, later), held.membership.id, { endsOn: '2028-01-01', version: 1 }))
  })

  it('还没有开始的授权和已终止的授权不是身份', async () => {
    const early = await stage.seat(org, '周未来', 'clerk', { startsOn: '2026-11-24', endsOn: '2027-01-01' })
    expect(await actorsOf(stage.as(platform), early.userId)).toEqual([])
    orThrow(await endMembership(stage.as(boss.actor), manager.membership.id, { version: 1 }))
    expect(await actorsOf(stage.as(platform), manager.userId)).toEqual([])
  })

  it('法定代表人续期后恢复有效', async () => {
    orThrow(await renewMembership(clock(boss), manager.membership.id, { endsOn: '2028-06-30', version: 1 }))
    expect(await actorsOf(clock(boss), manager.userId)).toMatchObject([
      { expired: false, membership: { endsOn: '2028-06-30', version: 2 } },
    ])
    expect((await timeline(database.db, 'membership', manager.membership.id)).at(-1)).toMatchObject({
      action: 'renewed',
      detail: { before: '2027-06-30', after: '2028-06-30' },
    })
  })

  it.each([
    ['过去的日期', '2027-06-30', '已经过去'],
    ['不是日期', '下个月', '日期'],
    ['空白', '', '截止日期'],
  ])('续期的截止日期不能是%s，平台管理员也一样', async (_, endsOn, said) => {
    for (const ctx of [clock(boss), stage.as(platform, later)]) {
      const answer = await renewMembership(ctx, manager.membership.id, { endsOn, version: 1 })
      expect(isRefusal(answer) && answer.reason).toContain(said)
    }
  })

  it('本单位没有人能续期时，平台管理员确实能续期', async () => {
    const alone = await stage.organisation('独户', '330109')
    const only = await stage.seat(alone, '吴独户', 'legal-representative', { endsOn: '2027-06-30' })
    expect(await actorsOf(stage.as(platform, later), only.userId)).toMatchObject([{ expired: true, renewers: '平台管理员' }])
    orThrow(await renewMembership(stage.as(platform, later), only.membership.id, { endsOn: '2028-06-30', version: 1 }))
    expect(await actorsOf(stage.as(platform, later), only.userId)).toMatchObject([{ expired: false }])
  })

  it('不能给自己续期，外单位办不了，旧页面提交会被告知', async () => {
    expect(await renewMembership(stage.as(manager.actor), manager.membership.id, { endsOn: '2028-06-30', version: 1 })).toMatchObject({
      kind: 'conflict',
    })
    const stranger = await stage.seat(await stage.organisation('别家', '330109'), '李外人', 'legal-representative')
    expect(await renewMembership(stage.as(stranger.actor), manager.membership.id, { endsOn: '2028-06-30', version: 1 })).toMatchObject({
      kind: 'missing',
    })
    orThrow(await renewMembership(stage.as(boss.actor), manager.membership.id, { endsOn: '2028-06-30', version: 1 }))
    expect(await renewMembership(stage.as(boss.actor), manager.membership.id, { endsOn: '2029-06-30', version: 1 })).toMatchObject({
      kind: 'conflict',
    })
  })

  it('终止后立即失效，不能再续期', async () => {
    orThrow(await endMembership(stage.as(boss.actor), manager.membership.id, { version: 1 }))
    expect(await renewMembership(stage.as(boss.actor), manager.membership.id, { endsOn: '2028-06-30', version: 2 })).toMatchObject({
      kind: 'conflict',
    })
    expect(await grantMembership(stage.as(manager.actor), clerk())).toMatchObject({ kind: 'forbidden' })
  })
})
