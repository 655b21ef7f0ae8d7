import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { roles, visitor, type Actor, type Role } from '../../../core/access.ts'
import { isRefusal, type Refusal } from '../../../core/refusal.ts'
import { advance } from '../../../core/workflow.ts'
import type { Ctx, Database } from '../../../platform/db.server.ts'
import { timeline } from '../../../platform/events.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import type { Organisation } from '../../people/index.ts'
import { orThrow, stageOf, type Stage } from '../../people/test-stage.server.ts'
import { recordCheck, voidCheck } from '../checks.server.ts'
import { findInstrument, historyOf } from '../queries.server.ts'
import { registerInstrument } from '../register.server.ts'
import { takeInstrumentStep } from '../steps.server.ts'
import { addUse, judgeUse, removeUse, takeTraceStep } from '../traces/commands.server.ts'
import { traceStates, type TraceState } from '../traces/model.ts'
import { findTrace, listTraces, usesOf } from '../traces/queries.server.ts'
import { workflow as traceWorkflow } from '../traces/workflow.ts'
import { prepareConfirmation, signConfirmation } from './commands.server.ts'
import { desk } from './desk.server.ts'
import { errorsOver } from './history.ts'
import { confirmationOf, findConfirmation, listUnconfirmed, signedOf } from './queries.server.ts'
import type { PrepareForm } from './schema.ts'

let database: Database
let stage: Stage
let n = 0
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  stage = stageOf(database)
})
afterAll(() => database.close())

const refusalOf = (answer: unknown): Refusal => {
  if (!isRefusal(answer)) throw new Error('not refused')
  return answer
}

interface Firm {
  ctx: Ctx
  org: Organisation
}

async function firm(): Promise<Firm> {
  const org = await stage.organisation(`精密厂${++n}`, '330110')
  const { actor } = await stage.seat(org, `主管${n}`, 'manager')
  return { ctx: stage.as(actor), org }
}

/** A caliper that came back from its calibration, whose certificate is entered. */
async function calibrated({ ctx }: Firm, state: 'returned' | 'in-use' = 'returned') {
  const it = orThrow(
    await registerInstrument(ctx, {
      code: `K-${++n}`,
      name: '游标卡尺',
      kind: 'caliper',
      serial: `S${n}`,
      range: '0～150 mm',
      accuracy: '±0.02 mm',
      use: 'other',
      place: '机加工车间',
      point: '3 号工位',
      intervalMonths: '12',
      lastKind: '检定',
      lastDoneOn: '2025-11-20',
      lastConclusion: '合格',
      state: '在用',
    }),
  )
  if (state === 'returned') {
    orThrow(await takeInstrumentStep(ctx, it.id, { step: 'send' }))
    orThrow(await takeInstrumentStep(ctx, it.id, { step: 'take-back' }))
  }
  const check = orThrow(
    await recordCheck(ctx, it.id, { kind: 'calibration', doneOn: '2026-11-23', conclusion: 'none', certificateNo: `J-${n}` }),
  )
  return { instrument: it, check }
}

const form = (error: string, over: Partial<PrepareForm> = {}): PrepareForm => ({
  need: { kind: 'absolute', limit: '0.05', unit: 'mm' },
  needSource: 'process',
  results: { points: [{ at: '50', atUnit: 'mm', error, expanded: '0.01', unit: 'mm' }], k: '2', asFound: true },
  rule: 'jjf1094',
  ...over,
})

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
    const { actor } = await stage.seat(f.org, `经办${n}`, 'clerk', { scope: ['ledger'], endsOn: '2027-01-01' })
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

describe('误差历史的单位', () => {
  it('换算除不尽的单位也是数：1 m³/h 的误差画在 L/min 里是 16.67', () => {
    const known = { id: '1', state: 'signed', verdict: 'fit' } as const
    const of = (done_on: string, unit: string) => ({
      ...known,
      done_on,
      decision: {
        rule: 'jjf1094',
        k: '2',
        verdict: 'fit',
        worst: 0,
        usable: null,
        sentences: [],
        points: [
          { at: '100', atUnit: 'L/min', error: '1', expanded: '0.5', unit, limit: '2', guard: '0', verdict: 'fit', used: 0.5, beyond: 0 },
        ],
      } as const,
    })
    const { points } = errorsOver([of('2025-01-01', 'm3/h'), of('2026-01-01', 'L/min')], [], null)
    expect(points[0]!.error).toBeCloseTo(50 / 3, 9)
    expect(points[0]!.expanded).toBeCloseTo(25 / 3, 9)
    expect(points[0]!.limit).toBeCloseTo(100 / 3, 9)
  })
})

describe('超差追溯', () => {
  const failed = async () => {
    const f = await firm()
    const { instrument, check } = await calibrated(f)
    const { id } = orThrow(await prepareConfirmation(f.ctx, check.id, form('0.08')))
    orThrow(await signConfirmation(f.ctx, id, { verdict: 'unfit', opinion: '量爪磨损', version: 1 }))
    const [trace] = (await listTraces(f.ctx)).rows
    return { ...f, instrument, check, confirmationId: id, trace: trace! }
  }

  it('确认不满足：器具停用，自动开一份追溯，从最后合格那天算起，列出使用点', async () => {
    const { ctx, instrument, trace, confirmationId } = await failed()
    expect((await findInstrument(ctx, instrument.id))!.state).toBe('stopped')
    expect(trace).toMatchObject({
      state: 'open',
      good_on: '2025-11-20',
      found_on: '2026-11-23',
      due_on: '2026-11-30',
      confirmation_id: confirmationId,
      uses: 1,
      unjudged: 1,
    })
    expect(await usesOf(ctx, trace)).toMatchObject([
      { origin: 'ledger', what: expect.stringContaining('3 号工位'), used_from: '2025-11-20', used_to: '2026-11-23', judgement: null },
    ])
  })

  it('没有逐项评价不能结案；评价完、签字才结案；结案后不能再改', async () => {
    const { ctx, trace } = await failed()
    const sign = (version: number) => takeTraceStep(ctx, trace.id, { step: 'sign', opinion: '产品未受影响', version })
    expect(refusalOf(await sign(1)).reason).toContain('还有 1 项没有评价')
    orThrow(await addUse(ctx, trace.id, { what: '泵轴 A21 批', version: 1 }))
    orThrow(await judgeUse(ctx, trace.id, { n: 1, judgement: 'unaffected', evidence: '公差 ±0.5 mm', version: 2 }))
    expect(refusalOf(await sign(3)).reason).toContain('还有 1 项没有评价')
    orThrow(await judgeUse(ctx, trace.id, { n: 2, judgement: 'recheck', evidence: '留样 20 件复测合格', version: 3 }))
    expect(refusalOf(await takeTraceStep(ctx, trace.id, { step: 'sign', opinion: ' ', version: 4 })).kind).toBe('invalid')
    orThrow(await sign(4))
    expect(await findTrace(ctx, trace.id)).toMatchObject({ state: 'signed', conclusion: '产品未受影响' })
    expect(refusalOf(await addUse(ctx, trace.id, { what: '再加', version: 5 })).reason).toContain('已经结案')
    orThrow(await takeTraceStep(ctx, trace.id, { step: 'reopen', opinion: '又发现一批', version: 5 }))
    orThrow(await addUse(ctx, trace.id, { what: '泵轴 A22 批', version: 6 }))
    expect((await findTrace(ctx, trace.id))!.unjudged).toBe(1)
  })

  it('来自台账的不能去掉，自己补充的可以；去掉全部也不能空着结案', async () => {
    const { ctx, trace } = await failed()
    expect(refusalOf(await removeUse(ctx, trace.id, { n: 1, version: 1 })).reason).toContain('不受影响')
    orThrow(await addUse(ctx, trace.id, { what: '写错了', version: 1 }))
    orThrow(await removeUse(ctx, trace.id, { n: 2, version: 2 }))
    expect((await usesOf(ctx, trace)).map(({ n }) => n)).toEqual([1])
  })

  it('旧页面、没有签字授权的、别家的、外地监管都办不了', async () => {
    const { ctx, org, trace } = await failed()
    orThrow(await judgeUse(ctx, trace.id, { n: 1, judgement: 'unaffected', evidence: '有余量', version: 1 }))
    expect(refusalOf(await judgeUse(ctx, trace.id, { n: 1, judgement: 'recall', evidence: '晚了', version: 1 })).code).toBe('STALE')
    const { actor } = await stage.seat(org, '只记台账', 'clerk', { scope: ['ledger'], endsOn: '2027-01-01' })
    expect(refusalOf(await takeTraceStep(stage.as(actor), trace.id, { step: 'sign', opinion: '好', version: 2 })).code).toBe(
      'SCOPE_MISSING',
    )
    expect(await findTrace((await firm()).ctx, trace.id)).toBeUndefined()
    expect(await findTrace(stage.as(await stage.officer('市局', '330100')), trace.id)).toBeDefined()
    expect(await findTrace(stage.as(await stage.officer('外省局', '340000')), trace.id)).toBeUndefined()
  })

  it('检定不合格也开追溯；那条记录作废，追溯和确认一起作废', async () => {
    const f = await firm()
    const { instrument } = await calibrated(f, 'in-use')
    const check = orThrow(await recordCheck(f.ctx, instrument.id, { kind: 'verification', doneOn: '2026-11-23', conclusion: 'fail' }))
    const [trace] = (await listTraces(f.ctx)).rows
    expect(trace).toMatchObject({ state: 'open', check_id: check.id })
    orThrow(await voidCheck(f.ctx, check.id, '录到别的器具上了'))
    expect((await findTrace(f.ctx, trace!.id))!.state).toBe('voided')
    const again = await failed()
    orThrow(await voidCheck(again.ctx, again.check.id, '证书拿错了'))
    expect((await findTrace(again.ctx, again.trace.id))!.state).toBe('voided')
    expect((await findConfirmation(again.ctx, again.confirmationId))!.state).toBe('voided')
    expect((await findInstrument(again.ctx, again.instrument.id))!.last_confirmation).toBeNull()
  })

  it('换过使用点的，按时段分别列出', async () => {
    const f = await firm()
    const { instrument, check } = await calibrated(f)
    await database.db
      .insertInto('events')
      .values(await moved(instrument.id, '2026-06-01T02:00:00.000Z', { point: '1 号工位' }))
      .execute()
    const { id } = orThrow(await prepareConfirmation(f.ctx, check.id, form('0.08')))
    orThrow(await signConfirmation(f.ctx, id, { verdict: 'unfit', version: 1 }))
    const [trace] = (await listTraces(f.ctx)).rows
    expect((await usesOf(f.ctx, trace!)).map(({ what, used_from, used_to }) => [what.slice(0, 11), used_from, used_to])).toEqual([
      ['在机加工车间 1 号工', '2025-11-20', '2026-05-31'],
      ['在机加工车间 3 号工', '2026-06-01', '2026-11-23'],
    ])
  })
})

/** An event of the past that moved it, beside the chain: only the trace reads it here. */
async function moved(instrumentId: string, at: string, before: Record<string, string>) {
  const { seq } = await database.db.selectFrom('events').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirstOrThrow()
  return {
    seq: seq + 1_000_000n,
    id: `00000000-0000-7000-8000-${String(++n).padStart(12, '0')}`,
    at,
    subject: 'instrument',
    subject_id: instrumentId,
    action: 'changed',
    title: null,
    province: '33',
    region: '330110',
    org_id: null,
    actor_id: '',
    actor_name: '',
    actor_role: 'enterprise',
    on_behalf: null,
    detail: JSON.stringify({ before, after: {} }),
    prev_hash: 'x',
    hash: `test-${n}`,
  } as never
}

describe('步骤表', () => {
  const actor = (role: Role): Actor => ({ ...visitor, id: 'p', role, org_id: 'own', region: '330000' })
  it('每个状态、每一步、每种身份：追溯只由本企业办', () => {
    const possible = (Object.keys(traceStates) as TraceState[]).flatMap((state) =>
      (Object.keys(traceWorkflow.steps) as (keyof typeof traceWorkflow.steps)[]).flatMap((step) =>
        (Object.keys(roles) as Role[]).flatMap((role) => {
          const row = { state, org_id: 'own', region: '330110', uses: 1, unjudged: 0 }
          const next = advance(traceWorkflow, row, step, actor(role), '2026-11-23T01:00:00.000Z', '理由')
          return isRefusal(next) ? [] : [`${role}: ${state} ${step} ${next.to}`]
        }),
      ),
    )
    expect(possible).toEqual([
      'enterprise: open sign signed',
      'enterprise: open void voided',
      'enterprise: signed reopen open',
      'enterprise: signed void voided',
    ])
  })
})
