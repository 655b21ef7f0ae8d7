/** Events with their chain, deliveries to listeners, idempotency keys, numbers that people read, sessions. */
import { sql, type Kysely } from 'kysely'

export const name = '0001-platform'

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  // Audit trail, timeline, statistics source and outbox: told once.
  `create table events (
    seq bigint primary key,
    id uuid not null unique,
    at timestamptz not null,
    subject text not null,
    subject_id text not null,
    action text not null,
    title text,
    province text not null,
    region text not null,
    org_id text,
    actor_id text not null,
    actor_name text not null,
    actor_role text not null,
    on_behalf text,
    detail jsonb not null,
    prev_hash text not null,
    hash text not null
  )`,
  `create index events_subject on events (subject, subject_id, seq)`,
  `create index events_action on events (subject, action, seq)`,
  // The last link; locking it makes the chain one line whoever writes.
  `create table event_head (id int primary key check (id = 1), seq bigint not null, hash text not null)`,
  `insert into event_head values (1, 0, repeat('0', 64))`,
  `create table event_checkpoints (seq bigint primary key, root text not null, signature text not null, at timestamptz not null)`,
  // What a listener has done. A listener that joins later starts at the mark, not at the beginning of history.
  `create table event_deliveries (
    event_id uuid not null,
    listener text not null,
    at timestamptz not null,
    primary key (event_id, listener)
  )`,
  `create table listener_marks (listener text primary key, seq bigint not null)`,
  `create table idempotency_keys (
    key text not null,
    actor_id text not null,
    request_hash text not null,
    status int,
    body text,
    content_type text,
    created_at timestamptz not null,
    primary key (actor_id, key)
  )`,
  `create table number_sequences (province text not null, kind text not null, year int not null, last int not null, primary key (province, kind, year))`,
  `create table auth_user (
    id text primary key, name text not null, email text not null unique, email_verified boolean not null default false,
    image text, created_at timestamptz not null default now(), updated_at timestamptz not null default now()
  )`,
  `create table auth_session (
    id text primary key, user_id text not null references auth_user (id) on delete cascade, token text not null unique,
    expires_at timestamptz not null, ip_address text, user_agent text,
    created_at timestamptz not null default now(), updated_at timestamptz not null default now()
  )`,
  `create index auth_session_user on auth_session (user_id)`,
  `create table auth_account (
    id text primary key, user_id text not null references auth_user (id) on delete cascade, account_id text not null, provider_id text not null,
    access_token text, refresh_token text, id_token text, access_token_expires_at timestamptz, refresh_token_expires_at timestamptz,
    scope text, password text, created_at timestamptz not null default now(), updated_at timestamptz not null default now()
  )`,
  `create table auth_verification (
    id text primary key, identifier text not null, value text not null, expires_at timestamptz not null,
    created_at timestamptz not null default now(), updated_at timestamptz not null default now()
  )`,
]
