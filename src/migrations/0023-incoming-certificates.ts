/** Certificates that were issued elsewhere and come as files. */
import { sql, type Kysely } from 'kysely'

export const name = '0023-incoming-certificates'

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `create table incoming_certificates (
    province text not null,
    id uuid not null,
    org_id uuid not null,
    region text not null,
    state text not null,
    standing text not null,
    signer text,
    name text not null,
    sha256 text not null,
    file_id uuid,
    reading jsonb,
    number text,
    instrument_id uuid,
    check_id uuid,
    reason text,
    brought_by uuid not null,
    brought_by_name text not null,
    created_at timestamptz not null,
    version int not null default 1,
    primary key (province, id),
    foreign key (province, org_id) references organisations (province, id),
    foreign key (province, instrument_id) references instruments (province, id),
    foreign key (province, check_id) references instrument_checks (province, id),
    check ((state = 'recorded') = (check_id is not null)),
    check ((standing = 'paper') = (reading is null))
  )`,
  // The same file is one result, whoever brings it and however often.
  `create unique index incoming_certificates_digest on incoming_certificates (province, org_id, sha256) where state <> 'set-aside'`,
  `create index incoming_certificates_org on incoming_certificates (province, org_id, state, created_at)`,
  `create index instrument_checks_certificate on instrument_checks (province, org_id, certificate_no) where certificate_no is not null`,
]
