/** 申请的办理：提交、受理、退回、结果，谁看得到，知晓情况。 */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Actor } from '../../core/access.ts'
import { isRefusal } from '../../core/refusal.ts'
import { orThrow } from '../../core/test-refusal.ts'
import type { Database } from '../../platform/db.server.ts'
import { timeline } from '../../platform/events.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { operations } from './api.server.ts'
import { listTold, narrowed } from './awareness.server.ts'
import { applyForPolicy, takeApplicationStep } from './commands.server.ts'
import { desk } from './desk.server.ts'
import { followPolicy } from './matches.server.ts'
import { findApplication, grantedThisYear, listApplications, pageApplications } from './queries.server.ts'
import type { StepForm } from './schema.ts'
import { monday, worldOf, type World } from './test-world.server.ts'
import { publishExamples, smallFirm } from './test-world.server.ts'

let database: Database
let world: World
let author: Actor
let checker: Actor
let outsider: Actor
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  world = worldOf(database)
  ;({ author, checker, outsider } = await publishExamples(world))
})
afterAll(() => database.close())

const small = (name: string) => smallFirm(world, name)

const form = (slug = 'example-zj-half') => ({ slug, documents: ['营业执照'], note: '首次申请', truthful: 'on' as const })

const step = (name: StepForm['step'], version: number, more: Partial<StepForm> = {}): StepForm => ({
  step: name,
  version,
  opinion: '',
  saving: undefined,
  reason: undefined,
  documents: [],
  note: '',
  ...more,
})

describe('申请', () => {
  it('提交时重新判断，留下当时的信息、结论和问题；编号连续；同一政策不能同时有两份', async () => {
    const firm = await small('申请人')
    const { id, number } = orThrow(await applyForPolicy(firm.ctx(), form()))
    expect(number).toMatch(/^浙-2026-\d{6}$/)
    const row = (await findApplication(firm.ctx(), id))!
    expect(row).toMatchObject({
      state: 'submitted',
      due_on: '2026-11-30',
      org_name: '示例·申请人',
      slug: 'example-zj-half',
      overdue: false,
    })
    expect(row.as_submitted).toMatchObject([
      {
        asOf: '2026-11-23',
        facts: { employees: 12, region: '330110' },
        met: ['已符合：注册地在浙江省杭州市余杭区（第一条）', '已符合：从业人员为 12 人（第二条）', '已符合：按 2026-11-23 受理计'],
        documents: [{ name: '营业执照', ready: true }],
        note: '首次申请',
      },
    ])
    expect(row.as_submitted[0]!.questions).toContainEqual({
      fact: 'employees',
      question: '现有从业人员多少人？',
      answer: '12 人',
      source: '企业填报',
      asOf: '2026-11-23',
    })
    expect(await applyForPolicy(firm.ctx(), form())).toMatchObject({ kind: 'conflict', code: 'ALREADY_APPLIED' })
    expect((await timeline(database.db, 'policy-application', id)).map(({ action }) => action)).toEqual(['submitted'])
  })

  it('不符合、待补充、仅供参考、已截止的都不能申请，一行也不写', async () => {
    const [large, firm] = [await world.firm('大企业', '330110', { employees: 900 }), await small('不能申请')]
    const before = (await listApplications(world.as(author), {})).total
    expect(await applyForPolicy(large.ctx(), form())).toMatchObject({ code: 'NOT_ELIGIBLE' })
    expect(await applyForPolicy(firm.ctx(), form('example-hardship'))).toMatchObject({ code: 'UNDECIDED' })
    expect(await applyForPolicy(firm.ctx(), form('example-encouraged'))).toMatchObject({ code: 'GUIDANCE_ONLY' })
    expect(await applyForPolicy(firm.ctx(), form('example-expired'))).toMatchObject({ code: 'NOT_IN_FORCE' })
    expect(await applyForPolicy(firm.ctx(), form('no-such'))).toMatchObject({ kind: 'missing' })
    expect(await applyForPolicy(world.as(author), form())).toMatchObject({ kind: 'forbidden' })
    expect((await listApplications(world.as(author), {})).total).toBe(before)
  })

  it('受理、退回补正、再次提交、确认已享受：期限接着算，金额计入今年已享受，每一步都告诉企业', async () => {
    const firm = await small('全过程')
    await world.hear()
    const { id } = orThrow(await applyForPolicy(firm.ctx(), form()))
    const at = (day: string) => `2026-11-${day}T02:00:00.000Z`
    const officer = (day: string) => world.as(checker, at(day))
    expect(orThrow(await takeApplicationStep(officer('23'), id, step('accept', 1)))).toMatchObject({
      state: 'accepted',
      version: 2,
      handled_by_name: checker.name,
    })
    expect(await takeApplicationStep(officer('24'), id, step('return', 2))).toMatchObject({
      kind: 'invalid',
      fields: { opinion: expect.any(String) },
    })
    orThrow(await takeApplicationStep(officer('24'), id, step('return', 2, { opinion: '请补营业执照' })))
    const again = orThrow(await takeApplicationStep(firm.ctx(at('26')), id, step('resubmit', 3, { documents: ['营业执照'], note: '已补' })))
    expect(again).toMatchObject({ state: 'submitted', due_on: '2026-12-02' })
    expect(again.as_submitted.map(({ note }) => note)).toEqual(['首次申请', '已补'])
    orThrow(await takeApplicationStep(officer('26'), id, step('accept', 4)))
    expect(await takeApplicationStep(officer('27'), id, step('grant', 5))).toMatchObject({
      kind: 'invalid',
      fields: { saving: expect.any(String) },
    })
    expect(orThrow(await takeApplicationStep(officer('27'), id, step('grant', 5, { saving: '1,234.56' })))).toMatchObject({
      state: 'granted',
      saving_fen: 123_456n,
    })
    expect(await grantedThisYear(firm.ctx(at('27')))).toEqual({ year: '2026', savingFen: 123_456n, count: 1 })
    expect(await grantedThisYear(firm.ctx('2027-03-01T02:00:00.000Z'))).toEqual({ year: '2027', savingFen: 0n, count: 0 })
    await world.hear(at('27'))
    const told = (await world.messages()).filter((m) => m.subject_id === id)
    expect(told.map(({ template, number }) => [template.replace('policy-application-', ''), number])).toEqual([
      ['accepted', '2026-12-02 前办结'],
      ['returned', expect.stringMatching(/^浙-/)],
      ['accepted', '2026-12-02 前办结'],
      ['granted', '¥1,234.56'],
    ])
  })

  it('不予通过须选原因并写意见；终结后不能再办', async () => {
    const firm = await small('未通过')
    const { id } = orThrow(await applyForPolicy(firm.ctx(), form()))
    expect(await takeApplicationStep(world.as(checker), id, step('decline', 1, { opinion: '重复' }))).toMatchObject({
      kind: 'invalid',
      fields: { reason: expect.any(String) },
    })
    orThrow(await takeApplicationStep(world.as(checker), id, step('decline', 1, { opinion: '重复', reason: 'already-enjoyed' })))
    expect(await findApplication(firm.ctx(), id)).toMatchObject({
      state: 'declined',
      reason_code: 'already-enjoyed',
      opinion: '重复',
      decided_at: monday,
    })
    expect(await takeApplicationStep(firm.ctx(), id, step('withdraw', 2))).toMatchObject({ kind: 'conflict' })
    expect(await grantedThisYear(firm.ctx())).toMatchObject({ count: 0 })
    // A declined application is over, so the enterprise may apply again.
    expect(isRefusal(await applyForPolicy(firm.ctx(), form()))).toBe(false)
  })

  it('别家企业、外地监管人员看不到也办不了；打开后被别人办过的不会覆盖', async () => {
    const [firm, other] = [await small('本家'), await small('别家')]
    const { id } = orThrow(await applyForPolicy(firm.ctx(), form()))
    for (const ctx of [other.ctx(), world.as(outsider)]) {
      expect(await findApplication(ctx, id)).toBeUndefined()
      expect(await takeApplicationStep(ctx, id, step('withdraw', 1))).toMatchObject({ kind: 'missing' })
    }
    expect(await takeApplicationStep(firm.ctx(), id, step('accept', 1))).toMatchObject({ kind: 'forbidden' })
    orThrow(await takeApplicationStep(world.as(checker), id, step('accept', 1)))
    expect(await takeApplicationStep(firm.ctx(), id, step('withdraw', 1))).toMatchObject({ kind: 'conflict', code: 'STALE' })
    expect((await findApplication(firm.ctx(), id))!.state).toBe('accepted')
  })

  it('写错的网址是没有，不是差错', async () => {
    for (const id of ['x', '0190a000-0000-7000-8000-000000000000', '0190a000-0000-7000-8000-000000000000.data']) {
      expect(await findApplication(world.as(checker), id)).toBeUndefined()
      expect(await takeApplicationStep(world.as(checker), id, step('accept', 1))).toMatchObject({ kind: 'missing' })
    }
  })

  it('列表只有看得到的，待办按到期排，翻页不重不漏', async () => {
    const open = await listApplications(world.as(checker), { state: 'open', sort: 'due_on', dir: 'asc', pageSize: 100 })
    expect(open.rows.map(({ due_on }) => due_on)).toEqual(open.rows.map(({ due_on }) => due_on).toSorted())
    expect(await listApplications(world.as(outsider), {})).toMatchObject({ total: 0 })
    const all = (await listApplications(world.as(checker), { pageSize: 100 })).rows.map(({ id }) => id)
    const paged: string[] = []
    for (let after: string | undefined; ;) {
      const { rows, next } = await pageApplications(world.as(checker), { after, limit: 2 })
      paged.push(...rows.map(({ id }) => id))
      if (!next) break
      after = next
    }
    expect(paged.toSorted()).toEqual(all.toSorted())
    const items = await desk(world.as(checker))
    expect(items.length).toBe(open.rows.filter(({ state }) => state !== 'returned').length)
    expect(items.every(({ dueOn }) => dueOn !== undefined)).toBe(true)
  })

  it('企业的工作台有一行最有用的问题', async () => {
    const firm = await small('工作台')
    expect(await desk(firm.ctx())).toMatchObject([{ kind: '政策匹配', to: '/me/matches', title: expect.stringContaining('经营困难') }])
  })

  it('申请接口的答复符合所写的形状', async () => {
    const list = operations.find(({ path, method }) => path === '/applications' && method === 'get')!
    const answer = await list.run(world.as(checker), { params: {}, query: { limit: 100 }, body: undefined })
    expect(list.answer.safeParse(answer).error).toBeUndefined()
  })
})

describe('知晓情况', () => {
  it('申请之后消息算已办；记录打得开，外地看不到', async () => {
    const firm = await small('知晓')
    await world.hear()
    const { current } = (await followPolicy(firm.ctx(), 'example-hardship', '2026-11-23'))!
    const messages = (await world.messages()).filter((m) => m.orgId === firm.org.id)
    expect(messages).toHaveLength(1)
    expect(await listTold(world.as(outsider), current.policyId, 'delivered', { page: 1, pageSize: 10 })).toEqual({ rows: [], total: 0 })
    expect(narrowed(world.as(checker), '340000').actor.region).toBe('330100')
    expect(narrowed(world.as(checker), '330110').actor.region).toBe('330110')
  })
})
