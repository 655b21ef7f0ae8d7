/** PostgreSQL over a flat table of small numbers, with what DuckDB is asked and the indexes for it: faster than the platform's own table may be. */
import pg from 'pg'
import type { BenchEngine, World } from '../engine.ts'
import { columnsOf, flatSql, type Cell } from '../flat.ts'
import { byPlace } from '../sorted.ts'
import { allKinds } from '../world.ts'
import { connect, hasTable } from './postgres.ts'

const types: Record<string, string> = {
  integer: 'int',
  smallint: 'smallint',
  utinyint: 'smallint',
  usmallint: 'smallint',
  boolean: 'boolean',
}
const batch = 20_000

export const postgresFlat: BenchEngine = {
  name: 'PostgreSQL, flat table',
  values: 3,
  how: 'Not the platform’s table: codes, sizes and qualifications as small integers, a column for each kind of instrument, rows sorted by place and industry, indexes on (place, size), (industry, place) and park; the places asked about in a branch of their own; the other settings as above.',
  most: { rows: 1_000_000, reverse: 200, forward: 0 },
  async prepare(world) {
    if (!world.postgres) return 'no PostgreSQL is given: TEST_DATABASE_URL or --database-url'
    const { client } = await connect(world.postgres)
    if (!(await hasTable(client, 'enterprises'))) await fill(client, world)
    // Once through everything, so that it is in memory.
    await client.query('select count(*), sum(length(enterprises::text)) from enterprises')
    const size = await client.query<{ heap: string; indexes: string }>(
      `select pg_relation_size('enterprises')::text as heap, pg_indexes_size('enterprises')::text as indexes`,
    )
    const branches = (policy: number, column: string): string => {
      const { possible, eligible } = flatSql(world.policies[policy]!, world.setting, allKinds)
      return possible.map((where) => `select ${column}(${eligible}) is true as yes from enterprises where ${where}`).join(' union all ')
    }
    const ask = async <T extends pg.QueryResultRow>(name: string, text: string): Promise<T[]> =>
      (await client.query<T>({ name, text })).rows
    const { heap, indexes } = size.rows[0]!
    return {
      async reverse(policy) {
        const [row] = await ask<{ eligible: string; possible: string }>(
          `c${policy}`,
          `select count(*) filter (where yes) as eligible, count(*) as possible from (${branches(policy, '')}) as asked`,
        )
        return { eligible: Number(row!.eligible), possible: Number(row!.possible) }
      },
      async keys(policy) {
        const rows = await ask<{ key: number; yes: boolean }>(`k${policy}`, branches(policy, 'key, '))
        return { eligible: rows.flatMap(({ key, yes }) => (yes ? [key] : [])), possible: rows.map(({ key }) => key) }
      },
      bytes: Number(heap) + Number(indexes),
      close: () => client.end(),
    }
  },
}

async function fill(client: pg.Client, world: World): Promise<void> {
  const columns = columnsOf(allKinds).map(([name, type, value]) => ({ name: name.toLowerCase(), type: types[type]!, value }))
  await client.query(`create table enterprises (key int, ${columns.map(({ name, type }) => `${name} ${type}`).join(', ')})`)
  const arrays = ['int', ...columns.map(({ type }) => type)].map((type, i) => `$${i + 1}::${type}[]`).join(', ')
  const rows = byPlace(world)
  for (let from = 0; from < rows.length; from += batch) {
    const part = rows.slice(from, from + batch)
    const cells: Cell[][] = [part.map(({ key }) => key), ...columns.map(({ value }) => part.map(({ facts }) => value(facts)))]
    await client.query(`insert into enterprises select * from unnest(${arrays})`, cells)
  }
  for (const on of ['(place, size)', '(industry, place)', '(park) where park is not null'])
    await client.query(`create index on enterprises ${on}`)
  await client.query('vacuum analyze enterprises')
}
