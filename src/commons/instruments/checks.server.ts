/** 检定、校准、期间核查: what was found, who says so, and what follows for the instrument. A record is never changed; a wrong one is voided. */
import { sql } from 'kysely'
import { validUntil } from '../../core/due-day.ts'
import type { Fen } from '../../core/money.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { visible } from '../../platform/access.server.ts'
import { inTx, jsonb, type Ctx } from '../../platform/db.server.ts'
import { announce } from '../../platform/events.server.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { lockInstrument, noInstrument, type LockedRow } from './change.server.ts'
import { checkKinds, conclusions, type AsFound, type Check, type CheckKind, type Conclusion, type Results } from './model.ts'
import { voidConfirmations } from './confirmation/void.server.ts'
import { ownLedger } from './own-kinds.server.ts'
import { isId } from './queries.server.ts'
import { openTrace, voidTrace } from './traces/open.server.ts'
import { readers } from './workflow.ts'

export interface CheckInput {
  kind: CheckKind
  doneOn: string
  validUntil?: string | undefined
  institution?: string | undefined
  certificateNo?: string | undefined
  conclusion: Conclusion
  asFound?: AsFound | undefined
  /** What the certificate gives, point by point: what a confirmation starts from. */
  results?: Results | undefined
  fee?: Fen | undefined
  note?: string | undefined
  /** The certificate, where it came as a file and is kept already. */
  fileId?: string | undefined
}

/** Records a result. The newest result that is not voided says when it was last done and until when it holds. */
export const recordCheck = (ctx: Ctx, id: string, input: CheckInput): Promise<Check | Refusal> =>
  inTx(ctx, async (tx) => {
    const org = await ownLedger(tx)
    if (isRefusal(org)) return org
    const row = await lockInstrument(tx, id)
    if (!row) return noInstrument()
    const wrong = checkProblem(input, shanghaiDate(tx.now))
    if (wrong) return wrong
    await bringAlong(tx, row)
    const until =
      input.validUntil ??
      (input.kind !== 'check' && input.conclusion !== 'fail' && row.interval_months ? validUntil(input.doneOn, row.interval_months) : null)
    const check = {
      province: row.province,
      id: uuidv7(),
      org_id: row.org_id,
      region: row.region,
      instrument_id: row.id,
      kind: input.kind,
      done_on: input.doneOn,
      valid_until: until,
      institution: input.institution ?? null,
      certificate_no: input.certificateNo ?? null,
      conclusion: input.conclusion,
      // Only a signed confirmation says whether a calibrated instrument fits (GB/T 19022).
      confirmation: null,
      confirmation_basis: null,
      as_found: input.asFound ?? null,
      results: input.results ?? null,
      fee_fen: input.fee ?? null,
      file_id: input.fileId ?? null,
      note: input.note ?? null,
      recorded_by: tx.actor.id,
      recorded_by_name: tx.actor.name,
      created_at: tx.now,
      voided_at: null,
      void_reason: null,
    } satisfies Check & Record<string, unknown>
    await tx.db
      .insertInto('instrument_checks')
      .values({ ...check, as_found: orNull(check.as_found), results: orNull(check.results) })
      .execute()
    await follow(tx, row)
    await tell(tx, row, 'check-recorded', {
      checkId: check.id,
      what: `${input.doneOn} ${checkKinds[input.kind]}，${conclusions[input.conclusion]}${until ? `，有效期至 ${until}` : ''}`,
      ...(input.certificateNo && { certificateNo: input.certificateNo }),
    })
    if (input.conclusion === 'fail')
      await openTrace(tx, row, {
        check,
        found: `${input.doneOn} ${checkKinds[input.kind]}不合格${input.certificateNo ? `（${input.certificateNo}）` : ''}`,
      })
    return check
  })

const orNull = (value: object | null) => (value === null ? null : (jsonb(value) as never))

/** Why such a result cannot be; with the article where there is one. */
export function checkProblem(input: CheckInput, today: string): Refusal | undefined {
  const wrong = (field: string, reason: string) => refuse('invalid', `${reason}。`, { fields: { [field]: reason } })
  if (input.doneOn > today) return wrong('doneOn', `日期 ${input.doneOn} 晚于今天，还没有做的不能录入`)
  if (input.doneOn < '1950-01-01') return wrong('doneOn', `日期 ${input.doneOn} 太早，请核对`)
  if (input.validUntil && input.validUntil < input.doneOn)
    return wrong('validUntil', `有效期至 ${input.validUntil} 早于 ${input.doneOn}，请核对证书`)
  // JJF 1071: a calibration gives values and their uncertainty, it does not decide.
  if (input.kind === 'calibration' && input.conclusion !== 'none')
    return wrong('conclusion', '校准不判定合格与否，请选“不作结论”，再由本单位作计量确认（GB/T 19022）')
  if (input.kind === 'verification' && input.conclusion === 'none')
    return wrong('conclusion', '检定须有结论：发检定证书的为合格，发检定结果通知书的为不合格（《计量检定印、证管理办法》）')
  return undefined
}

/** What the ledger brought along becomes a record before the first one that is entered here: voiding that one then leads back to it. */
async function bringAlong(tx: Ctx, row: LockedRow): Promise<void> {
  if (!row.last_done_on || !row.last_kind || (await anyCheck(tx, row))) return
  await tx.db
    .insertInto('instrument_checks')
    .values({
      province: row.province,
      id: uuidv7(),
      org_id: row.org_id,
      region: row.region,
      instrument_id: row.id,
      kind: row.last_kind,
      done_on: row.last_done_on,
      valid_until: row.valid_until,
      institution: row.last_institution,
      certificate_no: row.last_certificate_no,
      conclusion: row.last_conclusion ?? 'none',
      confirmation: row.last_confirmation,
      confirmation_basis: null,
      as_found: null,
      results: null,
      fee_fen: row.last_fee_fen,
      file_id: null,
      note: '随台账带入',
      recorded_by: tx.actor.id,
      recorded_by_name: tx.actor.name,
      created_at: row.created_at,
      voided_at: null,
      void_reason: null,
    })
    .execute()
}

const anyCheck = ({ db }: Ctx, row: LockedRow) =>
  db
    .selectFrom('instrument_checks')
    .select('id')
    .where('province', '=', row.province)
    .where('instrument_id', '=', row.id)
    .limit(1)
    .executeTakeFirst()

/** The instrument says what its newest result says. */
export async function follow(tx: Ctx, row: LockedRow): Promise<void> {
  const last = await tx.db
    .selectFrom('instrument_checks')
    .selectAll()
    .where('province', '=', row.province)
    .where('instrument_id', '=', row.id)
    .where('voided_at', 'is', null)
    .where('kind', '!=', 'check')
    .orderBy('done_on', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  // Entered for a day before what the ledger brought along without saying how it was done: that still is the newest.
  if (last && row.last_done_on && !row.last_kind && last.done_on < row.last_done_on) return
  await tx.db
    .updateTable('instruments')
    .set({
      last_done_on: last?.done_on ?? null,
      last_kind: last?.kind ?? null,
      last_conclusion: last?.conclusion ?? null,
      last_confirmation: last?.confirmation ?? null,
      last_institution: last?.institution ?? row.last_institution,
      last_certificate_no: last?.certificate_no ?? null,
      last_fee_fen: last?.fee_fen ?? row.last_fee_fen,
      valid_until: last ? last.valid_until : null,
      changed_at: tx.now,
      version: sql`version + 1`,
    })
    .where('province', '=', row.province)
    .where('id', '=', row.id)
    .execute()
}

/** Something was said of one instrument. */
export const tell = (tx: Ctx, row: LockedRow, action: string, detail: Record<string, unknown>) =>
  announce(tx, {
    subject: 'instrument',
    subjectId: row.id,
    action,
    province: row.province,
    region: row.region,
    orgId: row.org_id,
    title: `${row.code} ${row.name}`,
    detail,
  })

/** Takes back a record that was entered wrongly; it stays on the page, struck out, with the reason. */
export const voidCheck = (ctx: Ctx, checkId: string, reason: string): Promise<Check | Refusal> =>
  inTx(ctx, async (tx) => {
    const org = await ownLedger(tx)
    if (isRefusal(org)) return org
    if (!reason.trim()) return refuse('invalid', '请写明为什么作废。', { fields: { reason: '请写明为什么作废' } })
    const check = isId(checkId)
      ? await tx.db
          .selectFrom('instrument_checks')
          .selectAll()
          .where('id', '=', checkId)
          .where(visible(tx.actor, readers))
          .forUpdate()
          .executeTakeFirst()
      : undefined
    if (!check) return refuse('missing', '没有这条记录，或不归您管。')
    if (check.voided_at) return refuse('conflict', '这条记录已经作废。')
    const row = (await lockInstrument(tx, check.instrument_id))!
    await tx.db
      .updateTable('instrument_checks')
      .set({ voided_at: tx.now, void_reason: reason.trim() })
      .where('province', '=', check.province)
      .where('id', '=', check.id)
      .execute()
    await voidConfirmations(tx, row, check.id)
    await voidTrace(tx, row, check.id)
    await follow(tx, row)
    await tell(tx, row, 'check-voided', { checkId, what: `${check.done_on} ${checkKinds[check.kind]}`, opinion: reason.trim() })
    return { ...check, voided_at: tx.now, void_reason: reason.trim() } as Check
  })
