/** Append-only events: audit trail, timeline, statistics source and outbox in one row, chained by hash. */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { agentOf } from '../core/access.ts'
import { beforeCommit, type Ctx, type Db } from './db.server.ts'
import { uuidv7 } from './ids.ts'

declare module './db.server.ts' {
  interface Tables {
    events: EventRow
    event_head: { id: number; seq: bigint; hash: string }
  }
}

export interface EventRow {
  seq: bigint
  id: string
  at: string
  subject: string
  subject_id: string
  action: string
  title: string | null
  province: string
  region: string
  org_id: string | null
  actor_id: string
  actor_name: string
  actor_role: string
  on_behalf: string | null
  detail: unknown
  prev_hash: string
  hash: string
}

export interface Announcement {
  /** Prefix of the event: `policy`, `policy-application`. */
  subject: string
  subjectId: string
  /** Past tense: `published`. */
  action: string
  province: string
  region: string
  orgId?: string
  title?: string
  detail?: unknown
  onBehalf?: string
}

/** Writes the event in the caller's transaction; listeners hear of it once that commits. */
export const announce = (ctx: Ctx, said: Announcement): Promise<void> => announceAll(ctx, [said])

interface Told {
  ctx: Ctx
  said: Announcement
  detail: string
}

const outboxes = new WeakMap<Db, Told[]>()

/**
 * Many events at once, in the order given, chained as if announced one by one. They are written at the end of the transaction: the head
 * of the chain is one row that every transaction needs, so it is held for the last statements only. What must be read back earlier in the
 * same transaction asks for `writeAnnounced` first.
 */
export async function announceAll(ctx: Ctx, said: readonly Announcement[]): Promise<void> {
  if (said.length === 0) return
  // As it is now: what is passed may be changed before the end.
  const told = said.map((each) => ({ ctx, said: each, detail: stored(each.detail ?? {}) }))
  const waiting = outboxes.get(ctx.db)
  if (waiting) return void waiting.push(...told)
  beforeCommit(ctx.db, () => writeAnnounced(ctx))
  outboxes.set(ctx.db, told)
}

/** Rows that go into one statement. */
const pieces = 500

/** Writes what was announced so far in this transaction, and holds the head of the chain from here on. */
export async function writeAnnounced({ db }: Pick<Ctx, 'db'>): Promise<void> {
  const told = outboxes.get(db)?.splice(0) ?? []
  if (told.length === 0) return
  let head = await db.selectFrom('event_head').selectAll().where('id', '=', 1).forUpdate().executeTakeFirstOrThrow()
  const rows = told.map(({ ctx, said, detail }) => {
    // Hashed as they will be read back: an instant with milliseconds, a detail as JSON.
    const row = eventOf(ctx, said, head, JSON.parse(detail))
    head = { id: 1, seq: row.seq, hash: hashOf(row) }
    return { ...row, detail, hash: head.hash }
  })
  for (let at = 0; at < rows.length; at += pieces)
    await db
      .insertInto('events')
      .values(rows.slice(at, at + pieces))
      .execute()
  await db.updateTable('event_head').set({ seq: head.seq, hash: head.hash }).where('id', '=', 1).execute()
}

const eventOf = (ctx: Ctx, said: Announcement, head: { seq: bigint; hash: string }, detail: unknown): Omit<EventRow, 'hash'> => ({
  seq: head.seq + 1n,
  id: uuidv7(),
  at: new Date(ctx.now).toISOString(),
  subject: said.subject,
  subject_id: said.subjectId,
  action: said.action,
  title: said.title ?? null,
  province: said.province,
  region: said.region,
  org_id: said.orgId ?? null,
  actor_id: ctx.actor.id,
  actor_name: ctx.actor.name,
  actor_role: ctx.actor.role,
  on_behalf: said.onBehalf ?? agentOf(ctx.actor) ?? null,
  detail,
  prev_hash: head.hash,
})

/**
 * JSON of a detail: an amount in 分 is a number while that is exact and digits beyond; characters that the database cannot keep
 * (NUL, halves of a surrogate pair) become the replacement character instead of failing the step they are told with.
 */
const stored = (detail: unknown): string =>
  JSON.stringify(detail, (_, value: unknown) => {
    if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
    return typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '\ufffd') : value
  })

/** What happened to one thing, oldest first. */
export const timeline = (db: Db, subject: string, subjectId: string): Promise<EventRow[]> =>
  db.selectFrom('events').selectAll().where('subject', '=', subject).where('subject_id', '=', subjectId).orderBy('seq').execute()

/** SHA-256 over the previous hash and the canonical JSON of everything else in the row. */
export const hashOf = (row: Omit<EventRow, 'hash'>): string => createHash('sha256').update(canonical(row)).digest('hex')

/** JSON with sorted keys; integers beyond 2⁵³ as digits. Undefined members do not exist, as in the stored JSON. */
export const canonical = (value: unknown): string => {
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return `[${value.map((v) => canonical(v ?? null)).join(',')}]`
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value).filter(([, v]) => v !== undefined)
    return `{${members
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`)
      .join(',')}}`
  }
  return JSON.stringify(value ?? null)
}

const batch = 2_000

/** Every event in order, in batches; also those with a number that none can have, which somebody slipped in. */
export async function* allEvents(db: Db): AsyncGenerator<EventRow> {
  for (let after = -(2n ** 63n); ;) {
    const rows = await db.selectFrom('events').selectAll().where('seq', '>', after).orderBy('seq').limit(batch).execute()
    yield* rows
    if (rows.length < batch) return
    after = rows.at(-1)!.seq
  }
}

/** The next number that people read, gap-free per province, kind and year: 3 → `浙-2026-000003` is made by the caller. */
export async function nextNumber(ctx: Ctx, province: string, kind: string, year: number): Promise<number> {
  const { rows } = await sql<{ last: number }>`
    insert into number_sequences (province, kind, year, last) values (${province}, ${kind}, ${year}, 1)
    on conflict (province, kind, year) do update set last = number_sequences.last + 1 returning last`.execute(ctx.db)
  return rows[0]!.last
}
