/** What one enterprise can use on a day, decided afresh from its profile and the policies in force. */
import { derive, profileOf } from '../../commons/people/index.server.ts'
import type { Profile } from '../../commons/people/index.ts'
import { type LivePolicy, type PublicPolicy, type Status } from '../../commons/policies/index.ts'
import {
  budgetMarks,
  findPolicy,
  listEvents,
  markFor,
  namesFor,
  policiesInForce,
  settingOf,
  statusOf,
  type PolicyPage,
} from '../../commons/policies/index.server.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { judge, type Judged, type Subject } from './judge.ts'
import { benefitLine, lineOf, traceLines, type BenefitLine, type MatchLine, type TraceLine } from './match-line.ts'
import { groupMatches, reasonGroups, type Grouped } from './matching.ts'
import { dismissedBy } from './rematch.server.ts'

/** The profile and everything that a decision for it depends on. Undefined: no enterprise, or not one's own. */
export async function subjectOf(ctx: Ctx, asOf: string, orgId = ctx.actor.org_id): Promise<(Subject & { profile: Profile }) | undefined> {
  const profile = orgId ? await profileOf(ctx, orgId) : undefined
  return profile && { profile, facts: profile.facts, setting: await settingOf(ctx, asOf), derive }
}

export const judgeAll = (policies: readonly LivePolicy[], subject: Subject): Judged[] => policies.map((policy) => judge(policy, subject))

/** Without articles: on a page the clause itself stands behind each sentence. */
const pageNames = async (ctx: Ctx) => namesFor([], await listEvents(ctx))

export interface Matches {
  asOf: string
  profile: Profile
  judged: Judged[]
  grouped: Grouped
}

/** Every policy in force on the day, sorted for this enterprise. */
export async function matchesFor(ctx: Ctx, asOf = shanghaiDate(ctx.now)): Promise<Matches | undefined> {
  const subject = await subjectOf(ctx, asOf)
  if (!subject) return undefined
  const judged = judgeAll(await policiesInForce(ctx, asOf), subject)
  return { asOf, profile: subject.profile, judged, grouped: groupMatches(judged, await dismissedBy(ctx, subject.profile.org)) }
}

export interface MatchLines {
  now: Record<keyof Grouped['now'], MatchLine[]>
  ask: MatchLine[]
  awaiting: MatchLine[]
  not: { reason: string; lines: MatchLine[] }[]
  elsewhere: number
  dismissed: MatchLine[]
}

export async function linesOf(ctx: Ctx, { grouped, asOf, profile }: Matches): Promise<MatchLines> {
  const names = await pageNames(ctx)
  const marks = await budgetMarks(ctx, { on: asOf })
  const lines = (list: readonly Judged[]) =>
    list.map((each) => {
      const budget = markFor(marks, each.policy.slug, profile.org.region)
      return { ...lineOf(each, names, asOf), ...(budget && { budget }) }
    })
  return {
    now: { apply: lines(grouped.now.apply), 'apply-for': lines(grouped.now['apply-for']), guidance: lines(grouped.now.guidance) },
    ask: lines(grouped.ask),
    awaiting: lines(grouped.awaiting),
    not: grouped.not.map(({ reason, matches }) => ({ reason: reasonGroups[reason], lines: lines(matches) })),
    elsewhere: grouped.elsewhere,
    dismissed: lines(grouped.dismissed),
  }
}

export interface Explained {
  judged: Judged
  line: MatchLine
  trace: TraceLine
  benefits: BenefitLine[]
}

/** One policy explained for one enterprise; also for a policy that is not in force, as if it were. */
export async function explainFor(ctx: Ctx, policy: LivePolicy, subject: Subject): Promise<Explained> {
  const judged = judge(policy, subject)
  const { content } = policy
  const names = await pageNames(ctx)
  return {
    judged,
    line: lineOf(judged, names, subject.setting.asOf),
    trace: traceLines(judged.decision.trace, content, names),
    benefits: judged.benefits.map((benefit) => benefitLine(benefit, content, names)),
  }
}

export interface Followed {
  page: PolicyPage
  current: PublicPolicy
  inForce: boolean
  status: Status
  successor?: PublicPolicy
}

/** A policy by its address with what came after it. Undefined: there is no published policy of that name. */
export async function followPolicy(ctx: Ctx, slug: string, asOf: string): Promise<Followed | undefined> {
  const page = await findPolicy(ctx, slug)
  if (!page?.current) return undefined
  const inForce = (await policiesInForce(ctx, asOf)).some(({ versionId }) => versionId === page.current?.versionId)
  const next = page.current.content.successor
  const successor = next ? (await findPolicy(ctx, next))?.current : undefined
  return {
    page,
    current: page.current,
    inForce,
    status: statusOf(page.current, await settingOf(ctx, asOf)),
    ...(successor && { successor }),
  }
}
