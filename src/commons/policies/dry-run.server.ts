/** What a rule would mean for the enterprises on record, before it is published. */
import { regionPrefix } from '../../core/eligibility/codes.ts'
import type { Setting } from '../../core/eligibility/facts.ts'
import type { Rule } from '../../core/eligibility/rule.ts'
import { refuse, type Refusal } from '../../core/refusal.ts'
import { covers, fullRegionName } from '../../core/regions.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { countEnterprises, enterprisesIn, firstEnterprises } from '../matching/index.server.ts'
import type { Source } from '../matching/index.ts'
import { derive, listProfilesForMatching, profilesForMatching } from '../people/index.server.ts'
import type { Profile } from '../people/index.ts'
import { explainedAtMost, shown, Tally, type Counted, type DryRun } from './dry-run.ts'
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
  const published = policies.find(({ slug, state }) => slug === content.slug && state === 'published')
  const before = published?.content.rule
  const tally = new Tally(content.rule, { before, setting, names: namesFor(content.clauses, events), derive })
  const counted = await countAll(ctx, { rule: content.rule, before, setting, prefix: regionPrefix(region) })
  if (counted.counts) {
    const { rule } = content
    for (const profile of await likelyExamples(ctx, { rule, before, setting, prefix: regionPrefix(region) })) tally.add(profile)
  } else
    for await (const batch of listProfilesForMatching(ctx, { regionPrefix: regionPrefix(region) }))
      for (const profile of batch) tally.add(profile)
  return { region, asOf: setting.asOf, source: counted.source, ...tally.result(published?.number, counted.counts) }
}

interface Asked {
  rule: Rule
  before: Rule | undefined
  setting: Setting
  prefix: string
}

/** Without `counts`: the profiles have to be read one by one. */
async function countAll(ctx: Ctx, { rule, before, setting, prefix }: Asked): Promise<{ source: Source; counts?: Counted }> {
  const both: Rule[] = before ? [before, { op: 'all', of: [rule, before] }] : []
  const answer = await countEnterprises(ctx, [rule, ...both], setting, prefix)
  if (!('counts' in answer)) return answer
  const [now, then, still] = answer.counts
  const total = await enterprisesIn(ctx, setting, prefix)
  const { eligible, possible } = now!
  const change = then && still && { newlyIn: eligible - still.eligible, newlyOut: then.eligible - still.eligible }
  return { source: answer.source, counts: { total, eligible, unknown: possible - eligible, ineligible: total - possible, change } }
}

/** The first enterprises of each kind, in the order in which the tally would meet them. */
async function likelyExamples(ctx: Ctx, { rule, before, setting, prefix }: Asked): Promise<Profile[]> {
  const first = (of: Rule, wanted: 'eligible' | 'unknown' | 'ineligible', limit: number, except?: Rule) =>
    firstEnterprises(ctx, of, setting, { wanted, limit, regionPrefix: prefix, except })
  const ids = [
    ...(await first(rule, 'eligible', shown)),
    ...(await first(rule, 'unknown', shown)),
    ...(await first(rule, 'ineligible', explainedAtMost)),
    ...(before ? [...(await first(rule, 'eligible', shown, before)), ...(await first(before, 'eligible', shown, rule))] : []),
  ]
  return profilesForMatching(ctx, [...new Set(ids)])
}

function mayLookAt({ actor }: Ctx, region: string): Refusal | undefined {
  if (actor.role === 'admin') return undefined
  if (actor.role !== 'regulator' || actor.region === '') return refuse('forbidden', '试算由监管人员办理，您当前的身份不能办理')
  if (covers(actor.region, region)) return undefined
  const reason = `只能在本辖区（${fullRegionName(actor.region)}）内试算`
  return refuse('forbidden', reason, { fields: { region: reason } })
}
