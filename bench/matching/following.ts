/** The platform's engine over PostgreSQL: from rows to columns, up to date with what is written since, and started again from its snapshot. */
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { catchUp, forgetEngine, loadEngine, saveEngine } from '../../src/commons/matching/engine.server.ts'
import { openPostgres } from '../../src/platform/db.server.ts'
import { connect, fillRows } from './engines/postgres.ts'
import type { WorldOptions } from './measure.ts'
import { enterprises, setting } from './world.ts'

export interface Following {
  rows: number
  loadMs: number
  changed: number
  followMs: number
  snapshotMs: number
  restartMs: number
}

/** Undefined without PostgreSQL. Rows are written beforehand; what is measured is the reading of them. */
export async function measureFollowing({ rows, seed, postgres }: WorldOptions): Promise<Following | undefined> {
  if (!postgres) return undefined
  const { client, url } = await connect(postgres)
  await fillRows(client, url, { rows, enterprises: () => enterprises(seed, rows) })
  await client.end()
  const database = await openPostgres(url)
  const directory = mkdtempSync(path.join(os.tmpdir(), 'hengqi-bench-'))
  try {
    const head = sql`update match_head set (generation, seq, last_key) =
      (select coalesce(generation, gen_random_uuid()), max(seq), max(key) from match_rows)`
    await head.execute(database.db)
    const clock = async <T>(work: () => Promise<T>): Promise<[T, number]> => {
      const start = performance.now()
      return [await work(), performance.now() - start]
    }
    const [engine, loadMs] = await clock(async () => (await loadEngine(database, setting))!)
    const changed = Math.min(50_000, Math.floor(rows / 10))
    await sql`update match_rows set seq = seq + ${rows}, employees = employees + 1 where key in (select key from match_rows order by key limit ${changed})`.execute(
      database.db,
    )
    await head.execute(database.db)
    const [, followMs] = await clock(() => catchUp(database, engine))
    const [, snapshotMs] = await clock(() => saveEngine(engine, directory))
    await forgetEngine(engine.generation)
    const [again, restartMs] = await clock(async () => (await loadEngine(database, setting, { directory }))!)
    if (again.shards.state.size !== rows) throw new Error('the snapshot does not hold what was saved')
    await forgetEngine(again.generation)
    return { rows, loadMs, changed, followMs, snapshotMs, restartMs }
  } finally {
    await database.close()
    rmSync(directory, { recursive: true })
  }
}
