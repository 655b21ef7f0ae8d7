/** What moves by itself: grants from applications, deferrals with their rule and their payments, caps with cancelled lines. */
import { sql } from 'kysely'
import { send } from '../../commons/messages/index.server.ts'
import { findPolicyById } from '../../commons/policies/index.server.ts'
import { moveDue } from '../../commons/accounts/index.server.ts'
import { addDays } from '../../core/eligibility/calendar-day.ts'
import { fen, formatYuan } from '../../core/money.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { jsonb } from '../../platform/db.server.ts'
import type { EventRow } from '../../platform/events.server.ts'
import type { Listener, Schedule } from '../../platform/jobs.server.ts'
import { listeners as budgetListeners, schedules as budgetSchedules } from './budgets/listeners.server.ts'
import { extended, openDates, stageOf } from './deferral.ts'
import { tellDeferral } from './deferral.server.ts'
import { stages, type Deferral, type DeferralBasis } from './model.ts'
import { listeners as reviews } from './reviews/listeners.server.ts'

export const listeners: readonly Listener[] = [
  { name: 'fee-relief.grant', on: ['policy-application.granted'], handle: grant },
  { name: 'fee-relief.extend', on: ['policy.published'], handle: extendDeferrals },
  { name: 'fee-relief.settle', on: ['book-entry.*'], handle: settle },
  { name: 'fee-relief.caps', on: ['book-entry.cancelled'], handle: giveBackCaps },
  ...reviews,
  ...budgetListeners,
]

/** From the day it is granted, the policy applies to this enterprise's orders. */
async function grant(ctx: Ctx, event: EventRow): Promise<void> {
  const { policyId } = event.detail as { policyId?: string }
  if (!policyId || !event.org_id) return
  await ctx.db
    .insertInto('relief_grants')
    .values({ province: event.province, org_id: event.org_id, policy_id: policyId, application_id: event.subject_id, granted_at: ctx.now })
    .onConflict((oc) =>
      oc.columns(['province', 'org_id', 'policy_id']).doUpdateSet({ application_id: event.subject_id, granted_at: ctx.now }),
    )
    .execute()
}

/** A new version with a longer deferral moves every open one under it, without anybody asking; each move is in its log. */
async function extendDeferrals(ctx: Ctx, event: EventRow): Promise<void> {
  const policy = await findPolicyById(ctx, event.subject_id)
  const days = Math.max(
    0,
    ...(policy?.content.benefits ?? []).flatMap(({ kind, deferDays }) => (kind === 'defer' && deferDays ? [deferDays] : [])),
  )
  if (!policy || days === 0) return
  const rows = (await ctx.db
    .selectFrom('deferrals')
    .selectAll()
    .where('policy_id', '=', policy.policyId)
    .where('state', '=', 'open')
    .orderBy('id')
    .forUpdate()
    .execute()) as Deferral[]
  const today = shanghaiDate(ctx.now)
  for (const row of rows) {
    const termEndsOn = addDays(row.starts_on, days)
    const by = Math.round((Date.parse(termEndsOn) - Date.parse(row.term_ends_on)) / 86_400_000)
    // A shorter rule takes nothing back that was promised.
    if (by <= 0) continue
    const dates = extended(row.dates, { by, after: addDays(today, -1) })
    const basis: DeferralBasis = {
      ...(row.basis as DeferralBasis),
      versionId: policy.versionId,
      versionNumber: policy.number,
      deferDays: days,
    }
    await ctx.db
      .updateTable('deferrals')
      .set({ term_ends_on: termEndsOn, dates: jsonb(dates) as never, basis: jsonb(basis) as never, version: sql`version + 1` })
      .where('province', '=', row.province)
      .where('id', '=', row.id)
      .execute()
    const { rows: own } = await sql<{
      id: string
    }>`select id from charges where province = ${row.province} and deferral_id = ${row.id} order by id for update`.execute(ctx.db)
    await moveDue(
      ctx,
      row.province,
      own.map(({ id }) => id),
      { dueOn: dates.at(-1)!.dueOn, deferralId: row.id },
    )
    await tellDeferral(ctx, row, 'extended', {
      before: row.term_ends_on,
      after: termEndsOn,
      dates,
      version: policy.number,
      title: policy.content.title,
    })
    await tellOwner(ctx, row, {
      key: `extended:${event.id}`,
      title: `缓缴顺延到 ${termEndsOn}`,
      body: `《${policy.content.title}》延长了缓收期，缓缴单 ${row.number} 已自动顺延，不用办理。`,
      number: termEndsOn,
    })
  }
}

/** Deferrals whose charges an entry touched are settled when nothing is left, and open again when it is reversed. */
async function settle(ctx: Ctx, event: EventRow): Promise<void> {
  const { rows } = await sql<Deferral & { outstanding: bigint }>`
    select d.*, coalesce((select sum(c.outstanding_fen) from charges c where c.province = d.province and c.deferral_id = d.id), 0)::bigint as outstanding
    from deferrals d where d.province = ${event.province} and d.state in ('open', 'settled') and d.id in (
      select c.deferral_id from book_lines l join charges c on c.province = l.province and c.id = l.charge_id
      where l.province = ${event.province} and l.entry_id = ${event.subject_id} and c.deferral_id is not null)
    for update of d`.execute(ctx.db)
  for (const row of rows) {
    const state = row.outstanding === 0n ? 'settled' : 'open'
    if (state === row.state) continue
    await ctx.db
      .updateTable('deferrals')
      .set({ state, ended_at: state === 'settled' ? ctx.now : null, version: sql`version + 1` })
      .where('province', '=', row.province)
      .where('id', '=', row.id)
      .execute()
    await tellDeferral(ctx, row, state === 'settled' ? 'settled' : 'reopened')
  }
}

/** What a cancelled line had used of a yearly cap is free again: as its last credit found it, or as it was frozen at acceptance. */
async function giveBackCaps(ctx: Ctx, event: EventRow): Promise<void> {
  const { rows } = await sql<{ policy_id: string; amount: string; year: number; org_id: string }>`
    select p.id as policy_id, t ->> 'amountFen' as amount, extract(year from (l.relief ->> 'decidedOn')::date)::int as year, l.org_id
    from order_lines l, jsonb_array_elements(coalesce(
      (select r.found from relief_reviews r where r.province = l.province and r.line_id = l.id and r.state = 'credited'
        order by r.decided_at desc, r.id desc limit 1), l.relief) -> 'taken') t
    join policies p on p.slug = t ->> 'slug'
    where l.province = ${event.province} and l.relief is not null and l.id in (
      select c.line_id from book_lines b join charges c on c.province = b.province and c.id = b.charge_id
      where b.province = ${event.province} and b.entry_id = ${event.subject_id} and c.line_id is not null)
    order by p.id`.execute(ctx.db)
  // In the order in which acceptance locks them: the other way round two could wait for each other.
  for (const { policy_id, amount, year, org_id } of rows)
    await sql`update relief_usage set used_fen = greatest(0, used_fen - ${BigInt(amount)})
      where policy_id = ${policy_id} and province = ${event.province} and org_id = ${org_id} and year = ${year}`.execute(ctx.db)
}

const tellOwner = (ctx: Ctx, row: Deferral, said: { key: string; title: string; body: string; number: string }) =>
  send(ctx, {
    province: row.province,
    orgId: row.org_id,
    region: row.region,
    role: 'enterprise',
    template: 'deferral',
    subject: 'deferral',
    subjectId: row.id,
    title: said.title,
    body: said.body,
    number: said.number,
    actionLabel: '看缓缴和付款',
    actionUrl: '/me/money',
    dedupe: `deferral:${row.id}:${said.key}`,
  })

/** Days before a date on which it is called to mind. */
const remindDays = [7, 1]

/** Every morning: dates that come near, and the step that a deferral has come to after its term. Each is said once. */
export async function remindDeferrals(ctx: Ctx): Promise<number> {
  const today = shanghaiDate(ctx.now)
  const { rows } = await sql<Deferral & { outstanding: bigint }>`
    select d.*, coalesce((select sum(c.outstanding_fen) from charges c where c.province = d.province and c.deferral_id = d.id), 0)::bigint as outstanding
    from deferrals d where d.state = 'open' order by d.province, d.id`.execute(ctx.db)
  let told = 0
  for (const row of rows) {
    const [next] = openDates(row.dates, row.total_fen, row.outstanding)
    const stage = stageOf(row.term_ends_on, row.outstanding, today)
    if (stage !== 'in-term') {
      const { label, effect } = stages[stage]
      told += (await tellOwner(ctx, row, {
        key: stage,
        title: `缓缴已期满：${label}`,
        body: `缓缴单 ${row.number} 于 ${row.term_ends_on} 期满，还有 ${formatYuan(fen(row.outstanding))}。${effect}。`,
        number: formatYuan(fen(row.outstanding)),
      }))
        ? 1
        : 0
      continue
    }
    const near = next && remindDays.find((days) => next.dueOn === addDays(today, days))
    if (!next || near === undefined) continue
    told += (await tellOwner(ctx, row, {
      key: `near:${next.dueOn}:${near}`,
      title: `${next.dueOn} 前付 ${formatYuan(next.amount)}`,
      body: `缓缴单 ${row.number} 的付款日快到了。检测和证书不受影响。`,
      number: formatYuan(next.amount),
    }))
      ? 1
      : 0
  }
  return told
}

export const schedules: readonly Schedule[] = [{ name: 'fee-relief-remind', cron: '0 9 * * *', run: remindDeferrals }, ...budgetSchedules]
