/** What the page of an instrument shows: facts, the rule, results and the timeline, in words. */
import { sayActor } from '../../../core/access.ts'
import { kindName } from '../../../core/instrument-kinds.ts'
import { mandatoryOf } from '../../../core/mandatory.ts'
import { fen, formatYuan } from '../../../core/money.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { formatAccuracy } from '../../../core/quantities/accuracy.ts'
import { formatRanges } from '../../../core/quantities/quantity.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { timeline, type EventRow } from '../../../platform/events.server.ts'
import { longestOf } from '../rulings.server.ts'
import { fieldLabels, readDraft, type DraftField } from '../draft.ts'
import { checkKinds, conclusions, intervalSources, uses, type Check } from '../model.ts'
import { advise } from '../interval/advice.ts'
import { historyOf, type InstrumentPage } from '../queries.server.ts'
import { eventWords } from '../workflow.ts'
import { textsOf } from './instrument-input.ts'

export async function instrumentView(ctx: Ctx, row: InstrumentPage) {
  const [history, events] = await Promise.all([historyOf(ctx, row.id), timeline(ctx.db, 'instrument', row.id)])
  const kind = row.kind ?? row.own_kind_parent
  const today = shanghaiDate(ctx.now)
  const { citations, ask } = mandatoryOf({ kind, use: row.use, onDate: today, confirmed: row.mandatory_confirmed })
  const { id, code, name, version, state, org_name, place, interval_months } = row
  return {
    row: { id, code, name, version, state, org_name, place, interval_months, valid_until: row.valid_until },
    today,
    facts: factsOf(row),
    /** What was accepted and is to be mended some day; a kind that is not filed matters while the verdict is open. */
    notes: readDraft(
      { ...textsOf(row, null), ...(row.own_kind && { ownKind: row.own_kind }), state: undefined },
      today,
      () => row.own_kind_parent,
    )
      .problems.filter(({ field, level }) => level === 'warn' && !(field === 'kind' && row.mandatory !== 'unknown'))
      .map(({ reason }) => reason),
    mandatory: {
      verdict: row.mandatory,
      reason: row.mandatory_reason,
      toVerify: row.mandatory_to_verify,
      confirmed: row.mandatory_confirmed,
      citations,
      ask,
    },
    interval: {
      months: interval_months,
      source: row.interval_source && intervalSources[row.interval_source],
      regulation: longestOf(kind),
    },
    history: history.map(sayCheck),
    advice: advise(row, history),
    /** What the ledger knew of the last result before results were recorded one by one. */
    brought: history.length === 0 ? broughtOf(row) : undefined,
    entries: events.map((event) => ({
      at: event.at,
      who: sayActor(event),
      what: eventWords[event.action] ?? event.action,
      detail: detailOf(event),
    })),
  }
}
export type InstrumentView = Awaited<ReturnType<typeof instrumentView>>

function factsOf(row: InstrumentPage): { label: string; value: string }[] {
  const facts: [string, string | null][] = [
    ['种类', row.own_kind_name ? ownKindSaid(row) : row.kind ? kindName(row.kind) : '待归类'],
    ['型号规格', row.model],
    [fieldLabels.serial, row.serial],
    [fieldLabels.maker, row.maker],
    [fieldLabels.range, formatRanges(row.ranges)],
    [fieldLabels.accuracy, row.accuracy && formatAccuracy(row.accuracy)],
    [fieldLabels.place, row.place],
    [fieldLabels.point, row.point],
    [fieldLabels.keeper, row.keeper],
    [fieldLabels.use, [row.use ? uses[row.use] : '还没有填写', row.use_detail].filter(Boolean).join('，')],
    [fieldLabels.boughtOn, row.bought_on],
    [fieldLabels.note, row.note],
  ]
  return facts.flatMap(([label, value]) => (value ? [{ label, value }] : []))
}

const broughtOf = (row: InstrumentPage): string | undefined =>
  row.last_done_on
    ? [
        `${row.last_done_on} ${row.last_kind ? checkKinds[row.last_kind] : '检定、校准'}`,
        row.last_conclusion && conclusions[row.last_conclusion],
        row.last_institution,
        row.last_certificate_no && `证书 ${row.last_certificate_no}`,
        row.last_fee_fen !== null && formatYuan(fen(row.last_fee_fen)),
      ]
        .filter(Boolean)
        .join('，')
    : undefined

const ownKindSaid = ({ own_kind_name, own_kind_parent }: InstrumentPage): string =>
  `${own_kind_name}（本单位的种类${own_kind_parent ? `，按“${kindName(own_kind_parent)}”判断` : ''}）`

const sayCheck = (check: Check) => ({
  id: check.id,
  kind: check.kind,
  doneOn: check.done_on,
  validUntil: check.valid_until,
  institution: check.institution,
  certificateNo: check.certificate_no,
  conclusion: check.conclusion,
  confirmation: check.confirmation,
  confirmationBasis: check.confirmation_basis,
  asFound: check.as_found && `调整前最大误差 ${check.as_found.error}，允许 ±${check.as_found.limit} ${check.as_found.unit}`,
  fee: check.fee_fen === null ? null : formatYuan(fen(check.fee_fen)),
  note: check.note,
  by: check.recorded_by_name,
  file: check.file_id,
  voided: check.voided_at !== null,
  voidReason: check.void_reason,
})

interface Detail {
  opinion?: string
  what?: string
  before?: Record<string, unknown>
  after?: Record<string, unknown>
}

/** The reason somebody gave, what was found, or what was changed from what to what. */
function detailOf({ action, detail }: EventRow): string | undefined {
  const { opinion, what, before, after } = detail as Detail
  if (action === 'changed' && before && after) {
    return Object.keys(after)
      .map((key) => `${fieldLabels[key as DraftField] ?? key}：${sayValue(key, before[key])} → ${sayValue(key, after[key])}`)
      .join('；')
  }
  return [what, opinion].filter(Boolean).join('。') || undefined
}

function sayValue(key: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return '空'
  const text = String(value)
  if (key === 'kind') return kindName(text)
  if (key === 'ownKind') return '本单位的种类'
  if (key === 'use') return uses[text as keyof typeof uses] ?? text
  if (key === 'lastFee') return formatYuan(fen(BigInt(text)))
  return text
}
