import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { platform, visitor, type Actor } from '../../core/access.ts'
import { isRefusal } from '../../core/refusal.ts'
import { makeDemoUscc } from '../../core/uscc.ts'
import type { Ctx, Database } from '../../platform/db.server.ts'
import { timeline } from '../../platform/events.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { createOrganisation, createPerson, recordFact, recordFacts } from './commands.server.ts'
import type { Organisation, Profile } from './model.ts'
import { derive } from './profile-rules.ts'
import { findOrganisation, listOrganisations, listProfilesForMatching, profileOf } from './queries.server.ts'
import { orThrow, stageOf, type Seated, type Stage } from './test-stage.server.ts'

let database: Database
let stage: Stage
let org: Organisation
let clerk: Seated
let city: Actor
let elsewhere: Actor
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  stage = stageOf(database)
  city = await stage.officer('杭州局', '330100')
  elsewhere = await stage.officer('宁波局', '330200')
})
afterAll(() => database.close())
beforeEach(async () => {
  org = await stage.organisation('仪表厂', '330109')
  clerk = await stage.seat(org, '郑经办', 'clerk', { scope: ['policy'], endsOn: '2027-12-31' })
})

const record = (ctx: Ctx, fact: string, value: unknown, asOf = '2026-11-23') =>
  recordFact(ctx, { orgId: org.id, fact, value, source: '企业填报', asOf })
const profile = async (ctx = stage.as(clerk.actor)): Promise<Profile> => (await profileOf(ctx, org.id))!
const changes = async () => (await timeline(database.db, 'profile', org.id)).map(({ action, detail }) => ({ action, detail }))

describe('企业信息', () => {
  it('未知与已知没有是两回事：没有记录不等于空集、否和零', async () => {
    const before = (await profile()).facts
    for (const fact of ['qualifications', 'instruments', 'hardship', 'employees'] as const) expect(fact in before).toBe(false)
    for (const [fact, value] of [
      ['qualifications', []],
      ['instruments', {}],
      ['hardship', false],
      ['employees', 0],
      ['park', 'none'],
    ] as const) {
      expect(orThrow(await record(stage.as(clerk.actor), fact, value))).toEqual([fact])
    }
    expect((await profile()).facts).toMatchObject({ qualifications: [], instruments: {}, hardship: false, employees: 0, park: 'none' })
    expect(orThrow(await record(stage.as(clerk.actor), 'hardship', null))).toEqual(['hardship'])
    expect('hardship' in (await profile()).facts).toBe(false)
  })

  it('值没有变只更新数据日期，不产生变更事件', async () => {
    orThrow(await record(stage.as(clerk.actor), 'qualifications', ['cnas', 'cma'], '2025-01-01'))
    expect(await profile()).toMatchObject({ stale: ['qualifications'] })
    expect(orThrow(await record(stage.as(clerk.actor), 'qualifications', ['cma', 'cnas', 'cma'], '2026-11-20'))).toEqual([])
    expect(await changes()).toHaveLength(1)
    expect(await profile()).toMatchObject({
      stale: [],
      stored: [{ fact: 'qualifications', asOf: '2026-11-20', confirmedByName: '示例·郑经办' }],
    })
    expect(orThrow(await record(stage.as(clerk.actor), 'qualifications', null))).toEqual(['qualifications'])
    expect(orThrow(await record(stage.as(clerk.actor), 'qualifications', null))).toEqual([])
    expect(await changes()).toHaveLength(2)
  })

  it('一次更新几项是一个事件，写明每项的前后', async () => {
    orThrow(await record(stage.as(clerk.actor), 'employees', 30))
    const given = [
      { fact: 'employees', value: 35 },
      { fact: 'revenue', value: 800 },
      { fact: 'hardship', value: true },
    ]
    expect(orThrow(await recordFacts(stage.as(clerk.actor), org.id, given, { source: '企业填报', asOf: '2026-11-23' }))).toEqual([
      'employees',
      'revenue',
      'hardship',
    ])
    const all = await changes()
    expect(all.map(({ action }) => action)).toEqual(['changed', 'changed'])
    expect(all[1]!.detail).toMatchObject({
      facts: [
        { fact: 'employees', before: 30, after: 35 },
        { fact: 'revenue', before: null, after: 800 },
        { fact: 'hardship', before: null, after: true },
      ],
    })
  })

  it('有一项不对就一项也不存', async () => {
    const answer = await recordFacts(
      stage.as(clerk.actor),
      org.id,
      [
        { fact: 'employees', value: 35 },
        { fact: 'revenue', value: -1 },
      ],
      { source: '企业填报', asOf: '2026-11-23' },
    )
    expect(answer).toMatchObject({ kind: 'invalid', fields: { revenue: expect.stringContaining('不能小于 0') } })
    expect((await profile()).stored).toEqual([])
    expect(await changes()).toEqual([])
  })

  it.each([
    ['employees', '35'],
    ['employees', 3.5],
    ['employees', Number.NaN],
    ['revenue', -1],
    ['hardship', '是'],
    ['hardship', 0],
    ['registeredOn', '2026-02-30'],
    ['registeredOn', '去年'],
    ['qualifications', 'cnas'],
    ['qualifications', ['没有的资质']],
    ['qualifications', ['constructor']],
    ['subjectKind', 'toString'],
    ['subjectKind', 'individual'],
    ['industry', 'Z99'],
    ['park', '没有的园区'],
    ['region', '340100'],
    ['region', '999998'],
    ['instruments', ['scale']],
    ['instruments', { 没有的器具: 1 }],
    ['instruments', { scale: -1 }],
    ['size', 'micro'],
    ['size', null],
    ['acceptedOn', '2026-01-01'],
    ['没有的信息', 1],
    ['没有的信息', null],
    ['constructor', 1],
  ])('%s 不收 %j', async (fact, value) => {
    const answer = await record(stage.as(clerk.actor), fact, value)
    expect(answer).toMatchObject({ kind: 'invalid', reason: expect.stringMatching(/[\u4e00-\u9fff]/) })
    expect((await profile()).stored).toEqual([])
  })

  it.each([
    ['2026-11-24', '晚于今天'],
    ['昨天', '年-月-日'],
    ['2026-02-30', '年-月-日'],
    ['', '年-月-日'],
  ])('数据日期不收 %s', async (asOf, said) => {
    const answer = await record(stage.as(clerk.actor), 'employees', 35, asOf)
    expect(isRefusal(answer) && answer.reason).toContain(said)
  })

  it('超过十二个月的提示确认，成立日期不会过时', async () => {
    orThrow(await record(stage.as(clerk.actor), 'employees', 35, '2025-11-22'))
    orThrow(await record(stage.as(clerk.actor), 'revenue', 35, '2025-11-23'))
    orThrow(await record(stage.as(clerk.actor), 'registeredOn', '2001-01-01', '2001-01-01'))
    expect((await profile()).stale).toEqual(['employees'])
  })

  it('规模由从业人员、营业收入、资产总额算出，缺什么问什么', async () => {
    const manufacturing = [
      { fact: 'subjectKind', value: 'enterprise' },
      { fact: 'industry', value: 'C40' },
      { fact: 'employees', value: 35 },
    ]
    orThrow(await recordFacts(stage.as(clerk.actor), org.id, manufacturing, { source: '企业填报', asOf: '2026-11-23' }))
    const open = await profile()
    expect(open.facts.size).toEqual({ oneOf: ['micro', 'small'] })
    expect(derive('size', open.facts)).toEqual(['revenue'])
    expect(derive('revenue', open.facts)).toEqual([])
    orThrow(await record(stage.as(clerk.actor), 'revenue', 800))
    const settled = await profile()
    expect(settled.facts.size).toBe('small')
    expect(settled.size.working.map(({ text }) => text).join()).toContain('800 万元')
    expect(derive('size', settled.facts)).toEqual([])
  })
})

describe('谁看得见、谁能更新', () => {
  it('本企业、辖区监管人员和平台能看能改；别家、外地和访客当它不存在', async () => {
    const other = await stage.seat(await stage.organisation('别家', '330109'), '冯外人', 'legal-representative')
    for (const [actor, value] of [
      [clerk.actor, 1],
      [city, 2],
      [platform, 3],
    ] as const) {
      expect(orThrow(await record(stage.as(actor), 'employees', value))).toEqual(['employees'])
      expect((await profileOf(stage.as(actor), org.id))?.facts.employees).toBe(value)
    }
    for (const actor of [other.actor, elsewhere, visitor]) {
      expect(await findOrganisation(stage.as(actor), org.id)).toBeUndefined()
      expect(await profileOf(stage.as(actor), org.id)).toBeUndefined()
      expect(await record(stage.as(actor), 'employees', 99)).toMatchObject({ kind: 'missing' })
    }
    expect((await profile()).facts.employees).toBe(3)
  })

  it('授权不含“政策申请”的经办人不能改企业信息，有的可以', async () => {
    const keeper = await stage.seat(org, '卫台账', 'clerk', { scope: ['ledger', 'orders'], endsOn: '2027-12-31' })
    expect(await record(stage.as(keeper.actor), 'employees', 35)).toMatchObject({
      kind: 'forbidden',
      code: 'SCOPE_MISSING',
      reason: expect.stringContaining('政策申请'),
    })
    expect((await profile()).stored).toEqual([])
    expect(orThrow(await record(stage.as(clerk.actor), 'employees', 35))).toEqual(['employees'])
  })

  it('名录只列本辖区的企业，能按名称和待确认查', async () => {
    const query = { page: 1, pageSize: 100, sort: 'name', dir: 'asc' as const }
    const ids = async (actor: Actor, more = {}) =>
      (await listOrganisations(stage.as(actor), { ...query, ...more })).rows.map(({ id }) => id)
    expect(await ids(city)).toContain(org.id)
    expect(await ids(city)).not.toContain(city.org_id)
    expect(await ids(elsewhere)).not.toContain(org.id)
    expect(await ids(visitor)).toEqual([])
    expect(await ids(city, { stale: true })).not.toContain(org.id)
    // 成立日期 never goes stale, in the list as on the page.
    orThrow(await record(stage.as(clerk.actor), 'registeredOn', '2001-01-01', '2001-01-01'))
    expect(await ids(city, { stale: true })).not.toContain(org.id)
    orThrow(await record(stage.as(clerk.actor), 'employees', 35, '2025-01-01'))
    expect(await ids(city, { stale: true })).toContain(org.id)
    const line = (await listOrganisations(stage.as(city), { ...query, stale: true })).rows.find(({ id }) => id === org.id)
    expect(line).toMatchObject({ facts: 2, staleFacts: 1, sizes: (await profile()).size.possible })
    expect(await ids(city, { q: '仪表' })).toContain(org.id)
    for (const q of ['没有这家', '%', '_']) expect(await ids(city, { q })).toEqual([])
  })

  it('匹配用的分批走遍每一家企业，不重不漏，不含监管部门', async () => {
    const seen: string[] = []
    for await (const batch of listProfilesForMatching(stage.as(platform), { regionPrefix: '3301', batch: 3 })) {
      expect(batch.length).toBeLessThanOrEqual(3)
      seen.push(...batch.map((each) => each.org.id))
    }
    const { total } = await listOrganisations(stage.as(city), { page: 1, pageSize: 1, sort: 'name', dir: 'asc' })
    expect(total).toBeGreaterThan(3)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toHaveLength(total)
    expect(seen).not.toContain(city.org_id)
  })
})

describe('登记', () => {
  it('校验统一社会信用代码，同一代码不重复登记，只由平台登记', async () => {
    const given = { kind: 'enterprise' as const, name: '示例·登记', uscc: makeDemoUscc('enterprise', 7), region: '330109' }
    expect(orThrow(await createOrganisation(stage.as(platform), given))).toMatchObject({ uscc: given.uscc, province: '33', version: 1 })
    expect(await createOrganisation(stage.as(platform), given)).toMatchObject({
      kind: 'conflict',
      reason: expect.stringContaining('示例·登记'),
    })
    expect(
      await createOrganisation(stage.as(platform), { ...given, uscc: `${given.uscc.slice(0, 17)}${given.uscc.endsWith('1') ? '2' : '1'}` }),
    ).toMatchObject({ kind: 'invalid' })
    expect(await createOrganisation(stage.as(platform), { ...given, uscc: null, region: '999998' })).toMatchObject({ kind: 'invalid' })
    expect(await createOrganisation(stage.as(clerk.actor), { ...given, uscc: null })).toMatchObject({ kind: 'forbidden' })
    expect(await createPerson(stage.as(clerk.actor), { name: '示例·某' })).toMatchObject({ kind: 'forbidden' })
  })
})
