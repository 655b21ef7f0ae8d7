/** Policies, their versions, and the events whose dates an operator sets. */
import { sql, type Kysely } from 'kysely'

export const name = '0003-policies'

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  // Policies are few and read everywhere: reference tables, so the key is the id alone.
  `create table policies (
    id uuid primary key,
    slug text not null unique,
    province text not null,
    region text not null,
    org_id text not null,
    live_version_id uuid,
    created_at timestamptz not null,
    version int not null default 1
  )`,
  `create table policy_versions (
    id uuid primary key,
    policy_id uuid not null references policies (id),
    number int not null,
    province text not null,
    region text not null,
    org_id text not null,
    state text not null,
    content jsonb not null,
    content_hash text not null,
    title text not null,
    topic text not null,
    force text not null,
    confidence text not null,
    effective_from date,
    effective_to date,
    demo boolean not null default false,
    search tsvector not null,
    created_by uuid,
    created_by_name text not null,
    authors uuid[] not null default '{}',
    submitted_by uuid,
    submitted_by_name text,
    submitted_at timestamptz,
    published_by uuid,
    published_by_name text,
    published_at timestamptz,
    ended_at timestamptz,
    opinion text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    version int not null default 1,
    unique (policy_id, number)
  )`,
  // At most one version of a policy is being worked on.
  `create unique index policy_versions_open on policy_versions (policy_id) where state in ('draft', 'review')`,
  `create index policy_versions_search on policy_versions using gin (search)`,
  `create index policy_versions_state on policy_versions (state, region text_pattern_ops)`,
  `create table policy_events (
    id text primary key,
    name text not null,
    starts_on date,
    ends_on date,
    source text not null,
    trust text not null,
    set_by uuid,
    set_by_name text,
    set_at timestamptz not null,
    version int not null default 1
  )`,
  // One row, raised by every publication, end and event change: the content version of public pages and feeds.
  // `token` is new with every raise, also with one that was rolled back: what is kept in memory under it is never stale.
  `create table policy_edition (id int primary key check (id = 1), edition bigint not null, token uuid not null, changed_at timestamptz not null)`,
  `insert into policy_edition values (1, 0, '00000000-0000-7000-8000-000000000000', '1970-01-01T00:00:00Z')`,
]
