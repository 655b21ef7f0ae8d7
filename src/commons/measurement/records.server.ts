/** Writing a record at the bench, finishing it, checking it. */
import { sql } from 'kysely'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { advance } from '../../core/workflow.ts'
import { inTx, jsonb, type Ctx } from '../../platform/db.server.ts'
import { announce } from '../../platform/events.server.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { findLine, recordResult, type OrderLineFound } from '../orders/index.server.ts'
import { evaluateRecord } from './evaluate.ts'
import type { Entered, MeasurementRecord } from './model.ts'
import { recordOf } from './queries.server.ts'
import { standardProblem } from './standards/fit.ts'
import { frozen } from './standards/model.ts'
import { findStandard } from './standards/queries.server.ts'
import { unitOf } from './start.ts'
import { templateFor } from './templates/index.ts'
import { workflow } from './workflow.ts'

export const stale = () =>
  refuse('conflict', '这份记录在别处改过（或您开了两个窗口），请重新打开核对；您填的内容还留在本机。', { code: 'STALE' })

/** The line with its template, when there is one and the actor may see it. */
export async function benchOf(ctx: Ctx, lineId: string) {
  const found = await findLine(ctx, lineId)
  if (!found) return refuse('missing', '没有这个委托项目，或不归您办理。')
  const serving = templateFor(found.line.kind, found.line.service)
  if (!serving) return refuse('conflict', '这类器具或服务还没有测量记录模板，请在样品页直接录入结果。', { code: 'NO_TEMPLATE' })
  return { ...found, ...serving, unit: unitOf(serving.template, found.line.able) }
}

/** Locked: the line's order first, as every command locks. */
async function lockRecord(tx: Ctx, lineId: string): Promise<MeasurementRecord | undefined> {
  const found = await recordOf(tx, lineId)
  if (!found) return undefined
  const row = await tx.db
    .selectFrom('measurement_records')
    .selectAll()
    .where('province', '=', found.province)
    .where('id', '=', found.id)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return row as MeasurementRecord
}

/** The open record of a line; refuses when there is none or it was changed since. */
export async function openRecord(tx: Ctx, lineId: string, version?: number): Promise<MeasurementRecord | Refusal> {
  const row = await lockRecord(tx, lineId)
  if (!row || row.state === 'sent-back') return refuse('missing', '这个项目还没有测量记录，请先在检测台填写。')
  return version !== undefined && row.version !== version ? stale() : row
}

/** Autosave and the plain button alike: `version` 0 begins a record. The same version again is stale, so nothing is overwritten unseen. */
export const saveRecord = (
  ctx: Ctx,
  lineId: string,
  { version, entered }: { version: number; entered: Entered },
): Promise<{ id: string; version: number } | Refusal> =>
  inTx(ctx, async (tx) => {
    if (tx.actor.role !== 'tester') return refuse('forbidden', '测量记录由检测员填写。')
    const bench = await benchOf(tx, lineId)
    if (isRefusal(bench)) return bench
    if (bench.line.state !== 'received' || bench.order.state !== 'accepted')
      return refuse('conflict', '这个项目现在不在检测中，记录不能再改；需要改时请批准人退回重做。')
    const row = await lockRecord(tx, lineId)
    if (!row || row.state === 'sent-back') return version === 0 ? begin(tx, bench, entered, row?.attempt ?? 0) : stale()
    if (row.version !== version) return stale()
    const next = advance(workflow, row, 'save', tx.actor, tx.now)
    if (isRefusal(next)) return next
    await setRecord(tx, row, {
      entered: jsonb(entered) as never,
      tester_id: tx.actor.id,
      tester_name: tx.actor.name,
      changed_at: tx.now,
    })
    return { id: row.id, version: row.version + 1 }
  })

async function begin(tx: Ctx, { line, template, norm }: OrderLineFound & BenchParts, entered: Entered, before: number) {
  const id = uuidv7()
  const inserted = await tx.db
    .insertInto('measurement_records')
    .values({
      province: line.province,
      id,
      org_id: line.org_id,
      region: line.region,
      institution_id: line.institution_id,
      order_id: line.order_id,
      line_id: line.id,
      attempt: before + 1,
      state: workflow.start,
      template: template.id,
      edition: template.edition,
      norm: norm.number,
      entered: jsonb(entered) as never,
      standard: null,
      results: null,
      tester_id: tx.actor.id,
      tester_name: tx.actor.name,
      completed_at: null,
      checker_id: null,
      checker_name: null,
      checked_at: null,
      certificate_id: null,
      opinion: null,
      created_at: tx.now,
      changed_at: tx.now,
    })
    .onConflict((oc) => oc.columns(['province', 'line_id', 'attempt']).doNothing())
    .returning('version')
    .executeTakeFirst()
  return inserted ? { id, version: inserted.version } : stale()
}

type BenchParts = Pick<Exclude<Awaited<ReturnType<typeof benchOf>>, Refusal>, 'template' | 'norm'>

export const setRecord = (tx: Ctx, row: MeasurementRecord, set: Partial<Omit<MeasurementRecord, 'version' | 'assigned'>>) =>
  tx.db
    .updateTable('measurement_records')
    .set({ ...set, version: sql`version + 1` })
    .where('province', '=', row.province)
    .where('id', '=', row.id)
    .execute()

/** The last save and the end of the measurement in one: results and standard are frozen, the line waits for its signature. */
export const completeRecord = (
  ctx: Ctx,
  lineId: string,
  { version, entered }: { version: number; entered: Entered },
): Promise<{ id: string; orderId: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const saved = await saveRecord(tx, lineId, { version, entered })
    if (isRefusal(saved)) return saved
    const bench = await benchOf(tx, lineId)
    if (isRefusal(bench)) return bench
    const row = await openRecord(tx, lineId, saved.version)
    if (isRefusal(row)) return row
    const next = advance(workflow, row, 'complete', tx.actor, tx.now)
    if (isRefusal(next)) return next
    const found = await resultsOf(tx, bench, entered)
    if (isRefusal(found)) return found
    const { results, standard } = found
    await setRecord(tx, row, {
      state: next.to,
      results: jsonb(results) as never,
      standard: jsonb(frozen(standard)) as never,
      completed_at: tx.now,
      changed_at: tx.now,
    })
    const conclusion = results.conclusion as 'pass' | 'fail' | 'none'
    const told = await recordResult(tx, lineId, {
      doneOn: entered.doneOn,
      conclusion,
      ...(conclusion === 'pass' && { validUntil: entered.validUntil }),
      version: bench.line.version,
    })
    if (isRefusal(told)) return told
    await tellRecord(tx, row, 'completed', { conclusion, standard: standard.certificate })
    return { id: row.id, orderId: told.orderId }
  })

/** Reckoned once more on the server, with the standard as it stands on the day of the measurement; or why it cannot be concluded. */
async function resultsOf(tx: Ctx, { template, service, unit }: Exclude<Awaited<ReturnType<typeof benchOf>>, Refusal>, entered: Entered) {
  const wrong = (field: string, reason: string) => refuse('invalid', `${reason}。`, { fields: { [field]: reason } })
  if (!entered.doneOn) return wrong('doneOn', '请填写检测日期')
  if (entered.doneOn > shanghaiDate(tx.now)) return wrong('doneOn', `检测日期 ${entered.doneOn} 晚于今天`)
  const standard = entered.standardId ? await findStandard(tx, entered.standardId) : undefined
  if (!standard) return wrong('standardId', `请选标准器（${template.standard.label}）`)
  // Expired, withdrawn, of another quantity: said before anything is reckoned with it.
  const useless = standardProblem(standard, { template, entered, unit, points: [], on: entered.doneOn })
  if (useless) return useless
  const results = evaluateRecord({ template, service, entered, unit, standard: frozen(standard) })
  if (results.conclusion === null) return refuse('invalid', `还不能完成：${results.problems.join('；')}。`, { code: 'RECORD_OPEN' })
  const unfit = standardProblem(standard, { template, entered, unit, points: results.points, on: entered.doneOn })
  if (unfit) return unfit
  if (results.conclusion === 'undetermined')
    return refuse(
      'conflict',
      '有的点离最大允许误差不到 U，分不清合格与否，不能下结论：请换不确定度更小的标准器或增加重复次数，重新测量；规程的方法、标准器和环境条件都做到的，可以在“判定规则”里选按检定规程评定，由核验员同意（JJF 1094 5.3.1）。',
      { code: 'UNDETERMINED' },
    )
  return { results, standard }
}

/** 核验: a second tester goes over a verification before it is signed; where U is left out of account, `agreed` says that they agree to that. */
export const checkRecord = (
  ctx: Ctx,
  lineId: string,
  { version, agreed = false }: { version: number; agreed?: boolean },
): Promise<{ id: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const row = await openRecord(tx, lineId, version)
    if (isRefusal(row)) return row
    const next = advance(workflow, row, 'check', tx.actor, tx.now)
    if (isRefusal(next)) return next
    const { judging } = row.entered
    if (judging === 'regulation' && !agreed) {
      const reason = '检测员选了按检定规程评定、不计测量不确定度，同意的请勾选后再核验；不同意的请批准人退回重做'
      return refuse('invalid', `${reason}（JJF 1094 5.3.1）。`, { code: 'RULE_NOT_AGREED', fields: { agreed: reason } })
    }
    await setRecord(tx, row, {
      state: next.to,
      checker_id: tx.actor.id,
      checker_name: tx.actor.name,
      checked_at: tx.now,
      changed_at: tx.now,
    })
    await tellRecord(tx, row, 'checked', judging === 'regulation' ? { judging } : {})
    return { id: row.id }
  })

export const tellRecord = (tx: Ctx, row: MeasurementRecord, action: string, detail: Record<string, unknown>) =>
  announce(tx, {
    subject: 'measurement-record',
    subjectId: row.id,
    action,
    province: row.province,
    region: row.region,
    orgId: row.org_id,
    title: row.norm,
    detail: { lineId: row.line_id, ...detail },
  })
