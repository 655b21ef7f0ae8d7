/** Entering instruments: one by hand, many from an import. Every one has its event; the counts are kept. */
import { sql } from 'kysely'
import { kindName } from '../../core/instrument-kinds.ts'
import { baseRange } from '../../core/quantities/quantity.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { inTx, jsonb, type Ctx } from '../../platform/db.server.ts'
import { announceAll } from '../../platform/events.server.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { searchText } from '../../platform/search.server.ts'
import { readDraft, type Draft, type DraftInput, type DraftProblem } from './draft.ts'
import { serialKey, sortKey } from './keys.ts'
import type { Instrument, InstrumentState, LedgerOwner } from './model.ts'
import { ownLedger, parents } from './own-kinds.server.ts'
import { findInstrument } from './queries.server.ts'
import type { InstrumentRow } from './tables.server.ts'

export interface Entering {
  draft: Draft
  id?: string
  /** What an import recognises it by when it comes again; see `keys.ts`. */
  importKey?: string | null
}

/** A refusal from what is wrong with the texts: the first sentence, and each field's. */
export function problemsRefusal(problems: readonly DraftProblem[]): Refusal {
  const bad = problems.filter(({ level }) => level === 'bad')
  return refuse('invalid', `${bad.map(({ reason }) => reason)[0]}。`, {
    fields: Object.fromEntries(bad.map(({ field, reason }) => [field, reason])),
  })
}

/** One instrument by hand. 409 names the instrument that already has the code or the serial number. */
export const registerInstrument = (ctx: Ctx, input: DraftInput): Promise<Instrument | Refusal> =>
  inTx(ctx, async (tx) => {
    const org = await ownLedger(tx)
    if (isRefusal(org)) return org
    const known = await parents(tx, org)
    const { draft, problems } = readDraft(input, shanghaiDate(tx.now), known)
    if (!draft) return problemsRefusal(problems)
    if (draft.ownKind && !known.knows(draft.ownKind))
      return refuse('invalid', '没有这个自定种类，请重新选择。', { fields: { ownKind: '没有这个自定种类' } })
    const taken = await alreadyThere(tx, org, draft)
    if (taken) return taken
    const [id] = await registerMany(tx, org, [{ draft }], { action: 'registered' })
    return (await findInstrument(tx, id!))!
  })

/** Who has this code or serial number already; `except` is the instrument that is being changed. */
export async function alreadyThere(ctx: Ctx, org: LedgerOwner, draft: Draft, except?: string): Promise<Refusal | undefined> {
  const serial = serialKey(draft)
  const rows = await ctx.db
    .selectFrom('instruments')
    .select(['id', 'code', 'name', 'serial_key'])
    .where('province', '=', org.province)
    .where('org_id', '=', org.id)
    .where((eb) => eb.or([eb('code', '=', draft.code ?? ''), eb('serial_key', '=', serial ?? '')]))
    .execute()
  const other = rows.find((row) => row.id !== except)
  if (!other) return undefined
  if (other.code === draft.code)
    return refuse('conflict', `器具编号 ${draft.code} 已经用于“${other.name}”，一个编号只能用于一件器具，请换一个编号。`, {
      code: 'CODE_TAKEN',
      fields: { code: `已用于“${other.name}”` },
    })
  return refuse(
    'conflict',
    `出厂编号 ${draft.serial} 与 ${other.code}（${other.name}）相同，同一件器具不要登记两次；确是两件的请核对制造单位和型号。`,
    {
      code: 'SERIAL_TAKEN',
      fields: { serial: `与 ${other.code} 相同` },
    },
  )
}

interface Said {
  action?: 'registered' | 'imported'
  /** More of what the event tells: the import that it came with. */
  detail?: Record<string, unknown>
}

const batch = 250

/** Many at once, in the caller's transaction; who calls has looked for doubles. Codes are given to those without one. Ids in the order given. */
export async function registerMany(tx: Ctx, org: LedgerOwner, entering: readonly Entering[], said: Said = {}): Promise<string[]> {
  const codes = await codesFor(tx, org, entering)
  const rows = entering.map((each, i) => rowOf(tx, org, each, codes[i]!))
  for (let at = 0; at < rows.length; at += batch) await insert(tx, rows.slice(at, at + batch))
  await countUp(tx, org, rows)
  await announceAll(
    tx,
    rows.map((row) => ({
      subject: 'instrument',
      subjectId: row.id,
      action: said.action ?? 'imported',
      province: org.province,
      region: org.region,
      orgId: org.id,
      title: `${row.code} ${row.name}`,
      detail: { state: row.state, ...said.detail },
    })),
  )
  return rows.map(({ id }) => id)
}

export type NewRow = Omit<InstrumentRow, 'version'>

/** The columns that follow from a draft, for a new row and for a changed one. */
export function columnsOf(
  draft: Draft,
  code: string,
): Omit<
  NewRow,
  | 'province'
  | 'id'
  | 'org_id'
  | 'region'
  | 'state'
  | 'mandatory_confirmed'
  | 'interval_source'
  | 'last_confirmation'
  | 'token'
  | 'import_key'
  | 'created_at'
  | 'changed_at'
> {
  return {
    code,
    name: draft.name,
    kind: draft.kind,
    own_kind: draft.ownKind,
    maker: draft.maker,
    model: draft.model,
    serial: draft.serial,
    ranges: jsonb(draft.ranges) as never,
    accuracy: draft.accuracy === null ? null : (jsonb(draft.accuracy) as never),
    place: draft.place,
    point: draft.point,
    keeper: draft.keeper,
    use: draft.use,
    use_detail: draft.useDetail,
    mandatory: draft.mandatory.verdict,
    mandatory_reason: draft.mandatory.reason,
    mandatory_to_verify: draft.mandatory.toVerify,
    bought_on: draft.boughtOn,
    interval_months: draft.intervalMonths,
    last_done_on: draft.lastDoneOn,
    last_kind: draft.lastKind,
    last_conclusion: draft.lastConclusion,
    last_institution: draft.lastInstitution,
    last_certificate_no: draft.lastCertificateNo,
    last_fee_fen: draft.lastFee,
    valid_until: draft.validUntil,
    note: draft.note,
    serial_key: serialKey(draft),
    search: sql`to_tsvector('simple', ${searchText(searchWords(draft, code))})` as never,
    sort_key: sortKey(code),
  }
}

const searchWords = (draft: Draft, code: string): string =>
  [
    code,
    draft.name,
    draft.kind && kindName(draft.kind),
    draft.maker,
    draft.model,
    draft.serial,
    draft.place,
    draft.point,
    draft.keeper,
    draft.lastCertificateNo,
    draft.lastInstitution,
  ]
    .filter((word) => word)
    .join(' ')

const rowOf = (tx: Ctx, org: LedgerOwner, { draft, id, importKey }: Entering, code: string): NewRow & { draft: Draft } => ({
  ...columnsOf(draft, code),
  province: org.province,
  id: id ?? uuidv7(),
  org_id: org.id,
  region: org.region,
  state: draft.state,
  mandatory_confirmed: null,
  interval_source: draft.intervalMonths === null ? null : 'own',
  last_confirmation: null,
  token: newToken(),
  import_key: importKey ?? null,
  created_at: tx.now,
  changed_at: tx.now,
  draft,
})

/** 60 bits that nobody can guess, in letters and digits that are not mistaken for each other. */
export const newToken = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => '23456789abcdefghjkmnpqrstuvwxyz'[byte % 31]).join('')

const columnsIn = (made: NewRow & { draft: Draft }): NewRow => {
  const { draft: _, ...row } = made
  return row
}

async function insert(tx: Ctx, rows: readonly (NewRow & { draft: Draft })[]): Promise<void> {
  if (rows.length === 0) return
  await tx.db.insertInto('instruments').values(rows.map(columnsIn)).execute()
  const ranges = rows.flatMap((row) => rangesOf(row, row.draft))
  if (ranges.length > 0) await tx.db.insertInto('instrument_ranges').values(ranges).execute()
}

export const rangesOf = ({ province, id, org_id }: Pick<NewRow, 'province' | 'id' | 'org_id'>, draft: Draft) =>
  draft.ranges.map((range, n) => ({ province, instrument_id: id, n, org_id, ...baseRange(range) }))

async function countUp(tx: Ctx, org: LedgerOwner, rows: readonly NewRow[]): Promise<void> {
  for (const [state, those] of Map.groupBy(rows, (row) => row.state)) await count(tx, org, state, those.length)
}

/** One more or fewer in a state; the register shows its totals from here. */
export async function count(tx: Ctx, org: Pick<LedgerOwner, 'province' | 'id'>, state: InstrumentState, by: number): Promise<void> {
  await sql`insert into ledger_counts (province, org_id, state, n) values (${org.province}, ${org.id}, ${state}, ${by})
    on conflict (province, org_id, state) do update set n = ledger_counts.n + ${by}`.execute(tx.db)
}

/** Codes as given; `QJ-00001` and so on where none is, never one that stands in the ledger or in the same batch. */
async function codesFor(tx: Ctx, org: LedgerOwner, entering: readonly Entering[]): Promise<string[]> {
  const missing = entering.filter(({ draft }) => draft.code === null).length
  if (missing === 0) return entering.map(({ draft }) => draft.code!)
  const given = new Set(entering.map(({ draft }) => draft.code))
  const found: string[] = []
  while (found.length < missing) {
    const wanted = missing - found.length
    const { rows } = await sql<{
      next: number
    }>`insert into ledger_settings (province, org_id, next_code) values (${org.province}, ${org.id}, ${1 + wanted})
      on conflict (province, org_id) do update set next_code = ledger_settings.next_code + ${wanted} returning next_code as next`.execute(
      tx.db,
    )
    const candidates = Array.from({ length: wanted }, (_, i) => `QJ-${String(rows[0]!.next - wanted + i).padStart(5, '0')}`).filter(
      (code) => !given.has(code),
    )
    const taken = await tx.db
      .selectFrom('instruments')
      .select('code')
      .where('province', '=', org.province)
      .where('org_id', '=', org.id)
      .where('code', 'in', candidates.length > 0 ? candidates : [''])
      .execute()
    const free = new Set(taken.map(({ code }) => code))
    found.push(...candidates.filter((code) => !free.has(code)))
  }
  return entering.map(({ draft }) => draft.code ?? found.shift()!)
}
