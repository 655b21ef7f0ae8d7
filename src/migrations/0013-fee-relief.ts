/** Measure 二: what relief has been used, what was pledged and granted, and what is deferred. */
import { sql, type Kysely } from 'kysely'

export const name = '0013-fee-relief'

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  // What a policy with a yearly cap has taken off for an enterprise; locked while an order is accepted.
  `create table relief_usage (
    province text not null,
    org_id uuid not null,
    policy_id uuid not null references policies (id),
    year int not null,
    used_fen bigint not null default 0 check (used_fen >= 0),
    primary key (province, org_id, policy_id, year),
    foreign key (province, org_id) references organisations (province, id)
  )`,
  // An application that was granted: the policy applies to the orders of this enterprise until it ends.
  `create table relief_grants (
    province text not null,
    org_id uuid not null,
    policy_id uuid not null references policies (id),
    application_id uuid not null,
    granted_at timestamptz not null,
    primary key (province, org_id, policy_id),
    foreign key (province, org_id) references organisations (province, id)
  )`,
  // 承诺书: once, for as long as what was pledged has not changed.
  `create table relief_pledges (
    province text not null,
    id uuid not null,
    org_id uuid not null,
    region text not null,
    state text not null,
    facts jsonb not null,
    wording text not null,
    signed_by uuid not null,
    signed_by_name text not null,
    signed_at timestamptz not null,
    checked_by uuid,
    checked_by_name text,
    checked_at timestamptz,
    opinion text,
    version int not null default 1,
    primary key (province, id),
    foreign key (province, org_id) references organisations (province, id)
  )`,
  `create unique index relief_pledges_standing on relief_pledges (province, org_id) where state in ('standing', 'confirmed')`,
  `create index relief_pledges_region on relief_pledges (region text_pattern_ops, state)`,
  // A deferral moves dates; what is owed stands in the charges.
  `create table deferrals (
    province text not null,
    id uuid not null,
    number text not null,
    org_id uuid not null,
    org_name text not null,
    region text not null,
    institution_id uuid not null,
    institution_name text not null,
    state text not null,
    kind text not null,
    policy_id uuid references policies (id),
    basis jsonb not null,
    starts_on date not null,
    term_ends_on date not null,
    dates jsonb not null,
    total_fen bigint not null check (total_fen > 0),
    asked_by uuid not null,
    asked_by_name text not null,
    created_at timestamptz not null,
    ended_at timestamptz,
    version int not null default 1,
    primary key (province, id),
    foreign key (province, org_id) references organisations (province, id),
    unique (province, number)
  )`,
  `create index deferrals_org on deferrals (province, org_id, state)`,
  `create index deferrals_institution on deferrals (institution_id, state, term_ends_on)`,
  `create index deferrals_policy on deferrals (policy_id) where state = 'open'`,
]
