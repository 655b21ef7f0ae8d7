import { renderToStaticMarkup } from 'react-dom/server'
import { createRoutesStub, RouterContextProvider } from 'react-router'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import type { Actor } from '../../../core/access.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import type { Database } from '../../../platform/db.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import { recordFact } from '../commands.server.ts'
import type { Organisation } from '../model.ts'
import { profileOf } from '../queries.server.ts'
import { orThrow, stageOf, type Seated, type Stage } from '../test-stage.server.ts'
import ProfilePage, { action, loader } from './profile.tsx'

let database: Database
let stage: Stage
let org: Organisation
let clerk: Seated
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  stage = stageOf(database)
})
afterAll(() => database.close())
beforeEach(async () => {
  org = await stage.organisation('仪表厂', '330109')
  clerk = await stage.seat(org, '郑经办', 'clerk', { scope: ['policy'], endsOn: '2027-12-31' })
})

const input = (actor: Actor, form?: readonly (readonly [string, string])[]) => {
  const context = new RouterContextProvider()
  context.set(ctxKey, stage.as(actor))
  const body = form && new URLSearchParams(form.map(([name, value]) => [name, value]))
  return { params: {}, request: new Request('http://localhost/me/profile', body && { method: 'POST', body }), context } as never
}
const post = (actor: Actor, fact: string, ...rest: (readonly [string, string])[]) => action(input(actor, [['fact', fact], ...rest]))
const stored = async () => (await profileOf(stage.as(clerk.actor), org.id))!.stored
const shown = async (actor: Actor, actionData?: unknown): Promise<string> => {
  const loaderData = await loader(input(actor))
  const props = { loaderData } as Parameters<typeof ProfilePage>[0]
  const Stub = createRoutesStub([{ id: 'page', path: '/', Component: () => <ProfilePage {...props} />, action: () => null }])
  return renderToStaticMarkup(<Stub initialEntries={['/']} hydrationData={{ actionData: { page: actionData } }} />)
}

describe('企业信息的页面', () => {
  it('按组列出；未填的说明为什么要填，已填的说明来源、日期和谁确认', async () => {
    orThrow(
      await recordFact(stage.as(clerk.actor), { orgId: org.id, fact: 'qualifications', value: [], source: '企业填报', asOf: '2026-11-20' }),
    )
    const page = await shown(clerk.actor)
    for (const part of ['登记信息', '规模指标', '资质与业务', '计量与能源', '划型要用，每年确认一次', '未填', '怎么算出来的', '国统字'])
      expect(page).toContain(part)
    expect(page).toContain('企业填报，2026-11-20，示例·郑经办确认')
    expect(/id="qualifications".*?<\/li>/s.exec(page)?.[0]).toContain('<span>没有</span>')
  })

  it('超过十二个月的一键确认，只更新日期，来源不变；没填的无从确认', async () => {
    orThrow(
      await recordFact(stage.as(clerk.actor), { orgId: org.id, fact: 'employees', value: 35, source: '营业执照', asOf: '2025-01-01' }),
    )
    expect(await shown(clerk.actor)).toContain('没有变化，确认')
    expect(await post(clerk.actor, 'employees', ['intent', 'confirm'])).toMatchObject({ status: 302 })
    expect(await stored()).toMatchObject([{ fact: 'employees', value: 35, source: '营业执照', asOf: '2026-11-23' }])
    expect(await post(clerk.actor, 'revenue', ['intent', 'confirm'])).toMatchObject({ init: { status: 409 } })
    expect(await shown(clerk.actor)).not.toContain('没有变化，确认')
  })

  it.each([
    ['employees', ['三十五'], 'value="三十五"'],
    ['industry', ['Z99'], 'value="Z99"'],
    ['instruments', ['压力表 12\n没有的表 3'], '没有的表 3'],
  ])('%s 填错时说明原因，填过的还在', async (fact, value, kept) => {
    const answer = (await post(clerk.actor, fact, ['asOf', '2026-11-01'], ...value.map((each) => ['value', each] as const))) as {
      data: unknown
      init: { status: number }
    }
    expect(answer.init.status).toBe(422)
    const page = await shown(clerk.actor, answer.data)
    const row = new RegExp(`id="${fact}".*?</li>`, 's').exec(page)![0]
    for (const part of [kept, 'value="2026-11-01"', 'aria-invalid="true"', 'open=""']) expect(row).toContain(part)
    expect(await stored()).toEqual([])
  })

  it('改为未知就回到未填；没有“政策申请”范围的不能改', async () => {
    await post(clerk.actor, 'hardship', ['value', 'no'])
    expect(await stored()).toMatchObject([{ fact: 'hardship', value: false }])
    await post(clerk.actor, 'hardship', ['intent', 'forget'])
    expect(await stored()).toEqual([])
    const keeper = await stage.seat(org, '卫台账', 'clerk', { scope: ['ledger'], endsOn: '2027-12-31' })
    expect(await post(keeper.actor, 'hardship', ['value', 'no'])).toMatchObject({ init: { status: 403 } })
  })
})
