/** What somebody did is found quickly, and nobody who was erased does anything more. */
import { sql, type Kysely } from 'kysely'

export const name = '0010-actors'

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `create index events_actor on events (actor_id, seq)`,
  // A request that was on its way while its person was erased is refused here, with everything it did.
  `create function refuse_erased_actor() returns trigger language plpgsql as $$
    begin
      -- Visitors have no id; that somebody erased themselves is the last thing they do.
      if new.actor_id !~ '^[0-9a-f-]{36}$' or (new.subject = 'person' and new.action = 'erased') then return new; end if;
      if exists (select 1 from persons where id = new.actor_id::uuid and erased_at is not null) then
        raise exception 'the person % has been erased', new.actor_id using errcode = 'integrity_constraint_violation';
      end if;
      return new;
    end $$`,
  `create trigger events_refuse_erased before insert on events for each row execute function refuse_erased_actor()`,
]
