import { Form, Link, redirect, useActionData } from 'react-router'
import { fen, formatYuan } from '../../../../core/money.ts'
import { isRefusal, refuse } from '../../../../core/refusal.ts'
import { ctxKey } from '../../../../platform/context.server.ts'
import { refused } from '../../../../web/refused.server.ts'
import { Empty } from '../../../../web/ui/feedback.tsx'
import { ErrorSummary, Submit } from '../../../../web/ui/form.tsx'
import { Page } from '../../../../web/ui/page.tsx'
import { chargesOf } from '../../queries.server.ts'
import { payableAt } from '../gateway.server.ts'
import { startOnlinePayment } from '../start.server.ts'
import type { Route } from './+types/pay.ts'
import { admitOnline } from './admit-money.server.ts'
import styles from './online.module.css'

export const meta = () => [{ title: '微信支付 · 衡企' }]

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  await admitOnline(ctx, url, ['enterprise'])
  const open = (await chargesOf(ctx, { open: true })).filter(({ institution_id }) => institution_id === params.institution)
  const order = url.searchParams.get('order')
  return {
    payable:
      (
        await payableAt(
          ctx,
          [params.institution].filter((id) => open.some(({ institution_id }) => institution_id === id)),
        )
      ).size > 0,
    institution: open[0]?.institution_name ?? '',
    total: formatYuan(fen(open.reduce((sum, { outstanding_fen }) => sum + outstanding_fen, 0n))),
    charges: open.map((row) => ({
      id: row.id,
      title: row.title,
      order: row.order_number,
      amount: formatYuan(fen(row.outstanding_fen)),
      dueOn: row.due_on,
      deferred: row.deferral_id !== null,
      // What is deferred need not be paid now: it is chosen by hand.
      chosen: order ? row.order_id === order : row.deferral_id === null,
    })),
  }
}

export async function action({ params, request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  await admitOnline(ctx, url, ['enterprise'])
  const chargeIds = (await request.formData()).getAll('charge').map(String)
  // A form with nothing chosen is not everything.
  if (chargeIds.length === 0) return refused(refuse('invalid', '没有选要付的费用，请至少勾选一项。'))
  const started = await startOnlinePayment(ctx, { institutionId: params.institution, chargeIds, channel: 'native' })
  return isRefusal(started) ? refused(started) : redirect(`/me/money/online/${started.id}`)
}

export default function Pay({ loaderData: { payable, institution, total, charges } }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  return (
    <Page
      title={institution ? `微信付给${institution}` : '微信支付'}
      lead="选要付的费用，金额就此定下；付成后自动入账，不用报给机构。"
      back={{ to: '/me/money', label: '费用' }}
      width="narrow"
    >
      <ErrorSummary refusal={result?.refusal} />
      {charges.length === 0 || !payable ? (
        <Empty
          title={charges.length === 0 ? '没有要付给这家机构的费用' : '这家机构现在不能用微信支付'}
          hint="也可以按机构给的账号转账，或到窗口付款。"
          action={<Link to="/me/money">回到费用</Link>}
        />
      ) : (
        <Form method="post" className="form">
          <fieldset className={styles.charges}>
            <legend>要付的费用（共欠 {total}）</legend>
            {charges.map((row) => (
              <label key={row.id} className={styles.charge}>
                <input type="checkbox" name="charge" value={row.id} defaultChecked={row.chosen} />
                <span>
                  {row.title}
                  <small className="soft">
                    <span className="whole">{row.order}</span>，最晚 <span className="whole">{row.dueOn}</span>
                    {row.deferred && '，缓缴中，可以不现在付'}
                  </small>
                </span>
                <strong className={styles.amount}>{row.amount}</strong>
              </label>
            ))}
          </fieldset>
          <Submit label="生成付款码" busyLabel="正在生成" />
        </Form>
      )}
    </Page>
  )
}
