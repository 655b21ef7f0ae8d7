/** Registering, recalibrating and withdrawing reference standards. */
import { sql } from 'kysely'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { advance } from '../../../core/workflow.ts'
import { visible } from '../../../platform/access.server.ts'
import { inTx, jsonb, type Ctx } from '../../../platform/db.server.ts'
import { announce } from '../../../platform/events.server.ts'
import { uuidv7 } from '../../../platform/ids.ts'
import { isUuid } from '../../people/index.ts'
import type { Standard } from './model.ts'
import type { RecalibrationForm, StandardForm } from './schema.ts'
import './tables.server.ts'
import { readers, workflow } from './workflow.ts'

const wrong = (field: string, reason: string) => refuse('invalid', `${reason}。`, { fields: { [field]: reason } })

function formProblem(form: Pick<StandardForm, 'validFrom' | 'validUntil'> & Partial<StandardForm>): Refusal | undefined {
  if (form.validUntil < form.validFrom) return wrong('validUntil', '有效期至早于生效日期')
  if (form.low && form.high && Number(form.low) > Number(form.high)) return wrong('high', '范围上限小于下限')
  return undefined
}

export const registerStandard = (ctx: Ctx, form: StandardForm): Promise<Standard | Refusal> =>
  inTx(ctx, async (tx) => {
    const { actor } = tx
    if (actor.role !== 'tester' && actor.role !== 'approver') return refuse('forbidden', '标准器由本机构的检测员或批准人登记。')
    const problem = formProblem(form)
    if (problem) return problem
    const id = uuidv7()
    return insert(tx, { ...form, id, seriesId: id, n: 1 }, 'registered')
  })

/** A new certificate takes the place of the one before; what was measured with that keeps it. */
export const recalibrateStandard = (ctx: Ctx, id: string, form: RecalibrationForm): Promise<Standard | Refusal> =>
  inTx(ctx, async (tx) => {
    const row = await lock(tx, id, form.version)
    if (isRefusal(row)) return row
    const next = advance(workflow, row, 'recalibrate', tx.actor, tx.now)
    if (isRefusal(next)) return next
    const problem = formProblem(form)
    if (problem) return problem
    await setState(tx, row, next.to, null)
    const { name, serial, low, high, range_unit: rangeUnit, unit } = row
    return insert(
      tx,
      { ...form, name, serial, low, high, rangeUnit, unit, id: uuidv7(), seriesId: row.series_id, n: row.n + 1 },
      'recalibrated',
    )
  })

export const withdrawStandard = (ctx: Ctx, id: string, form: { version: number; opinion: string }): Promise<Standard | Refusal> =>
  inTx(ctx, async (tx) => {
    const row = await lock(tx, id, form.version)
    if (isRefusal(row)) return row
    const next = advance(workflow, row, 'withdraw', tx.actor, tx.now, form.opinion)
    if (isRefusal(next)) return next
    await setState(tx, row, next.to, form.opinion.trim())
    await tell(tx, row, 'withdrawn', { opinion: form.opinion.trim() })
    return { ...row, state: next.to }
  })

async function lock(tx: Ctx, id: string, version: number): Promise<Standard | Refusal> {
  const row = isUuid(id)
    ? await tx.db
        .selectFrom('reference_standards')
        .selectAll()
        .where('id', '=', id)
        .where(visible(tx.actor, readers))
        .forUpdate()
        .executeTakeFirst()
    : undefined
  if (!row) return refuse('missing', '没有这台标准器，或不归您管。')
  if (row.version !== version) return refuse('conflict', '您打开之后这里已有变化，请核对最新情况后再办理。', { code: 'STALE' })
  return row as Standard
}

const setState = (tx: Ctx, row: Standard, state: Standard['state'], reason: string | null) =>
  tx.db
    .updateTable('reference_standards')
    .set({ state, reason, version: sql`version + 1` })
    .where('province', '=', row.province)
    .where('id', '=', row.id)
    .execute()

async function insert(
  tx: Ctx,
  form: StandardForm & { id: string; seriesId: string; n: number },
  action: string,
): Promise<Standard | Refusal> {
  const { actor } = tx
  const twin = await tx.db
    .selectFrom('reference_standards')
    .select('id')
    .where('province', '=', actor.region.slice(0, 2))
    .where('org_id', '=', actor.org_id)
    .where('name', '=', form.name)
    .where('serial', '=', form.serial)
    .where('state', '=', 'in-use')
    .executeTakeFirst()
  if (twin) return wrong('serial', '这台标准器已经登记过；有了新证书，请在它那一页登记新证书')
  const row: Standard = {
    province: actor.region.slice(0, 2),
    id: form.id,
    org_id: actor.org_id,
    region: actor.region,
    state: workflow.start,
    series_id: form.seriesId,
    n: form.n,
    name: form.name,
    serial: form.serial,
    low: form.low,
    high: form.high,
    range_unit: form.rangeUnit,
    unit: form.unit,
    quality: form.quality,
    certificate: form.certificate,
    issued_by: form.issuedBy,
    valid_from: form.validFrom,
    valid_until: form.validUntil,
    recorded_by_name: actor.name,
    reason: null,
    created_at: tx.now,
    version: 1,
  }
  const { assigned: _, institution_id: _1, ...values } = row
  await tx.db
    .insertInto('reference_standards')
    .values({ ...values, quality: jsonb(form.quality) as never, recorded_by: actor.id })
    .execute()
  await tell(tx, row, action, { certificate: form.certificate, validUntil: form.validUntil })
  return row
}

const tell = (tx: Ctx, row: Standard, action: string, detail: Record<string, unknown>) =>
  announce(tx, {
    subject: 'reference-standard',
    subjectId: row.id,
    action,
    province: row.province,
    region: row.region,
    orgId: row.org_id,
    title: `${row.name} ${row.serial}`,
    detail,
  })
