/** One `pg.Pool` and Kysely over it, for the embedded database and for PostgreSQL alike. */
import path from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { createPgConfig } from '@electric-sql/pglite/node-postgres'
import { Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import type { Actor } from '../core/access.ts'
import { isRefusal, type Refusal } from '../core/refusal.ts'
import type { Config } from './config.server.ts'
import { lockDirectory } from './directory-lock.server.ts'

/** Grown by declaration merging at the head of each `queries.server.ts`, so that platform never imports a measure. */
export interface Tables {}
export type Db = Kysely<Tables>

/** First argument everywhere: no globals, and a clock that tests can set. `now` is an ISO instant in UTC. */
export interface Ctx {
  db: Db
  actor: Actor
  now: string
}

export interface Database {
  kind: 'embedded' | 'postgres'
  db: Db
  pool: pg.Pool
  close: () => Promise<void>
}

/** Same JavaScript types from both drivers: bigint for int8, `YYYY-MM-DD` for dates, ISO instants in UTC, text for numeric. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (format === 'binary') return pg.types.getTypeParser(oid, 'binary')
    if (oid === pg.types.builtins.INT8) return BigInt
    if (oid === pg.types.builtins.DATE || oid === pg.types.builtins.NUMERIC) return (text: string) => text
    if (oid === pg.types.builtins.TIMESTAMPTZ) return (text: string) => new Date(text).toISOString()
    return pg.types.getTypeParser(oid, 'text')
  }) as pg.CustomTypesConfig['getTypeParser'],
}

export async function openDatabase(config: Pick<Config, 'databaseUrl' | 'dataDir'>): Promise<Database> {
  if (config.databaseUrl) return openPostgres(config.databaseUrl)
  const unlock = lockDirectory(config.dataDir)
  try {
    const lite = await PGlite.create({ dataDir: path.join(config.dataDir, 'db') })
    return embedded(lite, unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

export async function openPostgres(url: string): Promise<Database> {
  const pool = new pg.Pool({ connectionString: url, max: 10, types, options: '-c timezone=Asia/Shanghai' })
  await pool.query('select 1')
  return database('postgres', pool, async () => {})
}

/** For tests: nothing is written to disk. `dump` is what `dumpMemory` gave. */
export async function openMemory(dump?: Blob): Promise<Database & { dump: () => Promise<Blob> }> {
  const lite = await PGlite.create({ ...(dump && { loadDataDir: dump }) })
  return { ...embedded(lite, () => {}), dump: () => lite.dumpDataDir('none') as Promise<Blob> }
}

/** One connection, and no second door to it: a query beside the pool would run inside somebody's transaction. */
function embedded(lite: PGlite, unlock: () => void): Database {
  const pool = new pg.Pool({ ...(createPgConfig(lite) as unknown as pg.PoolConfig), max: 1, types })
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
    return ctx.db.isTransaction ? await within(ctx.db) : await ctx.db.transaction().execute((tx: Transaction<Tables>) => within(tx))
  } catch (error) {
    if (error instanceof Rollback) {
      // Inside an outer transaction the refusal must travel on, or the outer one would keep half of the work.
      if (ctx.db.isTransaction) throw error
      return error.refusal
    }
    throw error
  }
}
