import { Link } from 'react-router'
import { addMonths } from '../../../core/due-day.ts'
import { addDays } from '../../../core/eligibility/calendar-day.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { certainty, dayOf } from '../../../core/work-calendar.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { MonthGrid } from '../../../web/ui/month-grid.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { dueByDay } from '../due/due.server.ts'
import type { Route } from './+types/due-calendar.ts'
import styles from './due.module.css'
import { admit } from '../../../web/admit.server.ts'

export const meta = () => [{ title: '到期月历 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const today = shanghaiDate(ctx.now)
  const asked = url.searchParams.get('month') ?? ''
  const month = /^20\d\d-(0[1-9]|1[0-2])$/.test(asked) ? asked : today.slice(0, 7)
  const first = `${month}-01`
  const next = addMonths(first, 1)
  const days = await dueByDay(ctx, month)
  const off: Record<string, boolean> = {}
  for (let day = first; day < next; day = addDays(day, 1)) {
    const weekday = new Date(day).getUTCDay()
    const { workday } = dayOf(day)
    if (workday === (weekday === 0 || weekday === 6)) off[day] = workday
  }
  return {
    month,
    today,
    days,
    off,
    provisional: certainty(first, addDays(next, -1)).provisional,
    before: addMonths(first, -1).slice(0, 7),
    after: next.slice(0, 7),
    total: days.reduce((sum, { n }) => sum + n, 0),
  }
}

export default function DueCalendar({ loaderData: { month, today, days, off, provisional, before, after, total } }: Route.ComponentProps) {
  return (
    <Page
      title={`${month.slice(0, 4)} 年 ${Number(month.slice(5))} 月到期月历`}
      lead={total > 0 ? `这个月有 ${total} 件到期，点日期看是哪些。` : '这个月没有到期的器具。'}
      back={{ to: '/me/instruments/due', label: '待检与到期' }}
    >
      <nav className={styles.pager} aria-label="换月">
        <Link to={`?month=${before}`}>← {before}</Link>
        <Link to="?">本月</Link>
        <Link to={`?month=${after}`}>{after} →</Link>
      </nav>
      <MonthGrid
        caption={`${month} 每天到期的器具件数`}
        month={month}
        today={today}
        workday={off}
        days={Object.fromEntries(
          days.map(({ day, n, mandatory }) => [
            day,
            {
              count: n,
              said: `${n} 件到期${mandatory > 0 ? `，强制检定 ${mandatory} 件` : ''}`,
              to: `/me/instruments?from=${day}&to=${day}&sort=code`,
              tone: day < today ? ('bad' as const) : mandatory > 0 ? ('warn' as const) : ('info' as const),
            },
          ]),
        )}
      />
      {provisional && <p className="soft">这一年的放假安排还没有公布，休息日为暂定。</p>}
    </Page>
  )
}
