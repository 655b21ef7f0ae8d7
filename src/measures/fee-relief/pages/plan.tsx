import { Form, redirect, useActionData } from 'react-router'
import { addDays } from '../../../core/eligibility/calendar-day.ts'
import { fen, formatYuan } from '../../../core/money.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { missing } from '../../../web/admit.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { RadioField } from '../../../web/ui/fields.tsx'
import { Notice } from '../../../web/ui/feedback.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { agreePlan, standingOf } from '../deferral.server.ts'
import { stages } from '../model.ts'
import type { Route } from './+types/plan.ts'
import { admitMoney } from './money.server.ts'

export const meta = () => [{ title: '约定付款计划 · 衡企' }]

const monthly = (today: string, parts: number): string[] => Array.from({ length: parts }, (_, i) => addDays(today, 30 * (i + 1)))

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  await admitMoney(ctx, url, ['enterprise'])
  const row = (await standingOf(ctx)).find(({ id }) => id === params.id)
  if (!row) throw missing('这张缓缴单')
  const today = shanghaiDate(ctx.now)
  return {
    number: row.number,
    termEndsOn: row.term_ends_on,
    outstanding: formatYuan(fen(row.outstanding)),
    stage: row.stage,
    options: [1, 2, 3, 6, 12].map((parts) => ({
      value: String(parts),
      label: `${parts === 1 ? '一次' : `分 ${parts} 次`}，到 ${monthly(today, parts).at(-1)}，每次约 ${formatYuan(fen(row.outstanding / BigInt(parts)))}`,
    })),
  }
}

export async function action({ params, request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  await admitMoney(ctx, url, ['enterprise'])
  const parts = Number((await request.formData()).get('parts'))
  const days = [1, 2, 3, 6, 12].includes(parts) ? monthly(shanghaiDate(ctx.now), parts) : []
  const agreed = await agreePlan(ctx, params.id, { days })
  return isRefusal(agreed) ? refused(agreed) : redirect('/me/money')
}

export default function Plan({ loaderData: { number, termEndsOn, outstanding, stage, options } }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  return (
    <Page
      title="约定付款计划"
      lead={`缓缴单 ${number} 于 ${termEndsOn} 期满，还有 ${outstanding}。`}
      back={{ to: '/me/money', label: '费用' }}
      width="narrow"
    >
      <ErrorSummary refusal={result?.refusal} />
      <Notice tone={stage === 'prepay' ? 'warn' : 'info'} title={stages[stage].label}>
        {stages[stage].effect}。
      </Notice>
      {stage === 'in-term' ? (
        <p>还在缓缴期内，不用另约。</p>
      ) : (
        <Form method="post" className="form">
          <RadioField name="parts" label="怎么付" required defaultValue="3" options={options} />
          <Submit label="约定" busyLabel="正在办理" />
        </Form>
      )}
    </Page>
  )
}
