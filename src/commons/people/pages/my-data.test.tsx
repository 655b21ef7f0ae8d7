import { renderToStaticMarkup } from 'react-dom/server'
import { createRoutesStub, RouterContextProvider } from 'react-router'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { visitor, type Actor } from '../../../core/access.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import type { Database } from '../../../platform/db.server.ts'
import { sealing } from '../../../platform/sealed.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import type { Organisation } from '../model.ts'
import { correctMyself } from '../personal/commands.server.ts'
import { orThrow, stageOf, type Seated, type Stage } from '../test-stage.server.ts'
import * as erase from './my-data-erase.tsx'
import { loader as exportLoader } from './my-data-json.ts'
import * as data from './my-data.tsx'
import * as people from './people.tsx'

let database: Database
let stage: Stage
let org: Organisation
let boss: Seated
let clerk: Seated
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  stage = stageOf(database)
  sealing({ secret: '测试用的密钥'.repeat(8) })
})
afterAll(() => database.close())
beforeEach(async () => {
  org = await stage.organisation('衡器厂', '330109')
  boss = await stage.seat(org, '钱法人', 'legal-representative')
  clerk = await stage.seat(org, '小陈', 'clerk', { scope: ['ledger'], endsOn: '2026-12-01' })
})

const input = (actor: Actor, path: string, form?: Record<string, string>) => {
  const context = new RouterContextProvider()
  context.set(ctxKey, stage.as(actor))
  const url = new URL(path, 'http://localhost')
  return { params: {}, url, request: new Request(url, form && { method: 'POST', body: new URLSearchParams(form) }), context } as never
}
const markup = (Page: (props: never) => React.ReactNode, loaderData: unknown): string => {
  const Stub = createRoutesStub([{ id: 'page', path: '/', Component: () => Page({ loaderData } as never) }])
  return renderToStaticMarkup(<Stub initialEntries={['/']} />)
}
const post = (actor: Actor, form: Record<string, string>) => data.action(input(actor, '/me/data', form))
const shown = async (actor: Actor) => JSON.stringify(await data.loader(input(actor, '/me/data')))
const exported = async (actor: Actor) => exportLoader(input(actor, '/me/data.json'))

describe('我的个人信息的页面', () => {
  it('手机号和邮箱在页面上遮住，连页面的数据里也没有；导出里是完整的', async () => {
    const form = { intent: 'correct', name: '示例·小陈', phone: '138 1234 5678', email: 'chen@example.com', version: '1' }
    expect(await post(clerk.actor, form)).toMatchObject({ status: 302 })
    const page = markup(data.default as never, await data.loader(input(clerk.actor, '/me/data')))
    for (const part of ['138****5678', 'c***@example.com', '示例·衡器厂：经办人', '授权', '导出全部']) expect(page).toContain(part)
    for (const text of [page, await shown(clerk.actor)]) expect(text).not.toMatch(/13812345678|chen@/)
    const answer = await exported(clerk.actor)
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="hengqi-my-data-2026-11-23\.json"$/)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const body = JSON.parse(await answer.text())
    expect(body.person).toMatchObject({ phone: '13812345678', email: 'chen@example.com' })
    expect(Object.keys(body)).toEqual(
      expect.arrayContaining(['person', 'account', 'memberships', 'agencies', 'consents', 'activity', 'messages', 'keptByLaw']),
    )
  })

  it('不改的留空就不变；勾选删除就没有了；填错时填过的都还在', async () => {
    orThrow(await correctMyself(stage.as(clerk.actor), { phone: '13812345678', version: 1 }))
    expect(await post(clerk.actor, { intent: 'correct', name: '示例·小陈', phone: '', email: '', version: '2' })).toMatchObject({
      status: 302,
    })
    expect(await shown(clerk.actor)).toContain('138****5678')
    expect(await post(clerk.actor, { intent: 'correct', name: '示例·小陈', phone: '110', email: 'x', version: '3' })).toMatchObject({
      init: { status: 422 },
      data: { refusal: { fields: { phone: expect.any(String), email: expect.any(String) } }, values: { phone: '110', email: 'x' } },
    })
    const form = { intent: 'correct', name: '示例·小陈', phone: '', email: '', 'remove-phone': 'on', version: '3' }
    expect(await post(clerk.actor, form)).toMatchObject({ status: 302 })
    expect(await shown(clerk.actor)).not.toContain('****5678')
  })

  it('同意用普通表单；同意后同事的页面上看得到，撤回后立即看不到', async () => {
    orThrow(await correctMyself(stage.as(clerk.actor), { phone: '13812345678', version: 1 }))
    const colleague = async () => JSON.stringify(await people.loader(input(boss.actor, '/me/people')))
    expect(await colleague()).not.toContain('13812345678')
    expect(await post(clerk.actor, { intent: 'give', purpose: 'contact-colleagues' })).toMatchObject({ status: 302 })
    expect(await colleague()).toContain('13812345678')
    expect(await post(clerk.actor, { intent: 'withdraw', purpose: 'contact-colleagues' })).toMatchObject({ status: 302 })
    expect(await colleague()).not.toContain('13812345678')
    expect(await post(clerk.actor, { intent: 'give', purpose: 'x' })).toMatchObject({ init: { status: 404 } })
  })

  it('没登录的去登录；授权到期的照样看得到、导得出自己的', async () => {
    for (const loader of [data.loader, erase.loader, exportLoader])
      await expect(loader(input(visitor, '/me/data'))).rejects.toMatchObject({ status: 302 })
    const lapsed: Actor = { ...visitor, id: clerk.actor.id, name: '示例·小陈', lapsed: '到期' }
    expect(await shown(lapsed)).toContain('示例·衡器厂')
    expect((await exported(lapsed)).status).toBe(200)
  })
})

describe('删除的页面', () => {
  const send = (actor: Actor, form: Record<string, string>) => erase.action(input(actor, '/me/data/erase', form))

  it('要写对姓名、勾选知道，两样都对才删；删后到登录页', async () => {
    const page = markup(erase.default as never, await erase.loader(input(clerk.actor, '/me/data/erase')))
    for (const part of ['立即删除', '依法保留', '第四十七条', '永久删除']) expect(page).toContain(part)
    expect(await send(clerk.actor, { name: '示例·小陈' })).toMatchObject({ init: { status: 422 }, data: { values: { name: '示例·小陈' } } })
    expect(await send(clerk.actor, { name: '小陈', sure: 'on' })).toMatchObject({ init: { status: 422 } })
    const done = (await send(clerk.actor, { name: '示例·小陈', sure: 'on' })) as Response
    expect([done.status, done.headers.get('location')]).toEqual([302, '/sign-in?erased=1'])
    await expect(erase.loader(input(clerk.actor, '/me/data/erase'))).rejects.toMatchObject({ status: 302 })
  })

  it('唯一的法定代表人看到原因和办法，没有表单，硬交也不删', async () => {
    const page = markup(erase.default as never, await erase.loader(input(boss.actor, '/me/data/erase')))
    expect(page).toContain('变更登记')
    expect(page).not.toContain('永久删除')
    expect(await send(boss.actor, { name: boss.actor.name, sure: 'on' })).toMatchObject({ init: { status: 409 } })
  })
})
