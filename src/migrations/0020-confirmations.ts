/** 计量确认 and reverse traces; what a certificate gave, point by point, stays with the result. */
import { sql, type Kysely } from 'kysely'

export const name = '0020-confirmations'

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `alter table instrument_checks add column results jsonb`,
  // Who could already act on everything may sign as well; everybody else is given it on purpose.
  `update memberships set scope = array_append(scope, 'confirm')
    where role = 'enterprise' and duty in ('legal-representative', 'manager') and not ('confirm' = any(scope)) and 'ledger' = any(scope)`,
  `create table instrument_confirmations (
    province text not null,
    id uuid not null,
    org_id uuid not null,
    region text not null,
    instrument_id uuid not null,
    check_id uuid not null,
    state text not null,
    need jsonb not null,
    need_source text not null,
    need_note text,
    results jsonb not null,
    decision jsonb not null,
    verdict text,
    range_note text,
    opinion text,
    prepared_by uuid not null,
    prepared_by_name text not null,
    created_at timestamptz not null,
    signed_by uuid,
    signed_by_name text,
    signed_at timestamptz,
    version int not null default 1,
    primary key (province, id),
    foreign key (province, instrument_id) references instruments (province, id),
    foreign key (province, check_id) references instrument_checks (province, id),
    check ((state = 'draft') = (signed_at is null) or state in ('replaced', 'voided')),
    check (state <> 'signed' or verdict is not null)
  )`,
  `create index instrument_confirmations_instrument on instrument_confirmations (province, instrument_id, created_at)`,
  // One that waits and one that holds, at most, for each result.
  `create unique index instrument_confirmations_draft on instrument_confirmations (province, check_id) where state = 'draft'`,
  `create unique index instrument_confirmations_signed on instrument_confirmations (province, check_id) where state = 'signed'`,
  `create table instrument_traces (
    province text not null,
    id uuid not null,
    number text not null,
    org_id uuid not null,
    region text not null,
    state text not null,
    instrument_id uuid not null,
    check_id uuid not null,
    confirmation_id uuid,
    found text not null,
    good_on date,
    found_on date not null,
    due_on date not null,
    due_provisional boolean not null default false,
    conclusion text,
    signed_by uuid,
    signed_by_name text,
    signed_at timestamptz,
    created_at timestamptz not null,
    version int not null default 1,
    primary key (province, id),
    unique (province, number),
    foreign key (province, instrument_id) references instruments (province, id),
    foreign key (province, check_id) references instrument_checks (province, id)
  )`,
  `create index instrument_traces_org on instrument_traces (province, org_id, state, due_on)`,
  `create unique index instrument_traces_check on instrument_traces (province, check_id) where state <> 'voided'`,
  `create table instrument_trace_uses (
    province text not null,
    trace_id uuid not null,
    n int not null,
    org_id uuid not null,
    origin text not null,
    what text not null,
    used_from date,
    used_to date,
    judgement text,
    evidence text,
    judged_by_name text,
    judged_at timestamptz,
    primary key (province, trace_id, n),
    foreign key (province, trace_id) references instrument_traces (province, id)
  )`,
]
