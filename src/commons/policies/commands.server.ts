/** What people do with policies: write a version, take it through its steps. */
import { createHash } from 'node:crypto'
import { allowed, platform } from '../../core/access.ts'
import { regionPrefix } from '../../core/eligibility/codes.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { fullRegionName } from '../../core/regions.ts'
import { advance } from '../../core/workflow.ts'
import { inTx, type Ctx } from '../../platform/db.server.ts'
import { announce, canonical, nextNumber } from '../../platform/events.server.ts'
import { uuidv7 } from '../../platform/ids.ts'
import type { PolicyContent, Version } from './model.ts'
import { gapsOf } from './publication.ts'
import { findVersion, versionsSeenBy } from './queries.server.ts'
import { raiseEdition } from './snapshot.server.ts'
import { contentColumns, regionOf, toVersion } from './tables.server.ts'
import { readers, takeableSteps, toReviewed, workflow, type PolicyStep } from './workflow.ts'

export interface DraftInput {
  content: PolicyContent
  /** The draft that is changed; absent: a new version of the policy with this slug, or a new policy. */
  versionId?: string | undefined
  /** The lock that the form was opened with; needed with `versionId`. */
  version?: number | undefined
  /** Made up for the demonstration, and marked so wherever it is shown. */
  demo?: boolean | undefined
}

/** Saves a draft, however incomplete. Refuses places outside one's territory, a second open version of one policy, and a stale form. */
export async function saveDraft(ctx: Ctx, input: DraftInput): Promise<Version | Refusal> {
  const place = mayWriteFor(ctx, input.content)
  if (place) return place
  return inTx(ctx, (tx) => (input.versionId === undefined ? newVersion(tx, input) : changeDraft(tx, input, input.versionId)))
}

function mayWriteFor({ actor }: Ctx, content: PolicyContent): Refusal | undefined {
  const region = regionOf(content)
  if (allowed(readers, actor, { org_id: actor.org_id, region })) return undefined
  if (actor.role !== 'regulator') return refuse('forbidden', '政策由监管人员起草，您当前的身份不能办理')
  const reason = `您只能起草本辖区（${fullRegionName(actor.region)}）的政策，这份政策的适用地区是${fullRegionName(region)}`
  return refuse('forbidden', reason, { fields: { regionCode: reason } })
}

/** Addresses under `/policies/` that are pages themselves. */
const reserved = new Set(['new', 'drafts', 'events', 'feed', 'embed', 'map', 'compare'])
const slugPattern = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

export const checkSlug = (slug: string): Refusal | undefined => {
  const wrong = (reason: string) => refuse('invalid', reason, { fields: { slug: reason } })
  if (!slugPattern.test(slug) || slug.length > 80) return wrong('网址标识只能用小写字母、数字和连字符，最多 80 个字符，例如 zj-2026-fee')
  return reserved.has(slug) ? wrong(`“${slug}”是平台自己的网址，请换一个`) : undefined
}

/** An address for a policy whose author gave none: `p3301-2026-7`. */
export async function newSlug(ctx: Ctx, content: PolicyContent): Promise<string> {
  const region = regionOf(content)
  const year = Number(shanghaiDate(ctx.now).slice(0, 4))
  return `p${regionPrefix(region) || '00'}-${year}-${await nextNumber(ctx, region.slice(0, 2), 'policy', year)}`
}

async function newVersion(ctx: Ctx, { content, demo = false }: DraftInput): Promise<Version | Refusal> {
  const wrong = checkSlug(content.slug)
  if (wrong) return wrong
  const policy = await ctx.db.selectFrom('policies').selectAll().where('slug', '=', content.slug).forUpdate().executeTakeFirst()
  if (!policy) return insertVersion(ctx, await insertPolicy(ctx, content), content, 1, demo)
  if (!allowed(readers, ctx.actor, { org_id: policy.org_id, region: policy.region }))
    return refuse('conflict', `网址标识“${content.slug}”已被别的地区的政策使用，请换一个`, { fields: { slug: '已被使用，请换一个' } })
  const versions = await ctx.db
    .selectFrom('policy_versions')
    .select(['number', 'state', 'created_by_name'])
    .where('policy_id', '=', policy.id)
    .orderBy('number', 'desc')
    .execute()
  const open = versions.find(({ state }) => state === 'draft' || state === 'review')
  if (open)
    return refuse(
      'conflict',
      `这份政策的第 ${open.number} 版（${workflow.states[open.state]}，${open.created_by_name}起草）还没有办结，请在那一版上修改`,
      { code: 'VERSION_OPEN' },
    )
  return insertVersion(ctx, policy.id, content, (versions[0]?.number ?? 0) + 1, demo)
}

async function insertPolicy(ctx: Ctx, content: PolicyContent): Promise<string> {
  const region = regionOf(content)
  const policy = {
    id: uuidv7(),
    slug: content.slug,
    province: region.slice(0, 2),
    region,
    org_id: ctx.actor.org_id,
    live_version_id: null,
    created_at: ctx.now,
  }
  await ctx.db.insertInto('policies').values(policy).execute()
  return policy.id
}

async function insertVersion(ctx: Ctx, policyId: string, content: PolicyContent, number: number, demo: boolean): Promise<Version> {
  const id = uuidv7()
  await ctx.db
    .insertInto('policy_versions')
    .values({
      ...contentColumns(content),
      id,
      policy_id: policyId,
      number,
      org_id: ctx.actor.org_id,
      state: workflow.start,
      content_hash: hashOf(content),
      demo,
      created_by: ctx.actor.id,
      created_by_name: ctx.actor.name,
      authors: [ctx.actor.id],
      created_at: ctx.now,
      updated_at: ctx.now,
      version: 1,
    })
    .execute()
  return getVersion(ctx, id)
}

async function changeDraft(ctx: Ctx, { content, version }: DraftInput, id: string): Promise<Version | Refusal> {
  const current = await lockVersion(ctx, id)
  if (isRefusal(current)) return current
  if (current.state !== 'draft')
    return refuse('conflict', `第 ${current.number} 版当前是“${workflow.states[current.state]}”，只有草稿可以修改；审核中的请先撤回或退回`)
  if (!allowed(readers, ctx.actor, { org_id: current.orgId, region: current.region })) return refuse('forbidden', '您不能修改这份草稿')
  const stale = staleProblem(current, version)
  if (stale) return stale
  if (content.slug !== current.slug)
    return refuse('invalid', '网址标识在第一次保存后不能更改', { fields: { slug: `须为 ${current.slug}` } })
  const authors = current.authors.includes(ctx.actor.id) ? [...current.authors] : [...current.authors, ctx.actor.id]
  await ctx.db
    .updateTable('policy_versions')
    .set({ ...contentColumns(content), content_hash: hashOf(content), authors, updated_at: ctx.now, version: current.version + 1 })
    .where('id', '=', id)
    .execute()
  return getVersion(ctx, id)
}

const staleProblem = (current: Version, version: number | undefined): Refusal | undefined =>
  version === current.version
    ? undefined
    : refuse('conflict', '您打开之后，这一版已被别人改过。您填写的内容还在本页，请核对最新内容后再保存', {
        code: 'STALE',
        fields: { version: `现在是第 ${current.version} 次修改` },
      })

async function lockVersion(ctx: Ctx, id: string): Promise<Version | Refusal> {
  const row = await versionsSeenBy(ctx).where('v.id', '=', id).forUpdate('v').executeTakeFirst()
  return row ? toVersion(row) : refuse('missing', '没有这一版政策')
}

const getVersion = async (ctx: Ctx, id: string): Promise<Version> => {
  const found = await findVersion(ctx, id)
  if (!found) throw new Error(`policy version ${id} has just been written and is not visible to ${ctx.actor.role}`)
  return found
}

export interface StepInput {
  step: PolicyStep
  opinion?: string | undefined
  /** The lock that the page was opened with. */
  version: number
  /** With `end`: the policy that takes its place (slug). */
  successor?: string | undefined
}

/** One step of the approval, with its event, and the edition where the public sees a change. */
export const takeStep = (ctx: Ctx, versionId: string, input: StepInput): Promise<Version | Refusal> =>
  inTx(ctx, async (tx) => {
    const current = await lockVersion(tx, versionId)
    if (isRefusal(current)) return current
    if (!takeableSteps.includes(input.step)) return refuse('missing', `「${workflow.title}」没有“${input.step}”这一步`)
    const stale = staleProblem(current, input.version)
    if (stale) return stale
    const successor = await findSuccessor(tx, current, input)
    if (isRefusal(successor)) return successor
    return move(tx, current, input.step, input.opinion?.trim() ?? '', successor)
  })

async function findSuccessor(ctx: Ctx, current: Version, { step, successor }: StepInput): Promise<string | undefined | Refusal> {
  if (step !== 'end' || !successor?.trim()) return undefined
  const slug = successor.trim()
  const wrong = (reason: string) => refuse('invalid', reason, { fields: { successor: reason } })
  if (slug === current.slug) return wrong('接替的政策不能是它自己')
  const found = await ctx.db.selectFrom('policies').select('live_version_id').where('slug', '=', slug).executeTakeFirst()
  return found?.live_version_id ? slug : wrong(`没有网址标识为“${slug}”的已发布政策`)
}

/** The only writer of `state`: `advance` decides, one transaction does. Public so that the library can be adopted the same way. */
export async function move(ctx: Ctx, current: Version, step: PolicyStep, opinion: string, successor?: string): Promise<Version | Refusal> {
  const needsAll = step === 'publish' || step === 'adopt'
  const missing = needsAll ? gapsOf(current.content).map(({ sentence }) => sentence) : []
  const next = advance(workflow, toReviewed(current, missing), step, ctx.actor, ctx.now, opinion)
  if (isRefusal(next)) return next
  const content: PolicyContent = successor ? { ...current.content, successor } : current.content
  await ctx.db
    .updateTable('policy_versions')
    .set({
      ...(successor && { ...contentColumns(content), content_hash: hashOf(content) }),
      ...marks(ctx, step),
      state: next.to,
      opinion: opinion || null,
      updated_at: ctx.now,
      version: current.version + 1,
    })
    .where('id', '=', current.id)
    .execute()
  if (next.to === 'published') await takeOver(ctx, current)
  if (next.to === 'published' || next.to === 'ended') await raiseEdition(ctx)
  await tell(ctx, current, actions[step], opinion)
  return getVersion(ctx, current.id)
}

const marks = ({ actor, now }: Ctx, step: PolicyStep) =>
  step === 'submit'
    ? { submitted_by: actor.id, submitted_by_name: actor.name, submitted_at: now }
    : step === 'return' || step === 'withdraw'
      ? { submitted_by: null, submitted_by_name: null, submitted_at: null }
      : step === 'publish' || step === 'adopt'
        ? { published_by: actor.id, published_by_name: actor.name, published_at: now }
        : step === 'end'
          ? { ended_at: now }
          : {}

/** The new version is what the library shows; the one before it is superseded. */
async function takeOver(ctx: Ctx, current: Version): Promise<void> {
  const before = await versionsSeenBy(ctx)
    .where('v.policy_id', '=', current.policyId)
    .where('v.state', '=', 'published')
    .where('v.id', '!=', current.id)
    .executeTakeFirst()
  if (before) {
    const done = await move({ ...ctx, actor: platform }, toVersion(before), 'supersede', `由第 ${current.number} 版取代`)
    if (isRefusal(done)) throw new Error(done.reason)
  }
  await ctx.db
    .updateTable('policies')
    .set({ live_version_id: current.id, region: current.region, province: current.province })
    .where('id', '=', current.policyId)
    .execute()
}

const actions: Record<PolicyStep, string> = {
  submit: 'submitted',
  return: 'returned',
  withdraw: 'withdrawn',
  publish: 'published',
  adopt: 'published',
  supersede: 'superseded',
  end: 'ended',
}

const tell = (ctx: Ctx, { id, policyId, slug, number, province, region, content }: Version, action: string, opinion: string) =>
  announce(ctx, {
    subject: 'policy',
    subjectId: policyId,
    action,
    province,
    region,
    title: content.title,
    detail: { versionId: id, slug, number, ...(opinion && { opinion }) },
  })

/** Same content, same hash, whatever the order of its keys. */
export const hashOf = (content: PolicyContent): string => createHash('sha256').update(canonical(content)).digest('hex')
