/** Orders of verification and calibration, the price lists that they are priced by, and the book of each institution. */
import { sql, type Kysely } from 'kysely'

export const name = '0011-orders-accounts'

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const priceLists = [
  `create table institution_settings (
    province text not null,
    institution_id uuid not null,
    region text not null,
    affiliation text,
    crews text[] not null default '{}',
    sample_address text,
    bank_account text,
    payment_days int not null default 30 check (payment_days between 1 and 365),
    version int not null default 1,
    primary key (province, institution_id),
    foreign key (province, institution_id) references organisations (province, id)
  )`,
  `create table price_lists (
    province text not null,
    id uuid not null,
    institution_id uuid not null,
    region text not null,
    number int not null,
    state text not null,
    title text not null,
    effective_from date not null,
    basis text not null,
    express_bp int check (express_bp >= 0),
    express_workdays int check (express_workdays > 0),
    express_basis text,
    visit_fen bigint check (visit_fen >= 0),
    visit_basis text,
    file_id uuid,
    file_name text,
    created_by uuid not null,
    created_by_name text not null,
    created_at timestamptz not null,
    published_by uuid,
    published_by_name text,
    published_at timestamptz,
    version int not null default 1,
    primary key (province, id),
    foreign key (province, institution_id) references organisations (province, id),
    unique (province, institution_id, number)
  )`,
  `create index price_lists_institution on price_lists (institution_id, state, effective_from desc)`,
  `create table price_items (
    province text not null,
    list_id uuid not null,
    n int not null,
    institution_id uuid not null,
    code text not null,
    name text not null,
    service text not null,
    kind text,
    spec text,
    unit text not null,
    price_fen bigint not null check (price_fen >= 0),
    basis text not null,
    workdays int not null check (workdays > 0),
    on_site boolean not null,
    primary key (province, list_id, n),
    unique (province, list_id, code),
    foreign key (province, list_id) references price_lists (province, id) on delete cascade
  )`,
]

const orders = [
  // What was ordered, of whom, and where it stands. Keys begin with the province of the enterprise.
  `create table orders (
    province text not null,
    id uuid not null,
    number text not null,
    org_id uuid not null,
    org_name text not null,
    region text not null,
    institution_id uuid not null,
    institution_name text not null,
    institution_region text not null,
    state text not null,
    mode text not null,
    express boolean not null default false,
    price_list_id uuid not null,
    contact text not null,
    phone text not null,
    address text,
    wanted_on date not null,
    note text,
    placed_by uuid not null,
    placed_by_name text not null,
    created_at timestamptz not null,
    accepted_on date,
    accepted_at timestamptz,
    accepted_by uuid,
    accepted_by_name text,
    promise_workdays int not null,
    due_on date,
    due_provisional boolean not null default false,
    pauses jsonb not null default '[]',
    late_reason text,
    late_until date,
    ready_at timestamptz,
    closed_at timestamptz,
    closed_reason text,
    version int not null default 1,
    primary key (province, id),
    foreign key (province, org_id) references organisations (province, id),
    unique (province, number)
  )`,
  `create index orders_org on orders (province, org_id, created_at desc)`,
  `create index orders_institution on orders (institution_id, state, due_on)`,
  `create index orders_region on orders (region text_pattern_ops, created_at desc)`,
  // Priced from the list in force when it was placed; the relief is decided at acceptance and frozen with its rule and the facts used.
  `create table order_lines (
    province text not null,
    id uuid not null,
    order_id uuid not null,
    n int not null,
    org_id uuid not null,
    region text not null,
    institution_id uuid not null,
    instrument_id uuid,
    code text not null,
    name text not null,
    model text,
    serial text,
    able text,
    accuracy text,
    kind text,
    use text,
    service text not null,
    to_verify boolean not null default false,
    item_code text,
    item_name text,
    basis text not null,
    fee_fen bigint not null check (fee_fen >= 0),
    relief_fen bigint not null default 0 check (relief_fen between 0 and fee_fen),
    relief jsonb,
    workdays int not null,
    state text not null,
    token text not null,
    received_at timestamptz,
    tester_id uuid,
    tester_name text,
    tested_at timestamptz,
    done_on date,
    conclusion text,
    certificate_no text,
    valid_until date,
    file_id uuid,
    finding text,
    approver_id uuid,
    approver_name text,
    approved_at timestamptz,
    returned_at timestamptz,
    returned_to text,
    check_id uuid,
    version int not null default 1,
    primary key (province, id),
    foreign key (province, order_id) references orders (province, id),
    unique (province, order_id, n),
    unique (province, token),
    -- 财税〔2017〕20号: mandatory verification costs nothing, so nothing is ever taken off it either.
    check (service <> 'mandatory-verification' or fee_fen = 0)
  )`,
  `create index order_lines_token on order_lines (token)`,
  `create index order_lines_work on order_lines (institution_id, state)`,
  `create index order_lines_org on order_lines (province, org_id, state)`,
  // An instrument is in one open order at a time.
  `create unique index order_lines_instrument on order_lines (province, instrument_id)
    where instrument_id is not null and state in ('placed', 'received', 'tested', 'approved')`,
  // Surcharges of the whole order: 加急, 上门.
  `create table order_extras (
    province text not null,
    order_id uuid not null,
    kind text not null,
    org_id uuid not null,
    institution_id uuid not null,
    fee_fen bigint not null check (fee_fen >= 0),
    basis text not null,
    primary key (province, order_id, kind),
    foreign key (province, order_id) references orders (province, id)
  )`,
  // A crew is at one place at a time: half-open spans, neither empty nor without an end.
  `create table order_visits (
    province text not null,
    id uuid not null,
    order_id uuid not null,
    org_id uuid not null,
    region text not null,
    institution_id uuid not null,
    crew text not null,
    during tstzrange not null,
    state text not null,
    made_by_name text not null,
    created_at timestamptz not null,
    primary key (province, id),
    foreign key (province, order_id) references orders (province, id),
    check (not isempty(during) and not lower_inf(during) and not upper_inf(during) and lower_inc(during) and not upper_inc(during)),
    exclude using gist (institution_id with =, crew with =, during with &&) where (state = 'held')
  )`,
  `create index order_visits_order on order_visits (province, order_id)`,
]

const accounts = [
  // One row an institution: what is closed. Postings hold it shared, the close of a month holds it alone.
  `create table books (
    province text not null,
    institution_id uuid not null,
    region text not null,
    closed_through date,
    primary key (province, institution_id),
    foreign key (province, institution_id) references organisations (province, id)
  )`,
  // The balance of each fee, kept beside the lines that make it; a replay must give the same.
  `create table charges (
    province text not null,
    id uuid not null,
    org_id uuid not null,
    region text not null,
    institution_id uuid not null,
    institution_name text not null,
    order_id uuid not null,
    order_number text not null,
    line_id uuid,
    title text not null,
    fee_fen bigint not null,
    relief_fen bigint not null,
    outstanding_fen bigint not null,
    raised_on date not null,
    due_on date not null,
    deferral_id uuid,
    primary key (province, id),
    foreign key (province, order_id) references orders (province, id),
    check (relief_fen >= 0 and relief_fen <= fee_fen),
    check (outstanding_fen >= 0),
    check (fee_fen - relief_fen - outstanding_fen >= 0)
  )`,
  `create index charges_open on charges (institution_id, due_on) where outstanding_fen > 0`,
  `create index charges_org on charges (province, org_id, raised_on)`,
  `create index charges_order on charges (province, order_id)`,
  `create index charges_line on charges (province, line_id)`,
  `create index charges_deferral on charges (province, deferral_id) where deferral_id is not null`,
  // What an institution holds for an enterprise and has not laid on a charge.
  `create table advances (
    province text not null,
    org_id uuid not null,
    institution_id uuid not null,
    amount_fen bigint not null check (amount_fen >= 0),
    primary key (province, org_id, institution_id),
    foreign key (province, org_id) references organisations (province, id)
  )`,
  `create index advances_institution on advances (institution_id)`,
  // The journal. `source` makes an act one entry, however often it is asked for.
  `create table book_entries (
    province text not null,
    id uuid not null,
    org_id uuid not null,
    region text not null,
    institution_id uuid not null,
    act text not null,
    source text not null,
    booked_on date not null,
    memo text not null,
    reverses uuid,
    by_id uuid not null,
    by_name text not null,
    created_at timestamptz not null,
    primary key (province, id),
    foreign key (province, org_id) references organisations (province, id),
    unique (province, institution_id, act, source)
  )`,
  `create index book_entries_institution on book_entries (institution_id, booked_on, id)`,
  `create index book_entries_org on book_entries (province, org_id, booked_on, id)`,
  `create unique index book_entries_reverses on book_entries (province, reverses) where reverses is not null`,
  `create table book_lines (
    province text not null,
    entry_id uuid not null,
    n int not null,
    org_id uuid not null,
    institution_id uuid not null,
    account text not null check (account in ('receivable', 'income', 'relief', 'cash', 'advance')),
    charge_id uuid,
    amount_fen bigint not null check (amount_fen <> 0),
    primary key (province, entry_id, n),
    foreign key (province, entry_id) references book_entries (province, id),
    check ((charge_id is not null) = (account in ('receivable', 'income', 'relief')))
  )`,
  `create index book_lines_charge on book_lines (province, charge_id)`,
  `create index book_lines_org on book_lines (province, org_id)`,
  // Debits are positive, credits negative: every entry sums to zero, checked by the database when the transaction ends.
  `create function refuse_unbalanced_entry() returns trigger language plpgsql as $$
    begin
      if (select count(*) < 2 or sum(amount_fen) <> 0 from book_lines where province = new.province and entry_id = new.id) then
        raise exception 'entry % does not balance', new.id using errcode = 'integrity_constraint_violation';
      end if;
      return null;
    end $$`,
  `create constraint trigger book_entries_balance after insert on book_entries deferrable initially deferred
    for each row execute function refuse_unbalanced_entry()`,
  // A line that comes later than its entry's own transaction would unbalance what was checked.
  `create function refuse_late_line() returns trigger language plpgsql as $$
    begin
      if (select xmin::text::bigint <> (txid_current() % 4294967296) from book_entries where province = new.province and id = new.entry_id) then
        raise exception 'entry % is closed', new.entry_id using errcode = 'integrity_constraint_violation';
      end if;
      return new;
    end $$`,
  `create trigger book_lines_refuse_late before insert on book_lines for each row execute function refuse_late_line()`,
  `create function refuse_book_change() returns trigger language plpgsql as $$
    begin raise exception 'the book is append-only: reverse instead' using errcode = 'integrity_constraint_violation'; end $$`,
  `create trigger book_entries_append_only before update or delete on book_entries for each row execute function refuse_book_change()`,
  `create trigger book_lines_append_only before update or delete on book_lines for each row execute function refuse_book_change()`,
  // Money that came in: a line of a bank statement, or a payment at the counter. Unmatched it belongs to nobody yet.
  `create table payments (
    province text not null,
    id uuid not null,
    institution_id uuid not null,
    region text not null,
    method text not null,
    reference text not null,
    paid_on date not null,
    payer text not null,
    remark text,
    amount_fen bigint not null check (amount_fen > 0),
    state text not null,
    org_id uuid,
    org_province text,
    org_name text,
    entry_id uuid,
    recorded_by uuid not null,
    recorded_by_name text not null,
    created_at timestamptz not null,
    matched_at timestamptz,
    version int not null default 1,
    primary key (province, id),
    unique (province, institution_id, method, reference)
  )`,
  `create index payments_institution on payments (institution_id, state, paid_on desc)`,
  `create table book_periods (
    province text not null,
    institution_id uuid not null,
    region text not null,
    month text not null,
    totals jsonb not null,
    closed_by uuid not null,
    closed_by_name text not null,
    closed_at timestamptz not null,
    primary key (province, institution_id, month)
  )`,
]

const statements = [`create extension if not exists btree_gist`, ...priceLists, ...orders, ...accounts]
