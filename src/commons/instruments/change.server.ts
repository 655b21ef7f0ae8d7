/** Correcting what the ledger says of an instrument: by hand, and when a sheet comes again. */
import { sql } from 'kysely'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { formatRanges } from '../../core/quantities/quantity.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { visible } from '../../platform/access.server.ts'
import { inTx, type Ctx } from '../../platform/db.server.ts'
import { announceAll, type Announcement } from '../../platform/events.server.ts'
import { mandatoryOf } from '../../core/mandatory.ts'
import { readDraft, type Draft, type DraftInput } from './draft.ts'
import type { Instrument, LedgerOwner } from './model.ts'
import { ownLedger, parents } from './own-kinds.server.ts'
import { findInstrument, isId } from './queries.server.ts'
import { alreadyThere, columnsOf, problemsRefusal, rangesOf } from './register.server.ts'
import type { InstrumentRow } from './tables.server.ts'
import { readers } from './workflow.ts'

export type LockedRow = Omit<InstrumentRow, 'version'> & { version: number }

/** One's own instrument, locked until the transaction ends. */
export async function lockInstrument(tx: Ctx, id: string): Promise<LockedRow | undefined> {
  if (!isId(id)) return undefined
  return tx.db.selectFrom('instruments').selectAll().where('id', '=', id).where(visible(tx.actor, readers)).forUpdate().executeTakeFirst()
}

export const noInstrument = () => refuse('missing', '没有这件器具，或不归您管。')
export const stale = () =>
  refuse('conflict', '这件器具刚被别人改过，您看到的不是最新内容；请核对最新内容后再保存，您填的内容还在。', { code: 'STALE' })

/** Saves what the form says. The state changes by steps and what was found by checks, so the form leaves both alone. */
export const changeInstrument = (ctx: Ctx, id: string, input: DraftInput, version: number): Promise<Instrument | Refusal> =>
  inTx(ctx, async (tx) => {
    const org = await ownLedger(tx)
    if (isRefusal(org)) return org
    const row = await lockInstrument(tx, id)
    if (!row) return noInstrument()
    if (row.version !== version) return stale()
    const known = await parents(tx, org)
    const { draft, problems } = readDraft({ ...input, state: undefined }, shanghaiDate(tx.now), known)
    if (!draft) return problemsRefusal(problems)
    if (draft.ownKind && !known.knows(draft.ownKind))
      return refuse('invalid', '没有这个自定种类，请重新选择。', { fields: { ownKind: '没有这个自定种类' } })
    const taken = await alreadyThere(tx, org, draft, id)
    if (taken) return taken
    await changeRows(tx, org, [{ row, draft }], known, {})
    return (await findInstrument(tx, id))!
  })

/** A sheet that says something else than before: `only` keeps what it has no column for. In the caller's transaction; gives how many really changed. */
export async function changeMany(
  tx: Ctx,
  org: LedgerOwner,
  changes: readonly { id: string; draft: Draft }[],
  detail: Record<string, unknown> = {},
): Promise<number> {
  if (changes.length === 0) return 0
  const rows = await tx.db
    .selectFrom('instruments')
    .selectAll()
    .where('province', '=', org.province)
    .where('org_id', '=', org.id)
    .where(
      'id',
      'in',
      changes.map(({ id }) => id),
    )
    .forUpdate()
    .execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  const known = await parents(tx, org)
  return changeRows(
    tx,
    org,
    changes.flatMap(({ id, draft }) => (byId.has(id) ? [{ row: byId.get(id)!, draft }] : [])),
    known,
    detail,
  )
}

async function changeRows(
  tx: Ctx,
  org: LedgerOwner,
  changes: readonly { row: LockedRow; draft: Draft }[],
  parentOf: (ownKind: string) => string | null,
  detail: Record<string, unknown>,
): Promise<number> {
  const said: Announcement[] = []
  const checked = await withChecks(
    tx,
    changes.map(({ row }) => row),
  )
  for (const { row, draft } of changes) {
    const settled = settle(row, checked.has(row.id) ? { ...draft, ...lastOf(row) } : draft, parentOf, shanghaiDate(tx.now))
    const before = shownOf(row)
    const after = shownOf({ ...columnsForShow(settled), code: settled.code ?? row.code })
    const changed = Object.keys(after).filter((key) => before[key] !== after[key])
    if (changed.length === 0) continue
    const columns = columnsOf(settled, settled.code ?? row.code)
    await tx.db
      .updateTable('instruments')
      .set({
        ...columns,
        ...(settled.intervalMonths !== row.interval_months && {
          interval_source: settled.intervalMonths === null ? null : ('own' as const),
        }),
        changed_at: tx.now,
        version: sql`version + 1`,
      })
      .where('province', '=', row.province)
      .where('id', '=', row.id)
      .execute()
    await tx.db.deleteFrom('instrument_ranges').where('province', '=', row.province).where('instrument_id', '=', row.id).execute()
    const ranges = rangesOf(row, settled)
    if (ranges.length > 0) await tx.db.insertInto('instrument_ranges').values(ranges).execute()
    const pick = (all: Record<string, unknown>) => Object.fromEntries(changed.map((key) => [key, all[key]]))
    said.push({
      subject: 'instrument',
      subjectId: row.id,
      action: 'changed',
      province: org.province,
      region: org.region,
      orgId: org.id,
      title: `${settled.code ?? row.code} ${settled.name}`,
      detail: { before: pick(before), after: pick(after), ...detail },
    })
  }
  await announceAll(tx, said)
  return said.length
}

/** Those with a recorded result: then the record says what was found last, not a form. */
async function withChecks({ db }: Ctx, rows: readonly LockedRow[]): Promise<Set<string>> {
  if (rows.length === 0) return new Set()
  const found = await db
    .selectFrom('instrument_checks')
    .select('instrument_id')
    .distinct()
    .where('province', '=', rows[0]!.province)
    .where(
      'instrument_id',
      'in',
      rows.map(({ id }) => id),
    )
    .where('voided_at', 'is', null)
    .execute()
  return new Set(found.map(({ instrument_id }) => instrument_id))
}

const lastOf = (row: LockedRow) => ({
  lastDoneOn: row.last_done_on,
  lastKind: row.last_kind,
  lastConclusion: row.last_conclusion,
  lastInstitution: row.last_institution,
  lastCertificateNo: row.last_certificate_no,
  lastFee: row.last_fee_fen as Draft['lastFee'],
  validUntil: row.valid_until,
})

/** What a person confirmed holds as long as kind and use stay, and the rule leaves it open. */
function settle(row: LockedRow, draft: Draft, parentOf: (ownKind: string) => string | null, today: string): Draft {
  const kind = draft.kind ?? (draft.ownKind ? parentOf(draft.ownKind) : null)
  const same = draft.kind === row.kind && draft.ownKind === row.own_kind && draft.use === row.use
  const mandatory = mandatoryOf({ kind, use: draft.use, onDate: today, confirmed: same ? row.mandatory_confirmed : null })
  return { ...draft, mandatory }
}

type Shown = Record<string, unknown>

/** What can be seen to differ: texts and numbers, no derived columns. */
const shownOf = (row: Partial<LockedRow>): Shown => ({
  code: row.code,
  name: row.name,
  kind: row.kind,
  ownKind: row.own_kind,
  maker: row.maker,
  model: row.model,
  serial: row.serial,
  range: formatRanges(row.ranges ?? []),
  accuracy: row.accuracy?.text ?? null,
  place: row.place,
  point: row.point,
  keeper: row.keeper,
  use: row.use,
  useDetail: row.use_detail,
  boughtOn: row.bought_on,
  intervalMonths: row.interval_months,
  lastDoneOn: row.last_done_on,
  lastKind: row.last_kind,
  lastConclusion: row.last_conclusion,
  lastInstitution: row.last_institution,
  lastCertificateNo: row.last_certificate_no,
  lastFee: row.last_fee_fen === null || row.last_fee_fen === undefined ? null : String(row.last_fee_fen),
  validUntil: row.valid_until,
  note: row.note,
})

/** What a draft says of the columns of a row, but for its code. */
export const columnsForShow = (draft: Draft) => ({
  name: draft.name,
  kind: draft.kind,
  own_kind: draft.ownKind,
  maker: draft.maker,
  model: draft.model,
  serial: draft.serial,
  ranges: draft.ranges,
  accuracy: draft.accuracy,
  place: draft.place,
  point: draft.point,
  keeper: draft.keeper,
  use: draft.use,
  use_detail: draft.useDetail,
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
})

/** Whether a draft would change anything of a row that stands in the ledger: which fields. For the preview of an import. */
export function differences(row: LockedRow, draft: Draft): string[] {
  const [before, after] = [shownOf(row), shownOf({ ...columnsForShow(draft), code: draft.code ?? row.code })]
  return Object.keys(after).filter((key) => before[key] !== after[key])
}
