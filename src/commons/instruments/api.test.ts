/** 台账、到期和送检的接口：与页面同样的规则，别人的看不到。 */
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { visitor, type Actor } from '../../core/access.ts'
import { apiRouter } from '../../platform/api-router.server.ts'
import type { Database } from '../../platform/db.server.ts'
import { testDatabase } from '../../platform/test-database.server.ts'
import { monday, stageOf, type Stage } from '../people/test-stage.server.ts'
import { operations } from './index.server.ts'

let database: Database
let stage: Stage
let firm: Actor
let other: Actor
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  stage = stageOf(database)
  const seat = async (name: string) => (await stage.seat(await stage.organisation(name, '330110'), `${name}主管`, 'manager')).actor
  firm = await seat('接口厂')
  other = await seat('隔壁厂')
})
afterAll(() => database.close())

const call = async (actor: Actor, method: string, path: string, body?: unknown) => {
  const answer = await apiRouter(operations, async () => stage.as(actor, monday)).request(path, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, any> }
}

it('登记、看到期批次和预测、送检、取回；隔壁看不到，访客要登录', async () => {
  const gauge = await call(firm, 'POST', '/instruments', {
    name: '压力表',
    range: '0～1.6 MPa',
    accuracy: '1.6级',
    use: 'other',
    place: '动力站',
    point: '甲罐',
    lastInstitution: '示例·检测院',
    intervalMonths: '12',
    validUntil: '2026-12-10',
    lastFee: '120',
  })
  expect(gauge.status).toBe(200)
  const { id } = gauge.body
  expect((await call(firm, 'GET', '/instrument-bundles?days=30')).body.items).toMatchObject([
    { institution: '示例·检测院', place: '动力站', instrumentIds: [id] },
  ])
  expect((await call(firm, 'GET', '/instrument-bundles?days=1')).body.items).toEqual([])
  const { months } = (await call(firm, 'GET', '/instrument-forecast')).body
  expect(months.reduce((n: number, month: { pieces: number }) => n + month.pieces, 0)).toBe(1)
  expect((await call(other, 'GET', '/instrument-bundles')).body.items).toEqual([])

  const plan = { ids: [id], institution: '示例·检测院', sendOn: '2026-11-24', backOn: '2026-12-20' }
  expect(await call(firm, 'POST', '/send-outs', plan)).toMatchObject({ status: 422 })
  const made = await call(firm, 'POST', '/send-outs', { ...plan, gapReasons: { [id]: '停机检修' } })
  expect(made).toMatchObject({ status: 200, body: { state: 'planned', lines: [{ instrumentId: id, gapReason: '停机检修' }] } })
  const at = `/send-outs/${made.body.id}`
  expect(await call(other, 'GET', at)).toMatchObject({ status: 404 })
  expect(await call(other, 'POST', `${at}/send`, {})).toMatchObject({ status: 404 })
  expect(await call(firm, 'POST', `${at}/take-back`, { ids: [id] })).toMatchObject({ status: 409 })
  expect(await call(firm, 'POST', `${at}/send`, {})).toMatchObject({ status: 200, body: { state: 'sent' } })
  expect((await call(firm, 'GET', `/instruments/${id}`)).body.state).toBe('sent')
  expect(await call(firm, 'POST', `${at}/cancel`, {})).toMatchObject({ status: 409 })
  expect(await call(firm, 'POST', `${at}/take-back`, { ids: [id] })).toMatchObject({ status: 200, body: { state: 'closed' } })
  expect((await call(firm, 'GET', '/send-outs?state=closed')).body).toMatchObject({ total: 1, items: [{ id: made.body.id }] })
  expect(await call(visitor, 'GET', '/send-outs')).toMatchObject({ status: 401 })
})
