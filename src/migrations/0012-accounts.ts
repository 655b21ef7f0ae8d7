/** The book of each institution: fees, payments, entries, closed months. */
import { sql, type Kysely } from 'kysely'

export const name = '0012-accounts'

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
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
