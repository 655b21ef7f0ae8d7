/** Reading confirmations: always through `visible`. */
import { sql } from 'kysely'
import { visible } from '../../../platform/access.server.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { heldStates, type Check, type InstrumentState } from '../model.ts'
import { isId } from '../queries.server.ts'
import '../tables.server.ts'
import { readers as ledgerReaders } from '../workflow.ts'
import type { ConfirmationHistory, InstrumentConfirmation } from './model.ts'
import './tables.server.ts'
import { readers } from './workflow.ts'

export type ConfirmationRow = InstrumentConfirmation & {
  instrument_code: string
  instrument_name: string
  instrument_state: InstrumentState
  done_on: string
  certificate_no: string | null
  institution: string | null
}

export async function findConfirmation(ctx: Ctx, id: string): Promise<ConfirmationRow | undefined> {
  if (!isId(id)) return undefined
  const row = await ctx.db
    .selectFrom('instrument_confirmations as c')
    .innerJoin('instruments as i', (join) => join.onRef('i.province', '=', 'c.province').onRef('i.id', '=', 'c.instrument_id'))
    .innerJoin('instrument_checks as k', (join) => join.onRef('k.province', '=', 'c.province').onRef('k.id', '=', 'c.check_id'))
    .selectAll('c')
    .select(['i.code as instrument_code', 'i.name as instrument_name', 'i.state as instrument_state'])
    .select(['k.done_on', 'k.certificate_no', 'k.institution'])
    .where('c.id', '=', id)
    .where(visible(ctx.actor, readers, { table: 'c' }))
    .executeTakeFirst()
  return row as ConfirmationRow | undefined
}

/** The draft that waits, or the one that holds, for a result; and what the result itself gives. */
export async function confirmationOf(ctx: Ctx, checkId: string): Promise<InstrumentConfirmation | undefined> {
  if (!isId(checkId)) return undefined
  const row = await ctx.db
    .selectFrom('instrument_confirmations as c')
    .selectAll('c')
    .where('c.check_id', '=', checkId)
    .where('c.state', 'in', ['draft', 'signed'])
    .where(visible(ctx.actor, readers, { table: 'c' }))
    // A draft stands before what was signed earlier.
    .orderBy(sql`c.state = 'draft'`, 'desc')
    .limit(1)
    .executeTakeFirst()
  return row as InstrumentConfirmation | undefined
}

/** What was signed for one instrument, oldest first. */
export async function signedOf(ctx: Ctx, instrumentId: string): Promise<ConfirmationHistory[]> {
  if (!isId(instrumentId)) return []
  const rows = await ctx.db
    .selectFrom('instrument_confirmations as c')
    .innerJoin('instrument_checks as k', (join) => join.onRef('k.province', '=', 'c.province').onRef('k.id', '=', 'c.check_id'))
    .select(['c.id', 'c.state', 'c.verdict', 'c.decision', 'k.done_on'])
    .where('c.instrument_id', '=', instrumentId)
    .where('c.state', '=', 'signed')
    .where(visible(ctx.actor, readers, { table: 'c' }))
    .orderBy('k.done_on')
    .orderBy('c.id')
    .execute()
  return rows as ConfirmationHistory[]
}

export interface Unconfirmed {
  check_id: string
  instrument_id: string
  code: string
  name: string
  done_on: string
  certificate_no: string | null
  draft_id: string | null
  created_at: string
}

/** Newest calibrations of held instruments that nobody has confirmed, oldest first. */
export async function listUnconfirmed(ctx: Ctx, limit = 50): Promise<Unconfirmed[]> {
  const rows = await ctx.db
    .selectFrom('instruments as i')
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom('instrument_checks as k')
          .select(['k.id', 'k.kind', 'k.done_on', 'k.certificate_no', 'k.confirmation', 'k.created_at'])
          .whereRef('k.province', '=', 'i.province')
          .whereRef('k.instrument_id', '=', 'i.id')
          .where('k.voided_at', 'is', null)
          .where('k.kind', '!=', 'check')
          .orderBy('k.done_on', 'desc')
          .orderBy('k.id', 'desc')
          .limit(1)
          .as('k'),
      (join) => join.onTrue(),
    )
    .leftJoin('instrument_confirmations as c', (join) =>
      join.onRef('c.province', '=', 'i.province').onRef('c.check_id', '=', 'k.id').on('c.state', '=', 'draft'),
    )
    .select(['k.id as check_id', 'i.id as instrument_id', 'i.code', 'i.name', 'k.done_on', 'k.certificate_no', 'c.id as draft_id'])
    .select('k.created_at')
    .where(visible(ctx.actor, ledgerReaders, { table: 'i' }))
    .where('i.state', 'in', heldStates)
    .where('i.last_kind', '=', 'calibration')
    .where('i.last_confirmation', 'is', null)
    .where('k.kind', '=', 'calibration')
    .where('k.confirmation', 'is', null)
    .orderBy('k.done_on')
    .orderBy('i.id')
    .limit(limit)
    .execute()
  return rows as Unconfirmed[]
}

/** How many wait, as far as anybody counts. */
export const countUnconfirmed = async (ctx: Ctx): Promise<number> => (await listUnconfirmed(ctx, 1_000)).length

/** The result as the confirmation page shows it. */
export async function resultToConfirm(ctx: Ctx, checkId: string) {
  if (!isId(checkId)) return undefined
  const row = await ctx.db
    .selectFrom('instrument_checks as k')
    .innerJoin('instruments as i', (join) => join.onRef('i.province', '=', 'k.province').onRef('i.id', '=', 'k.instrument_id'))
    .selectAll('k')
    .select(['i.code', 'i.name', 'i.accuracy', 'i.ranges', 'i.state as instrument_state'])
    .where('k.id', '=', checkId)
    .where(visible(ctx.actor, ledgerReaders, { table: 'k' }))
    .executeTakeFirst()
  return row as (Check & Pick<typeof row & object, 'code' | 'name' | 'accuracy' | 'ranges' | 'instrument_state'>) | undefined
}
