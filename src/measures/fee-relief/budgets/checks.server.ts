/**
 * After every acceptance: do related firms share a budget beyond a share, was an order split to go beyond the cap of one order?
 * Related are firms with one person in several of them, or with one telephone or address on their orders. The sealed telephone numbers of
 * persons are not opened for this: they were given for messages. No number is copied into what is flagged.
 */
import { sql } from 'kysely'
import { policiesInForce } from '../../../commons/policies/index.server.ts'
import { addDays } from '../../../core/eligibility/calendar-day.ts'
import { promiseClock } from '../../../core/promise-clock.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import type { EventRow } from '../../../platform/events.server.ts'
import { announce } from '../../../platform/events.server.ts'
import { uuidv7 } from '../../../platform/ids.ts'
import { jsonb } from '../../../platform/db.server.ts'
import { checks, type Flag, type FlagKind, type LinkKind } from './model.ts'
import { relatedUse, splitUse, type FirmUse, type Link, type OrderUse } from './related.ts'
import { flagWorkflow } from './workflow.ts'
import './tables.server.ts'

interface Accepted {
  province: string
  id: string
  org_id: string
  org_name: string
  region: string
  institution_id: string
  institution_name: string
  accepted_on: string
  phone: string
  address: string | null
}

export async function checkOrder(tx: Ctx, event: EventRow): Promise<void> {
  const { rows } =
    await sql<Accepted>`select province, id, org_id, org_name, region, institution_id, institution_name, accepted_on, phone, address
    from orders where province = ${event.province} and id = ${event.subject_id} and accepted_on is not null`.execute(tx.db)
  const [order] = rows
  if (!order) return
  await checkRelated(tx, order)
  await checkSplitting(tx, order)
}

async function checkRelated(tx: Ctx, order: Accepted): Promise<void> {
  const { rows: budgets } = await sql<{ id: string; slug: string; title: string; amount_fen: bigint }>`
    select id, slug, title, amount_fen from relief_budgets where state = 'active' and id in (
      select budget_id from relief_budget_uses where province = ${order.province} and order_id = ${order.id}) order by id`.execute(tx.db)
  if (budgets.length === 0) return
  const links = await linksOf(tx, order)
  if (links.length === 0) return
  for (const budget of budgets) {
    const { rows: firms } = await sql<FirmUse>`select u.org_id as "orgId", o.name, sum(u.amount_fen)::bigint as used
      from relief_budget_uses u join organisations o on o.province = u.province and o.id = u.org_id
      where u.budget_id = ${budget.id} and u.org_id = any(${[order.org_id, ...links.map(({ orgId }) => orgId)]}::uuid[])
      group by u.org_id, o.name order by used desc, u.org_id`.execute(tx.db)
    const own = firms.find(({ orgId }) => orgId === order.org_id)
    const found = own && relatedUse(own, firms, links, budget.amount_fen)
    if (!found) continue
    const ids = found.firms.map(({ orgId }) => orgId).toSorted()
    await raiseFlag(tx, order, {
      kind: 'related',
      key: `related:${budget.id}:${ids.join(',')}`,
      slug: budget.slug,
      title: budget.title,
      facts: {
        budgetId: budget.id,
        budgetFen: String(budget.amount_fen),
        togetherFen: String(found.together),
        shareBp: found.shareBp,
        firms: found.firms.map(({ orgId, name, used, links: kinds }) => ({ orgId, name, usedFen: String(used), links: kinds })),
      },
    })
  }
}

/** Only that two firms are linked, and by what kind of thing; the thing itself stays where it is. */
async function linksOf({ db }: Ctx, { province, org_id, phone, address }: Accepted): Promise<Link[]> {
  const { rows } = await sql<{ orgId: string; kind: LinkKind }>`
    select distinct o.org_id as "orgId", case when o.duty = 'legal-representative' and m.duty = 'legal-representative'
        then 'legal-representative' else 'person' end as kind
      from memberships m join memberships o on o.person_id = m.person_id and o.org_id <> m.org_id
      where m.province = ${province} and m.org_id = ${org_id} and m.role = 'enterprise' and o.role = 'enterprise'
    union select org_id, 'phone' from orders where province = ${province} and org_id <> ${org_id} and phone = ${phone} and phone <> ''
    union select org_id, 'address' from orders where province = ${province} and org_id <> ${org_id} and address = ${address} and address <> ''`.execute(
    db,
  )
  return rows
}

async function checkSplitting(tx: Ctx, order: Accepted): Promise<void> {
  const capped = (await policiesInForce(tx, order.accepted_on)).flatMap(({ slug, content }) =>
    content.benefits.flatMap(({ capFen, capPer }) =>
      capFen !== undefined && capPer === 'order' ? [{ slug, title: content.title, capFen }] : [],
    ),
  )
  for (const { slug, title, capFen } of capped) {
    const { rows: orders } = await sql<OrderUse>`
      select o.id, o.number, o.accepted_on as "acceptedOn", sum((t ->> 'amountFen')::bigint)::bigint as relief
      from orders o join order_lines l on l.province = o.province and l.order_id = o.id
        cross join lateral jsonb_array_elements(l.relief -> 'taken') t
      where o.province = ${order.province} and o.org_id = ${order.org_id} and o.institution_id = ${order.institution_id}
        and o.accepted_on between ${addDays(order.accepted_on, 1 - checks.splittingDays)} and ${order.accepted_on}
        and l.state <> 'cancelled' and l.relief is not null and t ->> 'slug' = ${slug}
      group by o.id, o.number, o.accepted_on order by o.accepted_on, o.number`.execute(tx.db)
    const found = orders.some(({ id }) => id === order.id) ? splitUse(orders, BigInt(capFen)) : undefined
    if (!found) continue
    await raiseFlag(tx, order, {
      kind: 'splitting',
      key: `splitting:${slug}:${order.institution_id}:${orders[0]!.id}`,
      slug,
      title,
      facts: {
        institution: order.institution_name,
        days: checks.splittingDays,
        capFen: String(capFen),
        togetherFen: String(found.together),
        orders: orders.map(({ relief, ...each }) => ({ ...each, reliefFen: String(relief) })),
      },
    })
  }
}

/** Working days from now, for whoever is asked. */
export const answerBy = (now: string): string =>
  promiseClock({ startedAt: now, limit: `${checks.answerWorkdays} 工作日`, now }).statutory.due

/** The same facts are flagged once; while an item is open it takes in what comes. */
async function raiseFlag(
  tx: Ctx,
  order: Accepted,
  found: Pick<Flag, 'key' | 'slug' | 'title' | 'facts'> & { kind: FlagKind },
): Promise<void> {
  const row = await tx.db
    .insertInto('relief_flags')
    .values({
      province: order.province,
      id: uuidv7(),
      org_id: order.org_id,
      org_name: order.org_name,
      region: order.region,
      kind: found.kind,
      key: found.key,
      slug: found.slug,
      title: found.title,
      facts: jsonb(found.facts) as never,
      state: flagWorkflow.start,
      owner_id: null,
      owner_name: null,
      asked: null,
      explanation: null,
      outcome: null,
      due_on: answerBy(tx.now),
      created_at: tx.now,
      ended_at: null,
    })
    .onConflict((oc) =>
      oc
        .columns(['province', 'key'])
        .doUpdateSet({ facts: jsonb(found.facts) as never, version: sql`relief_flags.version + 1` })
        .where('relief_flags.state', '=', 'open'),
    )
    .returning(['id', 'version'])
    .executeTakeFirst()
  if (row?.version !== 1) return
  await announce(tx, {
    subject: 'relief-flag',
    subjectId: row.id,
    action: 'raised',
    province: order.province,
    region: order.region,
    orgId: order.org_id,
    title: found.title,
    detail: { kind: found.kind, slug: found.slug },
  })
}
