/** 代办 with consent, and what a person agreed to. */
import { sql, type Kysely } from 'kysely'

export const name = '0008-agency'

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  // An enterprise lets one person of another organisation act for it (民法典 第一百六十五条), until it says no.
  `create table agencies (
    province text not null,
    id uuid not null,
    org_id uuid not null,
    region text not null,
    agent_person_id uuid not null references persons (id),
    agent_org_name text not null,
    agent_role text not null,
    scope text[] not null,
    starts_on date not null,
    ends_on date not null,
    state text not null,
    consented_by uuid not null references persons (id),
    consented_by_name text not null,
    purpose text not null,
    created_at timestamptz not null,
    ended_at timestamptz,
    version int not null default 1,
    primary key (province, id),
    foreign key (province, org_id) references organisations (province, id)
  )`,
  `create index agencies_org on agencies (province, org_id, created_at desc)`,
  `create index agencies_agent on agencies (agent_person_id, state)`,
  `create unique index agencies_open on agencies (province, org_id, agent_person_id) where state = 'active'`,
  // 《个人信息保护法》第十四、十五、十六条: separate, withdrawable at once, and no service is refused because of it.
  `create table consents (
    person_id uuid not null references persons (id),
    purpose text not null,
    given boolean not null,
    wording text not null,
    changed_at timestamptz not null,
    primary key (person_id, purpose)
  )`,
  `alter table persons add column phone text`,
  `alter table persons add column email text`,
  // A person who has left: the name on records stays as the law asks, everything else is gone.
  `alter table persons add column erased_at timestamptz`,
]
