/** Files that people bring or the platform makes, kept in the database: written with what they belong to, or not at all. */
import { sql, type Kysely } from 'kysely'

export const name = '0006-files'

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `create table files (
    province text not null,
    id uuid not null,
    org_id uuid not null,
    region text not null,
    subject text not null,
    subject_id uuid not null,
    name text not null,
    type text not null,
    bytes bigint not null,
    sha256 text not null,
    created_by uuid,
    created_by_name text not null,
    created_at timestamptz not null,
    primary key (province, id),
    foreign key (province, org_id) references organisations (province, id)
  )`,
  `create index files_subject on files (province, subject, subject_id)`,
  // In pieces, so that neither side holds a large file at once.
  `create table file_chunks (
    province text not null,
    file_id uuid not null,
    n int not null,
    data bytea not null,
    primary key (province, file_id, n),
    foreign key (province, file_id) references files (province, id) on delete cascade
  )`,
]
