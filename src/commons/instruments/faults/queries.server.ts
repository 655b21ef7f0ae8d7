/** Reading fault reports: always through `visible`. */
import { sql } from 'kysely'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { visible } from '../../../platform/access.server.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import type { InstrumentState } from '../model.ts'
import { isId } from '../queries.server.ts'
import '../tables.server.ts'
import { openStates, type Fault, type FaultState } from './model.ts'
import './tables.server.ts'
import { readers } from './workflow.ts'

/** A report with what its pages show of the instrument. */
export type FaultRow = Fault & {
  instrument_code: string
  instrument_name: string
  instrument_state: InstrumentState
  instrument_place: string | null
  overdue: boolean
}

export const faultSorts = ['due_on', 'created_at', 'number'] as const
export type FaultSort = (typeof faultSorts)[number]

export interface FaultQuery {
  state?: FaultState | 'open' | undefined
  instrumentId?: string | undefined
  sort?: FaultSort | undefined
  dir?: 'asc' | 'desc' | undefined
  page?: number | undefined
  pageSize?: number | undefined
}

const visibleFaults = ({ db, actor }: Ctx) =>
  db
    .selectFrom('instrument_faults as f')
    .innerJoin('instruments as i', (join) => join.onRef('i.province', '=', 'f.province').onRef('i.id', '=', 'f.instrument_id'))
    .where(visible(actor, readers, { table: 'f' }))

const shown = (ctx: Ctx) =>
  visibleFaults(ctx)
    .selectAll('f')
    .select(['i.code as instrument_code', 'i.name as instrument_name', 'i.state as instrument_state', 'i.place as instrument_place'])
    .select(sql<boolean>`f.state in ('reported', 'handling') and f.due_on < ${shanghaiDate(ctx.now)}::date`.as('overdue'))

export async function findFault(ctx: Ctx, id: string): Promise<FaultRow | undefined> {
  return isId(id) ? shown(ctx).where('f.id', '=', id).executeTakeFirst() : undefined
}

export async function listFaults(ctx: Ctx, query: FaultQuery = {}): Promise<{ rows: FaultRow[]; total: number }> {
  const { state, instrumentId, sort = 'due_on', dir = 'asc', page = 1, pageSize = 20 } = query
  const states: readonly FaultState[] | undefined = state === 'open' ? openStates : state && [state]
  const narrow = <Q extends { where: any }>(given: Q): Q => {
    let q = given
    if (states) q = q.where('f.state', 'in', states)
    if (instrumentId) q = q.where('f.instrument_id', '=', isId(instrumentId) ? instrumentId : null)
    return q
  }
  const { total } = await narrow(visibleFaults(ctx))
    .select(sql<bigint>`count(*)`.as('total'))
    .executeTakeFirstOrThrow()
  const rows = await narrow(shown(ctx))
    .orderBy(sql.ref(`f.${sort}`), dir)
    .orderBy('f.id', 'desc')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { rows, total: Number(total) }
}
