/** The public versions and the events, kept in memory from one edition to the next: policies are few and read everywhere. */
import { sql } from 'kysely'
import type { Ctx } from '../../platform/db.server.ts'
import { uuidv7 } from '../../platform/ids.ts'
import type { PolicyEvent, PublicPolicy } from './model.ts'
import { toEvent, toPublic, type EventRow, type VersionRow } from './tables.server.ts'

export interface Snapshot {
  token: string
  edition: bigint
  changedAt: string
  /** The current public version of every policy, newest first. */
  policies: readonly PublicPolicy[]
  events: readonly PolicyEvent[]
}

/** Several databases may live in one process (tests, rehearsals), so a few are kept. */
const kept = new Map<string, Snapshot>()
const keptAtMost = 4

/** Everything public, as one statement saw it. */
export async function snapshot(ctx: Pick<Ctx, 'db'>): Promise<Snapshot> {
  const { token } = await ctx.db.selectFrom('policy_edition').select('token').where('id', '=', 1).executeTakeFirstOrThrow()
  return kept.get(token) ?? read(ctx)
}

async function read({ db }: Pick<Ctx, 'db'>): Promise<Snapshot> {
  // One statement sees one moment: contents never get into memory under another edition's token.
  const { rows } = await sql<{
    token: string
    edition: bigint
    changed_at: string
    versions: (VersionRow & { slug: string })[]
    events: EventRow[]
  }>`
    select e.token, e.edition, e.changed_at,
      (select coalesce(jsonb_agg(to_jsonb(v) - 'search' || jsonb_build_object('slug', p.slug) order by v.published_at desc, p.slug), '[]')
        from policies p join policy_versions v on v.id = p.live_version_id) as versions,
      (select coalesce(jsonb_agg(to_jsonb(x) order by x.id), '[]') from policy_events x) as events
    from policy_edition e where e.id = 1`.execute(db)
  const row = rows[0]!
  const snapshot: Snapshot = {
    token: row.token,
    edition: row.edition,
    changedAt: row.changed_at,
    policies: row.versions.map(toPublic),
    events: row.events.map(toEvent),
  }
  kept.set(row.token, snapshot)
  if (kept.size > keptAtMost) kept.delete(kept.keys().next().value!)
  return snapshot
}

/** Every change of what the public sees raises the edition in its own transaction. */
export async function raiseEdition(ctx: Ctx): Promise<bigint> {
  const { edition } = await ctx.db
    .updateTable('policy_edition')
    .set((eb) => ({ edition: eb('edition', '+', 1n), token: uuidv7(), changed_at: ctx.now }))
    .where('id', '=', 1)
    .returning('edition')
    .executeTakeFirstOrThrow()
  return edition
}

/** The content version of public pages and feeds. */
export async function edition(ctx: Pick<Ctx, 'db'>): Promise<bigint> {
  return (await ctx.db.selectFrom('policy_edition').select('edition').where('id', '=', 1).executeTakeFirstOrThrow()).edition
}
