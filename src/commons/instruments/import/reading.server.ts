/** Reads and judges a sheet row by row, in short transactions, so that the database stays free for others. Can be broken off anywhere. */
import { Readable } from 'node:stream'
import { isRefusal, type Refusal } from '../../../core/refusal.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { inTx, type Ctx } from '../../../platform/db.server.ts'
import { readSheet, SheetError } from '../../../platform/sheets.server.ts'
import { readChunks } from '../../files/index.server.ts'
import { claimsOf, type Claims } from './claims.ts'
import { guessLayout, headRows, layoutAt, type Layout } from './columns.ts'
import { judge, type Judged, type Line, type Setting } from './judge.server.ts'
import { ownKindNames } from './ledger.server.ts'
import { importLimits, noCounts, type Import, type ImportCounts, type ImportPlan, type RowKeys } from './model.ts'
import { findImport } from './queries.server.ts'
import { countRows, rowsOf, writeRows } from './rows.server.ts'
import { lockImport, takeStep, writeImport } from './steps.server.ts'

/** Rows in one transaction: some tens of milliseconds on the embedded database. */
const batchSize = 250

/** Judges what is not judged yet and ends the reading. `at` gives the context of this moment. */
export async function readImport(at: () => Ctx, id: string): Promise<void> {
  const found = await findImport(at(), id)
  if (!found || found.state !== 'reading') return
  try {
    await judgeAll(at, found)
  } catch (error) {
    if (!(error instanceof SheetError)) throw error
    await end(at(), id, error.message)
  }
}

async function judgeAll(at: () => Ctx, row: Import): Promise<void> {
  const org = { province: row.province, id: row.org_id, region: row.region }
  const claims = claimsOf()
  let after = await restore(at(), row, claims)
  let read = row.rows_read
  // Once the file was read to its end its rows are all here, and are only judged anew.
  const source = row.rows_total === null ? fileLines(at, row, after) : storedLines(at, row, after)
  let plan = row.columns
  let setting: Setting | undefined
  const counts: ImportCounts = read === 0 ? { ...noCounts } : row.counts
  for await (const batch of batches(source)) {
    if (!plan.layout) plan = planFor(plan, batch)
    const layout = plan.layout!
    setting ??= { org, today: shanghaiDate(at().now), layout, kinds: await ownKindNames(at(), org), claims }
    const judged = await judgeBatch(at(), setting, layout, batch)
    for (const { verdict } of judged) if (verdict !== 'head') counts[verdict]++
    const expected = read
    read += batch.length
    after = batch.at(-1)!.row
    const going = await inTx(at(), async (tx) => {
      const locked = await lockImport(tx, row.id)
      // Discarded meanwhile, or somebody else goes on with it.
      if (!locked || locked.state !== 'reading' || locked.rows_read !== expected) return false
      await writeRows(tx, row, judged)
      await writeImport(tx, locked, { rows_read: read, counts, columns: { ...plan, attempts: 0 } })
      return true
    })
    if (going !== true) return
    if (read > importLimits.rows) throw new SheetError(`${row.file_name} 超过 ${importLimits.rows / 10_000} 万行，请拆成几个文件再导入。`)
  }
  await end(at(), row.id)
}

/** The rows that went through before it broke off hold what they hold; gives the last of them. */
async function restore(at: Ctx, row: Import, claims: Claims): Promise<number> {
  let after = -1
  for (let left = row.rows_read; left > 0;) {
    const rows = await rowsOf(at, row, { after, limit: Math.min(left, 5000) })
    for (const each of rows) if ('print' in each.keys) claims.restore(each.row, each.keys as RowKeys, each.instrument_id)
    if (rows.length === 0) return after
    after = rows.at(-1)!.row
    left -= rows.length
  }
  return after
}

interface SourceLine extends Line {
  applied?: boolean
  instrument_id?: string | null
}

async function* fileLines(at: () => Ctx, row: Import, after: number): AsyncGenerator<SourceLine> {
  const file = Readable.from(readChunks(at(), row.file_id), { objectMode: false })
  for await (const line of readSheet(file, row.file_name)) {
    if (line.row <= after) continue
    // What the database cannot keep as JSON.
    yield { row: line.row, cells: { raw: line.cells.map((cell) => cell.toWellFormed().replaceAll('\0', '\ufffd')) } }
  }
}

async function* storedLines(at: () => Ctx, row: Import, from: number): AsyncGenerator<SourceLine> {
  for (let after = from; ;) {
    const rows = await rowsOf(at(), row, { after, limit: 1000 })
    yield* rows
    if (rows.length < 1000) return
    after = rows.at(-1)!.row
  }
}

async function* batches(source: AsyncGenerator<SourceLine>): AsyncGenerator<SourceLine[]> {
  let batch: SourceLine[] = []
  for await (const line of source) {
    batch.push(line)
    if (batch.length < batchSize) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

function planFor(plan: ImportPlan, batch: readonly SourceLine[]): ImportPlan {
  const lines = batch.slice(0, headRows + 10).map(({ row, cells }) => ({ row, cells: cells.raw }))
  return { ...plan, lines: lines.slice(0, headRows), layout: guessLayout(lines) ?? layoutAt(0, lines) }
}

type Written = Omit<Judged, 'verdict'> & { verdict: Judged['verdict'] | 'head' }

/** Rows up to the headers are kept unjudged; those that are entered already hold their keys. */
async function judgeBatch(ctx: Ctx, setting: Setting, layout: Layout, batch: readonly SourceLine[]): Promise<Written[]> {
  const head = batch
    .filter(({ row }) => row <= layout.headerRow)
    .map(({ row, cells }): Written => ({ row, cells, verdict: 'head', problems: [], keys: {}, instrument_id: null }))
  for (const { row, keys, applied, instrument_id } of batch)
    if (applied && keys && 'print' in keys) setting.claims!.restore(row, keys as RowKeys, instrument_id ?? null)
  const open = batch.filter(({ row, applied }) => row > layout.headerRow && !applied)
  return [...head, ...(await judge(ctx, setting, open))]
}

/** The end of a reading: something to confirm, nothing to do, or a sentence why it cannot be read. */
async function end(ctx: Ctx, id: string, problem?: string): Promise<void> {
  const answer = await inTx(ctx, async (tx): Promise<Import | Refusal | undefined> => {
    const row = await lockImport(tx, id)
    if (!row || row.state !== 'reading') return undefined
    const counts = await countRows(tx, row)
    const { new: fresh, change, same, bad, skip, pending } = counts
    const why = problem ?? (fresh + change + same + bad + skip === 0 ? `${row.file_name} 里没有数据行，请核对后再上传。` : undefined)
    if (why !== undefined) return takeStep(tx, row, 'fail', { counts, problem: why }, { problem: why })
    const rest = { counts, rows_total: row.rows_read, problem: null }
    const settled = pending.new + pending.change + bad === 0
    return takeStep(tx, row, settled ? 'settle' : 'present', rest, { counts })
  })
  if (isRefusal(answer)) throw new Error(`reading could not end: ${answer.reason}`)
}
