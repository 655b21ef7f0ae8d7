/** Planning a batch, sending it, taking it back. What is at the laboratory stays in the register. */
import { sql } from 'kysely'
import { isIsoDate } from '../../../core/eligibility/calendar-day.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { recordNumber } from '../../../core/record-number.ts'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { advance } from '../../../core/workflow.ts'
import { visible } from '../../../platform/access.server.ts'
import { inTx, type Ctx } from '../../../platform/db.server.ts'
import { announce, nextNumber } from '../../../platform/events.server.ts'
import { uuidv7 } from '../../../platform/ids.ts'
import { ownLedger } from '../own-kinds.server.ts'
import { isId } from '../queries.server.ts'
import { takeInstrumentStep } from '../steps.server.ts'
import type { SendOut } from './model.ts'
import { findSendOut, piecesFor } from './queries.server.ts'
import { rotation } from './rotation.ts'
import { sendOutReaders, sendOutWorkflow } from './workflow.ts'

export interface PlanForm {
  ids: readonly string[]
  institution: string
  site?: string | undefined
  sendOn: string
  backOn: string
  note?: string | undefined
  /** Why it goes all the same, for what would leave its point without: by instrument. */
  gapReasons?: Readonly<Record<string, string>> | undefined
}

const wrong = (field: string, reason: string) => refuse('invalid', `${reason}。`, { fields: { [field]: reason } })

/** Plans a batch. What would leave a point without anything needs a reason for each; what is in another open batch is refused. */
export async function planSendOut(ctx: Ctx, form: PlanForm): Promise<SendOut | Refusal> {
  try {
    return await planOne(ctx, form)
  } catch (error) {
    // Two at once: the index lets one through.
    if ((error as { code?: string }).code !== '23505') throw error
    return refuse('conflict', '所选的器具里有的刚被排进另一张送检单，请刷新后重新选择。', { code: 'IN_ANOTHER_BATCH' })
  }
}

const planOne = (ctx: Ctx, form: PlanForm): Promise<SendOut | Refusal> =>
  inTx(ctx, async (tx) => {
    const org = await ownLedger(tx)
    if (isRefusal(org)) return org
    const problem = formProblem(form, shanghaiDate(tx.now))
    if (problem) return problem
    const wanted = new Set(form.ids.filter(isId))
    const pieces = await piecesFor(tx, [...wanted])
    const mine = pieces.filter(({ id }) => wanted.has(id))
    if (mine.length === 0 || mine.length < wanted.size) return refuse('missing', '所选的器具里有的不在您的台账里，请重新选择。')
    const out = mine.find(({ state }) => state === 'sent')
    if (out) return refuse('conflict', `${out.code} 已经在送检中，不能再送。`)
    const taken = await openElsewhere(tx, org.province, [...wanted])
    if (taken)
      return refuse('conflict', `${taken.code} 已经在送检单 ${taken.number} 里，请先取消那一单或去掉这一件。`, { code: 'IN_ANOTHER_BATCH' })
    const covers = rotation(pieces, wanted, form.backOn)
    const gap = mine.find(({ id }) => covers.get(id)?.verdict === 'gap' && !form.gapReasons?.[id]?.trim())
    if (gap) return wrong(`gap-${gap.id}`, `${gap.code}：${covers.get(gap.id)!.why}。仍要送请写明理由，或去掉这一件`)
    const id = uuidv7()
    const year = Number(shanghaiDate(tx.now).slice(0, 4))
    const number = recordNumber(org.province, year, await nextNumber(tx, org.province, sendOutWorkflow.name, year))
    await tx.db
      .insertInto('send_outs')
      .values({
        province: org.province,
        id,
        number,
        org_id: org.id,
        region: org.region,
        state: sendOutWorkflow.start,
        institution: form.institution.trim(),
        site: form.site?.trim() || null,
        send_on: form.sendOn,
        back_on: form.backOn,
        note: form.note?.trim() || null,
        planned_by: tx.actor.id,
        planned_by_name: tx.actor.name,
        created_at: tx.now,
        sent_at: null,
        closed_at: null,
      })
      .execute()
    await tx.db
      .insertInto('send_out_items')
      .values(
        mine.map((piece) => {
          const cover = covers.get(piece.id)
          return {
            province: org.province,
            send_out_id: id,
            instrument_id: piece.id,
            org_id: org.id,
            substitute_id: cover?.verdict === 'covered' || cover?.verdict === 'unknown' ? cover.spare : null,
            gap_reason: cover?.verdict === 'gap' ? form.gapReasons![piece.id]!.trim() : null,
            open: true,
            returned_at: null,
          }
        }),
      )
      .execute()
    const row = (await findSendOut(tx, id))!.row
    await tell(tx, row, 'planned', { pieces: mine.length, institution: row.institution })
    return row
  })

function formProblem(form: PlanForm, today: string): Refusal | undefined {
  if (form.ids.length === 0) return wrong('ids', '还没有选器具')
  if (form.ids.length > 500) return wrong('ids', '一张送检单最多 500 件，请分批')
  if (!form.institution.trim()) return wrong('institution', '请填写送到哪家机构')
  if (form.institution.length > 80) return wrong('institution', '机构名称最多 80 个字')
  if (!isIsoDate(form.sendOn)) return wrong('sendOn', '请填写送出日期，如 2026-11-24')
  if (form.sendOn < today) return wrong('sendOn', `送出日期 ${form.sendOn} 已经过去`)
  if (!isIsoDate(form.backOn) || form.backOn < form.sendOn) return wrong('backOn', '请填写取回日期，不早于送出日期')
  return undefined
}

const openElsewhere = ({ db }: Ctx, province: string, ids: readonly string[]) =>
  db
    .selectFrom('send_out_items as i')
    .innerJoin('send_outs as s', (join) => join.onRef('s.province', '=', 'i.province').onRef('s.id', '=', 'i.send_out_id'))
    .innerJoin('instruments as t', (join) => join.onRef('t.province', '=', 'i.province').onRef('t.id', '=', 'i.instrument_id'))
    .select(['t.code', 's.number'])
    .where('i.province', '=', province)
    .where('i.instrument_id', 'in', [...ids])
    .where('i.open', '=', true)
    .limit(1)
    .executeTakeFirst()

const tell = (tx: Ctx, row: SendOut, action: string, detail: Record<string, unknown> = {}) =>
  announce(tx, {
    subject: 'send-out',
    subjectId: row.id,
    action,
    province: row.province,
    region: row.region,
    orgId: row.org_id,
    title: row.number,
    detail,
  })

async function lock(tx: Ctx, id: string): Promise<SendOut | Refusal> {
  const org = await ownLedger(tx)
  if (isRefusal(org)) return org
  const row = isId(id)
    ? await tx.db
        .selectFrom('send_outs')
        .selectAll()
        .where('id', '=', id)
        .where(visible(tx.actor, sendOutReaders))
        .forUpdate()
        .executeTakeFirst()
    : undefined
  return (row as SendOut | undefined) ?? refuse('missing', '没有这张送检单，或不归您管。')
}

const move = (tx: Ctx, row: SendOut, state: SendOut['state'], more: Partial<Pick<SendOut, 'sent_at' | 'closed_at'>> = {}) =>
  tx.db
    .updateTable('send_outs')
    .set({ state, ...more, version: sql`version + 1` })
    .where('province', '=', row.province)
    .where('id', '=', row.id)
    .execute()

/** Everything on it goes out, each by its own step; a spare that stands in is put in use where the person says so. */
export const sendBatch = (ctx: Ctx, id: string, useSpares = false): Promise<SendOut | Refusal> =>
  inTx(ctx, async (tx) => {
    const row = await lock(tx, id)
    if (isRefusal(row)) return row
    const next = advance(sendOutWorkflow, row, 'send', tx.actor, tx.now)
    if (isRefusal(next)) return next
    const { lines } = (await findSendOut(tx, id))!
    for (const line of lines) {
      const sent = await takeInstrumentStep(tx, line.instrument_id, {
        step: 'send',
        opinion: `送检单 ${row.number}，${row.institution}`,
        detail: { sendOutId: id },
      })
      if (isRefusal(sent)) return refuse(sent.kind, `${line.code} 送不出去：${sent.reason}`)
    }
    const spares = [...new Set(lines.flatMap(({ substitute_id }) => (useSpares && substitute_id ? [substitute_id] : [])))]
    for (const spare of spares) {
      const used = await takeInstrumentStep(tx, spare, {
        step: 'put-in-use',
        opinion: `顶替送检单 ${row.number} 送走的器具`,
        detail: { sendOutId: id },
      })
      if (isRefusal(used)) return refuse(used.kind, `备用器具启用不了：${used.reason}`)
    }
    await move(tx, row, next.to, { sent_at: tx.now })
    await tell(tx, row, 'sent', { pieces: lines.length, spares: spares.length })
    return { ...row, state: next.to }
  })

/** Some or all come back: each is 已取回待确认; the batch closes with the last one. What was lost or scrapped meanwhile counts as accounted for. */
export const takeBack = (ctx: Ctx, id: string, ids: readonly string[]): Promise<SendOut | Refusal> =>
  inTx(ctx, async (tx) => {
    const row = await lock(tx, id)
    if (isRefusal(row)) return row
    const next = advance(sendOutWorkflow, row, 'take-back', tx.actor, tx.now)
    if (isRefusal(next)) return next
    const { lines } = (await findSendOut(tx, id))!
    const back = lines.filter(
      (line) => line.returned_at === null && (ids.includes(line.instrument_id) || (line.state !== 'sent' && line.state !== 'returned')),
    )
    if (back.length === 0) return wrong('ids', '请选择取回的器具')
    for (const line of back) {
      if (line.state === 'sent') {
        const answer = await takeInstrumentStep(tx, line.instrument_id, {
          step: 'take-back',
          opinion: `送检单 ${row.number}`,
          detail: { sendOutId: id },
        })
        if (isRefusal(answer)) return answer
      }
      await tx.db
        .updateTable('send_out_items')
        .set({ returned_at: tx.now, open: false })
        .where('province', '=', row.province)
        .where('send_out_id', '=', id)
        .where('instrument_id', '=', line.instrument_id)
        .execute()
    }
    await tell(tx, row, 'taken-back', { codes: back.map(({ code }) => code) })
    if (back.length < lines.filter((line) => line.returned_at === null).length) return row
    await move(tx, row, 'closed', { closed_at: tx.now })
    await tell(tx, row, 'closed')
    return { ...row, state: 'closed' }
  })

export const cancelSendOut = (ctx: Ctx, id: string, opinion = ''): Promise<SendOut | Refusal> =>
  inTx(ctx, async (tx) => {
    const row = await lock(tx, id)
    if (isRefusal(row)) return row
    const next = advance(sendOutWorkflow, row, 'cancel', tx.actor, tx.now, opinion)
    if (isRefusal(next)) return next
    await tx.db
      .updateTable('send_out_items')
      .set({ open: false })
      .where('province', '=', row.province)
      .where('send_out_id', '=', id)
      .execute()
    await move(tx, row, next.to, { closed_at: tx.now })
    await tell(tx, row, 'cancelled', { opinion })
    return { ...row, state: next.to }
  })
