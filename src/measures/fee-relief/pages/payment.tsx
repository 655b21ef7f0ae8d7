import { Form, Link, redirect, useActionData } from 'react-router'
import { paymentMethods } from '../../../commons/accounts/index.ts'
import { findPayment, listDebts, matchPayment } from '../../../commons/accounts/index.server.ts'
import { fen, formatYuan } from '../../../core/money.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { missing } from '../../../web/admit.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { RadioField } from '../../../web/ui/fields.tsx'
import { Empty, Notice } from '../../../web/ui/feedback.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import { Facts } from '../../../web/ui/list.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { likely } from '../match-slip.ts'
import type { Route } from './+types/payment.ts'
import { admitMoney } from './money.server.ts'

export const meta = () => [{ title: '认领到账 · 衡企' }]

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  await admitMoney(ctx, url, ['finance'])
  const row = await findPayment(ctx, params.id)
  if (!row) throw missing('这笔到账')
  const { rows } = await listDebts(ctx, { pageSize: 500, sort: 'name', dir: 'asc' })
  const debts = likely({ payer: row.payer, remark: row.remark ?? '', amount: fen(row.amount_fen) }, rows)
  return {
    row: {
      id: row.id,
      payer: row.payer,
      remark: row.remark,
      amount: formatYuan(fen(row.amount_fen)),
      paidOn: row.paid_on,
      reference: `${paymentMethods[row.method]} ${row.reference}`,
      state: row.state,
      orgId: row.org_id,
      orgName: row.org_name,
      version: row.version,
    },
    options: debts.map(({ debt, why }) => ({
      value: debt.orgId,
      label: `${debt.name}，未收 ${formatYuan(debt.outstanding)}${why ? `（${why}）` : ''}`,
    })),
    sure: debts[0]?.why ? debts[0].debt.orgId : '',
  }
}

export async function action({ params, request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  await admitMoney(ctx, url, ['finance'])
  const form = await request.formData()
  const orgId = String(form.get('orgId') ?? '')
  const matched = await matchPayment(ctx, { paymentId: params.id, orgId, version: Number(form.get('version')) })
  return isRefusal(matched) ? refused(matched, { orgId }) : redirect(`/books/${orgId}`)
}

export default function Payment({ loaderData: { row, options, sure } }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  return (
    <Page
      title={`到账 ${row.amount}`}
      lead="选这笔款是谁付的：先到期的费用先抵，多的转为预收。"
      back={{ to: '/payments', label: '到账' }}
      width="narrow"
    >
      <ErrorSummary refusal={result?.refusal} />
      <Facts
        items={[
          { label: '付款人', value: row.payer },
          { label: '日期', value: row.paidOn },
          { label: '流水号', value: row.reference },
          ...(row.remark ? [{ label: '附言', value: row.remark }] : []),
        ]}
      />
      {row.orgId ? (
        <Notice tone="good" title="已入账">
          <Link to={`/books/${row.orgId}`}>{row.orgName}</Link>。认错了可以在那里冲销，再重新认领。
        </Notice>
      ) : options.length === 0 ? (
        <Empty title="没有未付清的企业" hint="受理收费委托以后才有应收。" action={<Link to="/payments">回到到账</Link>} />
      ) : (
        <Form method="post" className="form">
          <input type="hidden" name="version" value={row.version} />
          <RadioField name="orgId" label="付款企业" required defaultValue={sure} options={options} />
          <Submit label="入账" busyLabel="正在入账" />
        </Form>
      )}
    </Page>
  )
}
