/** Reporting a fault: from the label, by anybody who stands at the instrument, or from the instrument's page. */
import { promiseClock, shanghaiDate } from '../../../core/promise-clock.ts'
import { recordNumber } from '../../../core/record-number.ts'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { inTx, type Ctx } from '../../../platform/db.server.ts'
import { announce, nextNumber } from '../../../platform/events.server.ts'
import { uuidv7 } from '../../../platform/ids.ts'
import { limiter } from '../../../platform/rate.server.ts'
import { withoutMetadata } from '../../files/index.ts'
import { storeFile } from '../../files/index.server.ts'
import { byToken } from '../labels/scan.server.ts'
import { heldStates } from '../model.ts'
import { findInstrument } from '../queries.server.ts'
import { faultPhoto, faultPromise, type FaultSource } from './model.ts'
import type { ReportForm } from './schema.ts'
import './tables.server.ts'
import { workflow } from './workflow.ts'

export interface Photo {
  name: string
  bytes: Uint8Array
}

export interface Reported {
  id: string
  number: string
  dueOn: string
}

/** Nobody can flood one enterprise, nor one instrument, whoever and from wherever: so many at once, refilled over an hour. */
const perInstrument = limiter(6, 3_600)
const perEnterprise = limiter(60, 3_600)

/** From the label: `token` is what it carries; no sign-in. 404 for a label that is no longer in force. */
export async function reportByLabel(ctx: Ctx, token: string, form: ReportForm, photo?: Photo): Promise<Reported | Refusal> {
  const row = await byToken(ctx, token)
  if (!row) return refuse('missing', '没有这个标签，可能已经换了新标签；请扫描器具上现在的标签。')
  if (!perInstrument.take(row.id) || !perEnterprise.take(row.org_id))
    return refuse('conflict', '这里刚刚收到多份报告，请一小时后再试，或直接告诉设备管理人员。', { code: 'TOO_MANY' })
  return report(ctx, row, { ...form, source: 'scan' }, photo)
}

/** From the instrument's page, by somebody of the enterprise: their name is in the event, so no contact is asked for. */
export async function reportFault(
  ctx: Ctx,
  instrumentId: string,
  form: Pick<ReportForm, 'description'>,
  photo?: Photo,
): Promise<Reported | Refusal> {
  const row = await findInstrument(ctx, instrumentId)
  if (!row || ctx.actor.role !== 'enterprise') return refuse('missing', '没有这件器具，或不归您管。')
  return report(ctx, row, { description: form.description, source: 'page' }, photo)
}

type Subject = NonNullable<Awaited<ReturnType<typeof byToken>>> | NonNullable<Awaited<ReturnType<typeof findInstrument>>>
type Report = Pick<ReportForm, 'description'> & Partial<Pick<ReportForm, 'reporter' | 'contact'>> & { source: FaultSource }

const report = (ctx: Ctx, row: Subject, form: Report, photo: Photo | undefined): Promise<Reported | Refusal> =>
  inTx(ctx, async (tx) => {
    if (!(heldStates as readonly string[]).includes(row.state))
      return refuse('conflict', '这件器具已登记报废或丢失，不再接受故障报告；如果还在用，请立即停用并告诉设备管理人员。')
    const clock = promiseClock({ startedAt: tx.now, limit: faultPromise.limit, now: tx.now })
    const year = Number(shanghaiDate(tx.now).slice(0, 4))
    const number = recordNumber(row.province, year, await nextNumber(tx, row.province, workflow.name, year))
    const id = uuidv7()
    const file = photo && (await keepPhoto(tx, row, id, photo))
    if (isRefusal(file)) return file
    await tx.db
      .insertInto('instrument_faults')
      .values({
        province: row.province,
        id,
        number,
        org_id: row.org_id,
        region: row.region,
        state: workflow.start,
        instrument_id: row.id,
        description: form.description,
        reporter: form.reporter ?? null,
        contact: form.contact ?? null,
        source: form.source,
        file_id: file?.id ?? null,
        due_on: clock.statutory.due,
        due_provisional: clock.provisional,
        outcome: null,
        handled_by: null,
        handled_by_name: null,
        created_at: tx.now,
        closed_at: null,
      })
      .execute()
    const about = { province: row.province, region: row.region, orgId: row.org_id, title: `${row.code} ${row.name}` }
    // The chain of events is for ever, so what is personal stays out of it.
    await announce(tx, { ...about, subject: workflow.name, subjectId: id, action: 'reported', detail: { number, instrumentId: row.id } })
    await announce(tx, { ...about, subject: 'instrument', subjectId: row.id, action: 'fault-reported', detail: { number, faultId: id } })
    return { id, number, dueOn: clock.statutory.due }
  })

/** The picture alone: a phone writes into it where and when it was taken. */
function keepPhoto(tx: Ctx, row: Subject, faultId: string, photo: Photo) {
  const bytes = withoutMetadata(photo.bytes)
  if (!bytes) {
    const reason = '照片不是 JPEG、PNG 或 WebP，或已经损坏，请重新拍一张'
    return refuse('invalid', `${reason}。`, { fields: { file: reason } })
  }
  const org = { province: row.province, id: row.org_id, region: row.region }
  // The name that a phone gives often holds the time; the number of the report says more.
  return storeFile(tx, {
    org,
    subject: workflow.name,
    subjectId: faultId,
    name: '故障照片',
    bytes,
    allow: faultPhoto.types,
    maxBytes: faultPhoto.bytes,
    ...(tx.actor.id === '' && { by: { id: null, name: '扫码人' } }),
  })
}
