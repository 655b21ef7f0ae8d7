/** 送检单：安排、送出、取回；器具始终在台账里。 */
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { isRefusal } from '../../../core/refusal.ts'
import type { Ctx, Database } from '../../../platform/db.server.ts'
import { timeline } from '../../../platform/events.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import { orThrow, stageOf } from '../../people/test-stage.server.ts'
import type { DraftInput } from '../draft.ts'
import { countsByState, findInstrument } from '../queries.server.ts'
import { registerInstrument } from '../register.server.ts'
import { cancelSendOut, planSendOut, sendBatch, takeBack } from './commands.server.ts'
import { desk } from './desk.server.ts'
import { findSendOut } from './queries.server.ts'

let database: Database
let ctx: Ctx
let foreign: Ctx
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  const stage = stageOf(database)
  const seat = async (name: string) =>
    stage.as((await stage.seat(await stage.organisation(name, '330110'), `${name}计量员`, 'manager')).actor)
  ctx = await seat('送检厂')
  foreign = await seat('别的厂')
})
afterAll(() => database.close())

let n = 0
const gauge = async (over: DraftInput = {}) =>
  orThrow(
    await registerInstrument(ctx, {
      code: `P-${++n}`,
      name: '压力表',
      range: '0～1.6 MPa',
      accuracy: '1.6级',
      use: 'other',
      place: '动力站',
      validUntil: '2027-06-01',
      ...over,
    }),
  )
const form = (ids: string[]) => ({ ids, institution: '示例·检测院', sendOn: '2026-11-24', backOn: '2026-12-20' })
const reasonOf = (answer: unknown) => (isRefusal(answer) ? answer : { kind: 'no', reason: '', fields: {} })

it('没有备用的要写理由；有备用的顶上；送出后仍在台账，取回后等确认，全部取回自动结单', async () => {
  const alone = await gauge({ point: '甲罐' })
  const refusedOnce = reasonOf(await planSendOut(ctx, form([alone.id])))
  expect(refusedOnce).toMatchObject({ kind: 'invalid', reason: expect.stringContaining('甲罐') })
  const spare = await gauge({ state: '备用' })
  const planned = orThrow(await planSendOut(ctx, form([alone.id])))
  expect(planned.number).toMatch(/^浙-2026-\d{6}$/)
  expect((await findSendOut(ctx, planned.id))!.lines[0]).toMatchObject({ substitute_id: spare.id })
  expect(reasonOf(await planSendOut(ctx, form([alone.id]))).reason).toContain(planned.number)
  expect((await desk(ctx)).map(({ action }) => action)).toEqual(['送出'])
  orThrow(await sendBatch(ctx, planned.id, true))
  expect((await findInstrument(ctx, alone.id))?.state).toBe('sent')
  expect((await findInstrument(ctx, spare.id))?.state).toBe('in-use')
  expect(reasonOf(await cancelSendOut(ctx, planned.id)).kind).toBe('conflict')
  expect(reasonOf(await takeBack(ctx, planned.id, [])).kind).toBe('invalid')
  expect(orThrow(await takeBack(ctx, planned.id, [alone.id])).state).toBe('closed')
  expect((await findInstrument(ctx, alone.id))?.state).toBe('returned')
  expect((await timeline(database.db, 'instrument', alone.id)).map(({ action }) => action)).toEqual(['registered', 'sent', 'taken-back'])
  expect(await countsByState(ctx)).toEqual({ returned: 1, 'in-use': 1 })
})

it('分两次取回；中途丢失的也算交代清楚', async () => {
  const [a, b, c] = [await gauge(), await gauge(), await gauge()]
  const { id } = orThrow(await planSendOut(ctx, form([a.id, b.id, c.id])))
  orThrow(await sendBatch(ctx, id))
  expect(orThrow(await takeBack(ctx, id, [a.id])).state).toBe('sent')
  expect((await desk({ ...ctx, now: '2026-12-21T01:00:00Z' })).find((item) => item.id === id)).toMatchObject({
    action: '取回',
    overdue: true,
  })
  expect(orThrow(await takeBack(ctx, id, [b.id, c.id])).state).toBe('closed')
})

it('取消后可以另行安排；别的企业看不到也办不了；别人的器具不能放进来', async () => {
  const it = await gauge()
  const { id } = orThrow(await planSendOut(ctx, form([it.id])))
  expect(await findSendOut(foreign, id)).toBeUndefined()
  expect(reasonOf(await sendBatch(foreign, id)).kind).toBe('missing')
  expect(reasonOf(await planSendOut(foreign, form([it.id]))).kind).toBe('missing')
  orThrow(await cancelSendOut(ctx, id, '改送别家'))
  expect(orThrow(await planSendOut(ctx, form([it.id]))).state).toBe('planned')
})

it('两人同时把同一件排进两张单：只成一张', async () => {
  const it = await gauge()
  const answers = await Promise.all([planSendOut(ctx, form([it.id])), planSendOut(ctx, form([it.id]))])
  expect(answers.filter(isRefusal)).toMatchObject([{ kind: 'conflict', code: 'IN_ANOTHER_BATCH' }])
})

it('日期倒置、过去的日期、没有机构，都说明', async () => {
  const it = await gauge()
  expect(reasonOf(await planSendOut(ctx, { ...form([it.id]), backOn: '2026-11-20' })).fields).toHaveProperty('backOn')
  expect(reasonOf(await planSendOut(ctx, { ...form([it.id]), sendOn: '2026-11-01' })).fields).toHaveProperty('sendOn')
  expect(reasonOf(await planSendOut(ctx, { ...form([it.id]), institution: ' ' })).fields).toHaveProperty('institution')
})
