/** Decides one line again: by the rules of the day it was accepted, with what is known now. Nobody types an amount. */
import { platform } from '../../../core/access.ts'
import { fen, zero, type Fen } from '../../../core/money.ts'
import { institutionSettings, linesOf } from '../../../commons/orders/index.server.ts'
import type { LineReliefRecord, Order, OrderLine, TakenRelief } from '../../../commons/orders/index.ts'
import { profileOf } from '../../../commons/people/index.server.ts'
import { listEvents, namesFor, policiesAsOf, settingOf } from '../../../commons/policies/index.server.ts'
import type { LivePolicy } from '../../../commons/policies/index.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import type { Took } from '../budgets/fit.ts'
import { budgetRooms, type HeldBudgets } from '../budgets/take.server.ts'
import { grantedTo, usedInYear } from '../decide-order.server.ts'
import { feePolicies, orderRelief } from '../order-relief.ts'
import { pledgeStanding } from '../pledges.server.ts'
import '../tables.server.ts'

export interface Redecision {
  /** Beyond what the line has been relieved of so far; zero or less: nothing more. */
  more: Fen
  found: LineReliefRecord | null
  /** By slug, what this line takes of a policy more (or less, where a better one takes its place). */
  changes: ReadonlyMap<string, Fen>
  /** What is due and has to wait for room in a budget. */
  queued: readonly Took[]
  policies: readonly LivePolicy[]
  budgets: HeldBudgets
  year: number
}

/** `lock`: the yearly caps are held until the transaction ends. The order is accepted. */
export async function redecide(ctx: Ctx, order: Order, line: OrderLine, { lock = false }: { lock?: boolean } = {}): Promise<Redecision> {
  const own: Ctx = { ...ctx, actor: platform }
  const on = order.accepted_on!
  const year = Number(on.slice(0, 4))
  const profile = await profileOf(own, order.org_id)
  if (!profile) throw new Error(`no organisation ${order.org_id}`)
  const policies = feePolicies(await policiesAsOf(ctx, order.accepted_at!))
  const org = { province: order.province, orgId: order.org_id }
  const taken = await takenOf(ctx, order)
  const before = sumBySlug(taken.get(line.id) ?? [])
  // Budgets before yearly caps, as acceptance locks them.
  const budgets = await budgetRooms(ctx, { policies, region: order.region, lock })
  const inYear = await usedInYear(ctx, org, policies, { lock, year })
  const decided = orderRelief({
    policies,
    facts: profile.facts,
    affiliation: (await institutionSettings(ctx, order.institution_id))?.affiliation ?? null,
    lines: [{ id: line.id, service: line.service, kind: line.kind, use: line.use, fee: fen(line.fee_fen) }],
    setting: await settingOf(ctx, on),
    pledge: await pledgeStanding(own, profile),
    granted: await grantedTo(ctx, order.province, order.org_id, policies),
    // What this line has of a cap already is its own again.
    usedThisYear: new Map([...inYear].map(([slug, used]) => [slug, atLeastZero(used - (before.get(slug) ?? zero))])),
    rooms: new Map([...budgets.bySlug].map(([slug, { room }]) => [slug, fen(room + (before.get(slug) ?? zero))])),
    usedInOrder: sumBySlug([...taken].flatMap(([id, list]) => (id === line.id ? [] : list))),
    names: namesFor([], await listEvents(ctx)),
  }).lines.get(line.id)!
  const after = sumBySlug(decided.record?.taken ?? [])
  const slugs = new Set([...before.keys(), ...after.keys()])
  return {
    more: fen(decided.relief - line.relief_fen),
    found: decided.record,
    queued: decided.queued,
    changes: new Map([...slugs].map((slug) => [slug, fen((after.get(slug) ?? zero) - (before.get(slug) ?? zero))])),
    policies,
    budgets,
    year,
  }
}

const atLeastZero = (amount: bigint): Fen => fen(amount > 0n ? amount : 0n)

type Taken = Pick<TakenRelief, 'slug' | 'amountFen'>

const sumBySlug = (list: readonly Taken[]): Map<string, Fen> => {
  const sums = new Map<string, Fen>()
  for (const { slug, amountFen } of list) sums.set(slug, fen((sums.get(slug) ?? zero) + BigInt(amountFen)))
  return sums
}

/** What the lines of an order that are kept take off now, by policy: as the last credit found it, or as frozen at acceptance, with what a queue served. */
async function takenOf(ctx: Ctx, order: Order): Promise<Map<string, readonly Taken[]>> {
  const credits = await ctx.db
    .selectFrom('relief_reviews')
    .select(['line_id', 'found'])
    .where('province', '=', order.province)
    .where('order_id', '=', order.id)
    .where('state', '=', 'credited')
    .orderBy('decided_at')
    .orderBy('id')
    .execute()
  const last = new Map(credits.map(({ line_id, found }) => [line_id, found]))
  const kept = (await linesOf(ctx, order)).filter(({ state }) => state !== 'cancelled')
  const served = await ctx.db
    .selectFrom('relief_queue')
    .select(['line_id', 'slug', 'served_fen'])
    .where('province', '=', order.province)
    .where('order_id', '=', order.id)
    .where('served_fen', '>', 0n)
    .execute()
  return new Map(
    kept.map(({ id, relief }) => [
      id,
      [
        ...((last.get(id) ?? relief)?.taken ?? []),
        ...served.filter(({ line_id }) => line_id === id).map(({ slug, served_fen }) => ({ slug, amountFen: String(served_fen) })),
      ],
    ]),
  )
}

/** Why the policy that was asked about takes nothing more, in words. */
export const sayNone = (found: LineReliefRecord | null, slug: string): string | undefined =>
  found?.taken.some((each) => each.slug === slug) ? '这项政策已经按最多的减了' : found?.refused.find((each) => each.slug === slug)?.why
