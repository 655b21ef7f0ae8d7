/** 计量确认：谁能签、能签什么、签了怎么样。 */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { orThrow, refusalOf } from '../../../core/test-refusal.ts'
import type { Database } from '../../../platform/db.server.ts'
import { timeline } from '../../../platform/events.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import { stageOf, type Stage } from '../../people/test-stage.server.ts'
import { recordCheck, voidCheck } from '../checks.server.ts'
import { findInstrument, historyOf } from '../queries.server.ts'
import { takeInstrumentStep } from '../steps.server.ts'
import { firmsOf, type Firm } from '../test-firm.server.ts'
import { listTraces } from '../traces/queries.server.ts'
import { prepareConfirmation, signConfirmation } from './commands.server.ts'
import { desk } from './desk.server.ts'
import { errorsOver } from './history.ts'
import { confirmationOf, findConfirmation, listUnconfirmed, signedOf } from './queries.server.ts'
import { calibrated, form } from './test-calibrated.server.ts'

let database: Database
let stage: Stage
let firm: () => Promise<Firm>
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  stage = stageOf(database)
  firm = firmsOf(stage)
})
afterAll(() => database.close())

describe('计量确认', () => {
  it('没有签过字的确认，校准回来的不能确认可用；签了满足，就转为在用', async () => {
    const f = await firm()
    const { instrument, check } = await calibrated(f)
    expect(refusalOf(await takeInstrumentStep(f.ctx, instrument.id, { step: 'confirm' })).reason).toContain('先作计量确认')
    const { id } = orThrow(await prepareConfirmation(f.ctx, check.id, form('0.02')))
    expect(refusalOf(await takeInstrumentStep(f.ctx, instrument.id, { step: 'confirm' })).reason).toContain('先作计量确认')
    orThrow(await signConfirmation(f.ctx, id, { verdict: 'fit', version: 1 }))
    expect(await findInstrument(f.ctx, instrument.id)).toMatchObject({ state: 'in-use', last_confirmation: 'fit', last_conclusion: 'none' })
    const [newest] = await historyOf(f.ctx, instrument.id)
    expect(newest).toMatchObject({
      confirmation: 'fit',
      confirmation_basis: '50 mm 处误差 0.02 mm，U=0.01 mm（k=2），要求 ±0.05 mm',
      as_found: { error: '0.02', uncertainty: '0.01', limit: '0.05', unit: 'mm' },
    })
    expect((await timeline(database.db, 'confirmation', id)).map(({ action }) => action)).toEqual(['prepared', 'signed'])
    expect(await listTraces(f.ctx)).toMatchObject({ total: 0 })
  })

  it('签的可以更严，不能更松；限用要写范围', async () => {
    const f = await firm()
    const { instrument, check } = await calibrated(f)
    const results = {
      points: ['0.01', '0.01', '0.09'].map((error, i) => ({ at: String(50 * i), atUnit: 'mm', error, expanded: '0.01', unit: 'mm' })),
      k: '2',
      asFound: true,
    }
    const { id } = orThrow(await prepareConfirmation(f.ctx, check.id, form('0', { results })))
    expect(refusalOf(await signConfirmation(f.ctx, id, { verdict: 'fit', version: 1 })).fields).toHaveProperty('verdict')
    expect(refusalOf(await signConfirmation(f.ctx, id, { verdict: 'limited', version: 1 })).fields).toHaveProperty('rangeNote')
    orThrow(await signConfirmation(f.ctx, id, { verdict: 'limited', rangeNote: '只用 0～50 mm', version: 1 }))
    expect(await findInstrument(f.ctx, instrument.id)).toMatchObject({ state: 'limited', last_confirmation: 'limited' })
    expect((await listTraces(f.ctx)).total).toBe(1)
  })

  it('只有授权含“计量确认”的人能签；代办人不能签', async () => {
    const f = await firm()
    const { check } = await calibrated(f)
    const { actor } = await stage.seat(f.org, '经办', 'clerk', { scope: ['ledger'], endsOn: '2027-01-01' })
    const { id } = orThrow(await prepareConfirmation(stage.as(actor), check.id, form('0.02')))
    expect(refusalOf(await signConfirmation(stage.as(actor), id, { verdict: 'fit', version: 1 }))).toMatchObject({
      kind: 'forbidden',
      code: 'SCOPE_MISSING',
      reason: expect.stringContaining('计量确认'),
    })
    orThrow(await signConfirmation(f.ctx, id, { verdict: 'fit', version: 1 }))
  })

  it('填错了可以改，旧页面不能覆盖新的；签过的再签要新作一份，旧的标为被取代', async () => {
    const f = await firm()
    const { check } = await calibrated(f)
    const first = orThrow(await prepareConfirmation(f.ctx, check.id, form('0.02')))
    expect(orThrow(await prepareConfirmation(f.ctx, check.id, form('0.03', { version: 1 }))).id).toBe(first.id)
    expect(refusalOf(await prepareConfirmation(f.ctx, check.id, form('0.04', { version: 1 }))).code).toBe('STALE')
    expect(refusalOf(await signConfirmation(f.ctx, first.id, { verdict: 'fit', version: 1 })).code).toBe('STALE')
    orThrow(await signConfirmation(f.ctx, first.id, { verdict: 'fit', version: 2 }))
    expect(refusalOf(await signConfirmation(f.ctx, first.id, { verdict: 'unfit', version: 3 })).kind).toBe('conflict')
    const second = orThrow(await prepareConfirmation(f.ctx, check.id, form('0.02')))
    orThrow(await signConfirmation(f.ctx, second.id, { verdict: 'fit', version: 1 }))
    expect((await findConfirmation(f.ctx, first.id))!.state).toBe('replaced')
    expect((await confirmationOf(f.ctx, check.id))!.id).toBe(second.id)
  })

  it('检定记录、作废的记录、别家的记录不能作确认', async () => {
    const f = await firm()
    const { instrument, check } = await calibrated(f)
    const verified = orThrow(await recordCheck(f.ctx, instrument.id, { kind: 'verification', doneOn: '2026-11-20', conclusion: 'pass' }))
    expect(refusalOf(await prepareConfirmation(f.ctx, verified.id, form('0'))).reason).toContain('检定机构')
    expect(refusalOf(await prepareConfirmation((await firm()).ctx, check.id, form('0'))).kind).toBe('missing')
    orThrow(await voidCheck(f.ctx, check.id, '录错'))
    expect(refusalOf(await prepareConfirmation(f.ctx, check.id, form('0'))).reason).toContain('作废')
  })

  it('工作台列出还没有确认的校准证书，签了就没有了', async () => {
    const f = await firm()
    const { check } = await calibrated(f)
    expect((await listUnconfirmed(f.ctx)).map(({ check_id }) => check_id)).toEqual([check.id])
    const { id } = orThrow(await prepareConfirmation(f.ctx, check.id, form('0.02')))
    expect((await desk(f.ctx)).map(({ to }) => to)).toEqual([`/me/confirmations/${id}`])
    orThrow(await signConfirmation(f.ctx, id, { verdict: 'fit', version: 1 }))
    expect(await desk(f.ctx)).toEqual([])
  })

  it('误差历史按时间排，带每次的允许误差', async () => {
    const f = await firm()
    const { instrument, check } = await calibrated(f)
    const { id } = orThrow(await prepareConfirmation(f.ctx, check.id, form('0.02')))
    orThrow(await signConfirmation(f.ctx, id, { verdict: 'fit', version: 1 }))
    orThrow(
      await recordCheck(f.ctx, instrument.id, {
        kind: 'verification',
        doneOn: '2024-11-20',
        conclusion: 'pass',
        asFound: { error: '10', uncertainty: '5', limit: '20', unit: 'um' },
      }),
    )
    const { unit, points } = errorsOver(await signedOf(f.ctx, instrument.id), await historyOf(f.ctx, instrument.id), null)
    expect(unit).toBe('mm')
    expect(points).toEqual([
      { on: '2024-11-20', error: 0.01, expanded: 0.005, limit: 0.02, verdict: 'fit', confirmationId: null },
      { on: '2026-11-23', error: 0.02, expanded: 0.01, limit: 0.05, verdict: 'fit', confirmationId: id },
    ])
  })
})
