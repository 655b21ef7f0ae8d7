/** A bank sheet is read, looked at, then recorded: a piece a transaction, so that it goes on where it stopped and books nothing twice. */
import { sql, type Generated } from 'kysely'
import { fen } from '../../../core/money.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { inTx, jsonb, type Ctx } from '../../../platform/db.server.ts'
import { announce } from '../../../platform/events.server.ts'
import { uuidv7 } from '../../../platform/ids.ts'
import { readSheet, SheetError } from '../../../platform/sheets.server.ts'
import { isUuid } from '../../people/index.ts'
import type { Institution } from '../model.ts'
import { insertPayment, ownBook } from '../slips.server.ts'
import { mostRows, readSlipRows, type ReadSlips, type SheetSlip } from './read.ts'

declare module '../../../platform/db.server.ts' {
  interface Tables {
    slip_sheets: SlipSheetRow
  }
}

export interface SlipSheetRow {
  province: string
  id: string
  institution_id: string
  region: string
  file_name: string
  rows: SheetSlip[]
  problems: ReadSlips['problems']
  skipped: number
  state: 'read' | 'recorded'
  /** Rows that have been gone through, recorded or not. */
  done_rows: Generated<number>
  recorded: Generated<number>
  /** They had been recorded before. */
  known: Generated<number>
  refused: Generated<ReadSlips['problems']>
  created_by: string
  created_by_name: string
  created_at: string
  finished_at: string | null
  version: Generated<number>
}

/** Nothing is recorded yet: the rows and what is wrong with them are kept for a look. */
export async function bringSlipSheet(ctx: Ctx, file: { name: string; bytes: Uint8Array }): Promise<{ id: string } | Refusal> {
  const book = ownBook(ctx)
  if (isRefusal(book)) return book
  const wrong = (reason: string) => refuse('invalid', reason, { fields: { file: reason } })
  if (file.bytes.length === 0) return wrong('请选择银行流水表（Excel 或 CSV）。')
  const rows = []
  try {
    for await (const each of readSheet(Buffer.from(file.bytes), file.name)) {
      rows.push(each)
      if (rows.length > mostRows * 2) return wrong(`一次最多 ${mostRows} 行收款，请按月份拆开。`)
    }
  } catch (error) {
    if (error instanceof SheetError) return wrong(error.message)
    throw error
  }
  const read = readSlipRows(rows, shanghaiDate(ctx.now))
  if (read.slips.length === 0 && read.skipped === 0)
    return wrong(
      read.problems
        .map(({ row, reason }) => `第 ${row} 行：${reason}`)
        .slice(0, 5)
        .join('；'),
    )
  if (read.slips.length > mostRows) return wrong(`一次最多 ${mostRows} 行收款，请按月份拆开。`)
  const id = uuidv7()
  return inTx(ctx, async (tx) => {
    await tx.db
      .insertInto('slip_sheets')
      .values({
        province: book.province,
        id,
        institution_id: book.id,
        region: book.region,
        file_name: file.name.slice(0, 200),
        rows: jsonb(read.slips),
        problems: jsonb(read.problems),
        skipped: read.skipped,
        state: 'read',
        created_by: tx.actor.id,
        created_by_name: tx.actor.name,
        created_at: tx.now,
        finished_at: null,
      })
      .execute()
    await tell(tx, book, id, 'read', file.name, { rows: read.slips.length, problems: read.problems.length, skipped: read.skipped })
    return { id }
  })
}

const tell = (tx: Ctx, book: Institution, id: string, action: string, title: string, detail: object) =>
  announce(tx, {
    subject: 'slip-sheet',
    subjectId: id,
    action,
    province: book.province,
    region: book.region,
    orgId: book.id,
    title,
    detail,
  })

export async function findSlipSheet(ctx: Ctx, id: string) {
  const book = ownBook(ctx)
  if (isRefusal(book) || !isUuid(id)) return undefined
  return ctx.db
    .selectFrom('slip_sheets')
    .selectAll()
    .where('province', '=', book.province)
    .where('institution_id', '=', book.id)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** References of the sheet that are recorded already, with amount and date as recorded. */
export async function knownSlips(ctx: Ctx, references: readonly string[]) {
  const book = ownBook(ctx)
  if (isRefusal(book) || references.length === 0) return new Map<string, { amountFen: string; paidOn: string; id: string }>()
  const rows = await ctx.db
    .selectFrom('payments')
    .select(['id', 'reference', 'amount_fen', 'paid_on'])
    .where('province', '=', book.province)
    .where('institution_id', '=', book.id)
    .where('method', '=', 'transfer')
    .where(sql<boolean>`reference = any(${references}::text[])`)
    .execute()
  return new Map(rows.map((row) => [row.reference, { amountFen: String(row.amount_fen), paidOn: row.paid_on, id: row.id }]))
}

const piece = 100

/** Records what is left of the sheet. Pressed twice, or by two people, each row is gone through once. */
export async function recordSlipSheet(ctx: Ctx, id: string): Promise<{ id: string } | Refusal> {
  for (;;) {
    const step = await inTx(ctx, (tx) => recordPiece(tx, id))
    if (isRefusal(step)) return step
    if (step.finished) return { id }
  }
}

async function recordPiece(tx: Ctx, id: string): Promise<{ finished: boolean } | Refusal> {
  const book = ownBook(tx)
  if (isRefusal(book)) return book
  const sheet = isUuid(id)
    ? await tx.db
        .selectFrom('slip_sheets')
        .selectAll()
        .where('province', '=', book.province)
        .where('institution_id', '=', book.id)
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst()
    : undefined
  if (!sheet) return refuse('missing', '没有这份流水表，或不归您办理。')
  if (sheet.state === 'recorded') return { finished: true }
  let [recorded, known] = [sheet.recorded, sheet.known]
  const refused = [...sheet.refused]
  const part = sheet.rows.slice(sheet.done_rows, sheet.done_rows + piece)
  for (const { row, amountFen, ...slip } of part) {
    const answer = await insertPayment(tx, book, { ...slip, method: 'transfer', amount: fen(BigInt(amountFen)) })
    if (isRefusal(answer)) refused.push({ row, reason: answer.reason })
    else if (answer.again) known++
    else recorded++
  }
  const done = sheet.done_rows + part.length
  const finished = done >= sheet.rows.length
  await tx.db
    .updateTable('slip_sheets')
    .set({
      done_rows: done,
      recorded,
      known,
      refused: jsonb(refused),
      ...(finished && { state: 'recorded' as const, finished_at: tx.now }),
      version: sql`version + 1`,
    })
    .where('province', '=', book.province)
    .where('id', '=', id)
    .execute()
  if (finished) await tell(tx, book, id, 'recorded', sheet.file_name, { recorded, known, refused: refused.length })
  return { finished }
}
