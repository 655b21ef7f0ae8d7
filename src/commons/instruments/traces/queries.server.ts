/** Reading reverse traces: always through `visible`. */
import { sql } from 'kysely'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { visible } from '../../../platform/access.server.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { isId } from '../queries.server.ts'
import '../tables.server.ts'
import type { Trace, TraceState, TraceUse } from './model.ts'
import './tables.server.ts'
import { readers } from './workflow.ts'

export type TraceRow = Trace & {
  instrument_code: string
  instrument_name: string
  uses: number
  unjudged: number
  overdue: boolean
}

export const traceSorts = ['due_on', 'created_at', 'number'] as const
export type TraceSort = (typeof traceSorts)[number]

export interface TraceQuery {
  state?: TraceState | undefined
  instrumentId?: string | undefined
  sort?: TraceSort | undefined
  dir?: 'asc' | 'desc' | undefined
  page?: number | undefined
  pageSize?: number | undefined
}

const shown = (ctx: Ctx) =>
  ctx.db
    .selectFrom('instrument_traces as t')
    .innerJoin('instruments as i', (join) => join.onRef('i.province', '=', 't.province').onRef('i.id', '=', 't.instrument_id'))
    .where(visible(ctx.actor, readers, { table: 't' }))
    .selectAll('t')
    .select(['i.code as instrument_code', 'i.name as instrument_name'])
    .select([
      sql<number>`(select count(*) from instrument_trace_uses u where u.province = t.province and u.trace_id = t.id)::int`.as('uses'),
      sql<number>`(select count(*) from instrument_trace_uses u where u.province = t.province and u.trace_id = t.id
        and u.judgement is null)::int`.as('unjudged'),
      sql<boolean>`t.state = 'open' and t.due_on < ${shanghaiDate(ctx.now)}::date`.as('overdue'),
    ])

export async function findTrace(ctx: Ctx, id: string): Promise<TraceRow | undefined> {
  return isId(id) ? ((await shown(ctx).where('t.id', '=', id).executeTakeFirst()) as TraceRow | undefined) : undefined
}

export const usesOf = ({ db }: Ctx, { province, id }: Pick<Trace, 'province' | 'id'>): Promise<TraceUse[]> =>
  db.selectFrom('instrument_trace_uses').selectAll().where('province', '=', province).where('trace_id', '=', id).orderBy('n').execute()

export async function listTraces(ctx: Ctx, query: TraceQuery = {}): Promise<{ rows: TraceRow[]; total: number }> {
  const { state, instrumentId, sort = 'due_on', dir = 'asc', page = 1, pageSize = 20 } = query
  const narrow = <Q extends { where: any }>(given: Q): Q => {
    let q = given
    if (state) q = q.where('t.state', '=', state)
    if (instrumentId) q = q.where('t.instrument_id', '=', isId(instrumentId) ? instrumentId : null)
    return q
  }
  const { total } = await narrow(ctx.db.selectFrom('instrument_traces as t').where(visible(ctx.actor, readers, { table: 't' })))
    .select(sql<bigint>`count(*)`.as('total'))
    .executeTakeFirstOrThrow()
  const rows = await narrow(shown(ctx))
    .orderBy(sql.ref(`t.${sort}`), dir)
    .orderBy('t.id', 'desc')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { rows: rows as TraceRow[], total: Number(total) }
}
