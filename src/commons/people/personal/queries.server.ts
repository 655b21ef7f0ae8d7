/** What is held about the person who asks. There is no way to ask about somebody else. */
import { sql } from 'kysely'
import { visitor } from '../../../core/access.ts'
import { refuse, type Refusal } from '../../../core/refusal.ts'
import { findAccount } from '../../../platform/accounts.server.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { duties, personNumber, scopes } from '../model.ts'
import { membershipsOfPerson } from '../queries.server.ts'
import type { PersonRow } from '../tables.server.ts'
import { purposes, type OwnData, type Purpose } from './model.ts'
import { openContact } from './tables.server.ts'

/** The person behind any seat, as themself: by their own name, for no organisation, on nobody's behalf. */
export async function asSelf(ctx: Ctx): Promise<{ self: Ctx; row: PersonRow } | Refusal> {
  const row = ctx.actor.id
    ? await ctx.db.selectFrom('persons').selectAll().where('id', '=', ctx.actor.id).where('erased_at', 'is', null).executeTakeFirst()
    : undefined
  if (!row) return refuse('forbidden', '请先登录，再查看和办理自己的个人信息', { code: 'SIGN_IN_REQUIRED' })
  return { self: { ...ctx, actor: { ...visitor, id: row.id, name: row.name } }, row }
}

export async function ownData(ctx: Ctx, { id, user_id, name, phone, email, created_at, version }: PersonRow): Promise<OwnData> {
  const account = user_id ? await findAccount(ctx, user_id) : undefined
  const memberships = await membershipsOfPerson(ctx, id)
  return {
    person: { id, name, number: personNumber(id), registeredAt: created_at, version, ...openContact({ id, phone, email }) },
    account: account
      ? {
          login: account.login,
          createdAt: account.createdAt,
          sessions: account.sessions.map(({ startedAt, ipAddress, userAgent }) => ({ startedAt, ipAddress, userAgent })),
        }
      : null,
    memberships: memberships.map(({ orgName, duty, scope, startsOn, endsOn, state }) => ({
      org: orgName,
      duty: duties[duty],
      scope: scope.map((each) => scopes[each]),
      startsOn,
      endsOn,
      state,
    })),
    agencies: await agencies(ctx, id),
    consents: await consents(ctx, id),
    activity: await activity(ctx, id),
  }
}

async function agencies({ db }: Ctx, personId: string): Promise<OwnData['agencies']> {
  const rows = await db
    .selectFrom('agencies')
    .innerJoin('organisations', (join) =>
      join.onRef('organisations.province', '=', 'agencies.province').onRef('organisations.id', '=', 'agencies.org_id'),
    )
    .innerJoin('persons', 'persons.id', 'agencies.agent_person_id')
    .select(['agent_person_id', 'organisations.name as org', 'persons.name as agent'])
    .select(['agencies.scope', 'purpose', 'starts_on', 'ends_on', 'agencies.state'])
    .where((eb) => eb.or([eb('agent_person_id', '=', personId), eb('consented_by', '=', personId)]))
    .orderBy('agencies.created_at')
    .execute()
  return rows.map((row) => ({
    side: row.agent_person_id === personId ? 'agent' : 'consenter',
    org: row.org,
    agent: row.agent,
    scope: row.scope.map((each) => scopes[each]),
    purpose: row.purpose,
    startsOn: row.starts_on,
    endsOn: row.ends_on,
    state: row.state,
  }))
}

async function consents({ db }: Ctx, personId: string): Promise<OwnData['consents']> {
  const rows = await db.selectFrom('consents').selectAll().where('person_id', '=', personId).execute()
  return (Object.keys(purposes) as Purpose[]).map((purpose) => {
    const row = rows.find((each) => each.purpose === purpose)
    // What was agreed to then, also when the wording has changed since.
    return { purpose, given: row?.given ?? false, changedAt: row?.changed_at ?? null, wording: row?.wording ?? purposes[purpose].wording }
  })
}

async function activity({ db }: Ctx, personId: string): Promise<OwnData['activity']> {
  const { rows } = await sql<{ subject: string; action: string; n: bigint; first: string; last: string }>`
    select subject, action, count(*) as n, min(at) as first, max(at) as last from events
    where actor_id = ${personId} group by 1, 2 order by 3 desc, 1, 2`.execute(db)
  return rows.map((row) => ({ ...row, n: Number(row.n) }))
}
