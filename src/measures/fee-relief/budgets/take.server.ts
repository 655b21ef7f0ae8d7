/** What an order takes of budgets when it is accepted, and what has to wait. Budgets are locked in the order of their ids, always. */
import { sql } from 'kysely'
import { regionPrefix } from '../../../core/eligibility/codes.ts'
import { fen, type Fen } from '../../../core/money.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import type { LivePolicy } from '../../../commons/policies/index.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { announce } from '../../../platform/events.server.ts'
import { uuidv7 } from '../../../platform/ids.ts'
import { roomIn, serveInOrder, type Took } from './fit.ts'
import type { Budget, Queued, UseKind } from './model.ts'
import './tables.server.ts'

/** Room for one enterprise's order, by slug; a policy without a budget is absent. */
export interface HeldBudgets {
  bySlug: ReadonlyMap<string, { policyId: string; title: string; budgets: readonly Budget[]; room: Fen; waiting: number }>
}

/** All budgets of the policies, whatever their state, locked by id: every command that moves them begins here. */
export const lockBudgets = async ({ db }: Pick<Ctx, 'db'>, policyIds: readonly string[], lock = true): Promise<Budget[]> =>
  policyIds.length === 0
    ? []
    : ((await db
        .selectFrom('relief_budgets')
        .selectAll()
        .where('policy_id', 'in', [...policyIds])
        .orderBy('id')
        .$if(lock, (qb) => qb.forUpdate())
        .execute()) as unknown as Budget[])

export const waitingFor = async ({ db }: Pick<Ctx, 'db'>, policyIds: readonly string[]): Promise<Queued[]> =>
  policyIds.length === 0
    ? []
    : ((await db
        .selectFrom('relief_queue')
        .selectAll()
        .where('policy_id', 'in', [...policyIds])
        .where('state', '=', 'waiting')
        .orderBy('place')
        .execute()) as unknown as Queued[])

export const leftOf = (budgets: readonly Budget[]): Map<string, bigint> =>
  new Map(budgets.map(({ id, amount_fen, used_fen }) => [id, amount_fen > used_fen ? amount_fen - used_fen : 0n]))

export const runs = ({ state, starts_on, ends_on }: Budget, on: string): boolean => state === 'active' && starts_on <= on && on <= ends_on

export const toWaiting = ({ id, budget_ids, amount_fen, served_fen }: Queued) => ({
  id,
  budgets: budget_ids,
  amount: amount_fen - served_fen,
})

/** Room for a place today, after everybody who is in line ahead: nobody who comes later goes before them. */
export async function budgetRooms(
  ctx: Ctx,
  { policies, region, lock }: { policies: readonly LivePolicy[]; region: string; lock: boolean },
): Promise<HeldBudgets> {
  const today = shanghaiDate(ctx.now)
  const ids = policies.map(({ policyId }) => policyId)
  const budgets = (await lockBudgets(ctx, ids, lock)).filter((budget) => runs(budget, today))
  if (budgets.length === 0) return { bySlug: new Map() }
  const queue = await waitingFor(ctx, [...new Set(budgets.map(({ policy_id }) => policy_id))])
  const { left } = serveInOrder(leftOf(budgets), queue.map(toWaiting))
  return {
    bySlug: new Map(
      policies.flatMap(({ policyId, slug, content }) => {
        const own = budgets.filter((each) => each.policy_id === policyId && region.startsWith(regionPrefix(each.region)))
        if (own.length === 0) return []
        const needed = own.map(({ id }) => id)
        const room = fen(roomIn(left, needed))
        const waiting = queue.filter(({ budget_ids }) => budget_ids.some((id) => needed.includes(id))).length
        return [[slug, { policyId, title: content.title, budgets: own, room, waiting }] as const]
      }),
    ),
  }
}

export interface TakingOrder {
  province: string
  id: string
  number: string
  org_id: string
  org_name: string
  region: string
  institution_id: string
  institution_region: string
}

export interface TakingLine {
  lineId: string
  taken: readonly Took[]
  queued: readonly Took[]
}

/** Writes what was taken and puts in line what waits. Gives each waiting part its place, by `line:slug`. */
export async function takeBudgets(
  tx: Ctx,
  held: HeldBudgets,
  order: TakingOrder,
  lines: readonly TakingLine[],
  { kind, source }: { kind: UseKind; source: string } = { kind: 'taken', source: `order:${order.id}` },
): Promise<ReadonlyMap<string, number>> {
  const uses = lines.flatMap(({ lineId, taken }) =>
    taken.flatMap(({ slug, amount }) =>
      amount > 0n ? (held.bySlug.get(slug)?.budgets ?? []).map((budget) => ({ budget, lineId, slug, amount })) : [],
    ),
  )
  await writeUses(
    tx,
    kind,
    uses.map(({ budget, lineId, slug, amount }) => ({
      budgetId: budget.id,
      order: { ...order, order_id: order.id },
      lineId,
      slug,
      amount,
      source,
    })),
  )
  return enqueue(tx, held, order, lines)
}

async function enqueue(tx: Ctx, held: HeldBudgets, order: TakingOrder, lines: readonly TakingLine[]): Promise<Map<string, number>> {
  const places = new Map<string, number>()
  const ahead = new Map<string, number>()
  for (const { lineId, queued } of lines)
    for (const { slug, amount } of queued) {
      const own = held.bySlug.get(slug)
      if (!own) continue
      const place = (ahead.get(slug) ?? own.waiting) + 1
      ahead.set(slug, place)
      places.set(`${lineId}:${slug}`, place)
      const id = uuidv7()
      await tx.db
        .insertInto('relief_queue')
        .values({
          province: order.province,
          id,
          org_id: order.org_id,
          org_name: order.org_name,
          region: order.region,
          institution_id: order.institution_id,
          institution_region: order.institution_region,
          order_id: order.id,
          order_number: order.number,
          line_id: lineId,
          policy_id: own.policyId,
          slug,
          title: own.title,
          budget_ids: own.budgets.map(({ id: budget }) => budget),
          amount_fen: amount,
          cap_year: Number(shanghaiDate(tx.now).slice(0, 4)),
          state: 'waiting',
          // The first of its budgets that ends.
          ends_on: own.budgets.map(({ ends_on }) => ends_on).toSorted()[0]!,
          outcome: null,
          created_at: tx.now,
          ended_at: null,
        })
        .execute()
      await tellQueue(tx, { ...order, id, order_number: order.number }, 'queued', { slug, amountFen: amount, place, orderId: order.id })
    }
  return places
}

export const tellQueue = (
  tx: Ctx,
  row: Pick<Queued, 'id' | 'province' | 'region' | 'org_id' | 'order_number'>,
  action: string,
  detail: Record<string, unknown>,
) =>
  announce(tx, {
    subject: 'relief-queue',
    subjectId: row.id,
    action,
    province: row.province,
    region: row.region,
    orgId: row.org_id,
    title: row.order_number,
    detail,
  })

export interface Using {
  budgetId: string
  order: Pick<Queued, 'province' | 'org_id' | 'region' | 'institution_id' | 'order_id'>
  lineId: string
  slug: string
  /** Negative: given back. */
  amount: bigint
  /** The same source uses the same budget once for a line. */
  source: string
}

/** Adds the records and moves the sums by exactly what was added. The budgets are locked. */
export async function writeUses(tx: Ctx, kind: UseKind, uses: readonly Using[]): Promise<bigint> {
  if (uses.length === 0) return 0n
  const added = await tx.db
    .insertInto('relief_budget_uses')
    .values(
      uses.map(({ budgetId, order, lineId, slug, amount, source }) => ({
        province: order.province,
        id: uuidv7(),
        budget_id: budgetId,
        org_id: order.org_id,
        region: order.region,
        institution_id: order.institution_id,
        order_id: order.order_id,
        line_id: lineId,
        slug,
        kind,
        amount_fen: amount,
        used_on: shanghaiDate(tx.now),
        source,
        created_at: tx.now,
      })),
    )
    .onConflict((oc) => oc.columns(['province', 'budget_id', 'line_id', 'slug', 'source']).doNothing())
    .returning(['budget_id', 'amount_fen'])
    .execute()
  const sums = new Map<string, bigint>()
  for (const { budget_id, amount_fen } of added) sums.set(budget_id, (sums.get(budget_id) ?? 0n) + amount_fen)
  for (const [id, sum] of [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    await sql`update relief_budgets set used_fen = used_fen + ${sum} where id = ${id}`.execute(tx.db)
  return [...sums.values()].reduce((total, sum) => total + sum, 0n)
}
