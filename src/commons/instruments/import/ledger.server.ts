/** What the ledger already knows of the rows of a sheet. */
import type { Ctx } from '../../../platform/db.server.ts'
import type { Instrument, LedgerOwner } from '../model.ts'
import type { RowKeys } from './model.ts'
import '../tables.server.ts'

/** A row of the ledger with its keys; enough to tell whether a sheet says something else. */
export type Known = Instrument & {
  serial_key: string | null
  import_key: string | null
  /** It has recorded results: what was found last is theirs to say, not a sheet's. */
  checked: boolean
}

export interface Matches {
  byCode: ReadonlyMap<string, Known>
  bySerial: ReadonlyMap<string, Known>
  byImportKey: ReadonlyMap<string, Known>
}

export const importKeyOf = ({ content, nth }: RowKeys): string | null => (content === undefined ? null : `${content}:${nth}`)

const columns = [
  'id',
  'org_id',
  'region',
  'state',
  'code',
  'name',
  'kind',
  'own_kind',
  'maker',
  'model',
  'serial',
  'ranges',
  'accuracy',
  'place',
  'point',
  'keeper',
  'use',
  'use_detail',
  'mandatory_confirmed',
  'bought_on',
  'interval_months',
  'last_done_on',
  'last_kind',
  'last_conclusion',
  'last_institution',
  'last_certificate_no',
  'last_fee_fen',
  'valid_until',
  'note',
  'serial_key',
  'import_key',
] as const

/** The instruments of the enterprise that have one of these keys. */
export async function matchesOf(ctx: Ctx, org: LedgerOwner, keys: readonly RowKeys[]): Promise<Matches> {
  const of = (column: 'code' | 'serial_key' | 'import_key', values: readonly (string | null | undefined)[]) =>
    select(
      ctx,
      org,
      column,
      values.filter((value) => typeof value === 'string'),
    )
  const byCode = await of(
    'code',
    keys.map(({ code }) => code),
  )
  const bySerial = await of(
    'serial_key',
    keys.map(({ serial }) => serial),
  )
  const byImportKey = await of('import_key', keys.map(importKeyOf))
  await markChecked(ctx, org, [...byCode.values(), ...bySerial.values(), ...byImportKey.values()])
  return { byCode, bySerial, byImportKey }
}

async function select(
  ctx: Ctx,
  org: LedgerOwner,
  column: 'code' | 'serial_key' | 'import_key',
  values: readonly string[],
): Promise<Map<string, Known>> {
  if (values.length === 0) return new Map()
  const rows = await ctx.db
    .selectFrom('instruments')
    .select(columns)
    .where('province', '=', org.province)
    .where('org_id', '=', org.id)
    .where(column, 'in', values)
    .execute()
  return new Map(rows.map((row) => [row[column]!, { ...row, checked: false } as Known]))
}

async function markChecked(ctx: Ctx, org: LedgerOwner, known: readonly Known[]): Promise<void> {
  if (known.length === 0) return
  const rows = await ctx.db
    .selectFrom('instrument_checks')
    .select('instrument_id')
    .distinct()
    .where('province', '=', org.province)
    .where(
      'instrument_id',
      'in',
      known.map(({ id }) => id),
    )
    .where('voided_at', 'is', null)
    .execute()
  const checked = new Set(rows.map(({ instrument_id }) => instrument_id))
  for (const each of known) each.checked = checked.has(each.id)
}

/** Names of the enterprise's own kinds, as a sheet may write them, and what each stands under. */
export interface OwnKindNames {
  idOf: (name: string) => string | undefined
  nameOf: (id: string) => string | null
  parentOf: (id: string) => string | null
}

export async function ownKindNames({ db }: Ctx, org: LedgerOwner): Promise<OwnKindNames> {
  const rows = await db
    .selectFrom('instrument_own_kinds')
    .select(['id', 'name', 'parent'])
    .where('province', '=', org.province)
    .where('org_id', '=', org.id)
    .execute()
  const byName = new Map(rows.map(({ id, name }) => [name, id]))
  const byId = new Map(rows.map((row) => [row.id, row]))
  return {
    idOf: (name) => byName.get(name),
    nameOf: (id) => byId.get(id)?.name ?? null,
    parentOf: (id) => byId.get(id)?.parent ?? null,
  }
}
