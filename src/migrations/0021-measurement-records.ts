/** Records of measurement at the bench, and the reference standards that they were made with. */
import { sql, type Kysely } from 'kysely'

export const name = '0021-measurement-records'

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  // 计量授权证书号: a certificate of verification names it (《计量法》第二十条).
  `alter table institution_settings add column authorisation text`,
  // One row for each certificate of a standard: old records keep what they were made with.
  `create table reference_standards (
    province text not null,
    id uuid not null,
    org_id uuid not null,
    region text not null,
    state text not null,
    series_id uuid not null,
    n int not null,
    name text not null,
    serial text not null,
    low text,
    high text,
    range_unit text not null,
    unit text not null,
    quality jsonb not null,
    certificate text not null,
    issued_by text not null,
    valid_from date not null,
    valid_until date not null,
    reason text,
    recorded_by uuid not null,
    recorded_by_name text not null,
    created_at timestamptz not null,
    version int not null default 1,
    primary key (province, id),
    unique (province, series_id, n),
    check (valid_until >= valid_from),
    foreign key (province, org_id) references organisations (province, id)
  )`,
  `create unique index reference_standards_in_use on reference_standards (province, org_id, name, serial) where state = 'in-use'`,
  `create index reference_standards_org on reference_standards (org_id, state, valid_until)`,
  // One record for each line and attempt; those that were sent back stay as they were.
  `create table measurement_records (
    province text not null,
    id uuid not null,
    org_id uuid not null,
    region text not null,
    institution_id uuid not null,
    order_id uuid not null,
    line_id uuid not null,
    attempt int not null,
    state text not null,
    template text not null,
    edition text not null,
    norm text not null,
    entered jsonb not null,
    standard jsonb,
    results jsonb,
    tester_id uuid not null,
    tester_name text not null,
    completed_at timestamptz,
    checker_id uuid,
    checker_name text,
    checked_at timestamptz,
    certificate_id uuid,
    opinion text,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    version int not null default 1,
    primary key (province, id),
    unique (province, line_id, attempt),
    foreign key (province, line_id) references order_lines (province, id),
    check ((state = 'draft') = (completed_at is null)),
    check (completed_at is null or (results is not null and standard is not null)),
    check ((state = 'issued') = (certificate_id is not null))
  )`,
  `create index measurement_records_work on measurement_records (institution_id, state, completed_at)`,
  `create unique index measurement_records_open on measurement_records (province, line_id) where state in ('draft', 'completed', 'checked')`,
]
