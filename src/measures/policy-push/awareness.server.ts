/** Who has heard of a policy: delivered, opened, acted, by the places below one's own. */
import { sql } from 'kysely'
import { awareness } from '../../commons/messages/index.server.ts'
import type { Awareness } from '../../commons/messages/index.ts'
import { covers, findRegion } from '../../core/regions.ts'
import { visible } from '../../platform/access.server.ts'
import type { Ctx } from '../../platform/db.server.ts'
import type { Stage } from './model.ts'
import './tables.server.ts'

/** Looks at a place below one's own; a place outside is one's own again. Narrowing an actor can only show less. */
export function narrowed(ctx: Ctx, region: string | null): Ctx {
  const inside = region !== null && findRegion(region) !== undefined && ctx.actor.region !== '' && covers(ctx.actor.region, region)
  return inside ? { ...ctx, actor: { ...ctx.actor, region } } : ctx
}

export const awarenessOf = (ctx: Ctx, policyId: string): Promise<Awareness[]> => awareness(ctx, 'policy', policyId)

export interface Told {
  orgId: string
  orgName: string
  region: string
  title: string
  delivered: string | null
  opened: string | null
  acted: string | null
}

/** The messages behind a number of the awareness page. */
export async function listTold(
  ctx: Ctx,
  policyId: string,
  stage: Stage,
  { page, pageSize }: { page: number; pageSize: number },
): Promise<{ rows: Told[]; total: number }> {
  const found = ctx.db
    .selectFrom('messages as m')
    .innerJoin('organisations as o', (join) => join.onRef('o.province', '=', 'm.province').onRef('o.id', '=', 'm.org_id'))
    .where(visible(ctx.actor, messageReaders, { table: 'm' }))
    .where('m.subject', '=', 'policy')
    .where('m.subject_id', '=', policyId)
    .where(`m.${stage}_at`, 'is not', null)
  const { total } = await found.select(sql<bigint>`count(*)`.as('total')).executeTakeFirstOrThrow()
  const rows = await found
    .select([
      'o.id as orgId',
      'o.name as orgName',
      'm.region',
      'm.title',
      'm.delivered_at as delivered',
      'm.opened_at as opened',
      'm.acted_at as acted',
    ])
    .orderBy('m.created_at', 'desc')
    .orderBy('m.id')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { rows, total: Number(total) }
}

const messageReaders = ['regulator:region', 'admin:any'] as const

export const sumOf = (rows: readonly Awareness[]): Pick<Awareness, 'delivered' | 'opened' | 'acted'> => ({
  delivered: rows.reduce((sum, row) => sum + row.delivered, 0),
  opened: rows.reduce((sum, row) => sum + row.opened, 0),
  acted: rows.reduce((sum, row) => sum + row.acted, 0),
})

export interface MatchedPolicy {
  policyId: string
  slug: string
  title: string
  eligible: number
  unknown: number
}

/** Policies that concern somebody in one's territory, with how many; the most concerned first. */
export async function listMatchedPolicies(
  ctx: Ctx,
  { page, pageSize }: { page: number; pageSize: number },
): Promise<{ rows: MatchedPolicy[]; total: number }> {
  const rows = await ctx.db
    .selectFrom('policy_matches as m')
    .innerJoin('policies as p', 'p.id', 'm.policy_id')
    .innerJoin('policy_versions as v', 'v.id', 'p.live_version_id')
    .where(visible(ctx.actor, ['regulator:region', 'admin:any'], { table: 'm' }))
    .groupBy(['p.id', 'p.slug', 'v.title'])
    .select(['p.id as policyId', 'p.slug', 'v.title'])
    .select(sql<bigint>`count(*) filter (where m.result = 'eligible')`.as('eligible'))
    .select(sql<bigint>`count(*) filter (where m.result = 'unknown')`.as('unknown'))
    .select(sql<bigint>`count(*) over ()`.as('total'))
    .orderBy(sql`count(*) filter (where m.result = 'eligible')`, 'desc')
    .orderBy('p.slug')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return {
    rows: rows.map((row) => ({ ...row, eligible: Number(row.eligible), unknown: Number(row.unknown) })),
    total: Number(rows[0]?.total ?? 0),
  }
}
