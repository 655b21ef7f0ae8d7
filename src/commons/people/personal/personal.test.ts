import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { platform, visitor, type Actor } from '../../../core/access.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { inTx, type Database } from '../../../platform/db.server.ts'
import { announce, timeline } from '../../../platform/events.server.ts'
import { sealing } from '../../../platform/sealed.server.ts'
import { sessionsOf, type Sessions } from '../../../platform/sessions.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import { consentToAgency } from '../agencies/commands.server.ts'
import { createPerson, delegate, grantMembership, recordFact } from '../commands.server.ts'
import { allScopes, personNumber, type Organisation } from '../model.ts'
import { membershipsOf } from '../queries.server.ts'
import { missingScope } from '../scope.server.ts'
import { actorsOf, standpointOf } from '../seats.server.ts'
import { monday, orThrow, stageOf, together, type Seated, type Stage } from '../test-stage.server.ts'
import { correctMyself, eraseMyself, setConsent } from './commands.server.ts'
import { consentOf, contactsOf } from './contacts.server.ts'
import { purposes, type Purpose } from './model.ts'
import { asSelf, ownData } from './queries.server.ts'

const secret = '测试用的密钥'.repeat(8)
const phone = '13812345678'
const email = 'chen@example.com'
let database: Database
let stage: Stage
let sessions: Sessions
let org: Organisation
let boss: Seated
let chen: { actor: Actor; userId: string; login: string }
let nth = 0
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  stage = stageOf(database)
  sealing({ secret })
  sessions = sessionsOf({ secret, publicUrl: 'http://localhost', demo: true }, database)
})
afterAll(() => database.close())
beforeEach(async () => {
  org = await stage.organisation('衡器厂', '330109')
  boss = await stage.seat(org, '钱法人', 'legal-representative')
  const login = `chen-${nth++}`
  const userId = await sessions.createAccount(login, '示例·小陈', 'hengqi-test')
  const { id } = orThrow(await createPerson(stage.as(platform), { name: '示例·小陈', userId }))
  orThrow(
    await grantMembership(stage.as(platform), {
      orgId: org.id,
      personId: id,
      role: 'enterprise',
      duty: 'manager',
      scope: allScopes,
      startsOn: '2026-01-01',
      endsOn: '2027-06-30',
    }),
  )
  chen = { login, userId, actor: { id, name: '示例·小陈', role: 'enterprise', org_id: org.id, org_name: org.name, region: org.region } }
})

const mine = async (actor = chen.actor) => {
  const who = await asSelf(stage.as(actor))
  return isRefusal(who) ? who : ownData(stage.as(actor), who.row)
}
const signIn = (login: string) =>
  sessions.signIn(new Request('http://localhost/sign-in', { method: 'POST' }), { login, password: 'hengqi-test' })
/** What a browser would send after signing in. */
const signedIn = async (login: string): Promise<() => Request> => {
  const answer = orThrow(await signIn(login))
  const cookie = answer
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
  return () => new Request('http://localhost/desk', { headers: { cookie } })
}

describe('我的个人信息', () => {
  it('有姓名、编号、用户名、登录、授权、代办、同意和办过的事；没有身份的人也看得到自己的', async () => {
    await signedIn(chen.login)
    orThrow(await recordFact(stage.as(chen.actor), { orgId: org.id, fact: 'employees', value: 3, source: '企业填报', asOf: '2026-11-23' }))
    const held = orThrow(await mine())
    expect(held).toMatchObject({
      person: { name: '示例·小陈', number: personNumber(chen.actor.id), version: 1 },
      account: { login: chen.login, sessions: [{}] },
      memberships: [{ org: '示例·衡器厂', duty: '管理员', endsOn: '2027-06-30', state: 'active' }],
      agencies: [],
      consents: [
        { purpose: 'contact-colleagues', given: false },
        { purpose: 'contact-agency', given: false },
      ],
      activity: [{ subject: 'profile', action: 'changed', n: 1 }],
    })
    expect(held.person).not.toHaveProperty('phone')
    expect(orThrow(await mine({ ...visitor, id: chen.actor.id, name: '示例·小陈', lapsed: '到期' })).person.id).toBe(chen.actor.id)
    expect(await mine(visitor)).toMatchObject({ kind: 'forbidden', code: 'SIGN_IN_REQUIRED' })
  })

  it('只有自己的：同意过的代办两边都看得到，别人的一项也没有', async () => {
    const institute = await stage.organisation('检测院', '330100', 'metrology-institution')
    const steward = await stage.seat(institute, `许工${org.id}`, 'staff', { scope: [], role: 'steward' })
    orThrow(
      await consentToAgency(stage.as(chen.actor), {
        personNumber: personNumber(steward.actor.id),
        personName: steward.actor.name,
        scope: ['ledger'],
        purpose: '建台账',
        endsOn: '2027-03-31',
      }),
    )
    expect(orThrow(await mine()).agencies).toMatchObject([{ side: 'consenter', org: '示例·衡器厂', agent: steward.actor.name }])
    expect(orThrow(await mine(steward.actor)).agencies).toMatchObject([{ side: 'agent', org: '示例·衡器厂' }])
    expect(orThrow(await mine(boss.actor)).agencies).toEqual([])
  })
})

describe('更正', () => {
  it('手机号和邮箱加密保存，事件里只说改了哪一项', async () => {
    orThrow(await correctMyself(stage.as(chen.actor), { phone: '138 1234 5678', email: 'Chen@example.com', version: 1 }))
    expect(orThrow(await mine()).person).toMatchObject({ phone, email, version: 2, name: '示例·小陈' })
    const { rows } = await sql<{ text: string }>`
      select p::text as text from persons p union all select e::text from events e union all select c::text from consents c`.execute(
      database.db,
    )
    for (const { text } of rows) {
      expect(text).not.toContain(phone)
      expect(text).not.toContain(email)
    }
    expect((await timeline(database.db, 'person', chen.actor.id)).map(({ action, detail }) => [action, detail])).toEqual([
      ['contact-changed', { fields: ['phone', 'email'] }],
    ])
    orThrow(await correctMyself(stage.as(chen.actor), { phone: null, version: 2 }))
    expect(orThrow(await mine()).person).not.toHaveProperty('phone')
    expect(orThrow(await mine()).person.email).toBe(email)
  })

  it('改名会公布，登录的姓名一起改，以前的记录还是当时的姓名', async () => {
    orThrow(await recordFact(stage.as(chen.actor), { orgId: org.id, fact: 'employees', value: 3, source: '企业填报', asOf: '2026-11-23' }))
    orThrow(await correctMyself(stage.as(chen.actor), { name: '示例·陈 新', version: 1 }))
    const request = await signedIn(chen.login)
    expect(await sessions.sessionUser(request())).toMatchObject({ name: '示例·陈 新' })
    expect((await standpointOf(stage.as(visitor), chen.userId)).actor.name).toBe('示例·陈 新')
    expect((await timeline(database.db, 'profile', org.id))[0]).toMatchObject({ actor_name: '示例·小陈' })
    expect(await timeline(database.db, 'person', chen.actor.id)).toMatchObject([
      { action: 'renamed', actor_name: '示例·小陈', detail: { before: '示例·小陈', after: '示例·陈 新' } },
    ])
  })

  it('填错的逐项说明，一项错就都不改；旧页面提交会被告知', async () => {
    const answer = await correctMyself(stage.as(chen.actor), { name: '<b>', phone: '110', email: '不是', version: 1 })
    expect(answer).toMatchObject({
      kind: 'invalid',
      fields: { name: expect.any(String), phone: expect.any(String), email: expect.any(String) },
    })
    expect(orThrow(await mine()).person).toMatchObject({ name: '示例·小陈', version: 1 })
    orThrow(await correctMyself(stage.as(chen.actor), { phone, version: 1 }))
    expect(await correctMyself(stage.as(chen.actor), { phone, version: 1 })).toMatchObject({ code: 'STALE' })
    expect(await correctMyself(stage.as(visitor), { phone, version: 1 })).toMatchObject({ code: 'SIGN_IN_REQUIRED' })
  })

  it('代办的身份改的也是自己的，不记在企业名下', async () => {
    const agent: Actor = { ...chen.actor, name: '示例·小陈（示例·检测院）', agent: { orgName: '示例·检测院', agencyId: 'x' } }
    orThrow(await correctMyself(stage.as(agent), { phone, version: 1 }))
    expect((await timeline(database.db, 'person', chen.actor.id))[0]).toMatchObject({
      actor_name: '示例·小陈',
      on_behalf: null,
      org_id: null,
    })
  })
})

describe('同意和撤回', () => {
  it('没同意时谁也看不到；同意后看得到；撤回立即看不到，并留下记录', async () => {
    orThrow(await correctMyself(stage.as(chen.actor), { phone, version: 1 }))
    const seen = () => contactsOf(stage.as(boss.actor), [chen.actor.id], 'contact-colleagues')
    expect(await seen()).toEqual(new Map())
    orThrow(await setConsent(stage.as(chen.actor), 'contact-colleagues', true))
    expect(await seen()).toEqual(new Map([[chen.actor.id, { phone }]]))
    expect(await contactsOf(stage.as(boss.actor), [chen.actor.id], 'contact-agency')).toEqual(new Map())
    orThrow(await setConsent(stage.as(chen.actor), 'contact-colleagues', false))
    expect(await seen()).toEqual(new Map())
    expect((await timeline(database.db, 'person', chen.actor.id)).map(({ action }) => action)).toEqual([
      'contact-changed',
      'consent-given',
      'consent-withdrawn',
    ])
    expect(await setConsent(stage.as(chen.actor), 'anything', true)).toMatchObject({ kind: 'missing' })
    expect(await setConsent(stage.as(visitor), 'contact-colleagues', true)).toMatchObject({ code: 'SIGN_IN_REQUIRED' })
  })

  it('不论同意、撤回多少次、按什么顺序，看不看得到总是看最后一次；重复的不再记', async () => {
    orThrow(await correctMyself(stage.as(chen.actor), { phone, version: 1 }))
    const list = Object.keys(purposes) as Purpose[]
    const state = new Map<Purpose, boolean>()
    let changes = 0
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom(...list), fc.boolean()), { minLength: 1, maxLength: 10 }), async (steps) => {
        for (const [purpose, given] of steps) {
          if ((state.get(purpose) ?? null) !== given) changes++
          state.set(purpose, given)
          orThrow(await setConsent(stage.as(chen.actor), purpose, given))
          for (const each of list) {
            const expected = state.get(each) ?? false
            expect(await consentOf(stage.as(boss.actor), chen.actor.id, each)).toBe(expected)
            expect((await contactsOf(stage.as(boss.actor), [chen.actor.id], each)).has(chen.actor.id)).toBe(expected)
          }
        }
      }),
      { numRuns: 15 },
    )
    const told = (await timeline(database.db, 'person', chen.actor.id)).filter(({ action }) => action.startsWith('consent'))
    expect(told).toHaveLength(changes)
  })
})

describe('删除', () => {
  it('立即生效：登录、口令、联系方式、同意没了，授权终止，再也登录不了；记录上还是当时的姓名', async () => {
    orThrow(await correctMyself(stage.as(chen.actor), { phone, email, version: 1 }))
    orThrow(await setConsent(stage.as(chen.actor), 'contact-colleagues', true))
    const [here, elsewhere] = [await signedIn(chen.login), await signedIn(chen.login)]
    orThrow(await recordFact(stage.as(chen.actor), { orgId: org.id, fact: 'employees', value: 3, source: '企业填报', asOf: '2026-11-23' }))
    expect(await eraseMyself(stage.as(chen.actor), { name: '示例·小王' })).toMatchObject({ kind: 'invalid' })
    expect(await sessions.sessionUser(here())).toBeDefined()

    orThrow(await eraseMyself(stage.as(chen.actor), { name: ' 示例·小陈 ' }))
    for (const request of [here, elsewhere]) expect(await sessions.sessionUser(request())).toBeUndefined()
    expect(await signIn(chen.login)).toMatchObject({ kind: 'invalid' })
    expect(await sessions.signInAs(new Request('http://localhost/demo'), chen.login)).toMatchObject({ kind: 'missing' })
    expect(await actorsOf(stage.as(visitor), chen.userId)).toEqual([])
    const person = await database.db.selectFrom('persons').selectAll().where('id', '=', chen.actor.id).executeTakeFirstOrThrow()
    expect(person).toMatchObject({ user_id: null, phone: null, email: null, erased_at: monday, name: '示例·小陈' })
    const left = await sql<{ n: bigint }>`select (select count(*) from consents where person_id = ${chen.actor.id})
      + (select count(*) from auth_session where user_id = ${chen.userId}) + (select count(*) from auth_account where user_id = ${chen.userId})
      + (select count(*) from auth_user where id = ${chen.userId}) as n`.execute(database.db)
    expect(left.rows[0]!.n).toBe(0n)
    const membership = (await membershipsOf(stage.as(platform), org.province, org.id)).find(({ personId }) => personId === chen.actor.id)
    expect(membership).toMatchObject({ state: 'ended', personName: '示例·小陈' })
    expect((await timeline(database.db, 'profile', org.id))[0]).toMatchObject({ actor_name: '示例·小陈' })
    expect((await timeline(database.db, 'person', chen.actor.id)).at(-1)).toMatchObject({ action: 'erased', detail: {} })
    // A request that was on its way meanwhile comes too late.
    await expect(
      inTx(stage.as(chen.actor), (tx) =>
        announce(tx, { subject: 'thing', subjectId: chen.actor.id, action: 'done', province: '33', region: '330110' }),
      ),
    ).rejects.toThrow('has been erased')
  })

  it('删除后，删除前打开的页面什么也办不了，别人也不能再授权给这个编号', async () => {
    orThrow(await eraseMyself(stage.as(chen.actor), { name: '示例·小陈' }))
    const before = stage.as(chen.actor)
    expect(await missingScope(before, 'ledger')).toMatchObject({ code: 'SEAT_MISSING' })
    expect(await recordFact(before, { orgId: org.id, fact: 'employees', value: 3, source: '企业填报', asOf: '2026-11-23' })).toMatchObject({
      kind: 'forbidden',
    })
    for (const answer of [
      await correctMyself(before, { phone, version: 2 }),
      await setConsent(before, 'contact-agency', true),
      await eraseMyself(before, { name: '示例·小陈' }),
      await mine(),
    ])
      expect(answer).toMatchObject({ code: 'SIGN_IN_REQUIRED' })
    const given = { personNumber: personNumber(chen.actor.id), personName: '示例·小陈', duty: 'clerk', scope: ['ledger'] } as const
    expect(await delegate(stage.as(boss.actor), { ...given, endsOn: '2027-01-01' })).toMatchObject({ kind: 'invalid' })
  })

  it('唯一的法定代表人要先有人接任；有两位时可以，同时要走也总留下一位', async () => {
    const alone = await eraseMyself(stage.as(boss.actor), { name: boss.actor.name })
    expect(alone).toMatchObject({ kind: 'conflict', code: 'ONLY_LEGAL_REPRESENTATIVE', reason: expect.stringContaining('衡器厂') })
    const second = await stage.seat(org, '吴法人', 'legal-representative')
    const leave = ({ actor }: Seated) => eraseMyself(stage.as(actor), { name: actor.name })
    const answers = await together(database, [() => leave(boss), () => leave(second)])
    expect(answers.filter(isRefusal)).toHaveLength(1)
    const left = (await membershipsOf(stage.as(platform), org.province, org.id)).filter(
      ({ duty, state }) => duty === 'legal-representative' && state === 'active',
    )
    expect(left).toHaveLength(1)
  })

  it('到期的人也能删除；代办人走了，代办随之辞去，留下姓名', async () => {
    const institute = await stage.organisation('检测院', '330100', 'metrology-institution')
    const steward = await stage.seat(institute, `许工${org.id}`, 'staff', { scope: [], role: 'steward' })
    const agency = orThrow(
      await consentToAgency(stage.as(boss.actor), {
        personNumber: personNumber(steward.actor.id),
        personName: steward.actor.name,
        scope: ['ledger'],
        purpose: '建台账',
        endsOn: '2027-03-31',
      }),
    )
    orThrow(await eraseMyself(stage.as(steward.actor), { name: steward.actor.name }))
    expect((await timeline(database.db, 'agency', agency.id)).at(-1)).toMatchObject({ action: 'resigned', actor_name: steward.actor.name })
    const late = '2027-09-01T01:00:00.000Z'
    const self: Actor = { ...visitor, id: chen.actor.id, name: '示例·小陈', lapsed: '到期' }
    orThrow(await eraseMyself(stage.as(self, late), { name: '示例·小陈' }))
  })
})
