import { renderToStaticMarkup } from 'react-dom/server'
import { createRoutesStub, RouterContextProvider } from 'react-router'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { platform, type Actor } from '../../../core/access.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import type { Database } from '../../../platform/db.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import type { Organisation } from '../model.ts'
import { actorsOf } from '../seats.server.ts'
import { stageOf, type Seated, type Stage } from '../test-stage.server.ts'
import OrganisationPage, { action, loader } from './organisation.tsx'

let database: Database
let stage: Stage
let org: Organisation
let only: Seated
let city: Actor
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  stage = stageOf(database)
  city = await stage.officer('杭州局', '330100')
})
afterAll(() => database.close())
beforeEach(async () => {
  org = await stage.organisation('独户', '330109')
  only = await stage.seat(org, '吴独户', 'legal-representative', { endsOn: '2026-06-30' })
})

const input = (actor: Actor, form?: Record<string, string>) => {
  const context = new RouterContextProvider()
  context.set(ctxKey, stage.as(actor))
  const request = new Request(`http://localhost/organisations/${org.id}`, form && { method: 'POST', body: new URLSearchParams(form) })
  return { params: { id: org.id }, request, context } as never
}
const renew = (endsOn: string) => ({ id: only.membership.id, version: '1', step: 'renew', endsOn })
const shown = async (actor: Actor): Promise<string> => {
  const loaderData = await loader(input(actor))
  const props = { loaderData } as Parameters<typeof OrganisationPage>[0]
  const Stub = createRoutesStub([{ id: 'page', path: '/', Component: () => <OrganisationPage {...props} /> }])
  return renderToStaticMarkup(<Stub initialEntries={['/']} />)
}

describe('一家企业的页面', () => {
  it('平台管理员看得到授权，能在普通表单里续期；监管人员看不到', async () => {
    const page = await shown(platform)
    for (const part of [
      '示例·吴独户',
      '已到期',
      '可以续期的人：平台管理员',
      'method="post"',
      'name="endsOn"',
      'value="renew"',
      only.membership.id,
    ])
      expect(page).toContain(part)
    expect(await shown(city)).not.toContain('吴独户')
  })

  it('续期后回到这一页，授权恢复有效', async () => {
    const answer = (await action(input(platform, renew('2027-06-30')))) as Response
    expect([answer.status, answer.headers.get('location')]).toEqual([302, `/organisations/${org.id}`])
    expect(await actorsOf(stage.as(platform), only.userId)).toMatchObject([{ expired: false, membership: { endsOn: '2027-06-30' } }])
  })

  it('日期不对时说明原因，监管人员提交时这项授权不存在', async () => {
    expect(await action(input(platform, renew('下个月')))).toMatchObject({
      init: { status: 422 },
      data: { values: { id: only.membership.id }, refusal: { fields: { endsOn: expect.stringContaining('年-月-日') } } },
    })
    expect(await action(input(city, renew('2027-06-30')))).toMatchObject({ init: { status: 404 } })
    expect(await action(input(platform, { ...renew('2027-06-30'), id: 'x' }))).toMatchObject({ init: { status: 404 } })
  })
})
