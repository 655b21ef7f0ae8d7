/** Reminders: on working days, one message an enterprise a day, each stage of an instrument once; the week's card on Monday. Silence when nothing is due. */
import { sql } from 'kysely'
import { addDays } from '../../../core/eligibility/calendar-day.ts'
import { remindOn } from '../../../core/due-day.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isWorkday } from '../../../core/work-calendar.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import type { Schedule } from '../../../platform/jobs.server.ts'
import { send } from '../../messages/index.server.ts'
import { dueStates } from '../model.ts'

/** Days before and after the last day on which it is said; after the 30th day overdue only the week's card goes on. */
const ladder = [60, 30, 14, 7, 0, -1, -7, -30] as const

const words = (days: number): string => (days > 0 ? `${days} 天内到期` : days === 0 ? '今天到期' : `已逾期 ${-days} 天`)

/** The last days whose reminder falls on this working day, by how many days are left: rest days are told the working day before. */
export function daysToTell(today: string): { days: number; until: string[] }[] {
  if (!isWorkday(today)) return []
  return ladder.map((days) => {
    const until: string[] = []
    // A reminder moves forward by the longest holiday at most.
    for (let shift = 0; shift <= 12; shift++) {
      const day = addDays(today, days + shift)
      if (days < 0 ? shift === 0 : remindOn(day, days) === today) until.push(day)
    }
    return { days, until }
  })
}

interface Firm {
  province: string
  org_id: string
  region: string
  n: bigint
  mandatory: bigint
}

/** Tells every enterprise the most pressing of what falls on today, with how many it is in all; a second run tells nothing. */
export async function remind(ctx: Ctx): Promise<number> {
  const today = shanghaiDate(ctx.now)
  const told = new Set<string>()
  let sent = 0
  for (const { days, until } of daysToTell(today).toReversed()) {
    if (until.length === 0) continue
    const { rows } =
      await sql<Firm>`select i.province, i.org_id, i.region, count(*) as n, count(*) filter (where i.mandatory = 'yes') as mandatory
      from instruments i left join ledger_settings s on s.province = i.province and s.org_id = i.org_id
      where i.valid_until in (${sql.join(until.map((day) => sql`${day}::date`))}) and i.state in (${sql.join([...dueStates])}) and coalesce(s.reminders, true)
      group by i.province, i.org_id, i.region order by i.province, i.org_id`.execute(ctx.db)
    for (const firm of rows) {
      if (told.has(firm.org_id)) continue
      told.add(firm.org_id)
      sent += (await tell(ctx, firm, days, today)) ? 1 : 0
    }
  }
  return sent
}

const tell = (ctx: Ctx, { province, org_id, region, n, mandatory }: Firm, days: number, today: string): Promise<boolean> =>
  send(ctx, {
    province,
    orgId: org_id,
    region,
    role: 'enterprise',
    template: 'instrument-due',
    subject: 'instrument-due',
    subjectId: org_id,
    title: `${n} 件计量器具${words(days)}`,
    body: Number(mandatory) > 0 ? `其中强制检定 ${mandatory} 件，逾期不得使用（《计量法》第九条）。` : '点开看按机构和地点排好的送检建议。',
    actionLabel: '看送检建议',
    actionUrl: '/me/instruments/due',
    number: `${n} 件`,
    dedupe: `instrument-due:${today}`,
  })

/** One line for the week, to those that have something due within 30 days. */
export async function tellWeek(ctx: Ctx): Promise<number> {
  const today = shanghaiDate(ctx.now)
  const { rows } =
    await sql<Firm>`select i.province, i.org_id, i.region, count(*) as n, count(*) filter (where i.valid_until < ${today}::date) as mandatory
    from instruments i left join ledger_settings s on s.province = i.province and s.org_id = i.org_id
    where i.valid_until <= ${addDays(today, 30)}::date and i.state in (${sql.join([...dueStates])}) and coalesce(s.reminders, true)
    group by i.province, i.org_id, i.region order by i.province, i.org_id`.execute(ctx.db)
  let sent = 0
  for (const { province, org_id, region, n, mandatory: overdue } of rows)
    sent += (await send(ctx, {
      province,
      orgId: org_id,
      region,
      role: 'enterprise',
      template: 'instrument-week',
      subject: 'instrument-week',
      subjectId: org_id,
      title: `本周计量：30 天内到期 ${n} 件`,
      body: Number(overdue) > 0 ? `其中已逾期 ${overdue} 件。` : '没有逾期的。',
      actionLabel: '看本周计量',
      actionUrl: '/me/instruments/due',
      number: `${n} 件`,
      dedupe: `instrument-week:${mondayOf(today)}`,
    }))
      ? 1
      : 0
  return sent
}

const mondayOf = (day: string): string => addDays(day, -((new Date(day).getUTCDay() + 6) % 7))

/** The first working day of its week tells the week; every other working day what falls on it. */
export const tellDay = (ctx: Ctx): Promise<number> => {
  const today = shanghaiDate(ctx.now)
  if (!isWorkday(today)) return Promise.resolve(0)
  const monday = mondayOf(today)
  const first = Array.from({ length: 7 }, (_, i) => addDays(monday, i)).find(isWorkday)
  return first === today ? tellWeek(ctx) : remind(ctx)
}

export const schedules: readonly Schedule[] = [{ name: 'instrument-due-reminders', cron: '30 8 * * *', run: tellDay }]
