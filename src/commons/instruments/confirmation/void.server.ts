/** A result that is voided takes the confirmations that rest on it along. */
import { sql } from 'kysely'
import { isRefusal } from '../../../core/refusal.ts'
import { advance } from '../../../core/workflow.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import type { LockedRow } from '../change.server.ts'
import type { InstrumentConfirmation } from './model.ts'
import { tellConfirmation } from './tell.server.ts'
import './tables.server.ts'
import { workflow } from './workflow.ts'

/** `step`: why they end. `but`: the one that takes their place. */
export async function endConfirmations(tx: Ctx, row: LockedRow, checkId: string, step: 'void' | 'replace', but?: string): Promise<void> {
  const rows = (await tx.db
    .selectFrom('instrument_confirmations')
    .selectAll()
    .where('province', '=', row.province)
    .where('check_id', '=', checkId)
    .where('state', 'in', ['draft', 'signed'])
    .$if(but !== undefined, (qb) => qb.where('id', '!=', but!))
    .forUpdate()
    .execute()) as InstrumentConfirmation[]
  for (const each of rows) {
    const next = advance(workflow, each, step, tx.actor, tx.now)
    if (isRefusal(next)) throw new Error(next.reason)
    await tx.db
      .updateTable('instrument_confirmations')
      .set({ state: next.to, version: sql`version + 1` })
      .where('province', '=', each.province)
      .where('id', '=', each.id)
      .execute()
    await tellConfirmation(tx, row, each.id, step === 'void' ? 'voided' : 'replaced')
  }
}

export const voidConfirmations = (tx: Ctx, row: LockedRow, checkId: string): Promise<void> => endConfirmations(tx, row, checkId, 'void')
