/**
 * Listeners hear every event once. The events table is the outbox; pg-boss carries the wake-ups, the retries and the schedules,
 * so an event is never lost when a job is.
 */
import { sql } from 'kysely'
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

const hears = (listener: Listener, event: EventRow) => listener.on.includes(`${event.subject}.${event.action}`) || listener.on.includes(`${event.subject}.*`)

/** A listener that joins a running platform starts with what happens from now on; on an empty platform, with the first event. */
export async function registerListeners(db: Db, listeners: readonly Listener[]): Promise<void> {
  for (const { name } of listeners)
    await sql`insert into listener_marks (listener, seq)
      select ${name}, case when exists (select 1 from listener_marks) then (select seq from event_head where id = 1) else 0 end
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
}

const eventQueue = 'event'

/** Starts pg-boss over the same pool; `wake` asks for a delivery round soon and may be called as often as one likes. */
export async function startJobs({ database, listeners, schedules, now, log }: JobsOptions): Promise<{ wake: () => void; stop: () => Promise<void> }> {
  await registerListeners(database.db, listeners)
  const boss = new PgBoss({
    db: { executeSql: async (text: string, values?: unknown[]) => ({ rows: (await database.pool.query(text, values as unknown[])).rows }) },
    schema: 'pgboss',
  })
  boss.on('error', (error) => log.error({ err: error }, 'jobs'))
  await boss.start()
  await boss.createQueue(eventQueue, { retryLimit: 10, retryBackoff: true })
  await boss.work(eventQueue, { pollingIntervalSeconds: 2 }, async () => {
    await deliver(database, listeners, now)
  })
  for (const schedule of [...schedules, { name: 'event-sweep', cron: '*/5 * * * *', run: () => deliver(database, listeners, now) }]) {
    await boss.createQueue(schedule.name)
    await boss.work(schedule.name, () => schedule.run({ db: database.db, actor: platform, now: now() }))
    await boss.schedule(schedule.name, schedule.cron, null, { tz: 'Asia/Shanghai' })
  }
  // One round at a time in this process; a wake-up during a round asks for one more.
  let running: Promise<void> | undefined
  let again = false
  const round = async () => {
    do {
      again = false
      await deliver(database, listeners, now).catch(async (error: unknown) => {
        log.error({ err: error }, 'delivery')
        await boss.send(eventQueue, null, { singletonKey: eventQueue }).catch(() => {})
      })
    } while (again)
  }
  const wake = () => {
    if (running) again = true
    else running = round().finally(() => (running = undefined))
  }
  wake()
  return {
    wake,
    stop: async () => {
      await running
      await boss.stop({ graceful: true, timeout: 5_000 })
    },
  }
}

/** For tests and for the seed: every pending event, now. */
export async function drain(database: Pick<Database, 'db'>, listeners: readonly Listener[], now: string): Promise<number> {
  await registerListeners(database.db, listeners)
  return deliver(database, listeners, () => now)
}
