/** Firms, officers and a published policy, made with the platform's own commands: the stage of the tests of this measure. */
import { createOrganisation, createPerson, grantMembership, recordFacts } from '../../commons/people/index.server.ts'
import { allScopes, type Organisation } from '../../commons/people/index.ts'
import type { PolicyContent, Version } from '../../commons/policies/index.ts'
import { saveDraft, takeStep } from '../../commons/policies/index.server.ts'
import { platform, type Actor, type Role } from '../../core/access.ts'
import type { Facts } from '../../core/eligibility/facts.ts'
import { orThrow } from '../../core/test-refusal.ts'
import type { Database } from '../../platform/db.server.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { drain } from '../../platform/jobs.server.ts'
import { examplePolicy } from './example-policy.ts'
import { listeners } from './listeners.server.ts'

/** Monday, 2026-11-23, nine o'clock in China. */
export const monday = '2026-11-23T01:00:00.000Z'

export { orThrow }

export const worldOf = (database: Database) => {
  const system = (now = monday): Ctx => ({ db: database.db, actor: platform, now })
  const as = (actor: Actor, now = monday): Ctx => ({ db: database.db, actor, now })
  /** Somebody of this organisation, with a delegation in force. */
  const person = async (role: Role, name: string, org: Pick<Organisation, 'id' | 'name' | 'region'>): Promise<Actor> => {
    const { id } = orThrow(await createPerson(system(), { name }))
    const duty = role === 'enterprise' ? 'manager' : 'staff'
    const scope = duty === 'manager' ? allScopes : []
    orThrow(
      await grantMembership(system(), { orgId: org.id, personId: id, role, duty, scope, startsOn: '2020-01-01', endsOn: '2036-12-31' }),
    )
    return { id, name, role, org_id: org.id, org_name: org.name, region: org.region }
  }
  return {
    system,
    as,
    person,
    /** A firm with these facts, and its quality manager. */
    async firm(name: string, region: string, facts: Facts, now = monday) {
      const org = orThrow(await createOrganisation(system(now), { kind: 'enterprise', name: `示例·${name}`, uscc: null, region }))
      orThrow(
        await recordFacts(
          system(now),
          org.id,
          Object.entries(facts).map(([fact, value]) => ({ fact, value })),
          { source: '企业填报', asOf: now.slice(0, 10) },
        ),
      )
      const actor = await person('enterprise', `示例·${name}主管`, org)
      return { org, actor, ctx: (at = now) => as(actor, at) }
    },
    async officer(name: string, region: string) {
      const org = orThrow(await createOrganisation(system(), { kind: 'authority', name: `示例·${name}`, uscc: null, region }))
      return person('regulator', `示例·${name}`, org)
    },
    /** Drafted by one officer, published by another. */
    async publish(content: PolicyContent, author: Actor, checker: Actor, now = monday): Promise<Version> {
      const draft = orThrow(await saveDraft(as(author, now), { content }))
      const review = orThrow(await takeStep(as(author, now), draft.id, { step: 'submit', version: draft.version }))
      return orThrow(await takeStep(as(checker, now), review.id, { step: 'publish', version: review.version }))
    },
    /** Lets the listeners hear everything that was announced. */
    hear: (now = monday) => drain(database, listeners, now),
    messages: async () =>
      (await database.db.selectFrom('messages').selectAll().orderBy('id').execute()).map((row) => ({ ...row, orgId: row.org_id })),
  }
}
export type World = ReturnType<typeof worldOf>

/** A firm that the example is made for. */
export const smallFirm = (world: World, name: string) =>
  world.firm(name, '330110', { employees: 12, instruments: { 'pressure-gauge': 38, caliper: 4 } })

/** The example and three variations of it, with officers of the province, of its city and of elsewhere. */
export async function publishExamples(world: World) {
  const author = await world.officer('省局李工', '330000')
  const checker = await world.officer('杭州王工', '330100')
  const outsider = await world.officer('安徽吴工', '340000')
  const reviewer = await world.officer('省局赵处', '330000')
  await world.publish(examplePolicy(), author, reviewer)
  await world.publish(
    examplePolicy({ slug: 'example-expired', title: '示例·旧办法', effectiveTo: '2026-11-22', successor: 'example-zj-half' }),
    author,
    reviewer,
  )
  await world.publish(examplePolicy({ slug: 'example-encouraged', title: '示例·鼓励', force: 'encouraged' }), author, reviewer)
  await world.publish(
    examplePolicy({
      slug: 'example-hardship',
      title: '示例·困难',
      rule: {
        op: 'all',
        of: [
          { op: 'region', mode: 'nested', codes: ['330000'], src: 'c1' },
          { op: 'flag', fact: 'hardship', src: 'c2' },
        ],
      },
    }),
    author,
    reviewer,
  )
  return { author, checker, outsider }
}
