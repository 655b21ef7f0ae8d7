/** Organisations and persons, made with the platform's own commands: the stage of the tests of people and messages. */
import { sql } from 'kysely'
import { platform, type Actor, type Role } from '../../core/access.ts'
import { orThrow } from '../../core/test-refusal.ts'
import type { Ctx, Database } from '../../platform/db.server.ts'
import { createOrganisation, createPerson, grantMembership } from './commands.server.ts'
import { allScopes, type Duty, type Membership, type Organisation, type OrganisationKind, type Scope } from './model.ts'

/** Monday, 2026-11-23, nine o'clock in China. */
export const monday = '2026-11-23T01:00:00.000Z'

export { orThrow }

export interface Seated {
  actor: Actor
  membership: Membership
  userId: string
}

/**
 * Lets several pieces of work meet in the middle: each decides before any of them has committed. On the embedded database, which has
 * one connection, they run one after the other.
 */
export async function together<T>({ kind, db }: Database, works: readonly (() => Promise<T>)[]): Promise<T[]> {
  if (kind === 'embedded') return Promise.all(works.map((work) => work()))
  let settled = 0
  // Every command ends with an event; holding the head of the chain holds them all just before their end.
  const running = await db.transaction().execute(async (tx) => {
    await tx.selectFrom('event_head').select('id').forUpdate().execute()
    const started = works.map((work) => work().finally(() => settled++))
    const waiting = async () =>
      Number(
        (
          await sql<{ n: bigint }>`select count(*) as n from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
        ).rows[0]!.n,
      )
    while ((await waiting()) + settled < works.length) await new Promise((resolve) => setTimeout(resolve, 5))
    return started
  })
  return Promise.all(running)
}

export const stageOf = (database: Database) => {
  const as = (actor: Actor, now = monday): Ctx => ({ db: database.db, actor, now })
  const organisation = async (name: string, region: string, kind: OrganisationKind = 'enterprise') =>
    orThrow(await createOrganisation(as(platform), { kind, name: `示例·${name}`, uscc: null, region }))
  return {
    as,
    organisation,
    /** Somebody with a membership that the platform registered. */
    async seat(
      org: Organisation,
      name: string,
      duty: Duty,
      given: { scope?: readonly Scope[]; startsOn?: string; endsOn?: string; role?: Role } = {},
    ): Promise<Seated> {
      const { scope = allScopes, startsOn = '2026-01-01', endsOn, role = 'enterprise' } = given
      const userId = `user-${name}-${org.id}`
      const { id } = orThrow(await createPerson(as(platform), { name: `示例·${name}`, userId }))
      const membership = orThrow(await grantMembership(as(platform), { orgId: org.id, personId: id, role, duty, scope, startsOn, endsOn }))
      return { actor: { id, name: `示例·${name}`, role, org_id: org.id, org_name: org.name, region: org.region }, membership, userId }
    },
    async officer(name: string, region: string): Promise<Actor> {
      const org = await organisation(name, region, 'authority')
      const { id } = orThrow(await createPerson(as(platform), { name: `示例·${name}` }))
      return { id, name: `示例·${name}`, role: 'regulator', org_id: org.id, org_name: org.name, region: org.region }
    },
  }
}
export type Stage = ReturnType<typeof stageOf>
