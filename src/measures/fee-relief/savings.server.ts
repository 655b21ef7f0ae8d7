/**
 * What reliefs took off in a regulator's region: the relief lines of accepted orders, which regulators may read, with what was
 * credited later. Charges and deferrals of an enterprise are not theirs to see; of deferrals only sums over enough enterprises are told.
 */
import { sql, type RawBuilder } from 'kysely'
import { readers } from '../../commons/orders/index.ts'
import { fen, zero, type Fen } from '../../core/money.ts'
import { visible } from '../../platform/access.server.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { fewestDeferrers, monthsOf, type Period } from './savings.ts'
import { frozenRelief, stands } from './simulation-orders.server.ts'
import './tables.server.ts'

export interface Savings {
  /** Reduced, waived in full, found later: parts of the relief. */
  reduced: Fen
  waived: Fen
  later: Fen
  fee: Fen
  orders: number
  enterprises: number
}
export const savedOf = ({ reduced, waived, later }: Pick<Savings, 'reduced' | 'waived' | 'later'>): Fen => fen(reduced + waived + later)

type Group = 'month' | 'region' | 'all'

/** A line is waived where nothing is left to pay. `all` gives one row. */
async function byLines(ctx: Ctx, { from, to, region }: Period, group: Group): Promise<(Savings & { key: string })[]> {
  const key: RawBuilder<string> =
    group === 'month' ? sql`to_char(o.accepted_on, 'YYYY-MM')` : group === 'region' ? sql`o.region` : sql`'all'::text`
  const rows = await ctx.db
    .selectFrom('orders as o')
    .innerJoin('order_lines as l', (join) => join.onRef('l.province', '=', 'o.province').onRef('l.order_id', '=', 'o.id'))
    .where(visible(ctx.actor, readers, { table: 'o' }))
    .where('o.accepted_on', '>=', from)
    .where('o.accepted_on', '<=', to)
    .$if(region !== undefined, (qb) => qb.where('o.region', '=', region!))
    .where(stands)
    .select([
      key.as('key'),
      sql<bigint>`coalesce(sum(${frozenRelief}) filter (where ${frozenRelief} < l.fee_fen), 0)::bigint`.as('reduced'),
      sql<bigint>`coalesce(sum(${frozenRelief}) filter (where ${frozenRelief} = l.fee_fen), 0)::bigint`.as('waived'),
      // What a review or a budget's queue credited after acceptance.
      sql<bigint>`coalesce(sum(l.relief_fen - ${frozenRelief}), 0)::bigint`.as('later'),
      sql<bigint>`coalesce(sum(l.fee_fen), 0)::bigint`.as('fee'),
      sql<bigint>`count(distinct o.id) filter (where l.relief_fen > 0)`.as('orders'),
      sql<bigint>`count(distinct o.org_id) filter (where l.relief_fen > 0)`.as('enterprises'),
    ])
    .groupBy(sql`1`)
    .orderBy(sql`1`)
    .execute()
  return rows.map((row) => ({
    key: row.key,
    reduced: fen(row.reduced),
    waived: fen(row.waived),
    later: fen(row.later),
    fee: fen(row.fee),
    orders: Number(row.orders),
    enterprises: Number(row.enterprises),
  }))
}

const none: Savings = { reduced: zero, waived: zero, later: zero, fee: zero, orders: 0, enterprises: 0 }

/** `2026-11` → what was saved by orders accepted then, oldest first; months without any are there with zeros. */
export async function savingsByMonth(ctx: Ctx, period: Period): Promise<(Savings & { key: string })[]> {
  const rows = new Map((await byLines(ctx, period, 'month')).map((row) => [row.key, row]))
  return monthsOf(period).map((key) => rows.get(key) ?? { ...none, key })
}

export const savingsByCounty = async (ctx: Ctx, period: Period): Promise<(Savings & { key: string })[]> =>
  (await byLines(ctx, period, 'region')).toSorted((a, b) => Number(savedOf(b) - savedOf(a)) || (a.key < b.key ? -1 : 1))

export const savingsOf = async (ctx: Ctx, period: Period): Promise<Savings> => (await byLines(ctx, period, 'all'))[0] ?? none

/**
 * What was put off by rule, by whole month over the whole region; null where too few put something off to be told. From the events: the
 * deferrals themselves stay closed. Neither single days nor single counties: the difference of two answers would tell of one enterprise.
 */
export async function deferredByMonth(ctx: Ctx, { from, to, region }: Period): Promise<Map<string, Fen | null>> {
  if (region !== undefined) return new Map()
  const day = sql`(e.at at time zone 'Asia/Shanghai')`
  const { rows } = await sql<{ key: string; sum: bigint; enterprises: bigint }>`
    select to_char(${day}, 'YYYY-MM') as key, sum((e.detail ->> 'totalFen')::bigint)::bigint as sum, count(distinct e.org_id) as enterprises
      from events e where e.subject = 'deferral' and e.action = 'opened' and to_char(${day}, 'YYYY-MM') between ${from.slice(0, 7)} and ${to.slice(0, 7)}
        and ${visible(ctx.actor, ['regulator:region', 'admin:any'], { table: 'e' })}
      group by 1 order by 1`.execute(ctx.db)
  return new Map(rows.map(({ key, sum, enterprises }) => [key, Number(enterprises) < fewestDeferrers ? null : fen(sum)]))
}

export interface ReliefOrder {
  id: string
  number: string
  orgName: string
  region: string
  acceptedOn: string
  fee: Fen
  relief: Fen
}

/** The orders behind the numbers, the largest relief first. */
export async function reliefOrders(
  ctx: Ctx,
  { from, to, region, page = 1, pageSize = 20 }: Period & { page?: number; pageSize?: number },
): Promise<{ rows: ReliefOrder[]; total: number }> {
  const own = ctx.db
    .selectFrom('orders as o')
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom('order_lines as l')
          .whereRef('l.province', '=', 'o.province')
          .whereRef('l.order_id', '=', 'o.id')
          .where(stands)
          .select([
            sql<bigint>`coalesce(sum(l.fee_fen), 0)::bigint`.as('fee'),
            sql<bigint>`coalesce(sum(l.relief_fen), 0)::bigint`.as('relief'),
          ])
          .as('s'),
      (join) => join.onTrue(),
    )
    .where(visible(ctx.actor, readers, { table: 'o' }))
    .where('o.accepted_on', '>=', from)
    .where('o.accepted_on', '<=', to)
    .where('s.relief', '>', 0n)
    .$if(region !== undefined, (qb) => qb.where('o.region', '=', region!))
  const { n } = await own.select((eb) => eb.fn.countAll<bigint>().as('n')).executeTakeFirstOrThrow()
  const rows = await own
    .select(['o.id', 'o.number', 'o.org_name as orgName', 'o.region', 'o.accepted_on as acceptedOn', 's.fee', 's.relief'])
    .orderBy('s.relief', 'desc')
    .orderBy('o.id')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return {
    rows: rows.map((row) => ({ ...row, acceptedOn: row.acceptedOn!, fee: fen(row.fee), relief: fen(row.relief) })),
    total: Number(n),
  }
}
