/** Officers who draft, check and publish: the stage of the tests of policies. */
import { visitor, type Actor } from '../../core/access.ts'
import { orThrow } from '../../core/test-refusal.ts'
import type { Ctx, Database } from '../../platform/db.server.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { saveDraft, takeStep, type StepInput } from './commands.server.ts'
import type { PolicyContent, Version } from './model.ts'
import { policiesInForce } from './queries.server.ts'
import { samplePolicy } from './sample.ts'

const now = '2026-11-23T01:00:00.000Z'
const regulator = (name: string, region: string): Actor => ({
  id: uuidv7(),
  name,
  role: 'regulator',
  org_id: 'org-zj',
  org_name: '示例·省局',
  region,
})
export const [li, zhao, city, anhui, national] = [
  regulator('示例·李工', '330000'),
  regulator('示例·赵处', '330000'),
  regulator('示例·王工', '330100'),
  regulator('示例·皖', '340000'),
  regulator('示例·孙工', '000000'),
]
export const enterprise: Actor = { ...visitor, id: uuidv7(), role: 'enterprise', org_id: uuidv7(), region: '330109' }

export const worldOf = (database: Database) => {
  let number = 0
  const as = (actor: Actor, at = now): Ctx => ({ db: database.db, actor, now: at })
  const draft = async (change: Partial<PolicyContent> = {}, actor = li): Promise<Version> =>
    orThrow(await saveDraft(as(actor), { content: samplePolicy({ slug: world.slug, ...change }) }))
  const step = (actor: Actor, version: Version, name: StepInput['step'], more: Partial<StepInput> = {}) =>
    takeStep(as(actor), version.id, { step: name, version: version.version, ...more })
  const world = {
    as,
    draft,
    step,
    /** The policy that the story is about. */
    slug: '',
    /** Another policy from here on. */
    turn: () => void (world.slug = `test-${++number}`),
    async publish(change: Partial<PolicyContent> = {}): Promise<Version> {
      const submitted = orThrow(await step(li, await draft(change), 'submit'))
      return orThrow(await step(zhao, submitted, 'publish'))
    },
    /** Numbers of its versions that hold on this day. */
    inForce: async (asOf = '2026-11-23') =>
      (await policiesInForce(as(visitor), asOf)).filter((each) => each.slug === world.slug).map((each) => each.number),
  }
  return world
}
export type World = ReturnType<typeof worldOf>
