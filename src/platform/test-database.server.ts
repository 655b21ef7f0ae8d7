/** A migrated database for one test file: a copy of a template, embedded or on a real PostgreSQL (TEST_DATABASE_URL); or one on a cluster (TEST_CITUS_URL). */
import { readFileSync } from 'node:fs'
import pg from 'pg'
import { isRefusal } from '../core/refusal.ts'
import { migrations } from '../migrations/index.ts'
import { distribute } from './citus.server.ts'
import { openMemory, openPostgres, type Database } from './db.server.ts'
import { uuidv7 } from './ids.ts'
import { migrate } from './migrate.server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** File with the dump of a migrated embedded database, or the name of the template on PostgreSQL. */
    template: { file: string } | { database: string }
  }
}

/** Everything in it is this file's own; `close` removes it. */
export async function testDatabase(template: { file: string } | { database: string }): Promise<Database> {
  if ('file' in template) return openMemory(new Blob([readFileSync(template.file)]))
  const url = new URL(process.env.TEST_DATABASE_URL!)
  const name = `hengqi_${uuidv7().replaceAll('-', '')}`
  await asOwner(url.href, `create database ${name} template ${template.database}`)
  const own = new URL(url)
  own.pathname = `/${name}`
  return withEnd(await openPostgres(own.href), () => asOwner(url.href, `drop database ${name} with (force)`))
}

const withEnd = (database: Database, end: () => Promise<unknown>): Database => ({
  ...database,
  close: async () => {
    await database.close()
    await end()
  },
})

/** Whether there is a cluster to test on: a test of it says so in its title and is skipped otherwise. */
export const onCluster = Boolean(process.env.TEST_CITUS_URL)

/**
 * A migrated database on the cluster, placed as `hengqi migrate --citus` places it unless that is the test's own business. Everything in
 * it is this file's own; `close` removes it.
 */
export async function testCluster({ placed = true } = {}): Promise<Database> {
  const url = process.env.TEST_CITUS_URL!
  const name = `hengqi_${uuidv7().replaceAll('-', '')}`
  const database = withEnd(await openPostgres(await createOnCluster(url, name)), () => dropOnCluster(url, name))
  await migrate(database, migrations)
  const placement = placed ? await distribute(database.db) : undefined
  if (isRefusal(placement)) throw new Error(placement.reason)
  return database
}

const extensions = ['citus', 'pg_trgm', 'btree_gist'].map((name) => `create extension ${name}`).join('; ')

/** A database of this name on every machine of a cluster, joined as the one that `url` names on the coordinator. Gives its URL there. */
export async function createOnCluster(url: string, name: string): Promise<string> {
  const [coordinator, ...workers] = await machinesOf(url)
  for (const machine of [coordinator!, ...workers]) {
    await asOwner(urlOf(machine, url), `create database ${name}`)
    await asOwner(urlOf(machine, url, name), extensions)
  }
  const own = urlOf(coordinator!, url, name)
  await asOwner(own, `select citus_set_coordinator_host('${coordinator!.host}', ${coordinator!.port})`)
  for (const { host, port } of workers) await asOwner(own, `select citus_add_node('${host}', ${port})`)
  return own
}

export async function dropOnCluster(url: string, name: string): Promise<void> {
  for (const machine of await machinesOf(url)) await asOwner(urlOf(machine, url), `drop database if exists ${name} with (force)`)
}

interface Machine {
  host: string
  port: number
}

/** The coordinator first. */
const machinesOf = (url: string): Promise<Machine[]> =>
  rowsAsOwner<Machine & pg.QueryResultRow>(url, 'select nodename as host, nodeport as port from pg_dist_node order by groupid')

function urlOf({ host, port }: Machine, like: string, database?: string): string {
  const url = new URL(like)
  url.host = `${host}:${port}`
  if (database !== undefined) url.pathname = `/${database}`
  return url.href
}

export const asOwner = async (url: string, statement: string): Promise<void> => void (await rowsAsOwner(url, statement))

async function rowsAsOwner<Row extends pg.QueryResultRow>(url: string, statement: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(statement)).rows
  } finally {
    await client.end()
  }
}
