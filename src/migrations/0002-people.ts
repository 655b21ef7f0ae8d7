/** Persons, organisations, who acts for whom, and the facts on record about an organisation. */
import { sql, type Kysely } from 'kysely'

export const name = '0002-people'

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  // A person is known nationwide; their roles are not.
  `create table persons (
    id uuid primary key,
    user_id text unique,
    name text not null,
    created_at timestamptz not null,
    version int not null default 1
  )`,
  `create table organisations (
    province text not null,
    id uuid not null,
    kind text not null,
    name text not null,
    uscc text,
    region text not null,
    demo boolean not null default false,
    created_at timestamptz not null,
    version int not null default 1,
    primary key (province, id)
  )`,
  `create unique index organisations_uscc on organisations (province, uscc) where uscc is not null`,
  `create index organisations_region on organisations (region text_pattern_ops, kind)`,
  // Delegation 法定代表人 → 管理员 → 经办人; staff of institutions and authorities hold one without an end.
  `create table memberships (
    province text not null,
    id uuid not null,
    org_id uuid not null,
    region text not null,
    person_id uuid not null references persons (id),
    role text not null,
    duty text not null,
    scope text[] not null default '{}',
    granted_by uuid references persons (id),
    starts_on date not null,
    ends_on date,
    state text not null,
    created_at timestamptz not null,
    version int not null default 1,
    primary key (province, id),
    foreign key (province, org_id) references organisations (province, id)
  )`,
  // 个人编号 is the end of the key (commons/people personNumber); without the index it is found as well, only slower.
  `create index persons_number on persons (right(id::text, 12))`,
  `create index memberships_person on memberships (person_id)`,
  `create index memberships_org on memberships (province, org_id)`,
  // A missing row is unknown; known-to-be-absent is a value ([], {}, false, "none"). History is in the events.
  `create table profile_facts (
    province text not null,
    org_id uuid not null,
    fact text not null,
    value jsonb not null,
    source text not null,
    as_of date not null,
    confirmed_by uuid references persons (id),
    confirmed_at timestamptz,
    primary key (province, org_id, fact),
    foreign key (province, org_id) references organisations (province, id)
  )`,
]
