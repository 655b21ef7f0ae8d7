/** PostgreSQL over `match_rows`, the platform's own statements: with the rule in the WHERE, and naively over every row; the former on Citus too. Three-valued. */
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { regionPrefix } from '../../../src/core/eligibility/codes.ts'
import { countStatement, encodeFacts } from '../../../src/matching/index.ts'
import { ruleSql } from '../../../src/matching/sql/rule-sql.ts'
import { statement } from '../../../src/matching/sql/statements.ts'
import { up } from '../../../src/migrations/0022-matching.ts'
import { asOwner, createOnCluster, dropOnCluster } from '../../../src/platform/test-database.server.ts'
import type { BenchEngine, World } from '../engine.ts'
import { byPlace } from '../sorted.ts'

type Statement = { text: string; parameters: readonly unknown[] }

const session = [
  'set jit = off',
  'set max_parallel_workers_per_gather = 0',
  `set work_mem = '256MB'`,
  'set random_page_cost = 1.1',
  `set effective_cache_size = '8GB'`,
  'set effective_io_concurrency = 200',
  'set plan_cache_mode = force_custom_plan',
]
const idOf = (key: number): string => `00000000-0000-7000-8000-${String(key).padStart(12, '0')}`
const batch = 5000

interface Opened {
  client: pg.Client
  url: string
}

interface Server {
  /** A sentence if there is none. */
  open: (world: World) => Promise<Opened | string>
  /** What is to be done with the empty table. */
  place?: string
  /** Columns with versions and sizes. */
  setup: string
}

const versions = `current_setting('server_version') as version, current_setting('shared_buffers') as shared_buffers`

const single: Server = {
  open: async ({ postgres }) => (postgres ? connect(postgres) : 'no PostgreSQL is given: TEST_DATABASE_URL or --database-url'),
  setup: `${versions}, pg_relation_size('match_rows')::text as heap, pg_indexes_size('match_rows')::text as indexes`,
}

const cluster: Server = {
  open: async ({ citus }) => (citus ? connectCluster(citus) : 'no Citus cluster is given: TEST_CITUS_URL'),
  place: `select create_distributed_table('match_rows', 'province')`,
  setup: `${versions}, citus_version() as citus, (select count(distinct nodename || nodeport)::text from citus_shards) as machines,
    citus_relation_size('match_rows')::text as heap,
    (citus_total_relation_size('match_rows') - citus_table_size('match_rows'))::text as indexes`,
}

const postgresWith = (
  name: string,
  how: string,
  most: BenchEngine['most'],
  countOf: (world: World, policy: number) => Statement,
  listsKeys: boolean,
  { open, place, setup }: Server = single,
): BenchEngine => ({
  name,
  values: 3,
  how: `${how} Rows lie sorted by place and industry, all indexes of the platform, VACUUM ANALYZE, statements prepared on one connection, no JIT, no parallel workers, planned with the values known.`,
  most,
  async prepare(world) {
    const opened = await open(world)
    if (typeof opened === 'string') return opened
    const { client, url } = opened
    const load = await fillRows(client, url, world, place)
    // Once through everything, so that it is in memory.
    await client.query('select count(*), sum(length(match_rows::text)) from match_rows')
    const ask = async <T extends pg.QueryResultRow>(kind: string, policy: number, { text, parameters }: Statement): Promise<T[]> =>
      (await client.query<T>({ name: `${kind}${policy}`, text, values: [...parameters] })).rows
    const { heap, indexes, ...versions } = (await client.query<Record<string, string>>(`select ${setup}`)).rows[0]!
    const keys = async (policy: number) => {
      const { eligible, possible, parameters } = ruleSql(world.policies[policy]!, world.setting)
      const text = `select key::int8::text as key, (${eligible}) is true as yes from match_rows where ${possible}`
      const rows = await ask<{ key: string; yes: boolean }>('k', policy, statement(text, parameters))
      return { eligible: rows.flatMap(({ key, yes }) => (yes ? [Number(key)] : [])), possible: rows.map(({ key }) => Number(key)) }
    }
    return {
      async reverse(policy) {
        const [row] = await ask<{ eligible: string; possible: string }>('c', policy, countOf(world, policy))
        return { eligible: Number(row!.eligible), possible: Number(row!.possible) }
      },
      ...(listsKeys && { keys }),
      bytes: Number(heap) + Number(indexes),
      notes: () => ({ ...versions, 'bytes of rows': Number(heap), 'bytes of indexes': Number(indexes), 'load ms': load }),
      close: () => client.end(),
    }
  },
})

/** One connection with the settings of the bench to a database of its own, made if it is not there. */
export async function connect({ url, database }: NonNullable<World['postgres']>): Promise<Opened> {
  await unlessThere(asOwner(url, `create database ${database}`))
  const opened = await openAt(url, database)
  for (const each of session) await opened.client.query(each)
  return opened
}

/** The settings stand in the databases: what a session sets on the coordinator does not reach the others. */
async function connectCluster({ url, database }: NonNullable<World['citus']>): Promise<Opened> {
  await unlessThere(createOnCluster(url, database))
  for (const each of session) await asOwner(url, `select run_command_on_all_nodes($$alter database ${database} ${each}$$)`)
  return openAt(url, database)
}

const unlessThere = (making: Promise<unknown>): Promise<unknown> =>
  making.catch((error: { code?: string }) => {
    if (error.code !== '42P04') throw error
  })

async function openAt(url: string, database: string): Promise<Opened> {
  const own = new URL(url)
  own.pathname = `/${database}`
  const client = new pg.Client({ connectionString: own.href })
  await client.connect()
  return { client, url: own.href }
}

/** The engines of one run share what is loaded already. */
export const hasTable = async (client: pg.Client, name: string): Promise<boolean> =>
  (await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [name])).rows[0]!.there

/** The engines of one run share the rows; the run drops the databases at its end. */
export async function dropBenchDatabases({ postgres, citus }: Pick<World, 'postgres' | 'citus'>): Promise<void> {
  if (postgres) await asOwner(postgres.url, `drop database if exists ${postgres.database} with (force)`)
  if (citus) await dropOnCluster(citus.url, citus.database)
}

/** Rows first, then the indexes: both quicker and denser. Returns milliseconds; 0 if another engine of the run has filled them already. */
export async function fillRows(
  client: pg.Client,
  url: string,
  world: Pick<World, 'rows' | 'enterprises'>,
  place?: string,
): Promise<number> {
  if (await hasTable(client, 'match_rows')) return 0
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url, max: 1 }) }) })
  await up(db)
  await db.destroy()
  if (place !== undefined) await client.query(place)
  const start = performance.now()
  const indexes = await client.query<{ indexdef: string; indexname: string }>(
    `select indexdef, indexname from pg_indexes where tablename = 'match_rows' and indexname <> 'match_rows_pkey'`,
  )
  for (const { indexname } of indexes.rows) await client.query(`drop index ${indexname}`)
  let waiting: object[] = []
  const flush = async (): Promise<void> => {
    await client.query('insert into match_rows select * from json_populate_recordset(null::match_rows, $1::json)', [
      JSON.stringify(waiting),
    ])
    waiting = []
  }
  for (const { key, facts } of byPlace(world)) {
    const region = typeof facts.region === 'string' ? facts.region : '000000'
    waiting.push({
      province: region.slice(0, 2),
      org_id: idOf(key),
      region,
      key,
      seq: key,
      changed_at: '2026-01-01T00:00:00Z',
      // What is left out is null; most columns of most rows are.
      ...Object.fromEntries(Object.entries(encodeFacts(facts, regionPrefix)).filter(([, value]) => value !== null)),
    })
    if (waiting.length === batch) await flush()
  }
  await flush()
  for (const { indexdef } of indexes.rows) await client.query(indexdef)
  await client.query('vacuum analyze match_rows')
  return performance.now() - start
}

const whereHow = 'The statement of src/matching/sql: “possibly” is pushed down to conditions that an index finds.'

const whereCount =
  (byProvince: boolean) =>
  ({ policies, setting }: World, policy: number): Statement =>
    countStatement(policies[policy]!, setting, { byProvince })

export const postgres = postgresWith(
  'PostgreSQL, rule in the WHERE',
  whereHow,
  { rows: 1_000_000, reverse: 200, forward: 0 },
  whereCount(false),
  true,
)

export const citus = postgresWith(
  'Citus, rule in the WHERE',
  `${whereHow} The table is distributed by province, 32 shards; the coordinator asks the machines at once, over several connections.`,
  { rows: 1_000_000, reverse: 200, forward: 0 },
  whereCount(true),
  true,
  cluster,
)

export const postgresFull = postgresWith(
  'PostgreSQL, every row',
  'The naive statement: both conditions asked of every row.',
  { rows: 1_000_000, reverse: 20, forward: 0 },
  ({ policies, setting }, policy) => {
    const { eligible, possible, parameters } = ruleSql(policies[policy]!, setting)
    return statement(
      `select count(*) filter (where ${eligible}) as eligible, count(*) filter (where ${possible}) as possible from match_rows`,
      parameters,
    )
  },
  false,
)
