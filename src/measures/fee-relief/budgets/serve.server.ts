/** Room that appears goes to those in line, first come, first served, by itself; what a cancelled line had used is free again. */
import { sql } from 'kysely'
import { creditCharge, lockCharges, type ChargeRow } from '../../../commons/accounts/index.server.ts'
import { send } from '../../../commons/messages/index.server.ts'
import { creditLine, lockLines } from '../../../commons/orders/index.server.ts'
import { fen, formatYuan } from '../../../core/money.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { inTx, type Ctx } from '../../../platform/db.server.ts'
import type { EventRow } from '../../../platform/events.server.ts'
import { serveInOrder } from './fit.ts'
import type { Queued } from './model.ts'
import { leftOf, lockBudgets, runs, tellQueue, toWaiting, waitingFor, writeUses } from './take.server.ts'
import './tables.server.ts'

/** Gives how many entries got something. */
export async function serveQueue(tx: Ctx, policyIds: readonly string[]): Promise<number> {
  const today = shanghaiDate(tx.now)
  const budgets = (await lockBudgets(tx, policyIds)).filter((budget) => runs(budget, today))
  const queue = await waitingFor(tx, policyIds)
  const first = serveInOrder(leftOf(budgets), queue.map(toWaiting))
  if (first.served.size === 0) return 0
  const due = queue.filter(({ id }) => first.served.has(id))
  const charges = await holdCharges(tx, due)
  let given = 0
  for (const entry of due) given += (await serveOne(tx, entry, charges.get(entry.line_id), first.served.get(entry.id)!)) ? 1 : 0
  return given
}

/** Every charge and book before the first entry is written: whoever cancels a line locks its charge before it tells. */
async function holdCharges(tx: Ctx, due: readonly Queued[]): Promise<Map<string, ChargeRow>> {
  const found = new Map<string, ChargeRow>()
  const books = [...new Set(due.map((entry) => entry.institution_id))].toSorted()
  for (const province of [...new Set(due.map((entry) => entry.province))].toSorted()) {
    const lines = due.filter((entry) => entry.province === province).map(({ line_id }) => line_id)
    await lockLines(tx, province, lines)
    const { rows } = await sql<{
      id: string
    }>`select id from charges where province = ${province} and line_id = any(${lines}::uuid[])`.execute(tx.db)
    const charges = await lockCharges(tx, province, { ids: rows.map(({ id }) => id) })
    for (const charge of charges) if (charge.line_id) found.set(charge.line_id, charge)
  }
  await sql`select 1 from books where institution_id = any(${books}::uuid[]) order by province, institution_id for key share`.execute(tx.db)
  return found
}

async function serveOne(tx: Ctx, entry: Queued, charge: ChargeRow | undefined, room: bigint): Promise<boolean> {
  const open = charge ? charge.fee_fen - charge.relief_fen : 0n
  // Another act has taken the fee off or undone it since.
  if (!charge || open <= 0n) {
    await endEntry(tx, entry, '这笔费用已经全部减免或撤销，不用再补减')
    return false
  }
  const amount = room < open ? room : open
  const source = `queue:${entry.id}:${entry.version}`
  const posted = await creditCharge(
    tx,
    {
      institution: { province: entry.institution_region.slice(0, 2), id: entry.institution_id, region: entry.institution_region },
      charge,
      source,
      memo: `额度有余，补减《${entry.title}》`,
      detail: { orderId: entry.order_id, queueId: entry.id, reliefBySlug: { [entry.slug]: String(amount) } },
    },
    fen(amount),
  )
  // The month is closed today: the daily round tries again.
  if (isRefusal(posted)) return false
  if (!posted.again) {
    charge.relief_fen += amount
    const order = { ...entry, id: entry.order_id, number: entry.order_number }
    await creditLine(tx, order, entry.line_id, fen(amount), { what: charge.title, queueId: entry.id })
  }
  await writeUses(
    tx,
    'served',
    entry.budget_ids.map((budgetId) => ({ budgetId, order: entry, lineId: entry.line_id, slug: entry.slug, amount, source })),
  )
  await noteServed(tx, entry, amount)
  return true
}

async function noteServed(tx: Ctx, entry: Queued, amount: bigint): Promise<void> {
  const all = entry.served_fen + amount === entry.amount_fen
  const outcome = all ? `已全部补减 ${formatYuan(fen(entry.amount_fen))}` : null
  await tx.db
    .updateTable('relief_queue')
    .set({
      served_fen: entry.served_fen + amount,
      ...(all && { state: 'served' as const, outcome, ended_at: tx.now }),
      version: sql`version + 1`,
    })
    .where('province', '=', entry.province)
    .where('id', '=', entry.id)
    .execute()
  const left = entry.amount_fen - entry.served_fen - amount
  await tellQueue(tx, entry, 'served', { slug: entry.slug, amountFen: amount, leftFen: left, orderId: entry.order_id })
  await tellEnterprise(tx, entry, {
    key: `served:${entry.version}`,
    title: `已补减 ${formatYuan(fen(amount))}`,
    body: `《${entry.title}》有了额度，委托单 ${entry.order_number} 已自动补减${left > 0n ? `，还有 ${formatYuan(fen(left))} 在排队` : ''}。不用办理；已付的转为预收，可抵可退。`,
    number: formatYuan(fen(amount)),
  })
}

const tellEnterprise = (tx: Ctx, entry: Queued, said: { key: string; title: string; body: string; number: string }) =>
  send(tx, {
    province: entry.province,
    orgId: entry.org_id,
    region: entry.region,
    role: 'enterprise',
    template: 'relief-queue',
    subject: 'relief-queue',
    subjectId: entry.id,
    title: said.title,
    body: said.body,
    number: said.number,
    actionLabel: '看费用',
    actionUrl: '/me/money',
    dedupe: `relief-queue:${entry.id}:${said.key}`,
  })

/** No longer in line: `outcome` says why. The room that a yearly cap held for the rest (of a cancelled line: for all) is free again. */
async function endEntry(tx: Ctx, entry: Queued, outcome: string, { cancelled = false } = {}): Promise<void> {
  const left = entry.amount_fen - entry.served_fen
  await tx.db
    .updateTable('relief_queue')
    .set({ state: 'ended', outcome, ended_at: tx.now, version: sql`version + 1` })
    .where('province', '=', entry.province)
    .where('id', '=', entry.id)
    .execute()
  await giveCapBack(tx, entry, cancelled ? entry.amount_fen : left)
  await tellQueue(tx, entry, 'ended', { slug: entry.slug, leftFen: left, outcome, orderId: entry.order_id })
}

const giveCapBack = (tx: Ctx, { province, org_id, policy_id, cap_year }: Queued, amount: bigint) =>
  sql`update relief_usage set used_fen = greatest(0, used_fen - ${amount})
    where province = ${province} and org_id = ${org_id} and policy_id = ${policy_id} and year = ${cap_year}`.execute(tx.db)

/** A line was cancelled, or relief withdrawn: its budgets have that much room again, and those in line are served. */
export async function giveBack(tx: Ctx, event: EventRow): Promise<void> {
  const { rows: lines } = await sql<{ line_id: string; back: bigint }>`
    select c.line_id, coalesce(-sum(b.amount_fen) filter (where b.account = 'relief'), 0)::bigint as back
    from book_lines b join charges c on c.province = b.province and c.id = b.charge_id
    where b.province = ${event.province} and b.entry_id = ${event.subject_id} and c.line_id is not null
    group by c.line_id`.execute(tx.db)
  const ids = lines.map(({ line_id }) => line_id)
  const { rows: policies } = await sql<{ policy_id: string }>`
    select policy_id from relief_budgets where id in (
      select budget_id from relief_budget_uses where province = ${event.province} and line_id = any(${ids}::uuid[]))
    union select policy_id from relief_queue where province = ${event.province} and line_id = any(${ids}::uuid[])`.execute(tx.db)
  if (policies.length === 0) return
  const policyIds = policies.map(({ policy_id }) => policy_id)
  await lockBudgets(tx, policyIds)
  for (const { line_id, back } of lines) if (back > 0n) await returnOf(tx, event, line_id, back)
  if (event.action === 'cancelled') await endOfLines(tx, event.province, ids)
  await serveQueue(tx, policyIds)
}

/** What one line has used of each budget, given back up to `back`: the last policy first. */
async function returnOf(tx: Ctx, event: EventRow, lineId: string, back: bigint): Promise<void> {
  const { rows } = await sql<{
    slug: string
    budget_ids: string[]
    net: bigint
    org_id: string
    region: string
    institution_id: string
    order_id: string
  }>`select slug, array_agg(budget_id order by budget_id) as budget_ids, max(net)::bigint as net, org_id, region, institution_id, order_id from (
      select slug, budget_id, sum(amount_fen) as net, org_id, region, institution_id, order_id from relief_budget_uses
      where province = ${event.province} and line_id = ${lineId} and source <> ${`entry:${event.subject_id}`}
      group by slug, budget_id, org_id, region, institution_id, order_id having sum(amount_fen) > 0) u
    group by slug, org_id, region, institution_id, order_id order by slug desc`.execute(tx.db)
  let left = back
  for (const { slug, budget_ids, net, ...order } of rows) {
    const amount = net < left ? net : left
    if (amount <= 0n) continue
    left -= amount
    await writeUses(
      tx,
      'returned',
      budget_ids.map((budgetId) => ({
        budgetId,
        order: { province: event.province, ...order },
        lineId,
        slug,
        amount: -amount,
        source: `entry:${event.subject_id}`,
      })),
    )
  }
}

async function endOfLines(tx: Ctx, province: string, lineIds: readonly string[]): Promise<void> {
  const rows = (await tx.db
    .selectFrom('relief_queue')
    .selectAll()
    .where('province', '=', province)
    .where('line_id', '=', sql<string>`any(${[...lineIds]}::uuid[])`)
    .where('state', 'in', ['waiting', 'served'])
    .orderBy('place')
    .forUpdate()
    .execute()) as unknown as Queued[]
  for (const entry of rows) await endEntry(tx, entry, '这一项不做了，费用已撤销，不用再排队', { cancelled: true })
}

/** Every night: budgets whose period is over end, and with them what still waits; what has room is served. */
export async function turnBudgets(ctx: Ctx): Promise<number> {
  const today = shanghaiDate(ctx.now)
  const { rows } = await sql<{ policy_id: string }>`select distinct policy_id from relief_budgets where state = 'active'
    union select distinct policy_id from relief_queue where state = 'waiting' order by 1`.execute(ctx.db)
  let ended = 0
  for (const { policy_id } of rows) {
    const done = await inTx(ctx, (tx) => turnPolicy(tx, policy_id, today))
    if (!isRefusal(done)) ended += done
  }
  return ended
}

async function turnPolicy(tx: Ctx, policyId: string, today: string): Promise<number> {
  const over = (await lockBudgets(tx, [policyId])).filter(({ state, ends_on }) => state === 'active' && ends_on < today)
  for (const { id } of over) await sql`update relief_budgets set state = 'ended', version = version + 1 where id = ${id}`.execute(tx.db)
  const late = (await waitingFor(tx, [policyId])).filter(({ ends_on }) => ends_on < today)
  for (const entry of late) {
    const left = formatYuan(fen(entry.amount_fen - entry.served_fen))
    const outcome = `额度期限 ${entry.ends_on} 已到，还有 ${left} 没有排到，不再补减`
    await endEntry(tx, entry, outcome)
    await tellEnterprise(tx, entry, {
      key: 'ended',
      title: `排队结束：${left} 没有补减`,
      body: `《${entry.title}》的额度期限到 ${entry.ends_on}，委托单 ${entry.order_number} 还有 ${left} 没有排到，这部分按原价计费。暂时付不出可以申请缓缴；对结果有疑问可以联系主管部门。`,
      number: left,
    })
  }
  await serveQueue(tx, [policyId])
  return over.length + late.length
}
