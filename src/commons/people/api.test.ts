import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest'
import { visitor, type Actor } from '../../core/access.ts'
import { apiRouter } from '../../platform/api-router.server.ts'
import type { Database } from '../../platform/db.server.ts'
import { sealing } from '../../platform/sealed.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { operations } from './index.server.ts'
import { personNumber, type Organisation } from './model.ts'
import { standpointOf } from './seats.server.ts'
import { monday, stageOf, type Seated, type Stage } from './test-stage.server.ts'

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
  clerk = await stage.seat(org, '小陈', 'clerk', { scope: ['ledger', 'policy'], endsOn: '2026-12-01' })
  const institute = await stage.organisation('检测院', '330100', 'metrology-institution')
  steward = await stage.seat(institute, '许工', 'staff', { scope: [], role: 'steward' })
})

const call = async (actor: Actor, method: string, path: string, body?: unknown, now = monday) => {
  const app = apiRouter(operations, async () => stage.as(actor, now))
  const answer = await app.request(path, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, any> }
}
const consent = () => ({
  personNumber: personNumber(steward.actor.id),
  personName: '示例·许工',
  scope: ['policy'],
  purpose: '填写企业信息',
  endsOn: '2027-03-31',
  agreed: true,
})

it('代办：企业同意、续期、撤回，代办人辞去；别人的是 404 或 403', async () => {
  const made = await call(boss.actor, 'POST', '/me/agencies', consent())
  expect(made).toMatchObject({ status: 200, body: { agentName: '示例·许工', agentOrgName: '示例·检测院', state: 'active', version: 1 } })
  const { id } = made.body as { id: string }
  expect(await call(boss.actor, 'POST', `/me/agencies/${id}/renew`, { endsOn: '2027-04-30', version: 1 })).toMatchObject({ status: 200 })
  expect((await call(steward.actor, 'GET', '/agencies')).body.items).toMatchObject([{ id, endsOn: '2027-04-30' }])
  const stranger = await stage.seat(await stage.organisation('别家', '330109'), '李外人', 'legal-representative')
  expect(await call(stranger.actor, 'POST', `/me/agencies/${id}/revoke`, { version: 2 })).toMatchObject({ status: 404 })
  expect(await call(clerk.actor, 'POST', `/me/agencies/${id}/revoke`, { version: 2 })).toMatchObject({ status: 409 })
  expect(await call(boss.actor, 'POST', `/agencies/${id}/resign`, { version: 2 })).toMatchObject({ status: 403 })
  expect(await call(steward.actor, 'POST', `/agencies/${id}/resign`, { version: 2 })).toMatchObject({
    status: 200,
    body: { state: 'resigned' },
  })
  expect(await call(boss.actor, 'POST', '/me/agencies', { ...consent(), agreed: false })).toMatchObject({ status: 422 })
  expect(await call(visitor, 'GET', '/me/agencies')).toMatchObject({ status: 401 })
})

it('个人信息：看、改、同意、删除都只是自己的；没登录是 401', async () => {
  expect((await call(clerk.actor, 'GET', '/me/data')).body).toMatchObject({ person: { name: '示例·小陈' } })
  expect(await call(clerk.actor, 'PUT', '/me/data', { phone: '13812345678', version: 1 })).toEqual({ status: 200, body: { version: 2 } })
  expect((await call(clerk.actor, 'GET', '/me/data')).body.person).toMatchObject({ phone: '13812345678' })
  expect(JSON.stringify((await call(boss.actor, 'GET', '/me/data')).body)).not.toContain('13812345678')
  expect(await call(clerk.actor, 'PUT', '/me/data/consents/contact-agency', { given: true })).toMatchObject({ body: { given: true } })
  expect(await call(clerk.actor, 'PUT', '/me/data/consents/x', { given: true })).toMatchObject({ status: 404 })
  expect(await call(boss.actor, 'DELETE', '/me/data', { name: boss.actor.name })).toMatchObject({ status: 409 })
  expect(await call(clerk.actor, 'DELETE', '/me/data', { name: '示例·小陈' })).toMatchObject({ status: 200, body: { erasedAt: monday } })
  for (const [method, path, body] of [
    ['GET', '/me/data', undefined],
    ['PUT', '/me/data', { version: 1 }],
    ['PUT', '/me/data/consents/contact-agency', { given: true }],
    ['DELETE', '/me/data', { name: '示例' }],
  ] as const)
    for (const actor of [visitor, clerk.actor]) expect(await call(actor, method, path, body)).toMatchObject({ status: 401 })
})

it('到期的经办人：每个接口都说明原因和找谁；能请求续期，能看自己的信息', async () => {
  const now = '2026-12-02T01:00:00.000Z'
  const { actor } = await standpointOf(stage.as(visitor, now), clerk.userId)
  for (const { method, path } of operations.filter((op) => op.by !== 'public' && !op.by.includes('visitor')))
    expect(await call(actor, method.toUpperCase(), path.replace('{id}', org.id), method === 'get' ? undefined : {}, now)).toMatchObject({
      status: 403,
      body: { code: 'SEAT_LAPSED', detail: expect.stringContaining('示例·钱法人（法定代表人）') },
    })
  expect(await call(actor, 'POST', `/me/memberships/${clerk.membership.id}/ask-renewal`, undefined, now)).toMatchObject({
    status: 200,
    body: { askedAt: now },
  })
  expect(await call(actor, 'GET', '/me/data', undefined, now)).toMatchObject({ status: 200 })
  expect(await call(steward.actor, 'POST', `/me/memberships/${clerk.membership.id}/ask-renewal`, undefined, now)).toMatchObject({
    status: 404,
  })
})
