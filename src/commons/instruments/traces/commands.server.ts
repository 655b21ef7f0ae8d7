/** What the enterprise does with a trace: lists what was measured, judges each, signs. */
import { sql } from 'kysely'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { advance } from '../../../core/workflow.ts'
import { visible } from '../../../platform/access.server.ts'
import { inTx, type Ctx } from '../../../platform/db.server.ts'
import { markActed } from '../../messages/index.server.ts'
import { missingScope } from '../../people/index.server.ts'
import { ownLedger } from '../own-kinds.server.ts'
import { isId } from '../queries.server.ts'
import { mostUses, type Trace, type TraceUse } from './model.ts'
import { tellTrace } from './open.server.ts'
import { findTrace, usesOf, type TraceRow } from './queries.server.ts'
import type { JudgeForm, UseForm } from './schema.ts'
import './tables.server.ts'
import { readers, workflow, type TraceStep } from './workflow.ts'

interface Held {
  trace: TraceRow
  uses: TraceUse[]
}

async function lockTrace(tx: Ctx, id: string, version: number): Promise<Held | Refusal> {
  const org = await ownLedger(tx)
  if (isRefusal(org)) return org
  const row = isId(id)
    ? ((await tx.db
        .selectFrom('instrument_traces')
        .selectAll()
        .where('id', '=', id)
        .where(visible(tx.actor, readers))
        .forUpdate()
        .executeTakeFirst()) as Trace | undefined)
    : undefined
  if (!row) return refuse('missing', '没有这份追溯评价，或不归您管。')
  if (row.version !== version) return refuse('conflict', '您打开之后，这份追溯已有变化，请核对最新情况后再办理。', { code: 'STALE' })
  const trace = (await findTrace(tx, id))!
  return { trace, uses: await usesOf(tx, trace) }
}

const stillOpen = ({ trace }: Held): Refusal | undefined =>
  trace.state === 'open' ? undefined : refuse('conflict', '这份追溯已经结案；要改请先“重新追溯”并写明理由。')

async function changed(tx: Ctx, { trace }: Held, action: string, detail: Record<string, unknown>): Promise<{ id: string }> {
  await tx.db
    .updateTable('instrument_traces')
    .set({ version: sql`version + 1` })
    .where('province', '=', trace.province)
    .where('id', '=', trace.id)
    .execute()
  await tellTrace(tx, about(trace), trace.id, action, detail)
  return { id: trace.id }
}

const about = (trace: TraceRow) => ({
  id: trace.instrument_id,
  province: trace.province,
  region: trace.region,
  org_id: trace.org_id,
  code: trace.instrument_code,
  name: trace.instrument_name,
})

/** Something more that was measured with it: a batch, a process, another instrument. */
export const addUse = (ctx: Ctx, id: string, form: UseForm): Promise<{ id: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const held = await lockTrace(tx, id, form.version)
    if (isRefusal(held)) return held
    const closed = stillOpen(held)
    if (closed) return closed
    const { trace, uses } = held
    if (uses.length >= mostUses) return refuse('conflict', `一份追溯最多 ${mostUses} 项，请把同类的合成一项。`)
    if (form.usedFrom && form.usedTo && form.usedTo < form.usedFrom)
      return refuse('invalid', '结束日期早于开始日期。', { fields: { usedTo: '结束日期早于开始日期' } })
    await tx.db
      .insertInto('instrument_trace_uses')
      .values({
        province: trace.province,
        trace_id: trace.id,
        n: Math.max(0, ...uses.map(({ n }) => n)) + 1,
        org_id: trace.org_id,
        origin: 'typed',
        what: form.what,
        used_from: form.usedFrom ?? null,
        used_to: form.usedTo ?? null,
        judgement: null,
        evidence: null,
        judged_by_name: null,
        judged_at: null,
      })
      .execute()
    return changed(tx, held, 'added', { what: form.what })
  })

/** What somebody added by mistake; what the ledger knows of stays. */
export const removeUse = (ctx: Ctx, id: string, { n, version }: { n: number; version: number }): Promise<{ id: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const held = await lockTrace(tx, id, version)
    if (isRefusal(held)) return held
    const closed = stillOpen(held)
    if (closed) return closed
    const use = held.uses.find((each) => each.n === n)
    if (!use) return refuse('missing', '没有这一项，可能已经去掉了。')
    if (use.origin === 'ledger') return refuse('conflict', '这一项来自台账，不能去掉；没有影响的，请评价为“不受影响”并写明理由。')
    await tx.db
      .deleteFrom('instrument_trace_uses')
      .where('province', '=', held.trace.province)
      .where('trace_id', '=', held.trace.id)
      .where('n', '=', n)
      .execute()
    return changed(tx, held, 'removed', { what: use.what })
  })

/** Whether the product or process was affected, what was done, and how that is known. */
export const judgeUse = (ctx: Ctx, id: string, form: JudgeForm): Promise<{ id: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const held = await lockTrace(tx, id, form.version)
    if (isRefusal(held)) return held
    const closed = stillOpen(held)
    if (closed) return closed
    const use = held.uses.find(({ n }) => n === form.n)
    if (!use) return refuse('missing', '没有这一项，可能已经去掉了。')
    await tx.db
      .updateTable('instrument_trace_uses')
      .set({ judgement: form.judgement, evidence: form.evidence, judged_by_name: tx.actor.name, judged_at: tx.now })
      .where('province', '=', held.trace.province)
      .where('trace_id', '=', held.trace.id)
      .where('n', '=', form.n)
      .execute()
    return changed(tx, held, 'judged', { what: use.what, judgement: form.judgement, evidence: form.evidence })
  })

const past: Record<Exclude<TraceStep, 'void'>, string> = { sign: 'signed', reopen: 'reopened' }

/** Signing, and taking it up again. */
export const takeTraceStep = (
  ctx: Ctx,
  id: string,
  { step, opinion, version }: { step: Exclude<TraceStep, 'void'>; opinion: string; version: number },
): Promise<TraceRow | Refusal> =>
  inTx(ctx, async (tx) => {
    const held = await lockTrace(tx, id, version)
    if (isRefusal(held)) return held
    const missing = await missingScope(tx, 'confirm')
    if (missing) return missing
    if (!Object.hasOwn(past, step)) return refuse('invalid', '没有这一步，请刷新后重试。')
    const { trace } = held
    const next = advance(workflow, trace, step, tx.actor, tx.now, opinion)
    if (isRefusal(next)) return next
    const signs = next.to === 'signed'
    await tx.db
      .updateTable('instrument_traces')
      .set({
        state: next.to,
        conclusion: signs ? opinion.trim() : null,
        signed_by: signs ? tx.actor.id : null,
        signed_by_name: signs ? tx.actor.name : null,
        signed_at: signs ? tx.now : null,
        version: sql`version + 1`,
      })
      .where('province', '=', trace.province)
      .where('id', '=', trace.id)
      .execute()
    await tellTrace(tx, about(trace), trace.id, past[step], { opinion: opinion.trim(), number: trace.number })
    await markActed(tx, workflow.name, trace.id)
    return (await findTrace(tx, id))!
  })
