/** One step of an import: decided by the table, written with its version, told. */
import { sql } from 'kysely'
import { isRefusal, type Refusal } from '../../../core/refusal.ts'
import { advance } from '../../../core/workflow.ts'
import { visible } from '../../../platform/access.server.ts'
import { jsonb, type Ctx } from '../../../platform/db.server.ts'
import { announce } from '../../../platform/events.server.ts'
import { past, readers, workflow, type ImportStep } from './import-workflow.ts'
import type { Import } from './model.ts'
import './tables.server.ts'

export const isId = (id: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)

/** The import, locked until the transaction ends; nothing when it is not this person's. */
export async function lockImport(tx: Ctx, id: string): Promise<Import | undefined> {
  if (!isId(id)) return undefined
  const row = await tx.db
    .selectFrom('instrument_imports')
    .selectAll()
    .where('id', '=', id)
    .where(visible(tx.actor, readers))
    .forUpdate()
    .executeTakeFirst()
  return row as Import | undefined
}

type Changes = Partial<Pick<Import, 'columns' | 'counts' | 'rows_read' | 'rows_total' | 'applied' | 'problem' | 'finished_at'>>

/** Writes changes of a locked import. */
export async function writeImport(tx: Ctx, row: Import, changes: Changes & { state?: Import['state'] }): Promise<Import> {
  const { columns, counts, ...plain } = changes
  return (await tx.db
    .updateTable('instrument_imports')
    .set({
      ...plain,
      ...(columns && { columns: jsonb(columns) as never }),
      ...(counts && { counts: jsonb(counts) as never }),
      touched_at: tx.now,
      version: sql`version + 1`,
    })
    .where('province', '=', row.province)
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow()) as Import
}

/** Takes one step of a locked import, with what changes along with it. */
export async function takeStep(
  tx: Ctx,
  row: Import,
  step: ImportStep,
  changes: Changes = {},
  detail: Record<string, unknown> = {},
): Promise<Import | Refusal> {
  const next = advance(workflow, row, step, tx.actor, tx.now)
  if (isRefusal(next)) return next
  const changed = await writeImport(tx, row, {
    ...changes,
    state: next.to,
    ...(['done', 'discarded', 'failed'].includes(next.to) && { finished_at: tx.now }),
  })
  await tell(tx, row, past[step], { before: row.state, after: next.to, ...detail })
  return changed
}

export const tell = (tx: Ctx, row: Import, action: string, detail: Record<string, unknown>) =>
  announce(tx, {
    subject: workflow.name,
    subjectId: row.id,
    action,
    province: row.province,
    region: row.region,
    orgId: row.org_id,
    title: row.file_name,
    detail: { number: row.number, ...detail },
  })
