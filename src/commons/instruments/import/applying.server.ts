/** Enters what was confirmed, batch by batch: instruments, marks on the rows and events in one transaction, so that nothing is entered twice. */
import { setImmediate } from 'node:timers/promises'
import { isRefusal, type Refusal } from '../../../core/refusal.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { inTx, type Ctx } from '../../../platform/db.server.ts'
import { freshenStatistics } from '../../../platform/statistics.server.ts'
import { changeMany } from '../change.server.ts'
import { registerMany } from '../register.server.ts'
import { claimsOf } from './claims.ts'
import { judge, type Judged } from './judge.server.ts'
import { importKeyOf, ownKindNames } from './ledger.server.ts'
import type { Import, RowKeys } from './model.ts'
import { countRows, markApplied, rowsOf, writeRows } from './rows.server.ts'
import { lockImport, takeStep, writeImport } from './steps.server.ts'

/** Instruments in one transaction; others wait for the connection of the embedded database that long. */
const batchSize = 100

const grown = {
  instruments: ['org_id', 'id', 'code', 'serial_key'],
  instrument_ranges: ['instrument_id'],
  instrument_import_rows: ['import_id', 'row'],
}

export async function applyRows(at: () => Ctx, id: string): Promise<void> {
  let after = -1
  for (let batches = 1; ; batches++) {
    const last: number | undefined | Refusal = await inTx(at(), (tx) => applyBatch(tx, id, after))
    if (isRefusal(last)) throw new Error(`applying could not go on: ${last.reason}`)
    if (last === undefined) return
    after = last
    // At 1, 2, 4, 8 … batches: the ledger has doubled.
    if (Number.isInteger(Math.log2(batches))) await freshenStatistics(at().db, grown)
    // The embedded database answers within this process: without a pause nobody else would have a turn until the end.
    await setImmediate()
  }
}

/** The row that it came to, or nothing when there is no more. Rows are judged once more, because the ledger may have changed since the preview. */
async function applyBatch(tx: Ctx, id: string, after: number): Promise<number | undefined> {
  const row = await lockImport(tx, id)
  if (!row || row.state !== 'applying') return undefined
  const lines = await rowsOf(tx, row, { verdicts: ['new', 'change'], pending: true, after, limit: batchSize })
  if (lines.length === 0) return void (await finish(tx, row))
  const org = { province: row.province, id: row.org_id, region: row.region }
  const kinds = await ownKindNames(tx, org)
  const setting = { org, today: shanghaiDate(tx.now), layout: row.columns.layout!, kinds, claims: claimsOf() }
  const judged = await judge(tx, setting, lines)
  const detail = { importId: row.id, number: row.number }
  const entered = await enter(tx, org, judged, detail)
  const before = new Map(lines.map((line) => [line.row, line.verdict]))
  await writeRows(
    tx,
    row,
    judged.filter((each) => each.verdict !== before.get(each.row)),
  )
  await markApplied(tx, row, entered)
  await writeImport(tx, row, { applied: row.applied + entered.length, columns: { ...row.columns, attempts: 0 } })
  return lines.at(-1)!.row
}

/** Enters what is new and changes what is different; gives which row became which instrument. */
export async function enter(
  tx: Ctx,
  org: { province: string; id: string; region: string },
  judged: readonly Judged[],
  detail: Record<string, unknown>,
): Promise<{ row: number; instrumentId: string }[]> {
  const fresh = judged.filter(({ verdict }) => verdict === 'new')
  const ids = await registerMany(
    tx,
    org,
    fresh.map(({ draft, keys }) => ({ draft: draft!, importKey: importKeyOf(keys as RowKeys) })),
    { action: 'imported', detail },
  )
  const changed = judged.filter(({ verdict }) => verdict === 'change')
  await changeMany(
    tx,
    org,
    changed.map(({ known, draft }) => ({ id: known!.id, draft: draft! })),
    detail,
  )
  return [
    ...fresh.map(({ row }, i) => ({ row, instrumentId: ids[i]! })),
    ...changed.map(({ row, known }) => ({ row, instrumentId: known!.id })),
  ]
}

/** Stays open while rows are left that somebody may mend. */
async function finish(tx: Ctx, row: Import): Promise<void> {
  const counts = await countRows(tx, row)
  const step = counts.bad > 0 ? 'pause' : 'complete'
  const answer = await takeStep(tx, row, step, { counts, problem: null }, { applied: row.applied, left: counts.bad })
  if (isRefusal(answer)) throw new Error(`applying could not end: ${answer.reason}`)
}
