/** Reading the book: what an enterprise owes, what came in, how old the arrears are. Always through `visible`. */
import { sql, type SqlBool } from 'kysely'
import { fen, type Fen } from '../../core/money.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { isUuid } from '../people/index.ts'
import { visible } from '../../platform/access.server.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { ageBands, bandOf, moneyReaders, type AgeBand, type PaymentState } from './model.ts'
import type { ChargeRow, EntryRow, PaymentRow } from './tables.server.ts'

/** Rows of the money tables that the actor may see; an enterprise's stand in its own province. */
export const mine = ({ actor }: Pick<Ctx, 'actor'>, table: string) =>
  actor.role === 'enterprise'
    ? sql<SqlBool>`(${sql.ref(`${table}.province`)} = ${actor.region.slice(0, 2)} and ${visible(actor, moneyReaders, { table })})`
    : visible(actor, moneyReaders, { table, entrusted: true })

/** Fees, oldest debt first; `open`: only what is still owed. */
export async function chargesOf(
  ctx: Ctx,
  { orgId, open, orderId }: { orgId?: string; open?: boolean; orderId?: string } = {},
): Promise<ChargeRow[]> {
  if ((orgId !== undefined && !isUuid(orgId)) || (orderId !== undefined && !isUuid(orderId))) return []
  return ctx.db
    .selectFrom('charges as c')
    .selectAll('c')
    .where(mine(ctx, 'c'))
    .$if(orgId !== undefined, (qb) => qb.where('c.org_id', '=', orgId!))
    .$if(orderId !== undefined, (qb) => qb.where('c.order_id', '=', orderId!))
    .$if(open === true, (qb) => qb.where('c.outstanding_fen', '>', 0n))
    .orderBy('c.due_on')
    .orderBy('c.id')
    .limit(5_000)
    .execute()
}

export interface Sums {
  fee: Fen
  relief: Fen
  paid: Fen
  outstanding: Fen
  /** Of what is outstanding: under a deferral whose day has not come. */
  deferred: Fen
  /** Of what is outstanding: past its day. */
  overdue: Fen
}

/** The sums of fees raised in a period (`to` included); without one, of all. */
export async function sumsOf(ctx: Ctx, { orgId, from, to }: { orgId?: string; from?: string; to?: string } = {}): Promise<Sums> {
  const today = shanghaiDate(ctx.now)
  const row = await ctx.db
    .selectFrom('charges as c')
    .select([
      sql<bigint>`coalesce(sum(fee_fen), 0)::bigint`.as('fee'),
      sql<bigint>`coalesce(sum(relief_fen), 0)::bigint`.as('relief'),
      sql<bigint>`coalesce(sum(outstanding_fen), 0)::bigint`.as('outstanding'),
      sql<bigint>`coalesce(sum(outstanding_fen) filter (where deferral_id is not null and due_on >= ${today}), 0)::bigint`.as('deferred'),
      sql<bigint>`coalesce(sum(outstanding_fen) filter (where due_on < ${today}), 0)::bigint`.as('overdue'),
    ])
    .where(mine(ctx, 'c'))
    .$if(orgId !== undefined, (qb) => qb.where('c.org_id', '=', orgId!))
    .$if(from !== undefined, (qb) => qb.where('c.raised_on', '>=', from!))
    .$if(to !== undefined, (qb) => qb.where('c.raised_on', '<=', to!))
    .executeTakeFirstOrThrow()
  return {
    fee: fen(row.fee),
    relief: fen(row.relief),
    paid: fen(row.fee - row.relief - row.outstanding),
    outstanding: fen(row.outstanding),
    deferred: fen(row.deferred),
    overdue: fen(row.overdue),
  }
}

/** What institutions hold for an enterprise. */
export async function advanceOf(ctx: Ctx, orgId: string): Promise<Fen> {
  const row = await ctx.db
    .selectFrom('advances as a')
    .select(sql<bigint>`coalesce(sum(amount_fen), 0)::bigint`.as('amount'))
    .where('a.org_id', '=', orgId)
    // The table has no place of its own to see by; whose rows they are is enough.
    .where(
      ctx.actor.role === 'enterprise'
        ? sql<SqlBool>`a.org_id = ${ctx.actor.org_id}`
        : sql<SqlBool>`a.institution_id = ${ctx.actor.role === 'finance' ? ctx.actor.org_id : null}`,
    )
    .executeTakeFirstOrThrow()
  return fen(row.amount)
}

export interface Debt {
  orgId: string
  name: string
  outstanding: Fen
  overdue: Fen
  deferred: Fen
  advance: Fen
  /** The earliest day of what is still owed. */
  dueOn: string | null
}

/** Enterprises that owe this institution or have money with it. */
export async function listDebts(
  ctx: Ctx,
  {
    q,
    page = 1,
    pageSize = 20,
    sort = 'overdue',
    dir = 'desc',
  }: { q?: string; page?: number; pageSize?: number; sort?: string; dir?: 'asc' | 'desc' } = {},
): Promise<{ rows: Debt[]; total: number }> {
  const today = shanghaiDate(ctx.now)
  const grouped = ctx.db
    .selectFrom('charges as c')
    .innerJoin('organisations as o', (join) => join.onRef('o.province', '=', 'c.province').onRef('o.id', '=', 'c.org_id'))
    .leftJoin('advances as a', (join) =>
      join.onRef('a.province', '=', 'c.province').onRef('a.org_id', '=', 'c.org_id').onRef('a.institution_id', '=', 'c.institution_id'),
    )
    .select(['c.org_id as orgId', 'o.name', sql<bigint>`coalesce(max(a.amount_fen), 0)::bigint`.as('advance')])
    .select([
      sql<bigint>`sum(c.outstanding_fen)::bigint`.as('outstanding'),
      sql<bigint>`coalesce(sum(c.outstanding_fen) filter (where c.due_on < ${today}), 0)::bigint`.as('overdue'),
      sql<bigint>`coalesce(sum(c.outstanding_fen) filter (where c.deferral_id is not null and c.due_on >= ${today}), 0)::bigint`.as(
        'deferred',
      ),
      sql<string | null>`min(c.due_on) filter (where c.outstanding_fen > 0)`.as('dueOn'),
    ])
    .where(mine(ctx, 'c'))
    .$if(Boolean(q), (qb) => qb.where(sql<boolean>`strpos(o.name, ${q!}) > 0`))
    .groupBy(['c.org_id', 'o.name'])
    .having(sql<boolean>`sum(c.outstanding_fen) > 0 or coalesce(max(a.amount_fen), 0) > 0`)
  const all = ctx.db.selectFrom(grouped.as('g'))
  const { n } = await all.select((eb) => eb.fn.countAll<bigint>().as('n')).executeTakeFirstOrThrow()
  const by = (['outstanding', 'overdue', 'deferred', 'dueOn', 'name'] as const).find((each) => each === sort) ?? 'overdue'
  const rows = await all
    .selectAll()
    .orderBy(by, dir)
    .orderBy('orgId')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { rows: rows as unknown as Debt[], total: Number(n) }
}

export interface Age {
  band: AgeBand
  label: string
  amount: Fen
  charges: number
}

/** 账龄: how long what is owed has been overdue; deferred charges are not due before their day. */
export async function ageing(ctx: Ctx, orgId?: string): Promise<Age[]> {
  const today = shanghaiDate(ctx.now)
  const rows = await ctx.db
    .selectFrom('charges as c')
    .select([sql<number>`(${today}::date - due_on)`.as('days'), 'c.outstanding_fen as amount'])
    .where(mine(ctx, 'c'))
    .where('c.outstanding_fen', '>', 0n)
    .$if(orgId !== undefined, (qb) => qb.where('c.org_id', '=', orgId!))
    .execute()
  const by = Map.groupBy(rows, ({ days }) => bandOf(days))
  return (Object.keys(ageBands) as AgeBand[]).map((band) => {
    const own = by.get(band) ?? []
    return { band, label: ageBands[band].label, amount: fen(own.reduce((sum, { amount }) => sum + amount, 0n)), charges: own.length }
  })
}

/** The journal of one enterprise at one institution, newest first. */
export async function entriesOf(
  ctx: Ctx,
  orgId: string,
): Promise<(EntryRow & { amount: Fen; reversed: boolean; institution_name: string })[]> {
  if (!isUuid(orgId)) return []
  return ctx.db
    .selectFrom('book_entries as e')
    .innerJoin('organisations as i', 'i.id', 'e.institution_id')
    .selectAll('e')
    .select([
      'i.name as institution_name',
      sql<Fen>`(select sum(amount_fen) from book_lines l where l.province = e.province and l.entry_id = e.id and amount_fen > 0)::bigint`.as(
        'amount',
      ),
      sql<boolean>`exists (select 1 from book_entries r where r.province = e.province and r.reverses = e.id)`.as('reversed'),
    ])
    .where('e.org_id', '=', orgId)
    .where(mine(ctx, 'e'))
    .orderBy('e.id', 'desc')
    .limit(500)
    .execute()
}

export async function listPayments(
  ctx: Ctx,
  { state, page = 1, pageSize = 20 }: { state?: PaymentState; page?: number; pageSize?: number } = {},
): Promise<{ rows: PaymentRow[]; total: number }> {
  const own = ctx.db
    .selectFrom('payments as p')
    .where(visible(ctx.actor, ['finance:entrusted', 'admin:any'], { table: 'p', entrusted: true }))
    .$if(state !== undefined, (qb) => qb.where('p.state', '=', state!))
  const { n } = await own.select((eb) => eb.fn.countAll<bigint>().as('n')).executeTakeFirstOrThrow()
  const rows = await own
    .selectAll('p')
    .orderBy('p.state', 'desc')
    .orderBy('p.paid_on', 'desc')
    .orderBy('p.id', 'desc')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { rows: rows as unknown as PaymentRow[], total: Number(n) }
}

export async function findPayment(ctx: Ctx, id: string): Promise<(Omit<PaymentRow, 'version'> & { version: number }) | undefined> {
  if (!isUuid(id)) return undefined
  return ctx.db
    .selectFrom('payments as p')
    .selectAll('p')
    .where('p.id', '=', id)
    .where(visible(ctx.actor, ['finance:entrusted', 'admin:any'], { table: 'p', entrusted: true }))
    .executeTakeFirst()
}
