/** What a request with an Idempotency-Key did, written in the transaction that did it. */
import { sql, type Kysely } from 'kysely'

export const name = '0009-idempotency-effect'

export async function up(db: Kysely<any>): Promise<void> {
  // JSON as text: exactly what would have been answered.
  await sql.raw(`alter table idempotency_keys add column effect text`).execute(db)
  await sql.raw(`create index idempotency_keys_age on idempotency_keys (created_at)`).execute(db)
}
