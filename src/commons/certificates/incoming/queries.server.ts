/** Reading certificates that came as files: always through `visible`. */
import { visible } from '../../../platform/access.server.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { isUuid } from '../../people/index.ts'
import type { IncomingCertificate, IncomingState } from './model.ts'
import { readers } from './workflow.ts'
import './tables.server.ts'

export async function findIncoming(ctx: Ctx, id: string): Promise<IncomingCertificate | undefined> {
  if (!isUuid(id)) return undefined
  const row = await ctx.db
    .selectFrom('incoming_certificates')
    .selectAll()
    .where('id', '=', id)
    .where(visible(ctx.actor, readers))
    .executeTakeFirst()
  return row as IncomingCertificate | undefined
}

export type IncomingRow = IncomingCertificate & { instrument_code: string | null; instrument_name: string | null }

export interface IncomingQuery {
  state?: IncomingState | undefined
  page?: number
  pageSize?: number
}

/** Newest first; those that wait before the others. */
export async function listIncoming(ctx: Ctx, { state, page = 1, pageSize = 20 }: IncomingQuery = {}) {
  const own = ctx.db
    .selectFrom('incoming_certificates as c')
    .where(visible(ctx.actor, readers, { table: 'c' }))
    .$if(state !== undefined, (qb) => qb.where('c.state', '=', state!))
  const { n } = await own.select((eb) => eb.fn.countAll<bigint>().as('n')).executeTakeFirstOrThrow()
  const rows = await own
    .leftJoin('instruments as i', (join) => join.onRef('i.province', '=', 'c.province').onRef('i.id', '=', 'c.instrument_id'))
    .selectAll('c')
    .select(['i.code as instrument_code', 'i.name as instrument_name'])
    .orderBy((eb) => eb('c.state', '=', 'waiting'), 'desc')
    .orderBy('c.id', 'desc')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { rows: rows as IncomingRow[], total: Number(n) }
}
