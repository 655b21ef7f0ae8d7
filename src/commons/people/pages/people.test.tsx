import { renderToStaticMarkup } from 'react-dom/server'
import { createRoutesStub, RouterContextProvider } from 'react-router'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { platform, type Actor } from '../../../core/access.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import type { Database } from '../../../platform/db.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import { createPerson } from '../commands.server.ts'
import { personNumber, type Organisation } from '../model.ts'
import { listMemberships } from '../queries.server.ts'
import { orThrow, stageOf, type Seated, type Stage } from '../test-stage.server.ts'
import People, { action, loader } from './people.tsx'

let database: Database
let stage: Stage
let org: Organisation
let boss: Seated
let manager: Seated
let clerk: Seated
let newcomer: string
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  stage = stageOf(database)
})
afterAll(() => database.close())
beforeEach(async () => {
  org = await stage.organisation('衡器厂', '330109')
  boss = await stage.seat(org, '钱法人', 'legal-representative')
  manager = await stage.seat(org, '孙管理', 'manager', { scope: ['ledger', 'people'], endsOn: '2027-06-30' })
  clerk = await stage.seat(org, '郑经办', 'clerk', { scope: ['ledger'], endsOn: '2027-06-30' })
  newcomer = orThrow(await createPerson(stage.as(platform), { name: '示例·新人' })).id
})

const input = (actor: Actor, form?: readonly (readonly [string, string])[]) => {
  const context = new RouterContextProvider()
  context.set(ctxKey, stage.as(actor))
  const body = form && new URLSearchParams(form.map(([name, value]) => [name, value]))
  return { params: {}, request: new Request('http://localhost/me/people', body && { method: 'POST', body }), context } as never
}
const filled = (over: Record<string, string> = {}, scope: readonly string[] = ['ledger']) =>
  [
    ...Object.entries({
      step: 'grant',
      personNumber: personNumber(newcomer),
      personName: '示例·新人',
      duty: 'clerk',
      startsOn: '2026-11-23',
      endsOn: '2027-03-31',
      ...over,
    }),
    ...scope.map((each) => ['scope', each] as const),
  ] as const
const shown = async (actor: Actor): Promise<string> => {
  const loaderData = await loader(input(actor))
  const props = { loaderData } as Parameters<typeof People>[0]
  const Stub = createRoutesStub([{ id: 'page', path: '/', Component: () => <People {...props} /> }])
  return renderToStaticMarkup(<Stub initialEntries={['/']} />)
}

describe('人员与授权的页面', () => {
  it('只给出本人能授的职务和范围，以及自己的个人编号', async () => {
    const bossPage = await shown(boss.actor)
    for (const part of [personNumber(boss.actor.id), 'name="personNumber"', 'value="manager"', 'value="money"', 'value="people"'])
      expect(bossPage).toContain(part)
    const managerPage = await shown(manager.actor)
    expect(managerPage).toContain('不能晚于您自己的 2027-06-30')
    for (const part of ['value="manager"', 'value="money"', 'value="people"']) expect(managerPage).not.toContain(part)
    const clerkPage = await shown(clerk.actor)
    expect(clerkPage).toContain('您是经办人，不能办理')
    expect(clerkPage).not.toContain('name="personNumber"')
  })

  it('普通表单授权后回到这一页，新授权在列', async () => {
    const answer = (await action(input(manager.actor, filled()))) as Response
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/me/people'])
    expect(await listMemberships(stage.as(boss.actor))).toContainEqual(
      expect.objectContaining({ personId: newcomer, duty: 'clerk', scope: ['ledger'], endsOn: '2027-03-31' }),
    )
    expect(await shown(boss.actor)).toContain('示例·新人')
  })

  it('填错时每个字段都有说明，填过的都还在', async () => {
    const answer = await action(input(manager.actor, filled({ personName: '', endsOn: '明年', duty: 'legal-representative' }, [])))
    expect(answer).toMatchObject({
      init: { status: 422 },
      data: {
        refusal: {
          fields: {
            personName: expect.stringContaining('姓名'),
            endsOn: expect.stringContaining('日期'),
            duty: expect.stringContaining('职务'),
            scope: expect.stringContaining('至少'),
          },
        },
        values: { typed: { personNumber: personNumber(newcomer), endsOn: '明年', scope: [] } },
      },
    })
    expect(await action(input(manager.actor, filled({}, ['money'])))).toMatchObject({
      init: { status: 403 },
      data: { refusal: { reason: expect.stringContaining('费用') }, values: { typed: { scope: ['money'] } } },
    })
    expect(await listMemberships(stage.as(boss.actor))).toHaveLength(3)
  })

  it('续期和终止也用普通表单；续期错的回到那张卡片', async () => {
    const step = (name: string, endsOn: string, version = '1') =>
      action(
        input(boss.actor, [
          ['id', clerk.membership.id],
          ['version', version],
          ['step', name],
          ['endsOn', endsOn],
        ]),
      )
    expect(await step('renew', '2020-01-01')).toMatchObject({ init: { status: 422 }, data: { values: { id: clerk.membership.id } } })
    expect(await step('renew', '2028-06-30')).toMatchObject({ status: 302 })
    expect(await step('end', '', '1')).toMatchObject({ init: { status: 409 } })
    expect(await step('end', '', '2')).toMatchObject({ status: 302 })
    expect(await shown(boss.actor)).toContain('已终止')
  })
})
