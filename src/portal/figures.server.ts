/** The live figures of the first page; each opens to where it comes from. */
import { sql } from 'kysely'
import { policiesInForce } from '../commons/policies/index.server.ts'
import { shanghaiDate } from '../core/promise-clock.ts'
import type { Ctx } from '../platform/db.server.ts'

export interface Figure {
  value: string
  unit: string
  label: string
  to?: string
}

export async function figures(ctx: Ctx): Promise<Figure[]> {
  const live = await policiesInForce(ctx, shanghaiDate(ctx.now))
  const { rows } = await sql<{ published: bigint; enterprises: bigint; matched: bigint; applications: bigint }>`
    select (select count(*) from policies) as published,
      (select count(*) from organisations where kind in ('enterprise', 'individual', 'cooperative')) as enterprises,
      (select count(*) from policy_matches where result = 'eligible') as matched,
      (select count(*) from policy_applications) as applications`.execute(ctx.db)
  const counts = rows[0]!
  return [
    { value: String(counts.published), unit: '项', label: '收录的政策', to: '/policies' },
    { value: String(live.length), unit: '项', label: '今天有效', to: '/policies?status=open' },
    { value: String(counts.enterprises), unit: '家', label: '企业和个体工商户' },
    { value: String(counts.matched), unit: '条', label: '符合条件的匹配' },
    { value: String(counts.applications), unit: '件', label: '政策申请' },
  ]
}
