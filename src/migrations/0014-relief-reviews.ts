/** Reviews of a refused relief: what was asked, what the re-decision found, who proposed, who approved, what was booked. */
import { sql, type Kysely } from 'kysely'

export const name = '0014-relief-reviews'

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `create table relief_reviews (
    province text not null,
    id uuid not null,
    number text not null,
    org_id uuid not null,
    org_name text not null,
    region text not null,
    institution_id uuid not null,
    institution_region text not null,
    institution_name text not null,
    order_id uuid not null,
    order_number text not null,
    line_id uuid not null,
    line_title text not null,
    slug text not null,
    policy_title text not null,
    refused_code text not null,
    refused_why text not null,
    origin text not null,
    state text not null,
    note text,
    asked_by uuid not null,
    asked_by_name text not null,
    proposed_by uuid,
    proposed_by_name text,
    proposed_fen bigint check (proposed_fen > 0),
    found jsonb,
    reason_code text,
    reason_article text,
    opinion text,
    appeal_note text,
    credited_fen bigint check (credited_fen > 0),
    entry_id uuid,
    due_on date,
    due_provisional boolean not null default false,
    created_at timestamptz not null,
    decided_at timestamptz,
    version int not null default 1,
    primary key (province, id),
    foreign key (province, org_id) references organisations (province, id),
    foreign key (province, order_id) references orders (province, id),
    foreign key (province, entry_id) references book_entries (province, id),
    unique (province, number),
    check ((state = 'credited') = (entry_id is not null and credited_fen is not null))
  )`,
  // One open review a line and policy: asked twice it is the same one.
  `create unique index relief_reviews_open on relief_reviews (province, line_id, slug)
    where state in ('asked', 'proposed', 'declined', 'appealed', 'upholding', 'dismissing')`,
  `create index relief_reviews_org on relief_reviews (province, org_id, created_at desc)`,
  `create index relief_reviews_order on relief_reviews (province, order_id)`,
  `create index relief_reviews_institution on relief_reviews (institution_id, state, due_on)`,
  `create index relief_reviews_region on relief_reviews (region text_pattern_ops, state, due_on)`,
]
