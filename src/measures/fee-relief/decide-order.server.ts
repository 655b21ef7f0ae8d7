/** Gathers what the decision of an order needs, and decides. The desk that accepts never reads the enterprise's profile itself. */
import type { Fen } from '../../core/money.ts'
import { platform } from '../../core/access.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { profileOf } from '../../commons/people/index.server.ts'
import { namesFor, listEvents, policiesInForce, settingOf } from '../../commons/policies/index.server.ts'
import type { LivePolicy } from '../../commons/policies/index.ts'
import { institutionSettings } from '../../commons/orders/index.server.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { budgetRooms, type HeldBudgets } from './budgets/take.server.ts'
import { feePolicies, orderRelief, type OrderRelief, type ReliefLine } from './order-relief.ts'
import { pledgeStanding } from './pledges.server.ts'
import './tables.server.ts'

export interface DecidedOrder extends OrderRelief {
  policies: readonly LivePolicy[]
  pledge: 'standing' | 'missing' | 'broken'
  budgets: HeldBudgets
}

/** `lock`: the yearly caps are held until the transaction ends, so that two orders never use the same room. */
export async function decideOrder(
  ctx: Ctx,
  { province, orgId, institutionId, lines }: { province: string; orgId: string; institutionId: string; lines: readonly ReliefLine[] },
  { lock = false }: { lock?: boolean } = {},
): Promise<DecidedOrder> {
  const own: Ctx = { ...ctx, actor: platform }
  const today = shanghaiDate(ctx.now)
  const profile = await profileOf(own, orgId)
  if (!profile) throw new Error(`no organisation ${orgId}`)
  const policies = feePolicies(await policiesInForce(ctx, today))
  const pledge = await pledgeStanding(own, profile)
  // Budgets before yearly caps, as those in line are served: the other way round two could wait for each other.
  const budgets = await budgetRooms(ctx, { policies, region: profile.org.region, lock })
  const decided = orderRelief({
    policies,
    facts: profile.facts,
    affiliation: (await institutionSettings(ctx, institutionId))?.affiliation ?? null,
    lines,
    setting: await settingOf(ctx, today),
    pledge,
    granted: await grantedTo(ctx, province, orgId, policies),
    usedThisYear: await usedInYear(ctx, { province, orgId }, policies, { lock }),
    rooms: new Map([...budgets.bySlug].map(([slug, { room }]) => [slug, room])),
    names: namesFor([], await listEvents(ctx)),
  })
  return { ...decided, policies, pledge, budgets }
}

export async function grantedTo({ db }: Ctx, province: string, orgId: string, policies: readonly LivePolicy[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom('relief_grants')
    .select('policy_id')
    .where('province', '=', province)
    .where('org_id', '=', orgId)
    .execute()
  const ids = new Set(rows.map(({ policy_id }) => policy_id))
  return new Set(policies.filter(({ policyId }) => ids.has(policyId)).map(({ slug }) => slug))
}

const yearNow = ({ now }: Ctx): number => Number(shanghaiDate(now).slice(0, 4))

/** What yearly caps have used, by slug; locked, the rows are there and held until the transaction ends. */
export async function usedInYear(
  ctx: Ctx,
  { province, orgId }: { province: string; orgId: string },
  policies: readonly LivePolicy[],
  { lock, year = yearNow(ctx) }: { lock: boolean; year?: number },
): Promise<Map<string, Fen>> {
  const capped = policies.filter(({ content }) =>
    content.benefits.some(({ capFen, capPer = 'year' }) => capFen !== undefined && capPer === 'year'),
  )
  if (capped.length === 0) return new Map()
  const ids = capped.map(({ policyId }) => policyId).toSorted()
  // A row that is not there cannot be locked.
  if (lock)
    await ctx.db
      .insertInto('relief_usage')
      .values(ids.map((policy_id) => ({ province, org_id: orgId, policy_id, year })))
      .onConflict((oc) => oc.doNothing())
      .execute()
  const rows = await ctx.db
    .selectFrom('relief_usage')
    .select(['policy_id', 'used_fen'])
    .where('province', '=', province)
    .where('org_id', '=', orgId)
    .where('year', '=', year)
    .where('policy_id', 'in', ids)
    .orderBy('policy_id')
    .$if(lock, (qb) => qb.forUpdate())
    .execute()
  const used = new Map(rows.map(({ policy_id, used_fen }) => [policy_id, used_fen as Fen]))
  return new Map(capped.flatMap(({ policyId, slug }) => (used.has(policyId) ? [[slug, used.get(policyId)!]] : [])))
}

/** Adds to (or gives back) what yearly caps have used. */
export async function useCaps(
  ctx: Ctx,
  { province, orgId, year = yearNow(ctx) }: { province: string; orgId: string; year?: number },
  policies: readonly LivePolicy[],
  bySlug: ReadonlyMap<string, Fen>,
): Promise<void> {
  for (const { slug, policyId, content } of policies) {
    const amount = bySlug.get(slug)
    if (!amount || !content.benefits.some(({ capFen, capPer = 'year' }) => capFen !== undefined && capPer === 'year')) continue
    await ctx.db
      .updateTable('relief_usage')
      .set(({ fn, eb, val }) => ({ used_fen: fn<bigint>('greatest', [val(0n), eb('used_fen', '+', amount as bigint)]) }))
      .where('province', '=', province)
      .where('org_id', '=', orgId)
      .where('policy_id', '=', policyId)
      .where('year', '=', year)
      .execute()
  }
}
