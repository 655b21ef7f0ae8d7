/** Reading applications: always through `visible`. */
import { sql } from 'kysely'
import { shanghaiDate } from '../../core/promise-clock.ts'
import type { Fen } from '../../core/money.ts'
import { visible } from '../../platform/access.server.ts'
import type { Ctx } from '../../platform/db.server.ts'
import type { Application, ApplicationState } from './model.ts'
import { openStates, readers } from './workflow.ts'
import './tables.server.ts'

/** An application with the names that its page shows. */
export type ApplicationRow = Application & { org_name: string; slug: string; title: string; overdue: boolean }

export const applicationSorts = ['due_on', 'created_at', 'number', 'saving_fen'] as const
export type ApplicationSort = (typeof applicationSorts)[number]

export interface ApplicationQuery {
  state?: ApplicationState | 'open' | undefined
  /** GB/T 2260, narrower than one's own territory. */
  regionPrefix?: string | undefined
  slug?: string | undefined
  sort?: ApplicationSort | undefined
  dir?: 'asc' | 'desc' | undefined
  page?: number | undefined
  pageSize?: number | undefined
}

const visibleApplications = ({ db, actor }: Ctx) =>
  db
    .selectFrom('policy_applications as a')
    .innerJoin('organisations as o', (join) => join.onRef('o.province', '=', 'a.province').onRef('o.id', '=', 'a.org_id'))
    .innerJoin('policy_versions as v', 'v.id', 'a.version_id')
    .innerJoin('policies as p', 'p.id', 'a.policy_id')
    .where(visible(actor, readers, { table: 'a' }))

const shown = (ctx: Ctx) =>
  visibleApplications(ctx)
    .selectAll('a')
    .select(['o.name as org_name', 'p.slug', 'v.title'])
    .select(sql<boolean>`a.state in ('submitted', 'accepted') and a.due_on < ${shanghaiDate(ctx.now)}::date`.as('overdue'))

/** One application, or nothing when it is not there for this person. */
export async function findApplication(ctx: Ctx, id: string): Promise<ApplicationRow | undefined> {
  return isId(id) ? ((await shown(ctx).where('a.id', '=', id).executeTakeFirst()) as ApplicationRow | undefined) : undefined
}

/** An address that was typed wrong finds nothing; the database would call it an error. */
export const isId = (id: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)

export async function listApplications(ctx: Ctx, query: ApplicationQuery = {}): Promise<{ rows: ApplicationRow[]; total: number }> {
  const { state, regionPrefix, slug, page = 1, pageSize = 20, dir = 'desc', sort = 'created_at' } = query
  const states = state === 'open' ? openStates : state ? [state] : undefined
  const narrow = <Q extends { where: any }>(q: Q): Q => {
    let narrowed = q
    if (states) narrowed = narrowed.where('a.state', 'in', states)
    if (regionPrefix) narrowed = narrowed.where('a.region', 'like', `${regionPrefix}%`)
    if (slug) narrowed = narrowed.where('p.slug', '=', slug)
    return narrowed
  }
  const { total } = await narrow(visibleApplications(ctx))
    .select(sql<bigint>`count(*)`.as('total'))
    .executeTakeFirstOrThrow()
  const rows = await narrow(shown(ctx))
    .orderBy(sql.ref(`a.${sort}`), (order) => (dir === 'asc' ? order.asc() : order.desc()).nullsLast())
    .orderBy('a.id', 'desc')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { rows: rows as ApplicationRow[], total: Number(total) }
}

/** For programs: newest first, the page after the one that ended with `after`. */
export async function pageApplications(
  ctx: Ctx,
  { state, after, limit }: { state?: ApplicationState | undefined; after?: string | undefined; limit: number },
): Promise<{ rows: ApplicationRow[]; next?: string }> {
  let query = shown(ctx)
  if (state) query = query.where('a.state', '=', state)
  if (after) query = query.where('a.id', '<', after)
  const rows = (await query
    .orderBy('a.id', 'desc')
    .limit(limit + 1)
    .execute()) as ApplicationRow[]
  const page = rows.slice(0, limit)
  return { rows: page, ...(rows.length > limit && { next: page.at(-1)!.id }) }
}

export interface Granted {
  year: string
  savingFen: Fen
  count: number
}

/** 今年已享受: what was granted to one's own enterprise in the calendar year of today. */
export async function grantedThisYear(ctx: Ctx): Promise<Granted> {
  const year = shanghaiDate(ctx.now).slice(0, 4)
  const row = await visibleApplications(ctx)
    .where('a.state', '=', 'granted')
    // The connection's zone is Asia/Shanghai, so the year is the year in China.
    .where(sql<string>`extract(year from a.decided_at)::int`, '=', Number(year) as never)
    .select([sql<string>`coalesce(sum(a.saving_fen), 0)`.as('saving'), sql<bigint>`count(*)`.as('count')])
    .executeTakeFirstOrThrow()
  return { year, savingFen: BigInt(row.saving) as Fen, count: Number(row.count) }
}

/** One's own application under way for a policy, or the latest one. */
export async function findOwnApplication(
  ctx: Ctx,
  policyId: string,
): Promise<{ id: string; number: string; state: ApplicationState } | undefined> {
  if (ctx.actor.role !== 'enterprise' || !ctx.actor.org_id) return undefined
  return ctx.db
    .selectFrom('policy_applications')
    .select(['id', 'number', 'state'])
    .where('org_id', '=', ctx.actor.org_id)
    .where('policy_id', '=', policyId)
    .orderBy('created_at', 'desc')
    .executeTakeFirst()
}
