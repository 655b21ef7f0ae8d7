/** One step in the life of an instrument, or the same step for many. */
import { sql } from 'kysely'
import { platform } from '../../core/access.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { advance } from '../../core/workflow.ts'
import { inTx, type Ctx } from '../../platform/db.server.ts'
import { announce, writeAnnounced } from '../../platform/events.server.ts'
import { lockInstrument, noInstrument, stale, type LockedRow } from './change.server.ts'
import type { Instrument } from './model.ts'
import { ownLedger } from './own-kinds.server.ts'
import { findInstrument } from './queries.server.ts'
import { count } from './register.server.ts'
import { past, workflow, type InstrumentStep, type Life } from './workflow.ts'

export interface StepForm {
  step: InstrumentStep
  opinion?: string | undefined
  /** The version that was looked at; absent where nobody looked at one (a batch). */
  version?: number | undefined
  /** More of what the event tells: the batch it went out with. */
  detail?: Record<string, unknown> | undefined
}

/** Lock, decide, write, tell, in one transaction. Joins the caller's where there is one. */
export const takeInstrumentStep = (ctx: Ctx, id: string, form: StepForm): Promise<Instrument | Refusal> =>
  inTx(ctx, async (tx) => {
    const org = await ownLedger(tx)
    if (isRefusal(org)) return org
    return stepOne(tx, id, form)
  })

/**
 * What an order that the enterprise placed does to its instruments: handed over, given back. The platform takes the step for the
 * enterprise; one that stands elsewhere by now is left as it is.
 */
export async function followOrder(
  tx: Ctx,
  org: { province: string; id: string; name: string; region: string },
  ids: readonly string[],
  step: 'send' | 'take-back',
  opinion: string,
): Promise<number> {
  const actor = { ...platform, role: 'enterprise' as const, org_id: org.id, org_name: org.name, region: org.region }
  let done = 0
  for (const id of ids) {
    const row = await lockInstrument({ ...tx, actor }, id)
    if (!row || !workflow.steps[step].from.some((state) => state === row.state)) continue
    const answer = await stepOne({ ...tx, actor }, id, { step, opinion })
    if (!isRefusal(answer)) done++
  }
  return done
}

async function stepOne(tx: Ctx, id: string, { step, opinion = '', version, detail }: StepForm): Promise<Instrument | Refusal> {
  const row = await lockInstrument(tx, id)
  if (!row) return noInstrument()
  if (version !== undefined && row.version !== version) return stale()
  const next = advance(workflow, await lifeOf(tx, row), step, tx.actor, tx.now, opinion)
  if (isRefusal(next)) return next
  await tx.db
    .updateTable('instruments')
    .set({ state: next.to, changed_at: tx.now, version: sql`version + 1` })
    .where('province', '=', row.province)
    .where('id', '=', row.id)
    .execute()
  if (next.to !== row.state) {
    const org = { province: row.province, id: row.org_id }
    await count(tx, org, row.state, -1)
    await count(tx, org, next.to, 1)
  }
  await announce(tx, {
    subject: 'instrument',
    subjectId: row.id,
    action: past[step],
    province: row.province,
    region: row.region,
    orgId: row.org_id,
    title: `${row.code} ${row.name}`,
    detail: { from: row.state, to: next.to, ...(opinion.trim() && { opinion: opinion.trim() }), ...detail },
  })
  return (await findInstrument(tx, id))!
}

/** What the steps read, with the day on which it last went out. */
export async function lifeOf(ctx: Ctx, row: Pick<LockedRow, 'id' | 'state'> & Omit<Life, 'state' | 'sent_on'>): Promise<Life> {
  // It may have been sent in this very transaction.
  if (row.state === 'returned' && ctx.db.isTransaction) await writeAnnounced(ctx)
  const sent =
    row.state === 'returned'
      ? await ctx.db
          .selectFrom('events')
          .select(sql<string>`(at at time zone 'Asia/Shanghai')::date`.as('on'))
          .where('subject', '=', 'instrument')
          .where('subject_id', '=', row.id)
          .where('action', '=', 'sent')
          .orderBy('seq', 'desc')
          .limit(1)
          .executeTakeFirst()
      : undefined
  return { ...row, sent_on: sent?.on ?? null }
}

export interface ManySteps {
  done: string[]
  refused: { id: string; code: string; reason: string }[]
}

/** Each by the step table and in a transaction of its own: one that may not does not hold up the others. */
export async function stepMany(ctx: Ctx, ids: readonly string[], step: InstrumentStep, opinion = ''): Promise<ManySteps | Refusal> {
  if (ids.length === 0) return refuse('invalid', '请先选择器具。')
  if (ids.length > 1_000) return refuse('invalid', `一次最多办理 1000 件，现在选了 ${ids.length} 件，请分批办理。`)
  const answer: ManySteps = { done: [], refused: [] }
  for (const id of new Set(ids)) {
    const result = await takeInstrumentStep(ctx, id, { step, opinion })
    if (!isRefusal(result)) answer.done.push(id)
    else if (result.kind === 'forbidden') return result
    else answer.refused.push({ id, code: (await findInstrument(ctx, id))?.code ?? '', reason: result.reason })
  }
  return answer
}
