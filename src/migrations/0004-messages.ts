/** What the platform told whom: one message has one action and one number. */
import { sql, type Kysely } from 'kysely'

export const name = '0004-messages'

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `create table messages (
    province text not null,
    id uuid not null,
    org_id uuid not null,
    region text not null,
    role text not null,
    template text not null,
    subject text not null,
    subject_id text not null,
    title text not null,
    body text not null,
    action_label text not null,
    action_url text not null,
    number text,
    channel text not null,
    dedupe text not null,
    created_at timestamptz not null,
    delivered_at timestamptz,
    opened_at timestamptz,
    acted_at timestamptz,
    dismissed_at timestamptz,
    dismiss_reason text,
    primary key (province, id),
    foreign key (province, org_id) references organisations (province, id),
    unique (province, org_id, dedupe)
  )`,
  `create index messages_org on messages (province, org_id, created_at desc)`,
  `create index messages_subject on messages (subject, subject_id)`,
]
