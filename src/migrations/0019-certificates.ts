/** Certificates that institutions issue, and the keys that they sign them with. */
import { sql, type Kysely } from 'kysely'

export const name = '0019-certificates'

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  // Private keys are sealed; a revoked key stays, because what it signed before is checked with it.
  `create table signing_keys (
    province text not null,
    id uuid not null,
    institution_id uuid not null,
    region text not null,
    owner text not null,
    sealed_key text not null,
    certificate text not null,
    fingerprint text not null,
    not_before timestamptz not null,
    not_after timestamptz not null,
    revoked_at timestamptz,
    revoked_reason text,
    created_at timestamptz not null,
    version int not null default 1,
    primary key (province, id),
    foreign key (province, institution_id) references organisations (province, id),
    unique (province, fingerprint),
    check (not_before < not_after)
  )`,
  `create index signing_keys_institution on signing_keys (institution_id, not_after)`,
  `create index signing_keys_fingerprint on signing_keys (fingerprint)`,
  // Keys begin with the province of the enterprise. Nothing here knows what is owed.
  `create table certificates (
    province text not null,
    id uuid not null,
    org_id uuid not null,
    region text not null,
    institution_id uuid not null,
    institution_province text not null,
    institution_region text not null,
    kind text not null,
    number text not null,
    state text not null,
    order_id uuid,
    line_id uuid,
    client_name text not null,
    item_name text not null,
    item_serial text,
    issued_on date not null,
    valid_until date,
    content jsonb not null,
    digest text not null,
    signature text not null,
    key_id uuid not null,
    token text not null,
    code text not null,
    pdf_file_id uuid not null,
    pdf_sha256 text not null,
    xml_file_id uuid not null,
    xml_sha256 text not null,
    issued_by uuid not null,
    issued_by_name text not null,
    issued_at timestamptz not null,
    asked_by uuid,
    asked_by_name text,
    reason text,
    changed_by_name text,
    changed_at timestamptz,
    replaces uuid,
    replaced_by uuid,
    version int not null default 1,
    primary key (province, id),
    foreign key (province, org_id) references organisations (province, id),
    foreign key (province, replaces) references certificates (province, id),
    foreign key (province, replaced_by) references certificates (province, id),
    unique (province, institution_id, number),
    unique (province, token),
    check ((state = 'amended') = (replaced_by is not null)),
    check (kind = 'verification' or valid_until is null)
  )`,
  `create index certificates_number on certificates (number)`,
  `create index certificates_token on certificates (token)`,
  `create index certificates_pdf on certificates (pdf_sha256)`,
  `create index certificates_xml on certificates (xml_sha256)`,
  `create index certificates_institution on certificates (institution_id, issued_at desc)`,
  `create index certificates_org on certificates (province, org_id, issued_at desc)`,
  `create index certificates_region on certificates (region text_pattern_ops, issued_at desc)`,
  // A line has one certificate that is in force.
  `create unique index certificates_line on certificates (province, line_id) where line_id is not null and state in ('issued', 'withdrawing')`,
]
