/** Rows that are wrong are mended in place, or put aside; those they collided with are judged again with them. */
import { sql } from 'kysely'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { inTx, type Ctx } from '../../../platform/db.server.ts'
import { claimsOf, keysOf, type Claims } from './claims.ts'
import { openImport } from './commands.server.ts'
import { workflow } from './import-workflow.ts'
import { judge } from './judge.server.ts'
import { ownKindNames } from './ledger.server.ts'
import type { Import, ImportCounts, ImportRow, RowKeys } from './model.ts'
import { countRows, rowsOf, writeRows } from './rows.server.ts'
import { tell, writeImport } from './steps.server.ts'
import { textsOf, type SheetTexts } from './sheet-texts.ts'

export interface Mending {
  row: number
  /** As typed; an emptied field is empty. */
  texts: SheetTexts
  /** Not to be entered; false takes it in again. */
  aside?: boolean
}

/** Judged against the file and the ledger at once, so that the answer is there when the page comes back. Most rows in one call: a page of them. */
export const mendRows = (ctx: Ctx, id: string, mendings: readonly Mending[]): Promise<ImportCounts | Refusal> =>
  inTx(ctx, async (tx): Promise<ImportCounts | Refusal> => {
    const row = await openImport(tx, id)
    if (isRefusal(row)) return row
    if (row.state !== 'preview') return refuse('conflict', `这次导入${workflow.states[row.state]}，现在不能改行。`)
    const wanted = new Map(mendings.map((each) => [each.row, each]))
    const mended = (await rowsOf(tx, row, { rows: [...wanted.keys()], pending: true })).map((each) =>
      withMending(each, wanted.get(each.row)!),
    )
    if (mended.length === 0) return refuse('missing', '没有这些行，或已经登记，请核对。')
    const others = await collidingWith(tx, row, [...wanted.keys()])
    const again = [...mended, ...others].toSorted((a, b) => a.row - b.row)
    const org = { province: row.province, id: row.org_id, region: row.region }
    const setting = {
      org,
      today: shanghaiDate(tx.now),
      layout: row.columns.layout!,
      kinds: await ownKindNames(tx, org),
      claims: await claimsBeside(tx, row, again),
    }
    await writeRows(tx, row, await judge(tx, setting, again))
    const counts = await countRows(tx, row)
    await writeImport(tx, row, { counts })
    await tell(tx, row, 'mended', { rows: mended.map((each) => each.row), counts })
    return counts
  })

function withMending(row: ImportRow, { texts, aside }: Mending): ImportRow {
  const { aside: before, ...cells } = row.cells
  const mended = { ...cells.mended, ...texts }
  return {
    ...row,
    cells: {
      ...cells,
      ...(Object.keys(mended).length > 0 && { mended }),
      ...((aside ?? before) && { aside: true as const }),
    },
  }
}

/** Rows that were told that they collide with one of these, or are the same as one of these. */
async function collidingWith(tx: Ctx, row: Import, rows: readonly number[]): Promise<ImportRow[]> {
  const named = await sql<{ row: number }>`select r.row from instrument_import_rows r
    where r.province = ${row.province} and r.import_id = ${row.id} and r.verdict in ('bad', 'skip') and not r.applied
      and exists (select 1 from jsonb_array_elements(r.problems) p where (p->>'row')::int = any(${rows}::int[]))`.execute(tx.db)
  const given = new Set(rows)
  return rowsOf(tx, row, { rows: named.rows.map((each) => each.row).filter((each) => !given.has(each)) })
}

/** What the other rows of the file hold, of the keys that these rows may want. */
async function claimsBeside(tx: Ctx, row: Import, again: readonly ImportRow[]): Promise<Claims> {
  const wanted = again.map(({ cells }) => keysOf(textsOf(row.columns.layout!.columns, cells.raw, cells.mended)))
  const of = (values: (string | undefined)[]) => values.filter((value) => value !== undefined)
  const { rows } = await sql<{ row: number; keys: RowKeys; instrument_id: string | null }>`select row, keys, instrument_id
    from instrument_import_rows where province = ${row.province} and import_id = ${row.id} and row <> all(${again.map((each) => each.row)}::int[])
      and verdict not in ('head', 'skip') and (keys->>'code' = any(${of(wanted.map(({ code }) => code))}::text[])
        or keys->>'serial' = any(${of(wanted.map(({ serial }) => serial))}::text[]) or (keys ? 'content') or instrument_id is not null)
    order by verdict = 'bad', row`.execute(tx.db)
  const claims = claimsOf()
  for (const each of rows) claims.restore(each.row, each.keys, each.instrument_id)
  return claims
}
