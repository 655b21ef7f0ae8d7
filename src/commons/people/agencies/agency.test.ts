import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { platform, sayActor, visitor } from '../../../core/access.ts'
import { isRefusal } from '../../../core/refusal.ts'
import type { Database } from '../../../platform/db.server.ts'
import { timeline } from '../../../platform/events.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import { delegate, endMembership, grantMembership, recordFact } from '../commands.server.ts'
import { allScopes, personNumber, type Organisation } from '../model.ts'
import { listMemberships } from '../queries.server.ts'
import { missingScope } from '../scope.server.ts'
import { actorsOf, standpointOf, type Seat } from '../seats.server.ts'
import { monday, orThrow, stageOf, together, type Seated, type Stage } from '../test-stage.server.ts'
import { consentToAgency, renewAgency, resignAgency, revokeAgency, type ConsentInput } from './commands.server.ts'
import type { Agency } from './model.ts'
import { doneUnder, findAgency, listAgencies } from './queries.server.ts'
import { consentForm } from './schema.ts'

let database: Database
let stage: Stage
let institute: Organisation
let org: Organisation
let boss: Seated
let clerk: Seated
let steward: Seated
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  stage = stageOf(database)
  institute = await stage.organisation('市计量检测院', '330100', 'metrology-institution')
})
afterAll(() => database.close())
beforeEach(async () => {
  org = await stage.organisation('衡器厂', '330109')
  boss = await stage.seat(org, '钱法人', 'legal-representative')
  clerk = await stage.seat(org, '郑经办', 'clerk', { scope: ['ledger', 'policy'], endsOn: '2027-06-30' })
  steward = await stage.seat(institute, `许工${org.id}`, 'staff', { scope: [], role: 'steward' })
})

const asked = (over: Partial<ConsentInput> = {}): ConsentInput => ({
  personNumber: personNumber(steward.actor.id),
  personName: steward.actor.name,
  scope: ['ledger', 'policy'],
  purpose: '帮助建立台账',
  endsOn: '2027-03-31',
  ...over,
})
const consent = async (over: Partial<ConsentInput> = {}): Promise<Agency> =>
  orThrow(await consentToAgency(stage.as(boss.actor), asked(over)))
const agentSeat = async (now = monday): Promise<Seat | undefined> =>
  (await actorsOf(stage.as(visitor, now), steward.userId)).find(({ agency }) => agency?.orgId === org.id)

describe('同意代办', () => {
  it('代办人多一个“代某企业”的身份，他办的每件事都写明代谁', async () => {
    const agency = await consent()
    const seat = await agentSeat()
    expect(seat).toMatchObject({
      id: agency.id,
      duty: '代办',
      expired: false,
      actor: {
        id: steward.actor.id,
        role: 'enterprise',
        org_id: org.id,
        org_name: '示例·衡器厂',
        agent: { orgName: '示例·市计量检测院', agencyId: agency.id },
      },
    })
    orThrow(
      await recordFact(stage.as(seat!.actor), { orgId: org.id, fact: 'employees', value: 42, source: '企业填报', asOf: '2026-11-23' }),
    )
    const event = (await timeline(database.db, 'profile', org.id)).at(-1)!
    expect(event).toMatchObject({ actor_id: steward.actor.id, on_behalf: '示例·衡器厂' })
    expect(sayActor(event)).toBe(`${steward.actor.name}（示例·市计量检测院）代 示例·衡器厂`)
    const done = (await doneUnder(stage.as(boss.actor), [agency])).get(agency.id)!
    expect(done).toMatchObject({ counts: [{ subject: 'profile', n: 1 }], latest: [{ subject: 'profile', action: 'changed' }] })
    expect((await timeline(database.db, 'agency', agency.id)).map((each) => [each.action, each.on_behalf])).toEqual([['consented', null]])
  })

  it.each<[string, Partial<ConsentInput>, string]>([
    ['编号和姓名不符', { personName: '示例·旁人' }, '个人编号'],
    ['超过一年', { endsOn: '2027-11-24' }, '最长一年'],
    ['倒签日期', { startsOn: '2026-11-22' }, '倒签'],
    ['没有范围', { scope: [] }, '第一百六十五条'],
  ])('%s就不生效', async (_, over, said) => {
    const answer = await consentToAgency(stage.as(boss.actor), asked(over))
    expect(isRefusal(answer) && `${answer.reason}${JSON.stringify(answer.fields)}`).toContain(said)
    expect(await listAgencies(stage.as(boss.actor))).toEqual([])
  })

  it('人员和费用在表单里就选不到，也不能不勾同意', () => {
    for (const scope of ['people', 'money']) expect(consentForm.safeParse({ ...asked(), scope: [scope], agreed: true }).success).toBe(false)
    expect(consentForm.safeParse({ ...asked(), agreed: false }).success).toBe(false)
    expect(consentForm.safeParse({ ...asked(), agreed: 'on' }).success).toBe(true)
  })

  it('监管人员、机构财务、别家企业的人不能做代办人；自己人不用代办', async () => {
    const bureau = await stage.organisation('县局', '330109', 'authority')
    for (const who of [
      await stage.seat(bureau, `沈工${org.id}`, 'staff', { role: 'regulator' }),
      await stage.seat(institute, `小冯${org.id}`, 'staff', { role: 'finance' }),
      await stage.seat(await stage.organisation('别家', '330109'), `李外人${org.id}`, 'manager', { endsOn: '2027-01-01' }),
    ]) {
      const answer = await consentToAgency(
        stage.as(boss.actor),
        asked({ personNumber: personNumber(who.actor.id), personName: who.actor.name }),
      )
      expect(isRefusal(answer) && answer.reason).toContain('代办人须是在职')
    }
    orThrow(
      await delegate(stage.as(boss.actor), {
        personNumber: personNumber(steward.actor.id),
        personName: steward.actor.name,
        duty: 'clerk',
        scope: ['ledger'],
        endsOn: '2027-01-01',
      }),
    )
    expect(await consentToAgency(stage.as(boss.actor), asked())).toMatchObject({ kind: 'conflict' })
  })

  it('经办人、代办人自己、访客和监管人员都不能同意；同一个人只有一份', async () => {
    const agency = await consent()
    const again = asked({ personNumber: personNumber(steward.actor.id) })
    expect(await consentToAgency(stage.as(boss.actor), again)).toMatchObject({ kind: 'conflict' })
    const agent = (await agentSeat())!.actor
    for (const actor of [clerk.actor, agent, visitor, steward.actor, await stage.officer(`市局${org.id}`, '330100')])
      expect(await consentToAgency(stage.as(actor), again)).toMatchObject({ kind: 'forbidden' })
    expect((await listAgencies(stage.as(clerk.actor))).map(({ id }) => id)).toEqual([agency.id])
  })

  it('两位管理员同时同意同一个人，只有一份成立', async () => {
    const consents = () => consentToAgency(stage.as(boss.actor), asked())
    const answers = await together(database, [consents, consents])
    expect(answers.filter(isRefusal)).toMatchObject([{ kind: 'conflict' }])
  })
})

describe('代办的范围', () => {
  it('只能办同意的事；人员与授权、别的代办看不到', async () => {
    const agency = await consent({ scope: ['ledger'] })
    const agent = stage.as((await agentSeat())!.actor)
    expect(await missingScope(agent, 'ledger')).toBeUndefined()
    for (const scope of ['orders', 'policy', 'money', 'people'] as const)
      expect(await missingScope(agent, scope)).toMatchObject({ kind: 'forbidden', code: 'SCOPE_MISSING' })
    expect(await recordFact(agent, { orgId: org.id, fact: 'employees', value: 1, source: '企业填报', asOf: '2026-11-23' })).toMatchObject({
      code: 'SCOPE_MISSING',
    })
    expect(await listMemberships(agent)).toEqual([])
    expect(await endMembership(agent, clerk.membership.id, { version: 1 })).toMatchObject({ kind: 'missing' })
    expect(await listAgencies(agent)).toEqual([])
    expect(await revokeAgency(agent, agency.id, { version: 1 })).toMatchObject({ kind: 'missing' })
  })

  it('同一个人又成了本单位的管理员，坐在代办的位子上也没有管理员的权', async () => {
    const agency = await consent({ scope: ['ledger'] })
    const agent = stage.as((await agentSeat())!.actor)
    orThrow(
      await grantMembership(stage.as(boss.actor), {
        orgId: org.id,
        personId: steward.actor.id,
        role: 'enterprise',
        duty: 'manager',
        scope: allScopes,
        startsOn: '2026-11-23',
        endsOn: '2027-11-01',
      }),
    )
    expect(await missingScope(agent, 'people')).toMatchObject({ code: 'SCOPE_MISSING' })
    const given = { duty: 'clerk', scope: ['ledger'], startsOn: '2026-11-23', endsOn: '2027-01-01', role: 'enterprise' } as const
    const other = await stage.seat(institute, `何工${org.id}`, 'staff', { role: 'steward' })
    expect(await grantMembership(agent, { ...given, orgId: org.id, personId: other.actor.id })).toMatchObject({ kind: 'forbidden' })
    expect(await consentToAgency(agent, asked({ personNumber: personNumber(other.actor.id), personName: other.actor.name }))).toMatchObject(
      { kind: 'forbidden' },
    )
    expect((await findAgency(stage.as(boss.actor), agency.id))?.state).toBe('active')
  })

  it('不能从别家的代办借到身份', async () => {
    const agency = await consent()
    const other = await stage.organisation('另一家', '330109')
    const forged = { ...(await agentSeat())!.actor, org_id: other.id, org_name: other.name, agent: { orgName: '', agencyId: agency.id } }
    expect(await missingScope(stage.as(forged), 'ledger')).toMatchObject({ code: 'SEAT_MISSING' })
  })
})

describe('撤回、辞去、到期', () => {
  it('撤回后，撤回前打开的页面也办不了，身份不会换成别的', async () => {
    const agency = await consent()
    const before = stage.as((await agentSeat())!.actor)
    orThrow(await revokeAgency(stage.as(boss.actor), agency.id, { version: 1 }))
    expect(await missingScope(before, 'ledger')).toMatchObject({ code: 'SEAT_MISSING', reason: expect.stringContaining('撤回') })
    expect(await recordFact(before, { orgId: org.id, fact: 'employees', value: 1, source: '企业填报', asOf: '2026-11-23' })).toMatchObject({
      kind: 'forbidden',
    })
    expect(await agentSeat()).toBeUndefined()
    const standpoint = await standpointOf(stage.as(visitor), steward.userId, agency.id)
    expect(standpoint).toMatchObject({ current: undefined, actor: { role: 'visitor', lapsed: expect.stringContaining('撤回') } })
    expect((await standpointOf(stage.as(visitor), steward.userId)).current?.actor.role).toBe('steward')
    expect(await revokeAgency(stage.as(boss.actor), agency.id, { version: 2 })).toMatchObject({ kind: 'conflict' })
    // A new consent is possible after the old one has ended.
    expect(await consent()).toMatchObject({ state: 'active' })
  })

  it('辞去：只有代办人本人，用自己的身份', async () => {
    const agency = await consent()
    const stranger = await stage.seat(institute, `何工${org.id}`, 'staff', { role: 'steward' })
    expect(await resignAgency(stage.as(stranger.actor), agency.id, { version: 1 })).toMatchObject({ kind: 'missing' })
    expect(await resignAgency(stage.as(boss.actor), agency.id, { version: 1 })).toMatchObject({ kind: 'forbidden' })
    expect(await listAgencies(stage.as(steward.actor))).toMatchObject([{ id: agency.id, orgName: '示例·衡器厂' }])
    orThrow(await resignAgency(stage.as(steward.actor), agency.id, { version: 1 }))
    expect(await agentSeat()).toBeUndefined()
    expect((await timeline(database.db, 'agency', agency.id)).map(({ action }) => action)).toEqual(['consented', 'resigned'])
  })

  it('截止日当天有效，次日失效；续期记下谁同意的', async () => {
    const agency = await consent({ endsOn: '2026-12-31' })
    expect(await agentSeat('2026-12-31T15:59:00.000Z')).toBeDefined()
    const later = '2026-12-31T16:00:00.000Z'
    expect(await agentSeat(later)).toBeUndefined()
    expect((await standpointOf(stage.as(visitor, later), steward.userId, agency.id)).actor.lapsed).toContain('2026-12-31 到期')
    const manager = await stage.seat(org, '孙管理', 'manager', { scope: ['ledger', 'policy', 'people'], endsOn: '2027-06-30' })
    expect(await renewAgency(stage.as(manager.actor, later), agency.id, { endsOn: '2027-07-01', version: 1 })).toMatchObject({
      kind: 'invalid',
    })
    expect(await renewAgency(stage.as(clerk.actor, later), agency.id, { endsOn: '2027-02-01', version: 1 })).toMatchObject({
      kind: 'conflict',
    })
    expect(orThrow(await renewAgency(stage.as(manager.actor, later), agency.id, { endsOn: '2027-06-30', version: 1 }))).toMatchObject({
      endsOn: '2027-06-30',
      consentedByName: '示例·孙管理',
    })
    expect(await agentSeat(later)).toBeDefined()
    expect(await renewAgency(stage.as(boss.actor, later), agency.id, { endsOn: '2027-06-30', version: 1 })).toMatchObject({ code: 'STALE' })
  })

  it('代办人离开原单位，代办随之停止', async () => {
    await consent()
    const before = stage.as((await agentSeat())!.actor)
    orThrow(await endMembership(stage.as(platform), steward.membership.id, { version: 1 }))
    expect(await agentSeat()).toBeUndefined()
    expect(await missingScope(before, 'ledger')).toMatchObject({ reason: expect.stringContaining('任职') })
  })

  it('别家看不到、办不了', async () => {
    const agency = await consent()
    const stranger = await stage.seat(await stage.organisation('别家', '330109'), `李外人${org.id}`, 'legal-representative')
    const city = await stage.officer(`市局${org.id}`, '330100')
    for (const actor of [stranger.actor, city, visitor]) {
      expect(await findAgency(stage.as(actor), agency.id)).toBeUndefined()
      expect(await revokeAgency(stage.as(actor), agency.id, { version: 1 })).toMatchObject({ kind: 'missing' })
      expect(await renewAgency(stage.as(actor), agency.id, { endsOn: '2027-02-01', version: 1 })).toMatchObject({ kind: 'missing' })
    }
    expect(await revokeAgency(stage.as(boss.actor), '不是编号', { version: 1 })).toMatchObject({ kind: 'missing' })
  })

  it('不论同意、撤回、辞去多少次，能不能办总是看最后一次', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('consent', 'revoke', 'resign'), { minLength: 1, maxLength: 8 }), async (steps) => {
        let current: Agency | undefined = (await listAgencies(stage.as(boss.actor))).find(({ state }) => state === 'active')
        for (const step of steps) {
          if (step === 'consent' && !current) current = await consent()
          else if (step === 'revoke' && current)
            current = void orThrow(await revokeAgency(stage.as(boss.actor), current.id, { version: current.version }))
          else if (step === 'resign' && current)
            current = void orThrow(await resignAgency(stage.as(steward.actor), current.id, { version: current.version }))
          const seat = await agentSeat()
          expect(seat?.id).toBe(current?.id)
          if (current) expect(await missingScope(stage.as(seat!.actor), 'ledger')).toBeUndefined()
        }
      }),
      { numRuns: 8 },
    )
  })
})
