/** Reads of agencies: by their readers, and by the platform when it decides who somebody is. */
import { sql } from 'kysely'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { visible } from '../../../platform/access.server.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { isUuid } from '../model.ts'
import type { Agency, AgencyState } from './model.ts'
import { toAgency } from './tables.server.ts'
import { agencyReaders } from './workflow.ts'

/** With the names that the pages show, and whether the agent still holds the seat that the enterprise agreed to. */
const agencies = (ctx: Ctx) => {
  const today = shanghaiDate(ctx.now)
  return ctx.db
    .selectFrom((eb) =>
      eb
        .selectFrom('agencies')
        .selectAll()
        .select(sql<string[]>`array[agent_person_id]`.as('agents'))
        .as('agencies'),
    )
    .innerJoin('persons', 'persons.id', 'agencies.agent_person_id')
    .innerJoin('organisations', (join) =>
      join.onRef('organisations.province', '=', 'agencies.province').onRef('organisations.id', '=', 'agencies.org_id'),
    )
    .selectAll('agencies')
    .select(['persons.name as agent_name', 'organisations.name as org_name', 'organisations.region as org_region'])
    .select(
      sql<boolean>`exists (select 1 from memberships m
        join organisations o on o.province = m.province and o.id = m.org_id
        where m.person_id = agencies.agent_person_id and m.role = agencies.agent_role and o.name = agencies.agent_org_name
          and m.state = 'active' and m.starts_on <= ${today} and (m.ends_on is null or m.ends_on >= ${today}))`.as('seated'),
    )
    .orderBy('agencies.created_at', 'desc')
}

/** Those that the actor may see; an agent in the enterprise's seat sees none of its other consents. */
const seen = (ctx: Ctx) =>
  agencies(ctx)
    .where(visible(ctx.actor, agencyReaders, { table: 'agencies', assigned: 'agents' }))
    .$if(Boolean(ctx.actor.agent), (qb) => qb.where(sql<boolean>`false`))

/** Given by the actor's enterprise, or held by the actor; newest first. */
export const listAgencies = async (ctx: Ctx): Promise<Agency[]> => (await seen(ctx).limit(200).execute()).map(toAgency)

export async function findAgency(ctx: Ctx, id: string): Promise<Agency | undefined> {
  if (!isUuid(id)) return undefined
  const row = await seen(ctx).where('agencies.id', '=', id).executeTakeFirst()
  return row && toAgency(row)
}

/** The agencies of one person, with the region of each enterprise. No filter by actor: it decides who the actor is. */
export async function agenciesOf(ctx: Ctx, personId: string, states?: readonly AgencyState[]): Promise<(Agency & { orgRegion: string })[]> {
  const rows = await agencies(ctx)
    .where('agencies.agent_person_id', '=', personId)
    .$if(states !== undefined, (qb) => qb.where('agencies.state', 'in', [...states!]))
    .execute()
  return rows.map((row) => ({ ...toAgency(row), orgRegion: row.org_region }))
}

/** What was done under an agency: how often each kind of thing, and the latest ones. */
export interface Done {
  counts: { subject: string; n: number }[]
  latest: { at: string; subject: string; action: string; title: string | null }[]
}

/** From the events that the agent caused for the enterprise between consent and end. The caller has found the agencies. */
export async function doneUnder(ctx: Ctx, list: readonly Agency[]): Promise<Map<string, Done>> {
  if (list.length === 0) return new Map()
  const ids = list.map(({ id }) => id)
  const under = sql`from agencies a join events e on e.actor_id = a.agent_person_id::text and e.org_id = a.org_id::text
    and e.on_behalf is not null and e.at >= a.created_at and (a.ended_at is null or e.at <= a.ended_at)
    where a.id = any(${ids}::uuid[])`
  const counts = await sql<{ id: string; subject: string; n: bigint }>`
    select a.id, e.subject, count(*) as n ${under} group by 1, 2 order by n desc, 2`.execute(ctx.db)
  const latest = await sql<{ id: string; at: string; subject: string; action: string; title: string | null }>`
    select id, at, subject, action, title from (
      select a.id, e.at, e.seq, e.subject, e.action, e.title, row_number() over (partition by a.id order by e.seq desc) as nth ${under}
    ) numbered where nth <= 10 order by seq desc`.execute(ctx.db)
  return new Map(
    ids.map((id) => [
      id,
      {
        counts: counts.rows.filter((row) => row.id === id).map(({ subject, n }) => ({ subject, n: Number(n) })),
        latest: latest.rows.filter((row) => row.id === id).map(({ at, subject, action, title }) => ({ at, subject, action, title })),
      },
    ]),
  )
}
