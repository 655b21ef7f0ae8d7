/**
 * Keeps the last answer of every enterprise and policy, and tells those whose answer changed: once, and nobody else.
 * Everything is computed from what is on record now, so running it again changes and sends nothing.
 */
import { send } from '../../commons/messages/index.server.ts'
import { candidatesFor } from '../../commons/matching/index.server.ts'
import { derive, listProfilesForMatching, profileOf, profilesForMatching } from '../../commons/people/index.server.ts'
import { kindsWithoutProfile, type Organisation, type Profile } from '../../commons/people/index.ts'
import { enterpriseRule, resultKindOf, type LivePolicy, type PolicyContent } from '../../commons/policies/index.ts'
import { listPolicies, policiesInForce, settingOf } from '../../commons/policies/index.server.ts'
import { compile, type Compiled } from '../../core/eligibility/compile.ts'
import { explain } from '../../core/eligibility/explain.ts'
import type { Setting } from '../../core/eligibility/facts.ts'
import { NO, YES, type Rule } from '../../core/eligibility/rule.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { changesBetween, worthTelling, type Change, type Standing } from './changes.ts'
import { tellGains, tellLosses, type Told } from './tell.ts'
import { scopeOf, termOf } from './term.ts'
import { isAboutLine } from './worth.ts'
import './tables.server.ts'

/** Why it is done: in words for the message, and as a key that is the same when it is done again. */
export interface Cause {
  words: string
  key: string
}

export interface Rematched {
  enterprises: number
  changed: number
  told: number
}

/** The policies of today, ready to be tried on many enterprises. */
interface World {
  tests: { policy: LivePolicy; test: Compiled }[]
  setting: Setting
  contents: ReadonlyMap<string, PolicyContent>
}

async function worldOf(ctx: Ctx, only?: ReadonlySet<string>): Promise<World> {
  const today = shanghaiDate(ctx.now)
  const setting = await settingOf(ctx, today)
  const live = (await policiesInForce(ctx, today)).filter(({ policyId }) => !only || only.has(policyId))
  const { rows } = await listPolicies(ctx, { pageSize: Number.MAX_SAFE_INTEGER })
  return {
    tests: live.map((policy) => ({ policy, test: compile(enterpriseRule(policy.content), setting) })),
    setting,
    contents: new Map(rows.map(({ policyId, content }) => [policyId, content])),
  }
}

const standingsOf = ({ tests }: World, { facts }: Profile): Standing[] =>
  tests.flatMap(({ policy: { policyId, versionId, content }, test }) => {
    const truth = test(facts)
    return truth === NO
      ? []
      : [{ policyId, versionId, result: truth === YES ? 'eligible' : 'unknown', force: resultKindOf(content) } as const]
  })

/** All policies for one enterprise, after something about it changed. */
export async function rematchEnterprise(ctx: Ctx, orgId: string, cause: Cause): Promise<Rematched> {
  const profile = await profileOf(ctx, orgId)
  // Authorities and banks are organisations too, but no policy is for them.
  if (!profile || kindsWithoutProfile.includes(profile.org.kind)) return { enterprises: 0, changed: 0, told: 0 }
  const world = await worldOf(ctx)
  const rows = await ctx.db
    .selectFrom('policy_matches')
    .selectAll()
    .where('province', '=', profile.org.province)
    .where('org_id', '=', orgId)
    .execute()
  return settle(ctx, world, [{ org: profile.org, profile, before: rows.map(toStanding), after: standingsOf(world, profile) }], cause)
}

const batchSize = 500

/** These policies for every enterprise that they may concern, or have concerned. */
export async function rematchPolicies(ctx: Ctx, policyIds: readonly string[], cause: Cause): Promise<Rematched> {
  const total: Rematched = { enterprises: 0, changed: 0, told: 0 }
  if (policyIds.length === 0) return total
  const world = await worldOf(ctx, new Set(policyIds))
  const seen = new Set<string>()
  for await (const profiles of concerned(ctx, world)) {
    const ids = profiles.map(({ org }) => org.id)
    const before = await matchesOf(ctx, policyIds, ids)
    const cases = profiles.map((profile) => ({
      org: profile.org,
      profile,
      before: before.get(profile.org.id) ?? [],
      after: standingsOf(world, profile),
    }))
    addTo(total, await settle(ctx, world, cases, cause))
    for (const id of ids) seen.add(id)
  }
  addTo(total, await clearOthers(ctx, world, policyIds, seen, cause))
  return total
}

/** Everybody for whom one of these policies holds or may hold, and perhaps others. */
async function* concerned(ctx: Ctx, { tests, setting }: World): AsyncGenerator<Profile[]> {
  if (tests.length === 0) return
  const any: Rule = { op: 'any', of: tests.map(({ policy }) => enterpriseRule(policy.content)) }
  const { batches } = await candidatesFor(ctx, any, setting)
  if (batches) {
    for await (const ids of batches) yield await profilesForMatching(ctx, ids)
    return
  }
  const scopes = new Set(tests.map(({ policy }) => scopeOf(policy.content.rule)))
  yield* listProfilesForMatching(ctx, { regionPrefix: scopes.size === 1 ? [...scopes][0]! : '', batch: batchSize })
}

const addTo = (total: Rematched, more: Rematched): void => {
  for (const key of ['enterprises', 'changed', 'told'] as const) total[key] += more[key]
}

async function matchesOf({ db }: Ctx, policyIds: readonly string[], orgIds: readonly string[]): Promise<Map<string, Standing[]>> {
  if (orgIds.length === 0) return new Map()
  const rows = await db.selectFrom('policy_matches').selectAll().where('policy_id', 'in', policyIds).where('org_id', 'in', orgIds).execute()
  return new Map([...Map.groupBy(rows, (row) => row.org_id)].map(([id, list]) => [id, list.map(toStanding)]))
}

const toStanding = (row: { policy_id: string; version_id: string; result: Standing['result']; force: Standing['force'] }): Standing => ({
  policyId: row.policy_id,
  versionId: row.version_id,
  result: row.result,
  force: row.force,
})

/** Matches of those who were not looked at: the policy ended, is for other places now, or cannot hold for them any more. */
async function clearOthers(
  ctx: Ctx,
  world: World,
  policyIds: readonly string[],
  seen: ReadonlySet<string>,
  cause: Cause,
): Promise<Rematched> {
  const rows = await ctx.db.selectFrom('policy_matches').selectAll().where('policy_id', 'in', policyIds).execute()
  const others = Map.groupBy(
    rows.filter((row) => !seen.has(row.org_id)),
    (row) => row.org_id,
  )
  const cases = [...others].map(([id, list]) => {
    const { province, region } = list[0]!
    return { org: { id, province, region }, before: list.map(toStanding), after: [] }
  })
  return settle(ctx, world, cases, cause)
}

interface Case {
  org: Pick<Organisation, 'id' | 'province' | 'region'>
  /** Absent where nothing is left to explain. */
  profile?: Profile
  before: readonly Standing[]
  after: readonly Standing[]
}

/** Writes what changed and sends at most one message to each enterprise. */
async function settle(ctx: Ctx, world: World, cases: readonly Case[], cause: Cause): Promise<Rematched> {
  const changed = cases
    .map((each) => ({ ...each, changes: changesBetween(each.before, each.after) }))
    .filter(({ changes }) => changes.length > 0)
  await write(ctx, changed)
  const dismissed = await dismissedAmong(
    ctx,
    changed.map(({ org }) => org.id),
  )
  let told = 0
  for (const { org, profile, changes } of changed) {
    const message = tellOf(world, profile, worthTelling(changes, dismissed.get(org.id) ?? new Set()), cause)
    if (!message) continue
    await send(ctx, {
      province: org.province,
      orgId: org.id,
      region: org.region,
      role: 'enterprise',
      ...message,
      dedupe: `match:${cause.key}`,
    })
    told++
  }
  return { enterprises: cases.length, changed: changed.length, told }
}

type Changed = Pick<Case, 'org'> & { changes: readonly Change[] }

/** In a few statements whatever the number of enterprises. */
async function write({ db, now }: Ctx, changed: readonly Changed[]): Promise<void> {
  const gone = Map.groupBy(
    changed.flatMap(({ org, changes }) => changes.flatMap(({ policyId, after }) => (after ? [] : [{ policyId, orgId: org.id }]))),
    ({ policyId }) => policyId,
  )
  for (const [policyId, rows] of gone)
    await db
      .deleteFrom('policy_matches')
      .where('policy_id', '=', policyId)
      .where(
        'org_id',
        'in',
        rows.map(({ orgId }) => orgId),
      )
      .execute()
  const kept = changed.flatMap(({ org, changes }) => changes.flatMap(({ after }) => (after ? [{ org, after }] : [])))
  for (let i = 0; i < kept.length; i += batchSize) {
    await db
      .insertInto('policy_matches')
      .values(
        kept.slice(i, i + batchSize).map(({ org, after }) => ({
          province: org.province,
          org_id: org.id,
          region: org.region,
          policy_id: after.policyId,
          version_id: after.versionId,
          result: after.result,
          force: after.force,
          matched_at: now,
        })),
      )
      .onConflict((oc) =>
        oc.columns(['province', 'org_id', 'policy_id']).doUpdateSet((eb) => ({
          region: eb.ref('excluded.region'),
          version_id: eb.ref('excluded.version_id'),
          result: eb.ref('excluded.result'),
          force: eb.ref('excluded.force'),
          matched_at: eb.ref('excluded.matched_at'),
        })),
      )
      .execute()
  }
}

/** Versions that each of these enterprises has put aside. */
async function dismissedAmong({ db }: Pick<Ctx, 'db'>, orgIds: readonly string[]): Promise<Map<string, Set<string>>> {
  if (orgIds.length === 0) return new Map()
  const rows = await db.selectFrom('policy_dismissals').select(['org_id', 'version_id']).where('org_id', 'in', orgIds).execute()
  return new Map([...Map.groupBy(rows, (row) => row.org_id)].map(([id, list]) => [id, new Set(list.map((row) => row.version_id))]))
}

export const dismissedBy = async (ctx: Pick<Ctx, 'db'>, { id }: Pick<Organisation, 'id'>): Promise<Set<string>> =>
  (await dismissedAmong(ctx, [id])).get(id) ?? new Set()

type Addressed = Told & { subject: string; subjectId: string }

/** One message: gains first, since there is something to do about them. */
function tellOf(
  world: World,
  profile: Profile | undefined,
  { gains, losses }: ReturnType<typeof worthTelling>,
  cause: Cause,
): Addressed | undefined {
  const about = gains.length > 0 ? gains : losses
  if (about.length === 0) return undefined
  const address =
    about.length === 1 ? { subject: 'policy', subjectId: about[0]!.policyId } : { subject: 'policy-matches', subjectId: cause.key }
  const contentOf = ({ policyId }: Change) => world.contents.get(policyId)!
  if (gains.length === 0) {
    const lost = losses.map((change) => ({ content: contentOf(change), ...endedOn(contentOf(change), world.setting.asOf) }))
    return { ...tellLosses(lost, cause.words), ...address }
  }
  const gained = gains.map((change) => ({ change, content: contentOf(change), asks: asksOf(contentOf(change), profile, world.setting) }))
  return { ...tellGains(gained, cause.words, losses.length), ...address }
}

const endedOn = (content: PolicyContent, today: string) => {
  const { to } = termOf(content)
  return to && to < today ? { until: to } : {}
}

const asksOf = (content: PolicyContent, profile: Profile | undefined, setting: Setting): number =>
  profile ? explain(enterpriseRule(content), profile.facts, setting, derive).ask.filter((fact) => !isAboutLine(fact)).length : 0
