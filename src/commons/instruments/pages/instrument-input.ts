/** An instrument as the texts of its form: what is shown for editing is what is read again. */
import { kindName } from '../../../core/instrument-kinds.ts'
import { fen, plainYuan } from '../../../core/money.ts'
import { formatRanges } from '../../../core/quantities/quantity.ts'
import { fieldLabels, type DraftField, type DraftInput } from '../draft.ts'
import type { Instrument } from '../model.ts'

export type FormTexts = Partial<Record<DraftField, string>>

/** What the form of an instrument starts with. `kind` is a name, of the catalogue or the enterprise's own. */
export function textsOf(row: Instrument, ownKindName: string | null): FormTexts {
  const texts: Partial<Record<DraftField, string | null>> = {
    code: row.code,
    name: row.name,
    kind: ownKindName ?? (row.kind && kindName(row.kind)),
    maker: row.maker,
    model: row.model,
    serial: row.serial,
    range: row.ranges.length > 0 ? formatRanges(row.ranges) : null,
    accuracy: row.accuracy && row.accuracy.text,
    place: row.place,
    point: row.point,
    keeper: row.keeper,
    use: row.use,
    useDetail: row.use_detail,
    boughtOn: row.bought_on,
    intervalMonths: row.interval_months === null ? null : String(row.interval_months),
    lastDoneOn: row.last_done_on,
    lastKind: row.last_kind,
    lastConclusion: row.last_conclusion,
    lastInstitution: row.last_institution,
    lastCertificateNo: row.last_certificate_no,
    lastFee: row.last_fee_fen === null ? null : plainYuan(fen(row.last_fee_fen)),
    validUntil: row.valid_until,
    note: row.note,
  }
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== null))
}

/** A posted form as typed. A kind that is one of the enterprise's own is meant as that. */
export function readTexts(form: FormData, ownKinds: readonly { id: string; name: string }[]): { texts: FormTexts; input: DraftInput } {
  const texts: FormTexts = {}
  for (const field of Object.keys(fieldLabels) as DraftField[]) {
    const value = form.get(field)
    if (typeof value === 'string') texts[field] = value
  }
  const own = ownKinds.find(({ name }) => name === texts.kind?.trim())
  return { texts, input: own ? { ...texts, kind: undefined, ownKind: own.id } : texts }
}
