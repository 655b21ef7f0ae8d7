/** What an enterprise saved, deferred and owes: three numbers, each the sum of records. 强制检定 costs nothing and is never counted as saved. */
import { sql } from 'kysely'
import { mine, sumsOf } from '../../commons/accounts/index.server.ts'
import { fen, type Fen } from '../../core/money.ts'
import type { Ctx } from '../../platform/db.server.ts'
import './tables.server.ts'

export interface Statement {
  fee: Fen
  saved: Fen
  paid: Fen
  outstanding: Fen
  /** Of what is outstanding, under a deferral whose day has not come. */
  deferred: Fen
  overdue: Fen
  /** Everything that was ever put off, paid or not. */
  deferredEver: Fen
  /** `2026-11` → saved. */
  months: { month: string; saved: Fen; fee: Fen }[]
}

export async function statementOf(ctx: Ctx, { orgId, from, to }: { orgId?: string; from?: string; to?: string }): Promise<Statement> {
  const period = { ...(orgId && { orgId }), ...(from && { from }), ...(to && { to }) }
  const { relief: saved, ...sums } = await sumsOf(ctx, period)
  const { total } = await ctx.db
    .selectFrom('deferrals as d')
    .select(sql<bigint>`coalesce(sum(total_fen), 0)::bigint`.as('total'))
    .where(mine(ctx, 'd'))
    // A plan that takes the place of a deferral is the same money.
    .where('d.kind', '=', 'rule')
    .$if(orgId !== undefined, (qb) => qb.where('d.org_id', '=', orgId!))
    .$if(from !== undefined, (qb) => qb.where('d.starts_on', '>=', from!))
    .$if(to !== undefined, (qb) => qb.where('d.starts_on', '<=', to!))
    .executeTakeFirstOrThrow()
  const months = await ctx.db
    .selectFrom('charges as c')
    .select([
      sql<string>`to_char(raised_on, 'YYYY-MM')`.as('month'),
      sql<bigint>`sum(relief_fen)::bigint`.as('saved'),
      sql<bigint>`sum(fee_fen)::bigint`.as('fee'),
    ])
    .where(mine(ctx, 'c'))
    .$if(orgId !== undefined, (qb) => qb.where('c.org_id', '=', orgId!))
    .$if(from !== undefined, (qb) => qb.where('c.raised_on', '>=', from!))
    .$if(to !== undefined, (qb) => qb.where('c.raised_on', '<=', to!))
    .groupBy(sql`1`)
    .orderBy(sql`1`)
    .execute()
  return {
    ...sums,
    saved,
    deferredEver: fen(total),
    months: months.map(({ month, saved: each, fee }) => ({ month, saved: fen(each), fee: fen(fee) })),
  }
}
