/** Reading orders: always through `visible`. */
import { sql, type SqlBool } from 'kysely'
import { visible } from '../../platform/access.server.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { isUuid } from '../people/index.ts'
import type { LineState, Order, OrderExtra, OrderLine, OrderState } from './model.ts'
import { readers } from './workflow.ts'
import type { InstitutionRow, VisitRow } from './tables.server.ts'
import './tables.server.ts'

/** An enterprise's orders stand in its own province. */
export const seen = ({ actor }: Pick<Ctx, 'actor'>, table: string) =>
  actor.role === 'enterprise'
    ? sql<SqlBool>`(${sql.ref(`${table}.province`)} = ${actor.region.slice(0, 2)} and ${visible(actor, readers, { table })})`
    : visible(actor, readers, { table, entrusted: true })

export const orderSorts = ['created_at', 'due_on', 'number', 'org_name'] as const

export interface OrderQuery {
  states?: readonly OrderState[]
  q?: string
  overdueOn?: string
  sort?: (typeof orderSorts)[number]
  dir?: 'asc' | 'desc'
  page?: number
  pageSize?: number
}

/** `done`: lines with their certificate or not to be done. */
export interface OrderRow extends Order {
  lines: number
  done: number
  fee: bigint
  relief: bigint
}

export async function listOrders(ctx: Ctx, query: OrderQuery = {}): Promise<{ rows: OrderRow[]; total: number }> {
  const { page = 1, pageSize = 20, sort = 'created_at', dir = 'desc', q } = query
  const own = ctx.db
    .selectFrom('orders as o')
    .where(seen(ctx, 'o'))
    .$if(Boolean(query.states), (qb) => qb.where('o.state', 'in', [...query.states!]))
    .$if(Boolean(query.overdueOn), (qb) => qb.where('o.due_on', '<', query.overdueOn!))
    .$if(Boolean(q), (qb) =>
      qb.where(
        sql<boolean>`(strpos(o.number, ${q!}) > 0 or strpos(o.org_name, ${q!}) > 0 or strpos(o.institution_name, ${q!}) > 0
          or exists (select 1 from order_lines l where l.province = o.province and l.order_id = o.id and (strpos(l.code, ${q!}) > 0 or strpos(l.name, ${q!}) > 0)))`,
      ),
    )
  const { n } = await own.select((eb) => eb.fn.countAll<bigint>().as('n')).executeTakeFirstOrThrow()
  const rows = await own
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom('order_lines as l')
          .whereRef('l.province', '=', 'o.province')
          .whereRef('l.order_id', '=', 'o.id')
          .select([
            sql<bigint>`count(*)`.as('lines'),
            sql<bigint>`count(*) filter (where l.state in ('approved', 'returned', 'cancelled'))`.as('done'),
            sql<bigint>`coalesce(sum(l.fee_fen) filter (where l.state <> 'cancelled'), 0)::bigint`.as('fee'),
            sql<bigint>`coalesce(sum(l.relief_fen) filter (where l.state <> 'cancelled'), 0)::bigint`.as('relief'),
          ])
          .as('s'),
      (join) => join.onTrue(),
    )
    .selectAll('o')
    .select(['s.lines', 's.done', 's.fee', 's.relief'])
    .orderBy(sql`${sql.ref(`o.${sort}`)} ${sql.raw(dir === 'asc' ? 'asc' : 'desc')} nulls last`)
    .orderBy('o.id', dir)
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return {
    rows: rows.map((row) => ({ ...row, lines: Number(row.lines), done: Number(row.done) })) as unknown as OrderRow[],
    total: Number(n),
  }
}

export interface OrderPage {
  order: Order
  lines: OrderLine[]
  extras: OrderExtra[]
  visit: { crew: string; from: string; to: string } | null
}

export async function findOrder(ctx: Ctx, id: string): Promise<OrderPage | undefined> {
  const order = isUuid(id)
    ? await ctx.db.selectFrom('orders as o').selectAll('o').where('o.id', '=', id).where(seen(ctx, 'o')).executeTakeFirst()
    : undefined
  if (!order) return undefined
  const { province } = order
  const [lines, extras, visit] = [
    await ctx.db.selectFrom('order_lines').selectAll().where('province', '=', province).where('order_id', '=', id).orderBy('n').execute(),
    await ctx.db
      .selectFrom('order_extras')
      .selectAll()
      .where('province', '=', province)
      .where('order_id', '=', id)
      .orderBy('kind')
      .execute(),
    await heldVisit(ctx, province, id),
  ]
  return { order: order as Order, lines: lines as OrderLine[], extras: extras as OrderExtra[], visit }
}

async function heldVisit({ db }: Ctx, province: string, orderId: string): Promise<OrderPage['visit']> {
  const row = await db
    .selectFrom('order_visits')
    .select(['crew', sql<string>`lower(during)`.as('from'), sql<string>`upper(during)`.as('to')])
    .where('province', '=', province)
    .where('order_id', '=', orderId)
    .where('state', '=', 'held')
    .executeTakeFirst()
  return row ?? null
}

/** Spans that crews of this institution already hold, from now on. */
export const heldVisits = async (
  ctx: Ctx,
): Promise<(Pick<VisitRow, 'crew' | 'order_id'> & { from: string; to: string; number: string })[]> =>
  ctx.db
    .selectFrom('order_visits as v')
    .innerJoin('orders as o', (join) => join.onRef('o.province', '=', 'v.province').onRef('o.id', '=', 'v.order_id'))
    .select(['v.crew', 'v.order_id', 'o.number', sql<string>`lower(v.during)`.as('from'), sql<string>`upper(v.during)`.as('to')])
    .where('v.institution_id', '=', ctx.actor.org_id)
    .where('v.state', '=', 'held')
    .where(sql<boolean>`upper(v.during) > ${ctx.now}::timestamptz`)
    .orderBy(sql`lower(v.during)`)
    .limit(100)
    .execute()

export interface OrderLineFound {
  line: OrderLine
  order: Order
}

/** One line by the code on its sample, for whoever may see its order. */
export const findLineByToken = (ctx: Ctx, token: string): Promise<OrderLineFound | undefined> => lineWhere(ctx, 'l.token', token)

export const findLine = async (ctx: Ctx, id: string): Promise<OrderLineFound | undefined> =>
  isUuid(id) ? lineWhere(ctx, 'l.id', id) : undefined

async function lineWhere(ctx: Ctx, column: 'l.token' | 'l.id', value: string): Promise<OrderLineFound | undefined> {
  const line = await ctx.db.selectFrom('order_lines as l').selectAll('l').where(column, '=', value).where(seen(ctx, 'l')).executeTakeFirst()
  if (!line) return undefined
  const order = await ctx.db
    .selectFrom('orders')
    .selectAll()
    .where('province', '=', line.province)
    .where('id', '=', line.order_id)
    .executeTakeFirstOrThrow()
  return { line: line as OrderLine, order: order as Order }
}

export type WorkRow = OrderLine & Pick<Order, 'number' | 'org_name' | 'due_on' | 'due_provisional' | 'express' | 'mode'>

/** What waits at a bench or for a signature: what is due first comes first, 加急 before the rest of its day. */
export async function listWork(
  ctx: Ctx,
  { state, q, page = 1, pageSize = 50 }: { state: LineState; q?: string; page?: number; pageSize?: number },
): Promise<{ rows: WorkRow[]; total: number }> {
  const own = ctx.db
    .selectFrom('order_lines as l')
    .innerJoin('orders as o', (join) => join.onRef('o.province', '=', 'l.province').onRef('o.id', '=', 'l.order_id'))
    .where(seen(ctx, 'l'))
    .where('l.state', '=', state)
    .where('o.state', '=', 'accepted')
    .$if(Boolean(q), (qb) =>
      qb.where(
        sql<boolean>`(strpos(o.number, ${q!}) > 0 or strpos(l.name, ${q!}) > 0 or strpos(l.code, ${q!}) > 0 or strpos(coalesce(l.serial, ''), ${q!}) > 0)`,
      ),
    )
  const { n } = await own.select((eb) => eb.fn.countAll<bigint>().as('n')).executeTakeFirstOrThrow()
  const rows = await own
    .selectAll('l')
    .select(['o.number', 'o.org_name', 'o.due_on', 'o.due_provisional', 'o.express', 'o.mode'])
    .orderBy('o.due_on')
    .orderBy('o.express', 'desc')
    .orderBy('o.id')
    .orderBy('l.n')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { rows: rows as unknown as WorkRow[], total: Number(n) }
}

export interface InstitutionChoice {
  id: string
  province: string
  region: string
  name: string
  affiliation: InstitutionRow['affiliation']
  sampleAddress: string | null
}

/** Institutions that can be ordered from on a day: those with a price list in force. Everybody may know them. */
export async function listInstitutions({ db }: Pick<Ctx, 'db'>, on: string): Promise<InstitutionChoice[]> {
  return db
    .selectFrom('organisations as o')
    .leftJoin('institution_settings as s', (join) => join.onRef('s.province', '=', 'o.province').onRef('s.institution_id', '=', 'o.id'))
    .select(['o.id', 'o.province', 'o.region', 'o.name', 's.affiliation', 's.sample_address as sampleAddress'])
    .where(
      sql<boolean>`exists (select 1 from price_lists p where p.province = o.province and p.institution_id = o.id and p.state = 'published' and p.effective_from <= ${on})`,
    )
    .orderBy('o.region')
    .orderBy('o.name')
    .execute()
}

export async function institutionSettings({ db }: Pick<Ctx, 'db'>, institutionId: string): Promise<InstitutionRow | undefined> {
  return db.selectFrom('institution_settings').selectAll().where('institution_id', '=', institutionId).executeTakeFirst()
}
