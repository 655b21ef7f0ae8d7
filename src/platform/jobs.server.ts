/**
 * Listeners hear every event once. The events table is the outbox: state and event commit together, and each listener keeps its place
 * in it, so nothing is lost when a process dies. pg-boss carries the schedules.
 */
import { sql } from 'kysely'
import pg, { type QueryResult } from 'pg'
import { PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import { platform } from '../core/access.ts'
import { isRefusal } from '../core/refusal.ts'
import { inTx, type Ctx, type Database, type Db } from './db.server.ts'
import type { EventRow } from './events.server.ts'

export interface Listener {
  /** Recorded with each event it has handled: renaming makes it a new listener. */
  name: string
  /** `policy.published`, or `policy.*`. */
  on: readonly string[]
  /** Runs in the transaction that records the delivery: its effects and the record commit together. */
  handle: (ctx: Ctx, event: EventRow) => Promise<unknown>
}

/** Work on the calendar: `cron` in Asia/Shanghai. */
export interface Schedule {
  name: string
  cron: string
  run: (ctx: Ctx) => Promise<unknown>
}

const hears = (listener: Listener, event: EventRow) =>
  listener.on.includes(`${event.subject}.${event.action}`) || listener.on.includes(`${event.subject}.*`)

/** A listener that joins a running platform starts with what happens from now on; those of the first start, with the first event. */
export async function registerListeners(db: Db, listeners: readonly Listener[]): Promise<void> {
  if (listeners.length === 0) return
  // One statement, so that the first start is the first start for all of them.
  await sql`insert into listener_marks (listener, seq)
    select name, case when exists (select 1 from listener_marks) then (select seq from event_head where id = 1) else 0 end
    from unnest(${listeners.map(({ name }) => name)}::text[]) as name
    on conflict (listener) do nothing`.execute(db)
}

/** Delivers everything that is pending, in order; returns how many deliveries were made. Throws the first failure after trying the rest. */
export async function deliver(database: Pick<Database, 'db'>, listeners: readonly Listener[], now: () => string): Promise<number> {
  let delivered = 0
  const failures: unknown[] = []
  for (const listener of listeners) {
    try {
      delivered += await deliverTo(database.db, listener, now)
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
  return delivered
}

/** One listener's pending events in order; it stops at a failure, so that order holds, and the next round tries again. */
async function deliverTo(db: Db, listener: Listener, now: () => string): Promise<number> {
  let delivered = 0
  for (;;) {
    const { rows } = await sql<EventRow>`select e.* from events e
      where e.seq > (select seq from listener_marks where listener = ${listener.name}) order by e.seq limit 200`.execute(db)
    if (rows.length === 0) return delivered
    for (const event of rows.filter((row) => hears(listener, row))) delivered += (await deliverOne(db, listener, event, now())) ? 1 : 0
    await sql`update listener_marks set seq = greatest(seq, ${rows.at(-1)!.seq}) where listener = ${listener.name}`.execute(db)
  }
}

async function deliverOne(db: Db, listener: Listener, event: EventRow, now: string): Promise<boolean> {
  const result = await inTx({ db, actor: platform, now }, async (ctx) => {
    // Two workers may see the same event: the row decides which of them handles it.
    const { rows } = await sql`insert into event_deliveries (event_id, listener, at) values (${event.id}, ${listener.name}, ${now})
      on conflict do nothing returning listener`.execute(ctx.db)
    if (rows.length === 0) return false
    const answer = await listener.handle(ctx, event)
    return isRefusal(answer) ? answer : true
  })
  if (isRefusal(result)) throw new Error(`${listener.name} refused ${event.subject}.${event.action}: ${result.reason}`)
  return result
}

interface JobsOptions {
  database: Database
  listeners: readonly Listener[]
  schedules: readonly Schedule[]
  now: () => string
  log: Logger
  /** How often to look for new events, in milliseconds; one read of one row. */
  lookEvery?: number
}

/**
 * Starts delivery and schedules over the same pool. New events are heard within a second, whichever process wrote them;
 * `wake` asks for a round at once. A failing listener is asked again after 2, 4, 8 … seconds, at most every five minutes.
 */
export async function startJobs(options: JobsOptions): Promise<{ wake: () => void; stop: () => Promise<void> }> {
  const { database, listeners, schedules, now, log } = options
  await registerListeners(database.db, listeners)
  const boss = new PgBoss({
    db: { executeSql: (text, values) => execute(database.pool, text, values) },
    schema: 'pgboss',
    registerInstance: false,
  })
  boss.on('error', (error) => log.error({ err: error }, 'jobs'))
  await boss.start()
  for (const { name, cron, run } of schedules) {
    await boss.createQueue(name, { policy: 'stately', retryLimit: 3, retryDelay: 30, retryBackoff: true })
    await boss.work(name, { pollingIntervalSeconds: 10 }, async () => void (await run({ db: database.db, actor: platform, now: now() })))
    await boss.schedule(name, cron, null, { tz: 'Asia/Shanghai' })
  }
  const delivery = startDelivery({ ...options, lookEvery: options.lookEvery ?? 1_000 })
  return {
    wake: delivery.wake,
    stop: async () => {
      await delivery.stop()
      await boss.stop({ graceful: true, timeout: 5_000 })
    },
  }
}

/** pg-boss sends several statements at once without values, as one transaction of their own; a failed one must not stay open on a pooled connection. */
async function execute(pool: Database['pool'], text: string, values?: unknown[]): Promise<{ rows: unknown[] }> {
  const client = await pool.connect()
  try {
    const result = (await client.query(text, values)) as QueryResult | QueryResult[]
    return { rows: [result].flat().flatMap(asDriver) }
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}

/** pg-boss reckons with the driver's own types: instants as Date, counts as text. */
function asDriver({ rows, fields }: QueryResult): Record<string, unknown>[] {
  const instants = (fields ?? []).filter((field) => field.dataTypeID === pg.types.builtins.TIMESTAMPTZ)
  const counts = (fields ?? []).filter((field) => field.dataTypeID === pg.types.builtins.INT8)
  for (const row of rows ?? []) {
    for (const { name } of instants) if (typeof row[name] === 'string') row[name] = new Date(row[name])
    for (const { name } of counts) if (typeof row[name] === 'bigint') row[name] = String(row[name])
  }
  return rows ?? []
}

/** Looks for new events and delivers them, one round at a time in this process; a wish during a round asks for one more. */
function startDelivery({ database, listeners, now, log, lookEvery }: JobsOptions & { lookEvery: number }) {
  let running: Promise<void> | undefined
  let again = false
  let stopped = false
  let seen = -1n
  let failures = 0
  let notBefore = 0
  const round = async () => {
    do {
      again = false
      try {
        const head = await headOf(database.db)
        await deliver(database, listeners, now)
        seen = head
        failures = 0
        notBefore = 0
      } catch (error) {
        notBefore = Date.now() + Math.min(2 ** ++failures * 1_000, 300_000)
        log.error({ err: error, failures }, 'delivery')
      }
    } while (again && !stopped)
  }
  const wake = () => {
    if (stopped) return
    if (running) again = true
    else running = round().finally(() => (running = undefined))
  }
  const look = async () => {
    if (running || Date.now() < notBefore) return
    const head = await headOf(database.db).catch(() => seen)
    if (head !== seen || failures > 0) wake()
  }
  const timer = setInterval(() => void look(), lookEvery)
  wake()
  return {
    wake,
    stop: async () => {
      stopped = true
      clearInterval(timer)
      await running
    },
  }
}

const headOf = async (db: Db): Promise<bigint> =>
  (await sql<{ seq: bigint }>`select seq from event_head where id = 1`.execute(db)).rows[0]!.seq

/** For tests and for the seed: every pending event, now. */
export async function drain(database: Pick<Database, 'db'>, listeners: readonly Listener[], now: string): Promise<number> {
  await registerListeners(database.db, listeners)
  return deliver(database, listeners, () => now)
}
