/** Rows of an import in the database: written in batches, counted, read in order. */
import { sql } from 'kysely'
import type { Ctx } from '../../../platform/db.server.ts'
import type { Judged } from './judge.server.ts'
import { noCounts, type Import, type ImportCounts, type ImportRow } from './model.ts'
import './tables.server.ts'

type Whose = Pick<Import, 'province' | 'id' | 'org_id'>
type Written = Pick<Judged, 'row' | 'cells' | 'problems' | 'keys' | 'instrument_id'> & { verdict: ImportRow['verdict'] }

/** Adds rows or judges them anew; what is entered already stays as it is. */
export async function writeRows({ db }: Ctx, whose: Whose, rows: readonly Written[]): Promise<void> {
  if (rows.length === 0) return
  const json = JSON.stringify(
    rows.map(({ row, cells, verdict, problems, keys, instrument_id }) => ({ row, cells, verdict, problems, keys, instrument_id })),
  )
  await sql`insert into instrument_import_rows (province, import_id, row, org_id, cells, mended, verdict, problems, keys, instrument_id)
    select ${whose.province}, ${whose.id}::uuid, r.row, ${whose.org_id}::uuid, r.cells, r.cells ? 'mended', r.verdict, r.problems, r.keys, r.instrument_id
    from jsonb_to_recordset(${json}::jsonb) as r(row int, cells jsonb, verdict text, problems jsonb, keys jsonb, instrument_id uuid)
    on conflict (province, import_id, row) do update set cells = excluded.cells, mended = excluded.mended, verdict = excluded.verdict,
      problems = excluded.problems, keys = excluded.keys, instrument_id = excluded.instrument_id
    where not instrument_import_rows.applied`.execute(db)
}

/** Marks rows as entered, in the transaction that enters them. By the key alone: a join is planned as a scan of the whole sheet. */
export async function markApplied({ db }: Ctx, whose: Whose, rows: readonly { row: number; instrumentId: string }[]): Promise<void> {
  if (rows.length === 0) return
  const numbers = rows.map(({ row }) => row)
  const ids = rows.map(({ instrumentId }) => instrumentId)
  await sql`update instrument_import_rows set applied = true, instrument_id = (${ids}::uuid[])[array_position(${numbers}::int[], row)]
    where province = ${whose.province} and import_id = ${whose.id} and row = any(${numbers}::int[])`.execute(db)
}

export async function countRows({ db }: Ctx, whose: Whose): Promise<ImportCounts> {
  const { rows } = await sql<{ verdict: ImportRow['verdict']; applied: boolean; n: bigint }>`select verdict, applied, count(*) as n
    from instrument_import_rows where province = ${whose.province} and import_id = ${whose.id} group by verdict, applied`.execute(db)
  const counts: ImportCounts = { ...noCounts, pending: { ...noCounts.pending } }
  for (const { verdict, applied, n } of rows) {
    if (verdict === 'head') continue
    counts[verdict] += Number(n)
    if (!applied && (verdict === 'new' || verdict === 'change')) counts.pending[verdict] += Number(n)
  }
  return counts
}

interface Wanted {
  verdicts?: readonly ImportRow['verdict'][]
  /** Only those that are not entered yet. */
  pending?: boolean
  after?: number
  rows?: readonly number[]
  limit?: number
  offset?: number
}

/** Rows in the order of the file. */
export async function rowsOf({ db }: Ctx, whose: Pick<Whose, 'province' | 'id'>, wanted: Wanted = {}): Promise<ImportRow[]> {
  let q = db
    .selectFrom('instrument_import_rows')
    .select(['row', 'cells', 'verdict', 'problems', 'keys', 'instrument_id', 'applied'])
    .where('province', '=', whose.province)
    .where('import_id', '=', whose.id)
    .orderBy('row')
  if (wanted.verdicts) q = q.where('verdict', 'in', [...wanted.verdicts])
  if (wanted.pending) q = q.where('applied', '=', false)
  if (wanted.after !== undefined) q = q.where('row', '>', wanted.after)
  if (wanted.rows) q = q.where('row', 'in', wanted.rows.length > 0 ? [...wanted.rows] : [-1])
  if (wanted.limit !== undefined) q = q.limit(wanted.limit)
  if (wanted.offset !== undefined) q = q.offset(wanted.offset)
  return q.execute()
}
