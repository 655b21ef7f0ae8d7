/** Signing keys are renewed and revoked by hand: their state, who revoked one, and since when it is not believed. */
import { sql, type Kysely } from 'kysely'

export const name = '0024-signing-keys'

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `alter table signing_keys
    add column state text not null default 'active',
    add column revoked_by_name text,
    add column compromised_at timestamptz`,
  // Until now a revocation counted from the instant at which it was made.
  `update signing_keys set state = 'revoked', compromised_at = revoked_at where revoked_at is not null`,
  `alter table signing_keys
    alter column state drop default,
    add check (state in ('active', 'retired', 'revoked')),
    add check ((state = 'revoked') = (revoked_at is not null)),
    add check ((state = 'revoked') = (compromised_at is not null))`,
  `create index certificates_key on certificates (key_id, issued_at)`,
]
