/** Reading certificates: always through `visible`; the public check has a door of its own (`check.server.ts`). */
import { sql, type SqlBool } from 'kysely'
import { visible } from '../../platform/access.server.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { isUuid } from '../people/index.ts'
import type { Certificate, CertificateState } from './model.ts'
import { readers } from './workflow.ts'
import './tables.server.ts'

/** An enterprise's certificates stand in its own province. */
export const seen = ({ actor }: Pick<Ctx, 'actor'>) =>
  actor.role === 'enterprise'
    ? sql<SqlBool>`(province = ${actor.region.slice(0, 2)} and ${visible(actor, readers)})`
    : visible(actor, readers, { entrusted: true })

export const certificateSorts = ['issued_at', 'number', 'client_name', 'valid_until'] as const

export interface CertificateQuery {
  state?: CertificateState
  q?: string
  sort?: (typeof certificateSorts)[number]
  dir?: 'asc' | 'desc'
  page?: number
  pageSize?: number
}

export async function listCertificates(ctx: Ctx, query: CertificateQuery = {}): Promise<{ rows: Certificate[]; total: number }> {
  const { page = 1, pageSize = 20, sort = 'issued_at', dir = 'desc', q, state } = query
  const own = ctx.db
    .selectFrom('certificates')
    .where(seen(ctx))
    .$if(Boolean(state), (qb) => qb.where('state', '=', state!))
    .$if(Boolean(q), (qb) =>
      qb.where(
        sql<boolean>`(strpos(number, ${q!}) > 0 or strpos(client_name, ${q!}) > 0 or strpos(item_name, ${q!}) > 0 or strpos(coalesce(item_serial, ''), ${q!}) > 0)`,
      ),
    )
  const { n } = await own.select((eb) => eb.fn.countAll<bigint>().as('n')).executeTakeFirstOrThrow()
  const rows = await own
    .selectAll()
    .orderBy(sql`${sql.ref(sort)} ${sql.raw(dir === 'asc' ? 'asc' : 'desc')} nulls last`)
    .orderBy('id', dir)
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { rows: rows as Certificate[], total: Number(n) }
}

export async function findCertificate(ctx: Ctx, id: string): Promise<Certificate | undefined> {
  if (!isUuid(id)) return undefined
  return (await ctx.db.selectFrom('certificates').selectAll().where('id', '=', id).where(seen(ctx)).executeTakeFirst()) as
    Certificate | undefined
}

/** The certificate in force of each line of an order, by the line's id: what the actor may see. */
export async function certificatesOfOrder(ctx: Ctx, orderId: string): Promise<Map<string, { id: string; number: string }>> {
  const rows = await ctx.db
    .selectFrom('certificates')
    .select(['id', 'number', 'line_id'])
    .where('order_id', '=', orderId)
    .where('line_id', 'is not', null)
    .where('state', 'in', ['issued', 'withdrawing'])
    .where(seen(ctx))
    .execute()
  return new Map(rows.map(({ id, number, line_id }) => [line_id!, { id, number }]))
}
