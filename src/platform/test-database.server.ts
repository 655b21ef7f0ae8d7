/** A migrated database for one test file: a copy of a template, embedded or on a real PostgreSQL (TEST_DATABASE_URL). */
import { readFileSync } from 'node:fs'
import pg from 'pg'
import { openMemory, openPostgres, type Database } from './db.server.ts'
import { uuidv7 } from './ids.ts'

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
  const database = await openPostgres(own.href)
  return {
    ...database,
    close: async () => {
      await database.close()
      await asOwner(url.href, `drop database ${name} with (force)`)
    },
  }
}

export async function asOwner(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
