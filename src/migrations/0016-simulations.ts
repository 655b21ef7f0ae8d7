/** What-if runs of relief rules over real orders: the question, the progress, the answer. No record of an order is touched by them. */
import { sql, type Kysely } from 'kysely'

export const name = '0016-simulations'

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  // `asked_as`: who asked, in whose name the background reads; `attempt`: a run that was taken up anew makes the one before stop.
  `create table simulations (
    province text not null,
    id uuid not null,
    number text not null,
    org_id uuid not null,
    region text not null,
    state text not null,
    title text not null,
    variation jsonb not null,
    base jsonb not null,
    content jsonb not null,
    period_from date not null,
    period_to date not null,
    orders_total int not null,
    orders_done int not null default 0,
    attempt int not null default 0,
    problem text,
    asked_by uuid not null,
    asked_by_name text not null,
    asked_as jsonb not null,
    created_at timestamptz not null,
    touched_at timestamptz not null,
    finished_at timestamptz,
    version int not null default 1,
    primary key (province, id),
    unique (province, number),
    check (period_from <= period_to)
  )`,
  `create index simulations_org on simulations (org_id, created_at desc)`,
  `create index simulations_running on simulations (touched_at) where state = 'running'`,
  `create table simulation_orders (
    province text not null,
    simulation_id uuid not null,
    order_id uuid not null,
    region text not null,
    org_id uuid not null,
    accepted_on date not null,
    fee_fen bigint not null,
    before_fen bigint not null,
    after_fen bigint not null,
    set_aside boolean not null,
    primary key (province, simulation_id, order_id),
    foreign key (province, simulation_id) references simulations (province, id) on delete cascade
  )`,
]
