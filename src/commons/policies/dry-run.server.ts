/** What a rule would mean for the enterprises on record, before it is published. */
import { regionPrefix } from '../../core/eligibility/codes.ts'
import { refuse, type Refusal } from '../../core/refusal.ts'
import { covers, fullRegionName } from '../../core/regions.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { derive, listProfilesForMatching } from '../people/index.server.ts'
import { Tally, type DryRun } from './dry-run.ts'
import type { PolicyContent } from './model.ts'
import { namesFor } from './names.ts'
import { settingOf } from './queries.server.ts'
import { snapshot } from './snapshot.server.ts'

/**
 * Evaluates the rule of `content` for every enterprise in `region`, as if the policy were in force today; benefits' own conditions
 * and the policy's dates are left out. Regulators: own territory only.
 */
export async function dryRun(ctx: Ctx, content: PolicyContent, { region }: { region: string }): Promise<DryRun | Refusal> {
  const wrong = mayLookAt(ctx, region)
  if (wrong) return wrong
  const [setting, { policies, events }] = [await settingOf(ctx), await snapshot(ctx)]
  const before = policies.find(({ slug, state }) => slug === content.slug && state === 'published')
  const tally = new Tally(content.rule, { before: before?.content.rule, setting, names: namesFor(content.clauses, events), derive })
  for await (const batch of listProfilesForMatching(ctx, { regionPrefix: regionPrefix(region) }))
    for (const profile of batch) tally.add(profile)
  return { region, asOf: setting.asOf, ...tally.result(before?.number) }
}

function mayLookAt({ actor }: Ctx, region: string): Refusal | undefined {
  if (actor.role === 'admin') return undefined
  if (actor.role !== 'regulator' || actor.region === '') return refuse('forbidden', '试算由监管人员办理，您当前的身份不能办理')
  if (covers(actor.region, region)) return undefined
  const reason = `只能在本辖区（${fullRegionName(actor.region)}）内试算`
  return refuse('forbidden', reason, { fields: { region: reason } })
}
