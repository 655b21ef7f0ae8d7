/** A certificate from elsewhere becomes a result of the ledger. What a known institution signed is taken as it stands; all else a person confirms. */
import { sql } from 'kysely'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { sayInstant } from '../../../core/say-instant.ts'
import { advance } from '../../../core/workflow.ts'
import { visible } from '../../../platform/access.server.ts'
import { inTx, type Ctx } from '../../../platform/db.server.ts'
import { announce } from '../../../platform/events.server.ts'
import { certificateOnRecord, findInstrument, ownLedger, recordCheck, type CheckInput } from '../../instruments/index.server.ts'
import { isUuid } from '../../people/index.ts'
import { contradiction } from './match.ts'
import type { IncomingCertificate } from './model.ts'
import './tables.server.ts'
import { readers, workflow } from './workflow.ts'

export interface Recording {
  instrumentId: string
  version: number
  /** A person compared the values with the certificate; needed for all but what a known institution signed. */
  confirmed?: boolean | undefined
  /** What a person read off the paper; only for a PDF. */
  typed?: CheckInput | undefined
}

const stale = () => refuse('conflict', '您打开之后这份证书已有变化，请核对最新情况后再办理；您填的内容还在。', { code: 'STALE' })
const wrong = (field: string, reason: string, code?: string) =>
  refuse('invalid', `${reason}。`, { fields: { [field]: reason }, ...(code && { code }) })

async function lock(tx: Ctx, id: string, version: number): Promise<IncomingCertificate | Refusal> {
  const row = isUuid(id)
    ? await tx.db
        .selectFrom('incoming_certificates')
        .selectAll()
        .where('id', '=', id)
        .where(visible(tx.actor, readers))
        .forUpdate()
        .executeTakeFirst()
    : undefined
  if (!row) return refuse('missing', '没有这份上传的证书，或不归您管。')
  return row.version === version ? (row as IncomingCertificate) : stale()
}

export const recordIncoming = (ctx: Ctx, id: string, recording: Recording): Promise<IncomingCertificate | Refusal> =>
  inTx(ctx, async (tx) => {
    const org = await ownLedger(tx)
    if (isRefusal(org)) return org
    const row = await lock(tx, id, recording.version)
    return isRefusal(row) ? row : record(tx, row, recording)
  })

/** As `recordIncoming`, with the row held already. */
export async function record(tx: Ctx, row: IncomingCertificate, { instrumentId, confirmed, typed }: Recording) {
  const next = advance(workflow, row, 'record', tx.actor, tx.now)
  if (isRefusal(next)) return next
  const instrument = await findInstrument(tx, instrumentId)
  if (!instrument) return wrong('instrument', '请选择这份证书是哪一件器具的')
  const against = row.reading && contradiction(row.reading, instrument)
  if (against) return wrong('instrument', `${against}，不是同一件；台账写错的，请先改正台账`, 'INSTRUMENT_DIFFERS')
  if (row.standing !== 'verified' && !confirmed)
    return wrong('confirmed', row.standing === 'paper' ? '请与证书逐项核对后勾选确认' : '签发者没有核实，请与机构或纸质证书核对后勾选确认')
  const input = row.reading ? checkOf(row) : typed
  if (!input) return wrong('kind', '请填写证书上的结果')
  const taken = await numberProblem(tx, row, input, instrumentId)
  if (taken) return taken
  const check = await recordCheck(tx, instrumentId, { ...input, fileId: row.file_id ?? undefined })
  if (isRefusal(check)) return check
  return move(tx, row, 'recorded', next.to, { instrument_id: instrumentId, check_id: check.id, reason: null })
}

const saidOf: Record<IncomingCertificate['standing'], string> = {
  verified: '签名已核实',
  expired: '签名证书已到期，数据由录入人核对',
  unverified: '签发者未能核实，数据由录入人核对',
  paper: '由人填写',
}

/** The result as the certificate gives it. Errors and uncertainties come along, so that 计量确认 starts from them. */
function checkOf({ reading, standing, created_at }: IncomingCertificate): CheckInput {
  const { kind, conclusion, doneOn, validUntil, institution, number, results } = reading!
  return {
    kind,
    conclusion,
    doneOn,
    institution,
    certificateNo: number,
    note: `由数字证书读入，${saidOf[standing]}，按 ${sayInstant(created_at)} 上传时判断`,
    ...(validUntil && { validUntil }),
    ...(results && { results }),
  }
}

/** One certificate is one result; an amended one takes its place only when the earlier record was voided. */
async function numberProblem(tx: Ctx, { reading }: IncomingCertificate, input: CheckInput, instrumentId: string) {
  const { certificateNo: number, institution } = input
  const before = number ? await certificateOnRecord(tx, { number, institution, instrumentId }) : undefined
  if (before)
    return refuse(
      'conflict',
      `编号 ${number} 的证书已经记在 ${before.code} 名下（${before.done_on}）；内容不同的，请先作废那条记录，再记入这一份。`,
      { code: 'CERTIFICATE_ON_RECORD' },
    )
  const replaced = reading?.replaces ? await certificateOnRecord(tx, { number: reading.replaces, institution, instrumentId }) : undefined
  return replaced
    ? refuse('conflict', `这份证书代替 ${reading!.replaces}，那一份还记在 ${replaced.code} 名下；请先作废那条记录，再记入这一份。`, {
        code: 'REPLACED_ON_RECORD',
      })
    : undefined
}

/** 不用: a file that was brought by mistake; it stays on record with the reason. */
export const setAside = (ctx: Ctx, id: string, { version, reason }: { version: number; reason: string }) =>
  inTx(ctx, async (tx): Promise<IncomingCertificate | Refusal> => {
    const org = await ownLedger(tx)
    if (isRefusal(org)) return org
    const row = await lock(tx, id, version)
    if (isRefusal(row)) return row
    const next = advance(workflow, row, 'set-aside', tx.actor, tx.now, reason)
    return isRefusal(next) ? next : move(tx, row, 'set-aside', next.to, { reason: reason.trim() })
  })

export async function move(
  tx: Ctx,
  row: IncomingCertificate,
  action: string,
  state: IncomingCertificate['state'],
  values: Partial<Pick<IncomingCertificate, 'instrument_id' | 'check_id' | 'reason'>>,
): Promise<IncomingCertificate> {
  await tx.db
    .updateTable('incoming_certificates')
    .set({ ...values, state, version: sql`version + 1` })
    .where('province', '=', row.province)
    .where('id', '=', row.id)
    .execute()
  await tellIncoming(tx, row, action, values)
  return { ...row, ...values, state, version: row.version + 1 }
}

export const tellIncoming = (tx: Ctx, row: IncomingCertificate, action: string, detail: Record<string, unknown>) =>
  announce(tx, {
    subject: 'incoming-certificate',
    subjectId: row.id,
    action,
    province: row.province,
    region: row.region,
    orgId: row.org_id,
    title: row.number ?? row.name,
    detail: { sha256: row.sha256, standing: row.standing, ...detail },
  })
