/** Keeps one row of `match_rows` for every enterprise equal to its profile. */
import { sql } from 'kysely'
import { regionPrefix } from '../../core/eligibility/codes.ts'
import { encodeFacts, factColumns } from '../../matching/index.ts'
import { inTx, jsonb, type Ctx } from '../../platform/db.server.ts'
import { uuidv7 } from '../../platform/ids.ts'
import type { Listener } from '../../platform/jobs.server.ts'
import { listEnterpriseIds, profilesForMatching } from '../people/index.server.ts'
import type { Profile } from '../people/index.ts'
import type { MatchHead } from './tables.server.ts'

const listenerName = 'matching.rows'
const heard = ['profile.changed', 'organisation.registered'] as const

export const listeners: readonly Listener[] = [
  { name: listenerName, on: heard, handle: (ctx, event) => keepRows(ctx, [event.org_id ?? event.subject_id]) },
]

const columns = [
  'region',
  'seq',
  'changed_at',
  'on_record',
  'held_within',
  ...factColumns.flatMap(({ kind, column }) => (kind === 'text' || kind === 'day' ? [column, `${column}_of`] : [column])),
]

/** Writes the rows of these enterprises anew. In a transaction; waits for whoever writes rows, and only then reads the profiles. */
export async function keepRows(ctx: Ctx, orgIds: readonly string[]): Promise<number> {
  const { db, now } = ctx
  const head = await db.selectFrom('match_head').selectAll().where('id', '=', 1).forUpdate().executeTakeFirstOrThrow()
  const profiles = await profilesForMatching(ctx, orgIds)
  if (profiles.length === 0) return 0
  const provinces = [...new Set(profiles.map(({ org }) => org.province))]
  const known = await db
    .selectFrom('match_rows')
    .select(['org_id', 'key'])
    // Named for a distributed table as well: one enterprise is asked of one machine.
    .where('province', 'in', provinces)
    .where('org_id', 'in', orgIds)
    .execute()
  const keys = new Map(known.map((row) => [row.org_id, row.key]))
  let { seq, last_key } = head
  const rows = profiles.map((profile) => ({
    province: profile.org.province,
    org_id: profile.org.id,
    region: profile.org.region,
    key: keys.get(profile.org.id) ?? (last_key += 1n),
    seq: (seq += 1n),
    changed_at: now,
    ...columnsOf(profile),
  }))
  await db
    .insertInto('match_rows')
    .values(rows)
    .onConflict((oc) =>
      oc.columns(['province', 'org_id']).doUpdateSet(Object.fromEntries(columns.map((column) => [column, sql.ref(`excluded.${column}`)]))),
    )
    .execute()
  await db.updateTable('match_head').set({ seq, last_key }).where('id', '=', 1).execute()
  return rows.length
}

function columnsOf({ facts }: Profile) {
  const encoded = encodeFacts(facts, regionPrefix)
  return { ...encoded, instruments: encoded.instruments === null ? null : jsonb(encoded.instruments) }
}

/** Statements have room for 65 535 values. */
const batch = 500

/** Writes every row anew, each batch in its own transaction, while the platform goes on. Gives the number of enterprises. */
export async function fillRows(ctx: Ctx): Promise<number> {
  const { rows } = await sql<{ seq: bigint }>`select seq from event_head where id = 1`.execute(ctx.db)
  let filled = 0
  for await (const ids of listEnterpriseIds(ctx, batch)) filled += (await inTx(ctx, (tx) => keepRows(tx, ids))) as number
  await ctx.db.updateTable('match_head').set({ generation: uuidv7(), filled_to: rows[0]!.seq }).where('id', '=', 1).execute()
  return filled
}

export const headOf = ({ db }: Pick<Ctx, 'db'>): Promise<MatchHead> =>
  db.selectFrom('match_head').selectAll().where('id', '=', 1).executeTakeFirstOrThrow()

/** Changes of profiles that are announced but not yet in the rows. */
export async function pendingEvents({ db }: Pick<Ctx, 'db'>): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from events e, match_head h
    where h.id = 1
      and e.seq > greatest(h.filled_to, coalesce((select seq from listener_marks where listener = ${listenerName}), 0))
      and e.subject || '.' || e.action = any(${[...heard]}::text[])
      and not exists (select 1 from event_deliveries d where d.event_id = e.id and d.listener = ${listenerName})`.execute(db)
  return rows[0]!.n
}

/** Why the rows cannot be asked now; undefined: they say what the profiles say. */
export async function whyNotRows(ctx: Pick<Ctx, 'db'>): Promise<string | undefined> {
  const { generation } = await headOf(ctx)
  if (generation === null) return '企业匹配表还没有建立'
  const pending = await pendingEvents(ctx)
  return pending > 0 ? `企业匹配表落后 ${pending} 处变更` : undefined
}
