/** Reading policies: what holds on a day, one policy with its versions, what is being worked on. */
import { sql, type Expression, type SqlBool } from 'kysely'
import { allowed, type Actor } from '../../core/access.ts'
import type { Setting } from '../../core/eligibility/facts.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { alliances } from '../../core/regions.ts'
import { visible } from '../../platform/access.server.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { isLive } from './decide.ts'
import { publicStates, type LivePolicy, type PolicyEvent, type PublicPolicy, type State, type Status, type Version } from './model.ts'
import { snapshot } from './snapshot.server.ts'
import { statusOf } from './status.ts'
import { toEvent, toPublic, toVersion, type VersionRow } from './tables.server.ts'
import { readers } from './workflow.ts'

/** Published policies that take part in matching on this day (`YYYY-MM-DD`). Kept in memory for each edition; do not change what it gives. */
export async function policiesInForce(ctx: Pick<Ctx, 'db'>, asOf: string): Promise<LivePolicy[]> {
  const { policies } = await snapshot(ctx)
  return policies.filter(({ state, content }) => state === 'published' && isLive(content, asOf))
}

/** Policies as they stood at an instant that has passed, for what was decided then: a later version does not reach back. */
export async function policiesAsOf({ db }: Pick<Ctx, 'db'>, at: string): Promise<LivePolicy[]> {
  const rows = await db
    .selectFrom('policy_versions as v')
    .innerJoin('policies as p', 'p.id', 'v.policy_id')
    .selectAll('v')
    .select('p.slug')
    .distinctOn('v.policy_id')
    .where('v.published_at', '<=', at)
    .orderBy('v.policy_id')
    .orderBy('v.number', 'desc')
    .execute()
  return rows
    .map(toPublic)
    .filter(({ endedAt, content }) => (endedAt === null || endedAt > new Date(at).toISOString()) && isLive(content, shanghaiDate(at)))
}

/** The public version of a policy by its key, for what refers to it. */
export const findPolicyById = async (ctx: Pick<Ctx, 'db'>, policyId: string): Promise<PublicPolicy | undefined> =>
  (await snapshot(ctx)).policies.find((policy) => policy.policyId === policyId)

/** What decisions depend on besides rules and facts: the day (today unless given), dated events, named unions of places. */
export async function settingOf(ctx: Pick<Ctx, 'db' | 'now'>, asOf: string = shanghaiDate(ctx.now)): Promise<Setting> {
  const { events } = await snapshot(ctx)
  return {
    asOf,
    events: Object.fromEntries(
      events.map(({ id, startsOn, endsOn }) => [id, { ...(startsOn && { from: startsOn }), ...(endsOn && { to: endsOn }) }]),
    ),
    alliances: allianceCodes,
  }
}
const allianceCodes: NonNullable<Setting['alliances']> = Object.fromEntries(alliances.map(({ id, codes }) => [id, codes]))

export interface PolicyPage {
  policyId: string
  slug: string
  region: string
  /** What the public sees; absent while the first version is not published. */
  current: PublicPolicy | undefined
  status: Status | undefined
  /** Every version that this person may see, newest first. */
  versions: Version[]
}

/** One policy by the last part of its address. Undefined: there is none, or nothing of it is for this person. */
export async function findPolicy(ctx: Ctx, slug: string): Promise<PolicyPage | undefined> {
  const versions = (await versionsSeenBy(ctx).where('p.slug', '=', slug).orderBy('v.number', 'desc').execute()).map((row) =>
    shown(ctx, row),
  )
  const [newest] = versions
  if (!newest) return undefined
  const { policies } = await snapshot(ctx)
  const current = policies.find((policy) => policy.slug === slug)
  return {
    policyId: newest.policyId,
    slug,
    region: newest.region,
    current,
    status: current && statusOf(current, await settingOf(ctx)),
    versions,
  }
}

/** Versions that this person may see; with the policy's slug. */
export const versionsSeenBy = (ctx: Pick<Ctx, 'db' | 'actor'>) =>
  ctx.db
    .selectFrom('policy_versions as v')
    .innerJoin('policies as p', 'p.id', 'v.policy_id')
    .selectAll('v')
    .select('p.slug')
    .where(seenBy(ctx.actor))

const seenBy = (actor: Actor): Expression<SqlBool> =>
  sql<SqlBool>`(v.state in (${sql.join([...publicStates])}) or ${visible(actor, readers, { table: 'v' })})`

export async function findVersion(ctx: Pick<Ctx, 'db' | 'actor'>, versionId: string): Promise<Version | undefined> {
  const row = await versionsSeenBy(ctx).where('v.id', '=', versionId).executeTakeFirst()
  return row && shown(ctx, row)
}

/** The public sees what a version says, not which officials worked on it. */
const shown = ({ actor }: Pick<Ctx, 'actor'>, row: VersionRow & { slug: string }): Version => {
  const version = toVersion(row)
  if (allowed(readers, actor, row)) return version
  return {
    ...version,
    authors: [],
    createdBy: null,
    createdByName: '',
    submittedBy: null,
    submittedByName: null,
    submittedAt: null,
    publishedBy: null,
    publishedByName: null,
  }
}

/** The version being worked on: a draft or one in review; at most one per policy. */
export async function findOpenVersion(ctx: Pick<Ctx, 'db' | 'actor'>, slug: string): Promise<Version | undefined> {
  const row = await versionsSeenBy(ctx).where('p.slug', '=', slug).where('v.state', 'in', ['draft', 'review']).executeTakeFirst()
  return row && toVersion(row)
}

export interface DeskRow {
  versionId: string
  slug: string
  title: string
  number: number
  state: State
  region: string
  author: string
  submittedBy: string | null
  submittedByName: string | null
  /** Since when it stands where it stands. */
  since: string
  opinion: string | null
  /** This person wrote or submitted it, so somebody else has to publish it. */
  mine: boolean
}

/** Drafts and reviews of this person's territory, the longest waiting first. */
export async function listPolicyDesk(ctx: Ctx): Promise<DeskRow[]> {
  const rows = await versionsSeenBy(ctx)
    .where('v.state', 'in', ['draft', 'review'])
    .orderBy('v.state', 'desc')
    .orderBy('v.updated_at')
    .execute()
  return rows.map((row) => ({
    versionId: row.id,
    slug: row.slug,
    title: row.title,
    number: row.number,
    state: row.state,
    region: row.region,
    author: row.created_by_name,
    submittedBy: row.submitted_by,
    submittedByName: row.submitted_by_name,
    since: row.state === 'review' ? (row.submitted_at ?? row.updated_at) : row.updated_at,
    opinion: row.opinion,
    mine: row.authors.includes(ctx.actor.id) || row.submitted_by === ctx.actor.id,
  }))
}

/** The events that documents name, with the dates that operators set. Everybody may see them. */
export const listEvents = async (ctx: Pick<Ctx, 'db'>): Promise<PolicyEvent[]> =>
  (await ctx.db.selectFrom('policy_events').selectAll().orderBy('name').execute()).map(toEvent)
