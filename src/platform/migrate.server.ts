/** Forward only, in one frozen order. */
import { sql, type Kysely } from 'kysely'
import type { Database } from './db.server.ts'

export interface Migration {
  name: string
  // Migrations are frozen history: they cannot know today's table types.
  up: (db: Kysely<any>) => Promise<void>
}

const lock = sql`select pg_advisory_xact_lock(815001)`

/** Runs what is missing, each in its own transaction; `onStep` hears the name of each. */
export async function migrate(
  database: Database,
  migrations: readonly Migration[],
  onStep: (name: string) => void = () => {},
): Promise<void> {
  await database.db.transaction().execute(async (tx) => {
    // "if not exists" alone fails when two processes start at once on an empty database.
    await lock.execute(tx)
    await sql`create table if not exists migrations (name text primary key, position int not null, at timestamptz not null default now())`.execute(
      tx,
    )
  })
  for (const [position, migration] of migrations.entries()) {
    await database.db.transaction().execute(async (tx) => {
      // Several processes may start at once; one migrates, the others find it done.
      await lock.execute(tx)
      const { rows } = await sql<{ name: string; position: number }>`select name, position from migrations order by position`.execute(tx)
      const unknown = rows.find((row) => !migrations.some((m) => m.name === row.name))
      if (unknown) throw new Error(`数据库里有这个版本不认识的迁移 ${unknown.name}：数据库比程序新。请换用更新的程序。`)
      if (rows.some((row) => row.name === migration.name)) return
      if (rows.length !== position) throw new Error(`迁移顺序不对：${migration.name} 应是第 ${position + 1} 个。`)
      onStep(migration.name)
      await migration.up(tx)
      await sql`insert into migrations (name, position) values (${migration.name}, ${position})`.execute(tx)
    })
  }
}
