/** DuckDB in memory, one thread: a flat table of small numbers sorted by place and industry. Three-valued by its SQL. */
import type { BenchEngine } from '../engine.ts'
import { columnsOf, flatSql } from '../flat.ts'
import { absent, loadPeer } from '../optional.ts'
import { byPlace } from '../sorted.ts'
import { allKinds } from '../world.ts'

const name = '@duckdb/node-api'
interface Reader {
  getRows(): unknown[][]
  getColumns(): unknown[][]
}
interface Connection {
  run(sql: string): Promise<unknown>
  runAndReadAll(sql: string): Promise<Reader>
  prepare(sql: string): Promise<{ runAndReadAll(): Promise<Reader> }>
  createAppender(table: string): Promise<Appender>
  closeSync(): void
}
type Append = 'appendUInteger' | 'appendInteger' | 'appendSmallInt' | 'appendUTinyInt' | 'appendUSmallInt'
interface Appender extends Record<Append, (value: number) => void> {
  appendBoolean(value: boolean): void
  appendNull(): void
  endRow(): void
  closeSync(): void
}
interface DuckDb {
  DuckDBInstance: { create(path: string): Promise<{ connect(): Promise<Connection> }> }
}
const append: Record<string, Append> = {
  integer: 'appendInteger',
  smallint: 'appendSmallInt',
  utinyint: 'appendUTinyInt',
  usmallint: 'appendUSmallInt',
}

export const duckdb: BenchEngine = {
  name: 'DuckDB, 1 thread',
  values: 3,
  how: 'In memory, set threads = 1; codes, sizes and qualifications as small integers, a column for each kind of instrument, rows sorted by place and industry; the places asked about in a branch of their own, so that other blocks are passed over; row groups of 32,768, which were a tenth faster; prepared.',
  package: name,
  most: { rows: 1_000_000, reverse: 200, forward: 0 },
  async prepare(world) {
    const peer = await loadPeer<DuckDb>(name)
    if (!peer) return absent(name)
    const connection = await (await peer.DuckDBInstance.create(':memory:')).connect()
    await connection.run('set threads = 1')
    // Blocks smaller than usual: fewer rows of other places are read.
    await connection.run(`attach ':memory:' as world (row_group_size 32768)`)
    await connection.run('use world')
    const columns = columnsOf(allKinds)
    await connection.run(`create table enterprises (key uinteger, ${columns.map(([column, type]) => `${column} ${type}`).join(', ')})`)
    const appender = await connection.createAppender('enterprises')
    const loaders = columns.map(([, type, value]) => ({ value, append: append[type] }))
    for (const { key, facts } of byPlace(world)) {
      appender.appendUInteger(key)
      for (const { value, append: method } of loaders) {
        const cell = value(facts)
        if (cell === null) appender.appendNull()
        else if (method === undefined) appender.appendBoolean(cell as boolean)
        else appender[method](cell as number)
      }
      appender.endRow()
    }
    appender.closeSync()
    await connection.run('checkpoint')
    const statements = new Map<string, { runAndReadAll(): Promise<Reader> }>()
    const ask = async (sql: string): Promise<Reader> => {
      let statement = statements.get(sql)
      if (!statement) statements.set(sql, (statement = await connection.prepare(sql)))
      return statement.runAndReadAll()
    }
    const branches = (policy: number, column: string): string => {
      const { possible, eligible } = flatSql(world.policies[policy]!, world.setting, allKinds)
      return possible.map((where) => `select ${column}(${eligible}) is true as yes from enterprises where ${where}`).join(' union all ')
    }
    return {
      async reverse(policy) {
        const reader = await ask(`select count(*) filter (where yes), count(*) from (${branches(policy, '')})`)
        const [eligible, possible] = reader.getRows()[0]!
        return { eligible: Number(eligible), possible: Number(possible) }
      },
      async keys(policy) {
        const [keys = [], yes = []] = (await ask(branches(policy, 'key, '))).getColumns() as [number[], boolean[]]
        return { eligible: keys.filter((_, i) => yes[i]), possible: keys }
      },
      close: () => connection.closeSync(),
    }
  },
}
