/** What the page of a certificate that came as a file shows, and what it takes from its form. */
import { formatValue } from '../../../core/quantities/quantity.ts'
import { sayInstant } from '../../../core/say-instant.ts'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { findInstrument, instrumentsNamed, readCheck } from '../../instruments/index.server.ts'
import { checkKinds, conclusions } from '../../instruments/index.ts'
import { missingScope } from '../../people/index.server.ts'
import { standings, type IncomingCertificate, type Reading } from '../incoming/model.ts'
import { recordIncoming, setAside } from '../incoming/record.server.ts'

export async function incomingView(ctx: Ctx, row: IncomingCertificate) {
  const instrument = row.instrument_id ? await findInstrument(ctx, row.instrument_id) : undefined
  const candidates = row.reading && row.state === 'waiting' ? await instrumentsNamed(ctx, row.reading.item) : []
  const { id, state, standing, signer, name, file_id: file, sha256, check_id: check, reason, version, reading, number } = row
  return {
    row: { id, state, standing, file, name, check, reason, version, sha256, title: number ?? name },
    standing: `${standings[standing]}${signer && standing !== 'unverified' ? `（${signer}）` : ''}`,
    judged: standing === 'paper' ? undefined : sayInstant(row.created_at),
    instrument: instrument && { id: instrument.id, code: instrument.code, title: `${instrument.code} ${instrument.name}` },
    candidates: candidates.map(({ code, name: called, model, serial }) => ({
      code,
      label: [called, model, serial && `出厂编号 ${serial}`].filter(Boolean).join('，'),
    })),
    facts: reading ? factsOf(reading) : [],
    calibration: reading?.kind === 'calibration',
    notes: reading?.notes ?? [],
    points: (reading?.results?.points ?? []).map((point) => ({
      at: formatValue({ value: point.at, unit: point.atUnit }),
      error: formatValue({ value: point.error, unit: point.unit }),
      expanded: formatValue({ value: point.expanded, unit: point.unit }),
    })),
    k: reading?.results?.k,
    readOnly: (await missingScope(ctx, 'ledger'))?.reason,
  }
}

const factsOf = (reading: Reading) =>
  [
    ['证书编号', reading.number],
    ['出具机构', reading.institution],
    ['委托单位', reading.customer],
    ['器具', [reading.item.name, reading.item.model].filter(Boolean).join(' ')],
    ['出厂编号', reading.item.serials.join('、')],
    ['器具编号', reading.item.codes.join('、')],
    ['做的是什么', checkKinds[reading.kind]],
    ['完成日期', reading.doneOn],
    ['有效期至', reading.validUntil],
    ['结论', conclusions[reading.conclusion]],
    ['代替', reading.replaces],
  ].flatMap(([label, value]) => (value ? [{ label: label!, value }] : []))

export async function actOn(ctx: Ctx, id: string, values: Record<string, string>): Promise<IncomingCertificate | Refusal> {
  const version = Number(values.version)
  if (values.intent === 'set-aside') return setAside(ctx, id, { version, reason: (values.reason ?? '').slice(0, 300) })
  const code = (values.code ?? '').trim()
  const [instrument] = code ? await instrumentsNamed(ctx, { codes: [code], serials: [] }) : []
  if (!instrument) {
    const reason = code ? `台账里没有编号是“${code.slice(0, 40)}”的器具` : '请填写这份证书是哪一件器具的'
    return refuse('invalid', `${reason}。`, { fields: { code: reason } })
  }
  const typed = values.kind !== undefined || values.intent === 'paper' ? readCheck(values) : undefined
  if (isRefusal(typed)) return typed
  const done = await recordIncoming(ctx, id, { instrumentId: instrument.id, version, confirmed: values.confirmed === 'on', typed })
  if (!isRefusal(done) || !done.fields?.instrument) return done
  const { instrument: wrong, ...fields } = done.fields
  return { ...done, fields: { ...fields, code: wrong } }
}
