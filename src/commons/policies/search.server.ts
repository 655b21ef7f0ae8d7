/** The library's list: text search in the database, the rest over the snapshot. */
import { sql } from 'kysely'
import type { Ctx } from '../../platform/db.server.ts'
import { searchQuery } from '../../platform/search.server.ts'
import { arrange, type PolicyList, type PolicyQuery } from './listing.ts'
import { settingOf } from './queries.server.ts'
import { snapshot } from './snapshot.server.ts'

/** Policies that were ever published, each in its current version, with counts for every filter. */
export async function listPolicies(ctx: Pick<Ctx, 'db' | 'now'>, query: PolicyQuery = {}): Promise<PolicyList> {
  const { policies } = await snapshot(ctx)
  return arrange(policies, query, await settingOf(ctx), query.q?.trim() ? await findByText(ctx, query.q) : undefined)
}

/** Slugs of current public versions that contain every word, best first. Undefined: nothing to search by, only punctuation. */
async function findByText({ db }: Pick<Ctx, 'db'>, text: string): Promise<string[] | undefined> {
  const wanted = searchQuery(text)
  if (wanted === '') return undefined
  const { rows } = await sql<{ slug: string }>`
    select p.slug from policies p join policy_versions v on v.id = p.live_version_id, to_tsquery('simple', ${wanted}) as wanted
    where v.search @@ wanted
    order by position(lower(${text.trim()}) in lower(v.title)) > 0 desc, ts_rank(v.search, wanted) desc, p.slug`.execute(db)
  return rows.map(({ slug }) => slug)
}
