/** 超差追溯：从最后合格那天查起，逐项评价，签字结案。 */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { roles, visitor, type Actor, type Role } from '../../../core/access.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { orThrow, refusalOf } from '../../../core/test-refusal.ts'
import { advance } from '../../../core/workflow.ts'
import type { Database } from '../../../platform/db.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import { stageOf, type Stage } from '../../people/test-stage.server.ts'
import { recordCheck, voidCheck } from '../checks.server.ts'
import { prepareConfirmation, signConfirmation } from '../confirmation/commands.server.ts'
import { findConfirmation } from '../confirmation/queries.server.ts'
import { calibrated, form } from '../confirmation/test-calibrated.server.ts'
import { findInstrument } from '../queries.server.ts'
import { firmsOf, type Firm } from '../test-firm.server.ts'
import { addUse, judgeUse, removeUse, takeTraceStep } from './commands.server.ts'
import { traceStates, type TraceState } from './model.ts'
import { findTrace, listTraces, usesOf } from './queries.server.ts'
import { workflow as traceWorkflow } from './workflow.ts'

let database: Database
let stage: Stage
let firm: () => Promise<Firm>
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  stage = stageOf(database)
  firm = firmsOf(stage)
})
afterAll(() => database.close())

let n = 0

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
