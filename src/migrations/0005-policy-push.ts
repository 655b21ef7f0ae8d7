/** Measure 一: the last answer for each enterprise and policy, and the applications that come of it. */
import { sql, type Kysely } from 'kysely'

export const name = '0005-policy-push'

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  // Only eligible and unknown are kept: ineligible is the absence of a row, and most pairs are ineligible.
  `create table policy_matches (
    province text not null,
    org_id uuid not null,
    region text not null,
    policy_id uuid not null references policies (id),
    version_id uuid not null references policy_versions (id),
    result text not null,
    force text not null,
    matched_at timestamptz not null,
    primary key (province, org_id, policy_id),
    foreign key (province, org_id) references organisations (province, id)
  )`,
  `create index policy_matches_policy on policy_matches (policy_id, region text_pattern_ops)`,
  `create table policy_applications (
    province text not null,
    id uuid not null,
    number text not null,
    org_id uuid not null,
    region text not null,
    policy_id uuid not null references policies (id),
    version_id uuid not null references policy_versions (id),
    state text not null,
    as_submitted jsonb not null,
    submitted_by uuid not null,
    submitted_by_name text not null,
    handled_by uuid,
    handled_by_name text,
    saving_fen bigint,
    reason_code text,
    opinion text,
    due_on date not null,
    due_provisional boolean not null default false,
    pauses jsonb not null default '[]',
    decided_at timestamptz,
    created_at timestamptz not null,
    version int not null default 1,
    primary key (province, id),
    foreign key (province, org_id) references organisations (province, id),
    unique (province, number)
  )`,
  `create index policy_applications_org on policy_applications (province, org_id, created_at desc)`,
  // One application a policy at a time: two tabs, or two people, do not apply twice.
  `create unique index policy_applications_open on policy_applications (province, org_id, policy_id) where state in ('submitted', 'accepted', 'returned')`,
  `create index policy_applications_policy on policy_applications (policy_id)`,
  `create index policy_applications_region on policy_applications (region text_pattern_ops, state)`,
  // An offer that the enterprise does not want to see again, with its reason.
  `create table policy_dismissals (
    province text not null,
    org_id uuid not null,
    policy_id uuid not null references policies (id),
    version_id uuid not null,
    reason text not null,
    dismissed_by uuid not null,
    created_at timestamptz not null,
    primary key (province, org_id, policy_id),
    foreign key (province, org_id) references organisations (province, id)
  )`,
]
