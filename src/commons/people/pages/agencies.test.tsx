import { renderToStaticMarkup } from 'react-dom/server'
import { createRoutesStub, RouterContextProvider } from 'react-router'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { visitor, type Actor } from '../../../core/access.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import type { Database } from '../../../platform/db.server.ts'
import { sealing } from '../../../platform/sealed.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import { listAgencies } from '../agencies/queries.server.ts'
import { recordFact } from '../commands.server.ts'
import { personNumber, type Organisation } from '../model.ts'
import { correctMyself, setConsent } from '../personal/commands.server.ts'
import { actorsOf } from '../seats.server.ts'
import { orThrow, stageOf, type Seated, type Stage } from '../test-stage.server.ts'
import * as given from './agencies-given.tsx'
import * as held from './agencies-held.tsx'
import * as people from './people.tsx'

let database: Database
let stage: Stage
let org: Organisation
let boss: Seated
let clerk: Seated
let steward: Seated
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  stage = stageOf(database)
  sealing({ secret: '测试用的密钥'.repeat(8) })
})
afterAll(() => database.close())
beforeEach(async () => {
  org = await stage.organisation('衡器厂', '330109')
  boss = await stage.seat(org, '钱法人', 'legal-representative')
  clerk = await stage.seat(org, '郑经办', 'clerk', { scope: ['ledger'], endsOn: '2027-06-30' })
  const institute = await stage.organisation('检测院', '330100', 'metrology-institution')
  steward = await stage.seat(institute, '许工', 'staff', { scope: [], role: 'steward' })
})

const input = (actor: Actor, path: string, form?: readonly (readonly [string, string])[]) => {
  const context = new RouterContextProvider()
  context.set(ctxKey, stage.as(actor))
  const body = form && new URLSearchParams(form.map(([name, value]) => [name, value]))
  const url = new URL(path, 'http://localhost')
  return { params: {}, url, request: new Request(url, body && { method: 'POST', body }), context } as never
}
const markup = (Page: (props: never) => React.ReactNode, loaderData: unknown): string => {
  const Stub = createRoutesStub([{ id: 'page', path: '/', Component: () => Page({ loaderData } as never) }])
  return renderToStaticMarkup(<Stub initialEntries={['/']} />)
}
const filled = (over: Record<string, string> = {}) =>
  Object.entries({
    step: 'consent',
    personNumber: personNumber(steward.actor.id),
    personName: '示例·许工',
    scope: 'policy',
    purpose: '帮助填写企业信息',
    startsOn: '2026-11-23',
    endsOn: '2027-03-31',
    agreed: 'on',
    ...over,
  })
const givenPage = async (actor: Actor) => markup(given.default as never, await given.loader(input(actor, '/me/agencies')))
const heldPage = async (actor: Actor) => markup(held.default as never, await held.loader(input(actor, '/agencies')))
const post = (actor: Actor, form: readonly (readonly [string, string])[]) => given.action(input(actor, '/me/agencies', form))

describe('代办的页面', () => {
  it('普通表单同意后在列；办了什么看得到；普通表单撤回', async () => {
    expect(await givenPage(boss.actor)).toContain('没有代办')
    expect(await post(boss.actor, filled())).toMatchObject({ status: 302 })
    const [agency] = await listAgencies(stage.as(boss.actor))
    const agent = (await actorsOf(stage.as(visitor), steward.userId)).at(-1)!.actor
    orThrow(await recordFact(stage.as(agent), { orgId: org.id, fact: 'employees', value: 3, source: '企业填报', asOf: '2026-11-23' }))
    const page = await givenPage(boss.actor)
    for (const part of ['示例·许工（示例·检测院）', '帮助填写企业信息', '可办：政策申请', '办了什么：企业信息 1 次', '确认撤回'])
      expect(page).toContain(part)
    expect(await heldPage(steward.actor)).toContain('代 示例·衡器厂 办理')
    const step = [
      ['id', agency!.id],
      ['version', '1'],
      ['step', 'revoke'],
    ] as const
    expect(await post(boss.actor, step)).toMatchObject({ status: 302 })
    expect(await post(boss.actor, step)).toMatchObject({ init: { status: 409 } })
    expect(await givenPage(boss.actor)).toContain('企业已撤回')
    expect(await heldPage(steward.actor)).not.toContain('代 示例·衡器厂 办理')
  })

  it('填错时每个字段都有说明，填过的都还在', async () => {
    expect(await post(boss.actor, filled({ purpose: '', endsOn: '明年', scope: 'money', agreed: '' }))).toMatchObject({
      init: { status: 422 },
      data: {
        refusal: {
          fields: {
            purpose: expect.stringContaining('代办事项'),
            endsOn: expect.stringContaining('日期'),
            scope: expect.stringContaining('不含费用和人员'),
            agreed: expect.stringContaining('确认'),
          },
        },
        values: { typed: { personNumber: personNumber(steward.actor.id), endsOn: '明年', scope: ['money'], agreed: false } },
      },
    })
    expect(await post(boss.actor, filled({ personNumber: '0000-0000-0000' }))).toMatchObject({ init: { status: 422 } })
  })

  it('经办人看得到、办不了；代办人、监管人员、访客进不来', async () => {
    await post(boss.actor, filled())
    const page = await givenPage(clerk.actor)
    expect(page).toContain('您是经办人，不能办理')
    expect(page).not.toContain('name="personNumber"')
    expect(page).not.toContain('确认撤回')
    expect(await post(clerk.actor, filled())).toMatchObject({ init: { status: 403 } })
    const agent = (await actorsOf(stage.as(visitor), steward.userId)).at(-1)!.actor
    const city = await stage.officer('市局', '330100')
    for (const actor of [agent, city, visitor])
      await expect(given.loader(input(actor, '/me/agencies'))).rejects.toMatchObject({ status: 403 })
    await expect(people.loader(input(agent, '/me/people'))).rejects.toMatchObject({ status: 403 })
    for (const actor of [city, visitor, boss.actor])
      await expect(held.loader(input(actor, '/agencies'))).rejects.toMatchObject({ status: 403 })
    expect(
      await held.action(
        input(city, '/agencies', [
          ['id', (await listAgencies(stage.as(boss.actor)))[0]!.id],
          ['version', '1'],
          ['step', 'resign'],
        ]),
      ),
    ).toMatchObject({ init: { status: 404 } })
  })

  it('对方的电话只在对方同意时看得到', async () => {
    orThrow(await correctMyself(stage.as(steward.actor), { phone: '13812345678', version: 1 }))
    await post(boss.actor, filled())
    expect(await givenPage(boss.actor)).not.toContain('13812345678')
    orThrow(await setConsent(stage.as(steward.actor), 'contact-agency', true))
    expect(await givenPage(boss.actor)).toContain('13812345678')
    orThrow(await setConsent(stage.as(steward.actor), 'contact-agency', false))
    expect(await givenPage(boss.actor)).not.toContain('13812345678')
  })
})
