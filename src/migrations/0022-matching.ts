/** One row an enterprise with every fact that a rule may ask about, in columns that can be looked up; filled from what is on record. */
import { sql, type Kysely } from 'kysely'

export const name = '0022-matching'

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  // `place`, `industry` and `park` hold one code; several possibilities stand in `…_of`. A mask has one bit for each class still possible.
  // No value and no bit in on_record: unknown. No value with the bit: on record, but not readable. Known to have none: '{}', false, 'none'.
  `create table match_rows (
    province text not null,
    org_id uuid not null,
    region text not null,
    key bigint not null,
    seq bigint not null,
    changed_at timestamptz not null,
    on_record int not null,
    place text collate "C",
    place_of text[] collate "C",
    industry text collate "C",
    industry_of text[] collate "C",
    park text collate "C",
    park_of text[] collate "C",
    registered_on text collate "C",
    registered_on_of text[] collate "C",
    size smallint,
    subject_kind smallint,
    ownership smallint,
    employees double precision,
    revenue double precision,
    assets double precision,
    energy_tce double precision,
    hardship boolean,
    epidemic_affected boolean,
    resumed_work boolean,
    builds_top_standard boolean,
    external_calibration boolean,
    traceable boolean,
    has_technical_need boolean,
    key_energy_user boolean,
    high_energy_use boolean,
    fiscal_hardship boolean,
    qualifications text[],
    activities text[],
    listings text[],
    instruments jsonb,
    held_within text[],
    primary key (province, org_id)
  )`,
  `create unique index match_rows_key on match_rows (province, key)`,
  `create index match_rows_by_key on match_rows (key)`,
  `create index match_rows_seq on match_rows (seq)`,
  `create index match_rows_org on match_rows (org_id)`,
  `create index match_rows_region on match_rows (region text_pattern_ops)`,
  `create index match_rows_place on match_rows (place, size)`,
  `create index match_rows_industry on match_rows (industry, place)`,
  `create index match_rows_park on match_rows (park) where park is not null`,
  `create index match_rows_held on match_rows using gin (held_within)`,
  // Whoever writes a row holds this one first: rows are numbered in the order in which they commit.
  `create table match_head (
    id int primary key,
    generation uuid,
    seq bigint not null,
    last_key bigint not null,
    filled_to bigint not null
  )`,
  `insert into match_head (id, seq, last_key, filled_to) values (1, 0, 0, 0)`,
]
