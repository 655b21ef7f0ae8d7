import { Form, redirect, useActionData } from 'react-router'
import { closePeriod, listPeriods, monthEnd, nextMonth } from '../../../commons/accounts/index.server.ts'
import { fen, formatYuan } from '../../../core/money.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Empty } from '../../../web/ui/feedback.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import { When } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import type { Route } from './+types/periods.ts'
import { admitMoney } from './money.server.ts'

export const meta = () => [{ title: '结账 · 衡企' }]

const names = { fee: '计费', relief: '减免', received: '收款', refunded: '退款', outstanding: '期末未收', advance: '期末预收' } as const

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  await admitMoney(ctx, url, ['finance'])
  const periods = await listPeriods(ctx)
  const next = await nextMonth(ctx, ctx.actor.org_id, periods[0] ? monthEnd(periods[0].month) : null)
  return {
    next: next && next < shanghaiDate(ctx.now).slice(0, 7) ? next : null,
    current: next ?? null,
    periods: periods.map(({ month, totals, closed_by_name, closed_at }) => ({
      month,
      by: closed_by_name,
      at: closed_at,
      totals: (Object.keys(names) as (keyof typeof names)[]).map((key) => formatYuan(fen(BigInt(totals[key])))),
    })),
  }
}

export async function action({ request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  await admitMoney(ctx, url, ['finance'])
  const closed = await closePeriod(ctx, String((await request.formData()).get('month') ?? ''))
  return isRefusal(closed) ? refused(closed) : redirect(url.pathname)
}

export default function Periods({ loaderData: { next, current, periods } }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  return (
    <Page title="结账" lead="按月结账；结过的月份不能再记账，更正记在今天。结账前先核对每一笔余额。" back={{ to: '/books', label: '应收' }}>
      <ErrorSummary refusal={result?.refusal} />
      {next ? (
        <Form method="post">
          <input type="hidden" name="month" value={next} />
          <Submit label={`结 ${next} 的账`} busyLabel="正在核对并结账" />
        </Form>
      ) : (
        <p className="soft">{current ? `${current} 过完以后可以结账。` : '还没有记过账。'}</p>
      )}
      {periods.length === 0 ? (
        <Empty title="还没有结过账" />
      ) : (
        <div className="table-scroll data" tabIndex={0} role="region" aria-label="已结的月份">
          <table className="cards">
            <caption className="hidden">已结的月份</caption>
            <thead>
              <tr>
                <th scope="col">月份</th>
                {Object.values(names).map((name) => (
                  <th key={name} scope="col" className="end">
                    {name}
                  </th>
                ))}
                <th scope="col">经办</th>
              </tr>
            </thead>
            <tbody>
              {periods.map((period) => (
                <tr key={period.month}>
                  <th scope="row">{period.month}</th>
                  {period.totals.map((total, i) => (
                    <td key={Object.values(names)[i]} data-label={Object.values(names)[i]} className="end">
                      {total}
                    </td>
                  ))}
                  <td data-label="经办">
                    {period.by}，<When at={period.at} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Page>
  )
}
