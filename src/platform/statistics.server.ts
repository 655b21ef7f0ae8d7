/** The embedded database has no background process that counts what its tables hold; a table that grew a lot is then searched from end to end. */
import { sql } from 'kysely'
import type { Db, Tables } from './db.server.ts'

/**
 * Counts anew what these tables hold, so that queries and foreign keys are planned for their size; nothing where the server does that by
 * itself. Only the columns named are looked at, because what is wide takes long. To be called after many rows were written, outside of
 * their transaction.
 */
export async function freshenStatistics(
  db: Db,
  tables: Readonly<Partial<Record<keyof Tables & string, readonly string[]>>>,
): Promise<void> {
  const names = Object.entries(tables).map(([table, columns]) => `"${table}" (${columns.map((column) => `"${column}"`).join(', ')})`)
  await sql.raw(`do $$ begin if version() like '%PGlite%' then analyze ${names.join(', ')}; end if; end $$`).execute(db)
}
