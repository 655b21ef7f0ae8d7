/** 计量确认: prepared by whoever keeps the ledger, signed by who is authorised to; the instrument follows what was signed. */
import { sql } from 'kysely'
import { formatValue } from '../../../core/quantities/quantity.ts'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { advance } from '../../../core/workflow.ts'
import { visible } from '../../../platform/access.server.ts'
import { inTx, jsonb, type Ctx } from '../../../platform/db.server.ts'
import { uuidv7 } from '../../../platform/ids.ts'
import { markActed } from '../../messages/index.server.ts'
import { missingScope } from '../../people/index.server.ts'
import { lockInstrument, type LockedRow } from '../change.server.ts'
import { follow, tell } from '../checks.server.ts'
import { confirmations, type Check, type Confirmation } from '../model.ts'
import { ownLedger } from '../own-kinds.server.ts'
import { isId } from '../queries.server.ts'
import { takeInstrumentStep } from '../steps.server.ts'
import { openTrace } from '../traces/open.server.ts'
import { readers as ledgerReaders } from '../workflow.ts'
import { decideConfirmation } from './decide.ts'
import { strength, type InstrumentConfirmation } from './model.ts'
import { findConfirmation } from './queries.server.ts'
import type { PrepareForm, SignForm } from './schema.ts'
import './tables.server.ts'
import { tellConfirmation } from './tell.server.ts'
import { endConfirmations } from './void.server.ts'
import { readers, workflow } from './workflow.ts'

const stale = () => refuse('conflict', '您打开之后，这份确认已有变化，请核对最新情况后再办理；您填的内容还在。', { code: 'STALE' })

interface Held {
  check: Check & { province: string }
  row: LockedRow
}

/** The result that is confirmed, and its instrument, locked. */
async function lockResult(tx: Ctx, checkId: string): Promise<Held | Refusal> {
  const check = isId(checkId)
    ? ((await tx.db
        .selectFrom('instrument_checks')
        .selectAll()
        .where('id', '=', checkId)
        .where(visible(tx.actor, ledgerReaders))
        .forUpdate()
        .executeTakeFirst()) as Held['check'] | undefined)
    : undefined
  if (!check) return refuse('missing', '没有这条校准记录，或不归您管。')
  if (check.voided_at) return refuse('conflict', '这条记录已经作废，请对作废后重新录入的记录作确认。')
  if (check.kind !== 'calibration')
    return refuse('conflict', '计量确认是对校准结果作的；检定由检定机构给出结论，期间核查只看状态是否保持（GB/T 19022）。')
  return { check, row: (await lockInstrument(tx, check.instrument_id))! }
}

/** Writes down need and results and what follows from them. One draft waits for each result: the same again changes it. */
export const prepareConfirmation = (ctx: Ctx, checkId: string, form: PrepareForm): Promise<{ id: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const org = await ownLedger(tx)
    if (isRefusal(org)) return org
    const held = await lockResult(tx, checkId)
    if (isRefusal(held)) return held
    const decision = decideConfirmation(form)
    if (isRefusal(decision)) return decision
    const { row, check } = held
    const known = await tx.db
      .selectFrom('instrument_confirmations')
      .select(['id', 'version'])
      .where('province', '=', row.province)
      .where('check_id', '=', check.id)
      .where('state', '=', 'draft')
      .forUpdate()
      .executeTakeFirst()
    if (known && form.version !== undefined && known.version !== form.version) return stale()
    const said = {
      need: jsonb(form.need) as never,
      need_source: form.needSource,
      need_note: form.needNote ?? null,
      results: jsonb(form.results) as never,
      decision: jsonb(decision) as never,
      prepared_by: tx.actor.id,
      prepared_by_name: tx.actor.name,
    }
    const id = known?.id ?? uuidv7()
    if (known)
      await tx.db
        .updateTable('instrument_confirmations')
        .set({ ...said, version: sql`version + 1` })
        .where('province', '=', row.province)
        .where('id', '=', id)
        .execute()
    else
      await tx.db
        .insertInto('instrument_confirmations')
        .values({
          ...said,
          province: row.province,
          id,
          org_id: row.org_id,
          region: row.region,
          instrument_id: row.id,
          check_id: check.id,
          state: workflow.start,
          verdict: null,
          range_note: null,
          opinion: null,
          created_at: tx.now,
          signed_by: null,
          signed_by_name: null,
          signed_at: null,
        })
        .execute()
    await tellConfirmation(tx, row, id, known ? 'changed' : 'prepared', { verdict: decision.verdict })
    return { id }
  })

/** The signature. What is signed may be stricter than what was found, never laxer; an instrument that came back goes where it belongs. */
export const signConfirmation = (ctx: Ctx, id: string, form: SignForm): Promise<InstrumentConfirmation | Refusal> =>
  inTx(ctx, async (tx) => {
    const org = await ownLedger(tx)
    if (isRefusal(org)) return org
    const missing = await missingScope(tx, 'confirm')
    if (missing) return missing
    const found = await findConfirmation(tx, id)
    if (!found) return refuse('missing', '没有这份计量确认，或不归您管。')
    const held = await lockResult(tx, found.check_id)
    if (isRefusal(held)) return held
    const confirmation = await lockConfirmation(tx, id)
    if (confirmation.version !== form.version) return stale()
    const next = advance(workflow, confirmation, 'sign', tx.actor, tx.now)
    if (isRefusal(next)) return next
    const wrong = verdictProblem(confirmation, form)
    if (wrong) return wrong
    const { row, check } = held
    await endConfirmations(tx, row, check.id, 'replace', id)
    await tx.db
      .updateTable('instrument_confirmations')
      .set({
        state: next.to,
        verdict: form.verdict,
        range_note: form.rangeNote ?? null,
        opinion: form.opinion ?? null,
        signed_by: tx.actor.id,
        signed_by_name: tx.actor.name,
        signed_at: tx.now,
        version: sql`version + 1`,
      })
      .where('province', '=', row.province)
      .where('id', '=', id)
      .execute()
    await writeResult(tx, held, confirmation, form)
    await tellConfirmation(tx, row, id, 'signed', { verdict: form.verdict, checkId: check.id })
    await tell(tx, row, 'confirmation-signed', {
      confirmationId: id,
      what: [confirmations[form.verdict], form.rangeNote, form.opinion].filter(Boolean).join('，'),
    })
    if (confirmation.results.asFound && confirmation.decision.points.some(({ verdict }) => verdict === 'unfit'))
      await openTrace(tx, row, { check, confirmationId: id, found: confirmation.decision.sentences.slice(0, 2).join('') })
    await markActed(tx, workflow.name, check.id)
    const followed = await followVerdict(tx, row, form)
    if (isRefusal(followed)) return followed
    return (await findConfirmation(tx, id))!
  })

async function lockConfirmation(tx: Ctx, id: string): Promise<InstrumentConfirmation> {
  const row = await tx.db
    .selectFrom('instrument_confirmations')
    .selectAll()
    .where('id', '=', id)
    .where(visible(tx.actor, readers))
    .forUpdate()
    .executeTakeFirstOrThrow()
  return row as InstrumentConfirmation
}

function verdictProblem({ decision }: InstrumentConfirmation, { verdict, rangeNote }: SignForm): Refusal | undefined {
  const wrong = (field: string, reason: string) => refuse('invalid', `${reason}。`, { fields: { [field]: reason } })
  if (strength.indexOf(verdict) < strength.indexOf(decision.verdict))
    return wrong(
      'verdict',
      `按填写的要求和证书数据，最多只能确认为“${confirmations[decision.verdict]}”：${decision.sentences[1]}要确认为“${confirmations[verdict]}”，请先核对使用要求和数据（GB/T 19022 7.1.4）`,
    )
  if (verdict === 'limited' && !rangeNote) return wrong('rangeNote', '限用须写明在什么范围、用于什么')
  return undefined
}

/** The result carries what was signed; the instrument says what its newest result says. */
async function writeResult(tx: Ctx, { row, check }: Held, { decision, results }: InstrumentConfirmation, form: SignForm): Promise<void> {
  const worst = decision.points[decision.worst]!
  const asFound = { error: worst.error, uncertainty: worst.expanded, limit: worst.limit, unit: worst.unit }
  await tx.db
    .updateTable('instrument_checks')
    .set({
      confirmation: form.verdict,
      confirmation_basis: [
        `${formatValue({ value: worst.at, unit: worst.atUnit })} 处误差 ${formatValue({ value: worst.error, unit: worst.unit })}，U=${formatValue({ value: worst.expanded, unit: worst.unit })}（k=${decision.k}），要求 ±${formatValue({ value: worst.limit, unit: worst.unit })}`,
        form.rangeNote,
      ]
        .filter(Boolean)
        .join('；'),
      results: jsonb(results) as never,
      ...(results.asFound && !check.as_found && { as_found: jsonb(asFound) as never }),
    })
    .where('province', '=', check.province)
    .where('id', '=', check.id)
    .execute()
  await follow(tx, row)
}

const steps = { fit: 'confirm', limited: 'limit', unfit: 'stop' } as const satisfies Record<Confirmation, string>

/** One that came back goes into use, into limited use or out of use; one in use that no longer fits is stopped or limited at once. */
async function followVerdict(tx: Ctx, row: LockedRow, { verdict, rangeNote, opinion }: SignForm): Promise<Refusal | undefined> {
  const affected =
    row.state === 'returned' ||
    (verdict !== 'fit' && (row.state === 'in-use' || row.state === 'stored')) ||
    (verdict === 'unfit' && row.state === 'limited')
  if (!affected) return undefined
  const said = [`计量确认：${confirmations[verdict]}`, rangeNote, opinion].filter(Boolean).join('，')
  const done = await takeInstrumentStep(tx, row.id, { step: steps[verdict], opinion: said })
  return isRefusal(done) ? done : undefined
}
