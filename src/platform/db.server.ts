/** One `pg.Pool` and Kysely over it, for the embedded database and for PostgreSQL alike. */
import path from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { createPgConfig } from '@electric-sql/pglite/node-postgres'
import { Kysely, PostgresDialect, sql, type RawBuilder, type Transaction } from 'kysely'
import pg from 'pg'
import type { Actor } from '../core/access.ts'
import { isRefusal, type Refusal } from '../core/refusal.ts'
import type { Config } from './config.server.ts'
import { databaseTypes } from './database-types.server.ts'
import { lockDirectory } from './directory-lock.server.ts'

/** Grown by declaration merging at the head of each `queries.server.ts`, so that platform never imports a measure. */
export interface Tables {}
export type Db = Kysely<Tables>

/** First argument everywhere: no globals, and a clock that tests can set. `now` is an ISO instant in UTC. */
export interface Ctx {
  db: Db
  actor: Actor
  now: string
  /** Key of this request in `idempotency_keys`: the outermost transaction notes there what it did. */
  once?: string
}

export interface Database {
  kind: 'embedded' | 'postgres'
  db: Db
  pool: pg.Pool
  close: () => Promise<void>
}

/** The platform's zone, whatever the machine's. */
const zone = 'Asia/Shanghai'

export async function openDatabase(config: Pick<Config, 'databaseUrl' | 'dataDir'>): Promise<Database> {
  if (config.databaseUrl) return openPostgres(config.databaseUrl)
  const unlock = lockDirectory(config.dataDir)
  try {
    const lite = await PGlite.create({ dataDir: path.join(config.dataDir, 'db'), extensions })
    return await embedded(lite, unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

export async function openPostgres(url: string): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    types: databaseTypes,
    options: `-c TimeZone=${zone}`,
    application_name: 'hengqi',
  })
  try {
    const { rows } = await pool.query(`select current_setting('server_version_num')::int as version`)
    if (rows[0].version < 150_000) throw new Error('需要 PostgreSQL 15 或更高版本，请升级数据库，或去掉 DATABASE_URL 改用内置数据库。')
  } catch (error) {
    await pool.end()
    throw error
  }
  return database('postgres', pool, async () => {})
}

/** For tests: nothing is written to disk. `dump` is what `dumpMemory` gave. */
export async function openMemory(dump?: Blob): Promise<Database & { dump: () => Promise<Blob> }> {
  const lite = await PGlite.create({ extensions, ...(dump && { loadDataDir: dump }) })
  return { ...(await embedded(lite, () => {})), dump: () => lite.dumpDataDir('none') as Promise<Blob> }
}

/** What migrations may `create extension`; PostgreSQL has the same in its contrib package. */
const extensions = { pg_trgm, btree_gist }

/**
 * `pg.Pool` ends a connection whose query failed. The embedded one is the database itself: ended, its next user is told that the
 * connection broke, or receives the answer to somebody else's question. So it is given back whole; the driver has read its answer to the end.
 */
class EmbeddedPool extends pg.Pool {
  override connect(): Promise<pg.PoolClient>
  override connect(callback: never): void
  override async connect(): Promise<pg.PoolClient> {
    const client = await super.connect()
    const release = client.release.bind(client)
    client.release = () => release()
    return client
  }

  // The overloads of the driver also know callbacks and streams; nobody here uses them.
  override query = (async (text: string | pg.QueryConfig, values?: unknown[]) => {
    const client = await this.connect()
    try {
      return await client.query(text, values)
    } finally {
      client.release()
    }
  }) as pg.Pool['query']
}

/** One connection, never closed by the pool, and no second door to it: a query beside the pool would run inside somebody's transaction. */
async function embedded(lite: PGlite, unlock: () => void): Promise<Database> {
  const pool = new EmbeddedPool({
    ...(createPgConfig(lite) as unknown as pg.PoolConfig),
    max: 1,
    idleTimeoutMillis: 0,
    types: databaseTypes,
  })
  await pool.query(`set time zone '${zone}'`)
  return database('embedded', pool, async () => {
    await lite.close()
    unlock()
  })
}

function database(kind: Database['kind'], pool: pg.Pool, after: () => Promise<void>): Database {
  // A lost connection must not end the process; the next query gets a new one.
  pool.on('error', () => {})
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  let closing: Promise<void> | undefined
  return { kind, db, pool, close: () => (closing ??= db.destroy().then(after)) }
}

class Rollback extends Error {
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super('rollback')
    this.refusal = refusal
  }
}

/** One transaction for state, event and job; a refusal rolls everything back and is returned. Nested calls join the outer one. */
export async function inTx<T>(ctx: Ctx, work: (ctx: Ctx) => Promise<T>): Promise<T | Refusal> {
  const within = async (db: Db) => {
    const result = await work({ ...ctx, db })
    if (isRefusal(result)) throw new Rollback(result)
    return result
  }
  try {
    if (ctx.db.isTransaction) return await within(ctx.db)
    return await ctx.db.transaction().execute(async (tx: Transaction<Tables>) => {
      const last: LastWork[] = []
      lastWorks.set(tx, last)
      const result = await within(tx)
      if (ctx.once) await noteEffect({ ...ctx, db: tx }, result)
      for (const each of last) await each()
      return result
    })
  } catch (error) {
    if (error instanceof Rollback) {
      // Inside an outer transaction the refusal must travel on, or the outer one would keep half of the work.
      if (ctx.db.isTransaction) throw error
      return error.refusal
    }
    throw error
  }
}

type LastWork = () => Promise<void>
const lastWorks = new WeakMap<Db, LastWork[]>()

/** Done at the very end of the transaction that `inTx` opened, just before it commits; never when it is rolled back. */
export function beforeCommit(db: Db, work: LastWork): void {
  const last = lastWorks.get(db)
  if (!last) throw new Error('this must run inside inTx: it commits together with what it tells of')
  last.push(work)
}

/** In the transaction that did it, so that a request whose answer was lost is answered from the note and not done twice. */
const noteEffect = ({ db, actor, once }: Ctx, result: unknown) =>
  sql`update idempotency_keys set effect = ${toJson(result)} where key = ${once} and actor_id = ${actor.id} and status is null`.execute(db)

/** JSON for programs: amounts in 分 are bigint inside and plain numbers outside as long as they are exact, digits beyond. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value ?? null, (_, v: unknown) => (typeof v === 'bigint' ? (Number.isSafeInteger(Number(v)) ? Number(v) : String(v)) : v))

/** A value for a `jsonb` column: arrays, texts and null too, which the driver would send as something else. Bigints are not JSON: write them as text or number. */
export const jsonb = <T>(value: T): RawBuilder<T> => sql<T>`${JSON.stringify(value ?? null)}::jsonb`
