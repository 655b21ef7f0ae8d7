import { Form, Link, redirect, useActionData } from 'react-router'
import { fen, formatYuan, parseYuan, plainYuan } from '../../../../core/money.ts'
import { isRefusal, refuse } from '../../../../core/refusal.ts'
import { ctxKey } from '../../../../platform/context.server.ts'
import { uuidv7 } from '../../../../platform/ids.ts'
import { missing } from '../../../../web/admit.server.ts'
import { refused } from '../../../../web/refused.server.ts'
import { NumberField, TextField } from '../../../../web/ui/fields.tsx'
import { ErrorSummary, Submit } from '../../../../web/ui/form.tsx'
import { Facts } from '../../../../web/ui/list.tsx'
import { Badge } from '../../../../web/ui/marks.tsx'
import { Page } from '../../../../web/ui/page.tsx'
import { advanceOf } from '../../queries.server.ts'
import { channels, onlineRefundStates, onlineStates, onlineTones } from '../model.ts'
import { findOnlinePayment, refundsOf } from '../queries.server.ts'
import { refundOnline } from '../refunds.server.ts'
import type { Route } from './+types/online-payment.ts'
import { admitOnline } from './admit-money.server.ts'

export const meta = () => [{ title: '在线付款 · 衡企' }]

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  await admitOnline(ctx, url, ['finance'])
  const row = await findOnlinePayment(ctx, params.id)
  if (!row) throw missing('这笔在线付款')
  const refunds = await refundsOf(ctx, row.id)
  const advance = await advanceOf(ctx, row.org_id)
  const back = refunds.filter(({ state }) => state !== 'failed').reduce((sum, { amount_fen }) => sum + amount_fen, 0n)
  const left = (row.paid_fen ?? 0n) - back
  const most = row.state !== 'paid' ? 0n : left < advance ? left : advance
  return {
    refundId: uuidv7(),
    number: row.number,
    orgId: row.org_id,
    orgName: row.org_name,
    state: row.state,
    channel: channels[row.channel],
    amount: formatYuan(fen(row.amount_fen)),
    paid: row.paid_fen === null ? null : formatYuan(fen(row.paid_fen)),
    transaction: row.transaction_id,
    paymentId: row.payment_id,
    trouble: row.trouble,
    advance: formatYuan(advance),
    most: most > 0n ? { plain: plainYuan(fen(most)), said: formatYuan(fen(most)) } : null,
    refunds: refunds.map((each) => ({
      id: each.id,
      number: each.number,
      amount: formatYuan(fen(each.amount_fen)),
      reason: each.reason,
      state: each.state,
      trouble: each.trouble,
    })),
  }
}

export async function action({ params, request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  await admitOnline(ctx, url, ['finance'])
  const form = await request.formData()
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const values = { amount: text('amount'), reason: text('reason'), id: text('id') }
  const amount = parseYuan(values.amount || '-')
  if (isRefusal(amount)) return refused(refuse('invalid', amount.reason, { fields: { amount: '请填写退款金额（元）' } }), values)
  const refund = await refundOnline(ctx, { id: values.id, onlinePaymentId: params.id, amount, reason: values.reason })
  return isRefusal(refund) ? refused(refund, values) : redirect(url.pathname)
}

export default function OnlinePayment({ loaderData: row }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  const values: Record<string, string> = result?.values ?? {}
  const fields = result?.refusal?.fields
  return (
    <Page title={`在线付款 ${row.paid ?? row.amount}`} back={{ to: '/online', label: '在线收款' }} width="narrow">
      <ErrorSummary refusal={result?.refusal} />
      <Facts
        items={[
          { label: '企业', value: <Link to={`/books/${row.orgId}`}>{row.orgName}</Link> },
          { label: '状态', value: <Badge tone={onlineTones[row.state]}>{onlineStates[row.state]}</Badge> },
          { label: '应付', value: `${row.amount}（${row.channel}）` },
          { label: '付款单号', value: row.number },
          ...(row.transaction ? [{ label: '微信交易号', value: row.transaction }] : []),
          ...(row.paymentId ? [{ label: '到账', value: <Link to={`/payments/${row.paymentId}`}>看这笔到账</Link> }] : []),
          ...(row.trouble ? [{ label: '说明', value: row.trouble }] : []),
        ]}
      />
      {row.refunds.length > 0 && (
        <section aria-labelledby="refunds">
          <h2 id="refunds">退款</h2>
          <ul>
            {row.refunds.map((each) => (
              <li key={each.id}>
                {each.amount}：{each.reason}（{each.number}）{' '}
                <Badge tone={each.state === 'succeeded' ? 'good' : each.state === 'failed' ? 'bad' : 'info'}>
                  {onlineRefundStates[each.state]}
                </Badge>
                {each.trouble && <small>{each.trouble}</small>}
              </li>
            ))}
          </ul>
        </section>
      )}
      {row.most ? (
        <section aria-labelledby="refund">
          <h2 id="refund">退回微信</h2>
          <p>
            预收 {row.advance}，这笔最多退 {row.most.said}。
          </p>
          <Form method="post" className="form" noValidate>
            <input type="hidden" name="id" value={values.id || row.refundId} />
            <NumberField
              name="amount"
              label="金额"
              suffix="元"
              required
              defaultValue={values.amount ?? row.most.plain}
              {...(fields?.amount && { error: fields.amount })}
            />
            <TextField
              name="reason"
              label="原因"
              required
              maxLength={80}
              defaultValue={values.reason}
              {...(fields?.reason && { error: fields.reason })}
            />
            <Submit label="退回微信" busyLabel="正在退" danger />
          </Form>
        </section>
      ) : (
        <p className="soft">{row.state === 'paid' ? '没有可退的预收款：已付的费用要先减免或撤销，才有可退的款。' : '没有可退的款。'}</p>
      )}
    </Page>
  )
}
