/** Dealing with a fault report: its steps, and taking the instrument out of use with it. */
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { advance } from '../../../core/workflow.ts'
import { visible } from '../../../platform/access.server.ts'
import { inTx, type Ctx } from '../../../platform/db.server.ts'
import { announce } from '../../../platform/events.server.ts'
import { markActed } from '../../messages/index.server.ts'
import { ownLedger } from '../own-kinds.server.ts'
import { isId } from '../queries.server.ts'
import { takeInstrumentStep } from '../steps.server.ts'
import { openStates, type Fault } from './model.ts'
import { findFault, type FaultRow } from './queries.server.ts'
import type { StepForm } from './schema.ts'
import './tables.server.ts'
import { past, readers, workflow } from './workflow.ts'

/** One step: lock, decide, write, tell, in one transaction. Closing erases who reported it. */
export const takeFaultStep = (ctx: Ctx, id: string, form: StepForm): Promise<FaultRow | Refusal> =>
  inTx(ctx, async (tx) => {
    const row = await lockFault(tx, id, form.version)
    return isRefusal(row) ? row : stepOne(tx, row, form)
  })

/** 停用这件器具: the instrument stops and the report is being handled, both or neither. */
export const stopForFault = (ctx: Ctx, id: string, version: number): Promise<FaultRow | Refusal> =>
  inTx(ctx, async (tx) => {
    const row = await lockFault(tx, id, version)
    if (isRefusal(row)) return row
    const opinion = `故障 ${row.number}：${row.description}`.slice(0, 500)
    const stopped = await takeInstrumentStep(tx, row.instrument_id, { step: 'stop', opinion, detail: { faultId: row.id } })
    if (isRefusal(stopped)) return stopped
    return row.state === 'reported' ? stepOne(tx, row, { step: 'handle', opinion: '停用这件器具' }) : (await findFault(tx, id))!
  })

async function lockFault(tx: Ctx, id: string, version: number): Promise<Fault | Refusal> {
  const org = await ownLedger(tx)
  if (isRefusal(org)) return org
  const row = isId(id)
    ? await tx.db
        .selectFrom('instrument_faults')
        .selectAll()
        .where('id', '=', id)
        .where(visible(tx.actor, readers))
        .forUpdate()
        .executeTakeFirst()
    : undefined
  if (!row) return refuse('missing', '没有这份故障报告，或不归您处理。')
  if (row.version !== version) return refuse('conflict', '您打开之后，这份报告已有变化，请核对最新情况后再办理。', { code: 'STALE' })
  return row
}

async function stepOne(tx: Ctx, row: Fault, { step, opinion }: Pick<StepForm, 'step' | 'opinion'>): Promise<FaultRow | Refusal> {
  const next = advance(workflow, row, step, tx.actor, tx.now, opinion)
  if (isRefusal(next)) return next
  const closes = !(openStates as readonly string[]).includes(next.to)
  await tx.db
    .updateTable('instrument_faults')
    .set({
      state: next.to,
      handled_by: tx.actor.id,
      handled_by_name: tx.actor.name,
      outcome: closes ? opinion : null,
      closed_at: closes ? tx.now : null,
      // 《个人信息保护法》第四十七条: the purpose, asking back, is served.
      ...(closes && { reporter: null, contact: null }),
      version: row.version + 1,
    })
    .where('province', '=', row.province)
    .where('id', '=', row.id)
    .execute()
  const done = (await findFault(tx, row.id))!
  await announce(tx, {
    subject: workflow.name,
    subjectId: row.id,
    action: past[step],
    province: row.province,
    region: row.region,
    orgId: row.org_id,
    title: `${done.instrument_code} ${done.instrument_name}`,
    detail: { number: row.number, instrumentId: row.instrument_id, before: row.state, after: next.to, ...(opinion && { opinion }) },
  })
  await markActed(tx, workflow.name, row.id)
  return done
}
