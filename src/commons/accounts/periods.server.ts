/** Closing a month, and the proof that balances are what their lines say. */
import { sql } from 'kysely'
import { addDays } from '../../core/eligibility/calendar-day.ts'
import { addMonths } from '../../core/due-day.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { inTx, type Ctx } from '../../platform/db.server.ts'
import { announce } from '../../platform/events.server.ts'
import type { PeriodTotals } from './model.ts'
import { ownBook } from './slips.server.ts'
import type { PeriodRow } from './tables.server.ts'

/** What the lines of a book add up to: up to a day, or within a month. */
export async function totalsOf({ db }: Ctx, institutionId: string, { from, to }: { from?: string; to: string }): Promise<PeriodTotals> {
  const { rows } = await sql<Record<keyof PeriodTotals, bigint>>`
    select
      -coalesce(sum(amount_fen) filter (where account = 'income'), 0)::bigint as fee,
      coalesce(sum(amount_fen) filter (where account = 'relief'), 0)::bigint as relief,
      coalesce(sum(amount_fen) filter (where account = 'cash' and amount_fen > 0), 0)::bigint as received,
      -coalesce(sum(amount_fen) filter (where account = 'cash' and amount_fen < 0), 0)::bigint as refunded,
      coalesce(sum(amount_fen) filter (where account = 'receivable'), 0)::bigint as outstanding,
      -coalesce(sum(amount_fen) filter (where account = 'advance'), 0)::bigint as advance
    from book_lines l join book_entries e on e.province = l.province and e.id = l.entry_id
    where e.institution_id = ${institutionId} and e.booked_on <= ${to} ${from ? sql`and e.booked_on >= ${from}` : sql``}`.execute(db)
  return Object.fromEntries(Object.entries(rows[0]!).map(([key, amount]) => [key, String(amount)])) as PeriodTotals
}

export const monthEnd = (month: string): string => addDays(addMonths(`${month}-01`, 1), -1)

/** Closes the month after the last closed one. From then on nothing is booked into it; corrections are booked today. */
export const closePeriod = (ctx: Ctx, month: string): Promise<PeriodTotals | Refusal> =>
  inTx(ctx, async (tx) => {
    const book = ownBook(tx)
    if (isRefusal(book)) return book
    if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month))
      return refuse('invalid', '请选择要结账的月份，如 2026-10。', { fields: { month: '请选择月份' } })
    const end = monthEnd(month)
    if (end >= shanghaiDate(tx.now)) return refuse('conflict', `${month} 还没有过完，过完以后才能结账。`, { code: 'MONTH_NOT_OVER' })
    const row = await tx.db
      .selectFrom('books')
      .select('closed_through')
      .where('province', '=', book.province)
      .where('institution_id', '=', book.id)
      .forUpdate()
      .executeTakeFirst()
    if (!row) return refuse('conflict', '本机构还没有记过账，不用结账。')
    if (row.closed_through !== null && end <= row.closed_through)
      return refuse('conflict', `${month} 已经结账。`, { code: 'PERIOD_CLOSED' })
    const open = await nextMonth(tx, book.id, row.closed_through)
    if (open !== month)
      return refuse('conflict', `请按月顺序结账：先结 ${open}。`, { code: 'MONTH_OUT_OF_ORDER', fields: { month: `先结 ${open}` } })
    const broken = await replay(tx, book.id)
    if (broken.length > 0)
      return refuse('conflict', `账不平，不能结账：${broken[0]}。请联系平台管理员核查，已有的账都还在。`, { code: 'BOOK_BROKEN' })
    const within = await totalsOf(tx, book.id, { from: `${month}-01`, to: end })
    const upTo = await totalsOf(tx, book.id, { to: end })
    const totals = { ...within, outstanding: upTo.outstanding, advance: upTo.advance }
    await tx.db
      .insertInto('book_periods')
      .values({
        province: book.province,
        institution_id: book.id,
        region: book.region,
        month,
        totals: JSON.stringify(totals) as never,
        closed_by: tx.actor.id,
        closed_by_name: tx.actor.name,
        closed_at: tx.now,
      })
      .execute()
    await tx.db
      .updateTable('books')
      .set({ closed_through: end })
      .where('province', '=', book.province)
      .where('institution_id', '=', book.id)
      .execute()
    await announce(tx, {
      subject: 'book-period',
      subjectId: book.id,
      action: 'closed',
      province: book.province,
      region: book.region,
      orgId: book.id,
      title: month,
      detail: totals,
    })
    return totals
  })

/** The month that is closed next: the first one with entries, or the one after the last closed. */
export async function nextMonth({ db }: Ctx, institutionId: string, closedThrough: string | null): Promise<string | undefined> {
  if (closedThrough) return addDays(closedThrough, 1).slice(0, 7)
  const first = await db
    .selectFrom('book_entries')
    .select((eb) => eb.fn.min('booked_on').as('on'))
    .where('institution_id', '=', institutionId)
    .executeTakeFirst()
  return first?.on?.slice(0, 7)
}

export const listPeriods = async (ctx: Ctx): Promise<PeriodRow[]> =>
  ctx.actor.role !== 'finance'
    ? []
    : ctx.db.selectFrom('book_periods').selectAll().where('institution_id', '=', ctx.actor.org_id).orderBy('month', 'desc').execute()

/** Balances against a replay of all lines from nothing; every difference in one sentence. Empty: the book is right. */
export async function replay({ db }: Ctx, institutionId?: string): Promise<string[]> {
  const only = institutionId ? sql`and institution_id = ${institutionId}` : sql``
  const { rows } = await sql<{ said: string }>`
    select '分录 ' || entry_id || ' 借贷不等' as said from book_lines where true ${only} group by province, entry_id having sum(amount_fen) <> 0
    union all
    select '费用 ' || c.id || ' 的余额与分录不符' from charges c left join (
      select province, charge_id,
        -coalesce(sum(amount_fen) filter (where account = 'income'), 0) as fee,
        coalesce(sum(amount_fen) filter (where account = 'relief'), 0) as relief,
        coalesce(sum(amount_fen) filter (where account = 'receivable'), 0) as outstanding
      from book_lines where charge_id is not null ${only} group by province, charge_id
    ) l on l.province = c.province and l.charge_id = c.id
    where (coalesce(l.fee, 0), coalesce(l.relief, 0), coalesce(l.outstanding, 0)) <> (c.fee_fen, c.relief_fen, c.outstanding_fen) ${institutionId ? sql`and c.institution_id = ${institutionId}` : sql``}
    union all
    select '预收款与分录不符：' || coalesce(a.org_id, l.org_id)::text from advances a full join (
      select province, org_id, institution_id, -sum(amount_fen) as amount from book_lines where account = 'advance' ${only} group by 1, 2, 3
    ) l on l.province = a.province and l.org_id = a.org_id and l.institution_id = a.institution_id
    where coalesce(a.amount_fen, 0) <> coalesce(l.amount, 0) ${institutionId ? sql`and coalesce(a.institution_id, l.institution_id) = ${institutionId}` : sql``}
    limit 20`.execute(db)
  return rows.map(({ said }) => said)
}
