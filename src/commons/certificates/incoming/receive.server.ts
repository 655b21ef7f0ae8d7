/** A certificate comes as a file: judged first, kept, and recorded by itself where nothing is left to ask. */
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { advance } from '../../../core/workflow.ts'
import { inTx, jsonb, type Ctx } from '../../../platform/db.server.ts'
import { uuidv7 } from '../../../platform/ids.ts'
import { findFile, readWhole, storeFile } from '../../files/index.server.ts'
import { findInstrument, instrumentsNamed, isVoided, ownLedger } from '../../instruments/index.server.ts'
import type { Certificate } from '../model.ts'
import { judgeCertificate, type Judged } from './judge.server.ts'
import { contradiction, matchInstrument } from './match.ts'
import { incomingFile, type IncomingCertificate, type Reading } from './model.ts'
import { readingOf } from './reading.ts'
import { move, record, tellIncoming } from './record.server.ts'
import './tables.server.ts'
import { workflow } from './workflow.ts'

export interface Bringing {
  name: string
  bytes: Uint8Array
  /** Chosen by whoever brings it; else it is found by what the certificate says. */
  instrumentId?: string | undefined
}

export interface Received {
  row: IncomingCertificate
  /** The same bytes came before: nothing was done. */
  again: boolean
}

/** Keeps the file, or says why not; a refused file leaves nothing behind. The same file twice is one. */
export async function receiveCertificate(ctx: Ctx, bringing: Bringing): Promise<Received | Refusal> {
  const allowed = await ownLedger(ctx)
  if (isRefusal(allowed)) return allowed
  if (bringing.bytes.length === 0) return refuse('invalid', '文件是空的，请重新选择。', { fields: { file: '文件是空的，请重新选择' } })
  // Signatures are reckoned before the transaction: the embedded database has one connection.
  const judged = await judgeCertificate(ctx, bringing.bytes)
  return isRefusal(judged) ? judged : inTx(ctx, (tx) => keep(tx, bringing, judged))
}

async function keep(tx: Ctx, bringing: Bringing, judged: Judged): Promise<Received | Refusal> {
  const org = await ownLedger(tx)
  if (isRefusal(org)) return org
  const chosen = bringing.instrumentId ? await findInstrument(tx, bringing.instrumentId) : undefined
  if (bringing.instrumentId && !chosen) return refuse('missing', '没有这件器具，或不归您管。')
  const found = await readAndMatch(tx, judged, chosen)
  if (isRefusal(found)) return found
  const { reading, instrumentId, why } = found
  const row: IncomingCertificate = {
    province: org.province,
    id: uuidv7(),
    org_id: org.id,
    region: org.region,
    state: workflow.start,
    standing: judged.standing,
    signer: judged.standing === 'paper' ? null : judged.signer,
    name: bringing.name.slice(0, 200),
    sha256: judged.sha256,
    file_id: null,
    reading,
    number: reading?.number ?? null,
    instrument_id: instrumentId ?? null,
    check_id: null,
    reason: why ?? null,
    brought_by: tx.actor.id,
    brought_by_name: tx.actor.name,
    created_at: tx.now,
    version: 1,
  }
  const { version: _, ...values } = row
  const inserted = await tx.db
    .insertInto('incoming_certificates')
    .values({ ...values, reading: reading && (jsonb(reading) as never) })
    .onConflict((oc) => oc.columns(['province', 'org_id', 'sha256']).where('state', '<>', 'set-aside').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!inserted) return broughtBefore(tx, row)
  const stored = await storeFile(tx, {
    org,
    subject: 'incoming-certificate',
    subjectId: row.id,
    name: bringing.name,
    bytes: bringing.bytes,
    allow: incomingFile.types,
    maxBytes: incomingFile.bytes,
  })
  if (isRefusal(stored)) return stored
  await tx.db
    .updateTable('incoming_certificates')
    .set({ file_id: stored.id, name: stored.name })
    .where('province', '=', row.province)
    .where('id', '=', row.id)
    .execute()
  const kept = { ...row, file_id: stored.id, name: stored.name }
  await tellIncoming(tx, kept, 'brought', { fileId: stored.id, name: stored.name })
  return settle(tx, kept)
}

interface Found {
  reading: Reading | null
  instrumentId?: string | undefined
  /** What is left to ask. */
  why?: string | undefined
}

async function readAndMatch(tx: Ctx, judged: Judged, chosen: Awaited<ReturnType<typeof findInstrument>>): Promise<Found | Refusal> {
  if (judged.standing === 'paper') return { reading: null, instrumentId: chosen?.id, why: 'PDF 里的数据要由人读出来，请填写并核对' }
  const first = readingOf(judged.digital)
  const candidates = chosen ? [chosen] : await instrumentsNamed(tx, first.item)
  const match = chosen ? { id: chosen.id, why: undefined } : matchInstrument(first, candidates)
  const against = chosen && contradiction(first, chosen)
  if (against) {
    const reason = `${against}，不是同一件；台账写错的，请先改正台账再上传`
    return refuse('invalid', `${reason}。`, { code: 'INSTRUMENT_DIFFERS', fields: { file: reason } })
  }
  const known = candidates.find(({ id }) => id === match.id)?.ranges.map(({ unit }) => unit) ?? []
  const reading = readingOf(judged.digital, known)
  return { reading, instrumentId: match.id, why: match.why ?? askOf(tx, judged, reading) }
}

/** What a person has to look at before it may be recorded, though the instrument is plain. */
function askOf(tx: Ctx, judged: Judged, reading: Reading): string | undefined {
  const late = judged.standing !== 'paper' && judged.late
  if (judged.standing === 'unverified')
    return `未能核实签发者：签名的密钥不在受信任的名单里，请向机构核实，核对数据后再记入${late ? `。${late}` : ''}`
  if (late) return late
  if (reading.customer !== tx.actor.org_name) return `证书上的委托单位是“${reading.customer}”，请核对是不是本单位的`
  return undefined
}

/** Nothing left to ask: recorded at once. What the ledger refuses is refused here, so that nothing half-done stays. */
async function settle(tx: Ctx, row: IncomingCertificate): Promise<Received | Refusal> {
  if (row.reason !== null || row.instrument_id === null) return { row, again: false }
  const recorded = await record(tx, row, { instrumentId: row.instrument_id, version: row.version })
  return isRefusal(recorded) ? recorded : { row: recorded, again: false }
}

/** The same bytes: what became of them. When their record was voided, they may be recorded again. */
async function broughtBefore(
  tx: Ctx,
  { province, org_id, sha256, reading, instrument_id, reason }: IncomingCertificate,
): Promise<Received | Refusal> {
  const row = (await tx.db
    .selectFrom('incoming_certificates')
    .selectAll()
    .where('province', '=', province)
    .where('org_id', '=', org_id)
    .where('sha256', '=', sha256)
    .where('state', '<>', 'set-aside')
    .forUpdate()
    .executeTakeFirstOrThrow()) as IncomingCertificate
  if (row.state !== 'recorded' || !(await isVoided(tx, row.check_id!))) return { row, again: true }
  const next = advance(workflow, row, 'reopen', tx.actor, tx.now)
  if (isRefusal(next)) return next
  const waiting = await move(tx, row, 'reopened', next.to, { check_id: null, instrument_id, reason })
  return settle(tx, { ...waiting, reading: row.reading ?? reading })
}

/** 记入台账 in one click: what an institution of this platform issued, from its digital form on record. */
export async function registerIssued(ctx: Ctx, row: Pick<Certificate, 'xml_file_id'>): Promise<Received | Refusal> {
  const file = await findFile(ctx, row.xml_file_id)
  if (!file) return refuse('missing', '没有这份证书的数字文件，或不归您管。')
  return receiveCertificate(ctx, { name: file.name, bytes: await readWhole(ctx, file) })
}
