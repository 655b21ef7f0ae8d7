import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { setEvent, takeStep } from '../../commons/policies/index.server.ts'
import { recordFact } from '../../commons/people/index.server.ts'
import { addDays } from '../../core/eligibility/calendar-day.ts'
import type { Database } from '../../platform/db.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { dismissMatch } from './commands.server.ts'
import { examplePolicy } from './example-policy.ts'
import { listeners, rematchTurning } from './listeners.server.ts'
import { orThrow, worldOf, type World } from './test-world.server.ts'
import './tables.server.ts'

let database: Database
let world: World
let author: Awaited<ReturnType<World['officer']>>
let checker: typeof author
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  world = worldOf(database)
  author = await world.officer('省局李工', '330000')
  checker = await world.officer('省局赵处', '330000')
})
afterAll(() => database.close())

const told = async (since: number) =>
  (await world.messages())
    .slice(since)
    .map(({ orgId, template, subject, number, action_url }) => ({ orgId, template, subject, number, action_url }))
const count = async () => (await world.messages()).length
const matchOf = (orgId: string, policyId: string) =>
  database.db.selectFrom('policy_matches').selectAll().where('org_id', '=', orgId).where('policy_id', '=', policyId).executeTakeFirst()

describe('新政策发布', () => {
  it('恰好通知结果变为符合或待补充的企业，各一条；再跑一遍一条也不发', async () => {
    const [fits, unknown, large, elsewhere, coarse] = [
      await world.firm('合适', '330110', { employees: 12 }),
      await world.firm('没填', '330110', {}),
      await world.firm('太大', '330110', { employees: 300 }),
      await world.firm('外省', '340822', { employees: 12 }),
      await world.firm('只知省', '330000', { employees: 12 }),
    ]
    await world.hear()
    const before = await count()
    const version = await world.publish(examplePolicy(), author, checker)
    await world.hear()
    const sent = await told(before)
    expect(sent.toSorted((a, b) => a.orgId.localeCompare(b.orgId))).toEqual(
      [
        { orgId: fits.org.id, template: 'policy-eligible', subject: 'policy', number: '50%', action_url: '/me/matches/example-zj-half' },
        {
          orgId: unknown.org.id,
          template: 'policy-unknown',
          subject: 'policy',
          number: '1 项信息',
          action_url: '/me/matches/example-zj-half',
        },
        { orgId: coarse.org.id, template: 'policy-eligible', subject: 'policy', number: '50%', action_url: '/me/matches/example-zj-half' },
      ].toSorted((a, b) => a.orgId.localeCompare(b.orgId)),
    )
    expect(await matchOf(large.org.id, version.policyId)).toBeUndefined()
    expect(await matchOf(elsewhere.org.id, version.policyId)).toBeUndefined()
    expect(await matchOf(unknown.org.id, version.policyId)).toMatchObject({ result: 'unknown', version_id: version.id })

    // Heard again from the beginning: as after a crash before the delivery was recorded.
    await database.db.deleteFrom('event_deliveries' as never).execute()
    await database.db
      .updateTable('listener_marks' as never)
      .set({ seq: 0n } as never)
      .execute()
    await world.hear()
    expect(await count()).toBe(before + 3)
  })

  it('补上一项信息，只有这家企业收到一条，结论和缘由都写明', async () => {
    const firm = await world.firm('补一项', '330110', {})
    await world.hear()
    const before = await count()
    orThrow(await recordFact(firm.ctx(), { orgId: firm.org.id, fact: 'employees', value: 8, source: '企业填报', asOf: '2026-11-23' }))
    await world.hear()
    const [message, ...others] = (await world.messages()).slice(before)
    expect(others).toEqual([])
    expect(message).toMatchObject({ orgId: firm.org.id, template: 'policy-eligible', body: expect.stringContaining('从业人员已更新') })
    orThrow(await recordFact(firm.ctx(), { orgId: firm.org.id, fact: 'employees', value: 9, source: '企业填报', asOf: '2026-11-23' }))
    await world.hear()
    expect(await count()).toBe(before + 1)
  })

  it('不再符合时告诉曾经符合的；放到一边的不打扰', async () => {
    const [heard, aside] = [await world.firm('会变大', '330110', { employees: 5 }), await world.firm('不想听', '330110', { employees: 5 })]
    await world.hear()
    await dismissMatch(aside.ctx(), { slug: 'example-zj-half', reason: 'irrelevant' })
    const before = await count()
    for (const firm of [heard, aside])
      orThrow(await recordFact(firm.ctx(), { orgId: firm.org.id, fact: 'employees', value: 200, source: '企业填报', asOf: '2026-11-23' }))
    await world.hear()
    expect(await told(before)).toEqual([
      { orgId: heard.org.id, template: 'policy-lost', subject: 'policy', number: '1 项', action_url: '/me/matches/example-zj-half' },
    ])
  })

  it('新版本改了结果的才通知；结果没变的企业只换版本号', async () => {
    const [same, gained] = [
      await world.firm('一直符合', '330110', { employees: 3 }),
      await world.firm('新近符合', '330110', { employees: 40 }),
    ]
    await world.hear()
    const before = await count()
    const content = examplePolicy()
    const wider = {
      ...content,
      rule: {
        op: 'all' as const,
        of: [
          { op: 'region' as const, mode: 'nested' as const, codes: ['330000'], src: 'c1' },
          { op: 'range' as const, fact: 'employees' as const, lt: 50, src: 'c2' },
        ],
      },
    }
    const version = await world.publish(wider, author, checker)
    await world.hear()
    expect((await told(before)).map(({ orgId }) => orgId)).toEqual([gained.org.id])
    expect((await world.messages()).at(-1)?.body).toContain('政策有了新版本')
    expect(await matchOf(same.org.id, version.policyId)).toMatchObject({ version_id: version.id, result: 'eligible' })
  })

  it('废止时清掉全部匹配，只告诉曾经符合的企业', async () => {
    const [eligible, unknown] = [await world.firm('废止前符合', '330700', { employees: 3 }), await world.firm('废止前待补', '330700', {})]
    const version = await world.publish(
      examplePolicy({
        slug: 'example-ends',
        title: '示例·金华',
        regionCode: '330700',
        rule: {
          op: 'all',
          of: [
            { op: 'region', mode: 'nested', codes: ['330700'], src: 'c1' },
            { op: 'range', fact: 'employees', lt: 20, src: 'c2' },
          ],
        },
      }),
      author,
      checker,
    )
    await world.hear()
    const before = await count()
    orThrow(await takeStep(world.as(checker), version.id, { step: 'end', opinion: '示例：由新办法代替', version: version.version }))
    await world.hear()
    const sent = await told(before)
    expect(sent.map(({ orgId }) => orgId)).toContain(eligible.org.id)
    expect(sent.map(({ orgId }) => orgId)).not.toContain(unknown.org.id)
    expect(sent.every(({ template }) => template === 'policy-lost')).toBe(true)
    expect(await database.db.selectFrom('policy_matches').selectAll().where('policy_id', '=', version.policyId).execute()).toEqual([])
  })
})

describe('日子和事件', () => {
  it('到期后的夜里清掉匹配并告诉一次；前一天、同一夜再跑都不发', async () => {
    const firm = await world.firm('等到期', '330400', { employees: 3 })
    const only = (slug: string, over = {}) =>
      examplePolicy({
        slug,
        title: `示例·${slug}`,
        regionCode: '330400',
        effectiveTo: '2026-11-30',
        rule: {
          op: 'all',
          of: [
            { op: 'region', mode: 'nested', codes: ['330400'], src: 'c1' },
            { op: 'range', fact: 'employees', lt: 20, src: 'c2' },
          ],
        },
        ...over,
      })
    await world.publish(only('example-next', { effectiveFrom: '2026-12-01', effectiveTo: null }), author, checker)
    const version = await world.publish(only('example-expires', { successor: 'example-next' }), author, checker)
    await world.hear()
    expect(await matchOf(firm.org.id, version.policyId)).toMatchObject({ result: 'eligible' })
    const before = await count()
    const night = (day: string) => rematchTurning(world.system(`${addDays(day, -1)}T16:10:00.000Z`))
    await night('2026-11-30')
    expect(await count()).toBe(before)
    await night('2026-12-01')
    const sent = (await world.messages()).slice(before).filter(({ orgId }) => orgId === firm.org.id)
    // One message for the night: what begins comes first, and the end of the other is in it.
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ template: 'policy-eligible', body: expect.stringContaining('另有 1 项不再适用') })
    expect(await matchOf(firm.org.id, version.policyId)).toBeUndefined()
    const after = await count()
    await night('2026-12-01')
    await night('2026-12-02')
    expect(await count()).toBe(after)
  })

  it('事件的日期录入后重新匹配，只通知有变化的企业', async () => {
    const national = await world.officer('国家局孙工', '000000')
    const firm = await world.firm('等事件', '330500', {})
    const elsewhere = await world.firm('不等事件', '330600', {})
    const rule = {
      op: 'all' as const,
      of: [
        { op: 'region' as const, mode: 'nested' as const, codes: ['330500'], src: 'c1' },
        { op: 'during' as const, anchor: 'acceptedOn' as const, event: 'example-event', src: 'c2' },
      ],
    }
    const version = await world.publish(
      examplePolicy({ slug: 'example-during', title: '示例·事件', regionCode: '330500', rule }),
      author,
      checker,
    )
    await world.hear()
    expect(await matchOf(firm.org.id, version.policyId)).toMatchObject({ result: 'unknown' })
    const before = await count()
    orThrow(
      await setEvent(world.as(national), {
        id: 'example-event',
        name: '示例·活动期',
        startsOn: '2026-11-01',
        endsOn: null,
        source: '示例文件',
        version: 0,
      }),
    )
    await world.hear()
    expect((await told(before)).map(({ orgId }) => orgId)).toEqual([firm.org.id])
    expect(await matchOf(firm.org.id, version.policyId)).toMatchObject({ result: 'eligible' })
    expect(await matchOf(elsewhere.org.id, version.policyId)).toBeUndefined()
  })
})

it('监听器的名字不重复：名字就是它听过什么的记录', () => {
  expect(new Set(listeners.map(({ name }) => name)).size).toBe(listeners.length)
})
