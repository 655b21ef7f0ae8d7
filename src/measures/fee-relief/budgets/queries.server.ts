/** Reading budgets, their use and the line: always through `visible`. */
import { sql } from 'kysely'
import { isUuid } from '../../../commons/people/index.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { visible } from '../../../platform/access.server.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { forecast, monthsOf, paceFrom, type Forecast } from './meter.ts'
import { useKinds, type Budget, type BudgetChange, type Queued } from './model.ts'
import { budgetReaders } from './workflow.ts'
import './tables.server.ts'

export const budgetSorts = ['title', 'ends_on', 'amount', 'used', 'share'] as const

export interface BudgetRow extends Budget {
  queued: bigint
  waiting: number
  /** The change that waits for a second person. */
  open: boolean
}

const waitingOf = (column: string) =>
  sql`select ${sql.raw(column)} from relief_queue q where q.state = 'waiting' and b.id = any(q.budget_ids)`

export async function listBudgets(
  ctx: Ctx,
  {
    q,
    page = 1,
    pageSize = 20,
    sort = 'share',
    dir = 'desc',
    budgetId,
  }: { q?: string; page?: number; pageSize?: number; sort?: string; dir?: 'asc' | 'desc'; budgetId?: string } = {},
): Promise<{ rows: BudgetRow[]; total: number }> {
  const own = ctx.db
    .selectFrom('relief_budgets as b')
    .where(visible(ctx.actor, budgetReaders, { table: 'b' }))
    .$if(Boolean(q), (qb) => qb.where(sql<boolean>`strpos(b.title, ${q!}) > 0`))
    .$if(budgetId !== undefined, (qb) => qb.where('b.id', '=', budgetId!))
  const { n } = await own.select((eb) => eb.fn.countAll<bigint>().as('n')).executeTakeFirstOrThrow()
  const by = {
    title: sql`b.title`,
    ends_on: sql`b.ends_on`,
    amount: sql`b.amount_fen`,
    used: sql`b.used_fen`,
    share: sql`b.used_fen::numeric / nullif(b.amount_fen, 0)`,
  }[budgetSorts.find((each) => each === sort) ?? 'share']
  const rows = await own
    .selectAll('b')
    .select([
      sql<bigint>`coalesce((${waitingOf('sum(q.amount_fen - q.served_fen)')}), 0)::bigint`.as('queued'),
      sql<bigint>`(${waitingOf('count(*)')})`.as('waiting'),
      sql<boolean>`exists (select 1 from relief_budget_changes c where c.province = b.province and c.budget_id = b.id and c.state = 'proposed')`.as(
        'open',
      ),
    ])
    .orderBy(sql`(b.state in ('active', 'proposed')) desc`)
    .orderBy(sql`${by} ${sql.raw(dir === 'asc' ? 'asc' : 'desc')} nulls last`)
    .orderBy('b.id')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { rows: rows.map((row) => ({ ...row, waiting: Number(row.waiting) })) as unknown as BudgetRow[], total: Number(n) }
}

export interface BudgetPage {
  budget: BudgetRow
  changes: BudgetChange[]
  months: { month: string; used: bigint }[]
  forecast: Forecast
}

export async function findBudget(ctx: Ctx, id: string): Promise<BudgetPage | undefined> {
  const budget = isUuid(id) ? (await listBudgets(ctx, { budgetId: id, pageSize: 1 })).rows[0] : undefined
  if (!budget) return undefined
  const today = shanghaiDate(ctx.now)
  const changes = (await ctx.db
    .selectFrom('relief_budget_changes')
    .selectAll()
    .where('province', '=', budget.province)
    .where('budget_id', '=', id)
    .orderBy('proposed_at', 'desc')
    .orderBy('id', 'desc')
    .execute()) as unknown as BudgetChange[]
  const { rows } = await sql<{ month: string; used: bigint; recent: bigint }>`
    select to_char(used_on, 'YYYY-MM') as month, sum(amount_fen)::bigint as used,
      coalesce(sum(amount_fen) filter (where used_on between ${paceFrom(budget.starts_on, today)} and ${today}), 0)::bigint as recent
    from relief_budget_uses where budget_id = ${id} group by 1`.execute(ctx.db)
  const byMonth = new Map(rows.map(({ month, used }) => [month, used]))
  return {
    budget,
    changes,
    months: monthsOf(budget.starts_on, budget.ends_on, today).map((month) => ({ month, used: byMonth.get(month) ?? 0n })),
    forecast: forecast({
      amount: budget.amount_fen,
      used: budget.used_fen,
      recent: rows.reduce((sum, { recent }) => sum + recent, 0n),
      startsOn: budget.starts_on,
      endsOn: budget.ends_on,
      today,
    }),
  }
}

export interface UsePage {
  orgId: string
  org: string
  orderId: string
  order: string
  institution: string
  kind: string
  amount: bigint
  on: string
}

/** Who used a budget, order by order, newest first; the caller has seen the budget. */
export async function listUses(
  ctx: Ctx,
  budgetId: string,
  { q, page = 1, pageSize = 20 }: { q?: string; page?: number; pageSize?: number } = {},
): Promise<{ rows: UsePage[]; total: number }> {
  if (!isUuid(budgetId)) return { rows: [], total: 0 }
  const grouped = ctx.db
    .selectFrom('relief_budget_uses as u')
    .innerJoin('relief_budgets as b', 'b.id', 'u.budget_id')
    .innerJoin('orders as o', (join) => join.onRef('o.province', '=', 'u.province').onRef('o.id', '=', 'u.order_id'))
    .select(['u.org_id as orgId', 'o.org_name as org', 'u.order_id as orderId', 'o.number as order', 'o.institution_name as institution'])
    .select(['u.kind', 'u.used_on as on', sql<bigint>`sum(u.amount_fen)::bigint`.as('amount'), sql<string>`max(u.id::text)`.as('last')])
    .where('u.budget_id', '=', budgetId)
    .where(visible(ctx.actor, budgetReaders, { table: 'b' }))
    .$if(Boolean(q), (qb) => qb.where(sql<boolean>`(strpos(o.org_name, ${q!}) > 0 or strpos(o.number, ${q!}) > 0)`))
    .groupBy(['u.org_id', 'o.org_name', 'u.order_id', 'o.number', 'o.institution_name', 'u.kind', 'u.used_on'])
  const all = ctx.db.selectFrom(grouped.as('g'))
  const { n } = await all.select((eb) => eb.fn.countAll<bigint>().as('n')).executeTakeFirstOrThrow()
  const rows = await all
    .selectAll()
    .orderBy('on', 'desc')
    .orderBy('last', 'desc')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { rows: rows.map((row) => ({ ...row, kind: useKinds[row.kind] })), total: Number(n) }
}

/** Every use for a spreadsheet, page by page. */
export async function* eachUse(ctx: Ctx, budgetId: string): AsyncGenerator<UsePage> {
  for (let page = 1; ; page++) {
    const { rows } = await listUses(ctx, budgetId, { page, pageSize: 500 })
    yield* rows
    if (rows.length < 500) return
  }
}

export interface QueuedRow extends Queued {
  /** Now, among those that wait for the same budgets; 0 when it waits no more. */
  at: number
}

/** What an enterprise has in line (its own), or who waits for a budget (its regulator). */
export async function listQueued(
  ctx: Ctx,
  { orderId, budgetId, limit = 200 }: { orderId?: string; budgetId?: string; limit?: number } = {},
): Promise<QueuedRow[]> {
  if ((orderId !== undefined && !isUuid(orderId)) || (budgetId !== undefined && !isUuid(budgetId))) return []
  const rows = await ctx.db
    .selectFrom('relief_queue as q')
    .selectAll('q')
    .select(
      sql<bigint>`case when q.state <> 'waiting' then 0 else (select count(*) from relief_queue w
        where w.policy_id = q.policy_id and w.state = 'waiting' and w.budget_ids && q.budget_ids and w.place <= q.place) end`.as('at'),
    )
    .where(visible(ctx.actor, ['enterprise:own', 'regulator:region', 'admin:any'], { table: 'q' }))
    .$if(orderId !== undefined, (qb) => qb.where('q.order_id', '=', orderId!))
    .$if(budgetId !== undefined, (qb) => qb.where(sql<boolean>`${budgetId} = any(q.budget_ids)`).where('q.state', '=', 'waiting'))
    .orderBy(sql`q.state = 'waiting' desc`)
    .orderBy('q.place', budgetId === undefined ? 'desc' : 'asc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ ...row, at: Number(row.at) })) as unknown as QueuedRow[]
}

/**
 * The check of the meter: what a budget has used, reckoned from the lines of orders, the entries served and the charges as they are now,
 * not from the records of use.
 */
export async function recomputeUsed({ db }: Pick<Ctx, 'db'>, budget: Pick<Budget, 'id' | 'slug'>): Promise<bigint> {
  const { rows } = await sql<{ used: bigint }>`
    with lines as (select distinct province, line_id from relief_budget_uses where budget_id = ${budget.id})
    select coalesce(sum((t ->> 'amountFen')::bigint), 0)::bigint
      + (select coalesce(sum(q.served_fen), 0) from relief_queue q join charges c on c.province = q.province and c.line_id = q.line_id
          where ${budget.id} = any(q.budget_ids) and c.fee_fen > 0)::bigint as used
    from lines u join order_lines l on l.province = u.province and l.id = u.line_id
      join charges c on c.province = l.province and c.line_id = l.id and c.fee_fen > 0
      cross join lateral jsonb_array_elements(l.relief -> 'taken') t
    where t ->> 'slug' = ${budget.slug}`.execute(db)
  return rows[0]!.used
}
