import { useEffect } from 'react'
import { Form, Link, redirect, useActionData, useRevalidator } from 'react-router'
import { fen, formatYuan } from '../../../../core/money.ts'
import { isRefusal } from '../../../../core/refusal.ts'
import { ctxKey } from '../../../../platform/context.server.ts'
import { qrMatrix, qrPath, quietZone } from '../../../../platform/qr.ts'
import { missing } from '../../../../web/admit.server.ts'
import { refused } from '../../../../web/refused.server.ts'
import { Notice } from '../../../../web/ui/feedback.tsx'
import { ErrorSummary, Submit } from '../../../../web/ui/form.tsx'
import { Facts } from '../../../../web/ui/list.tsx'
import { Badge } from '../../../../web/ui/marks.tsx'
import { Page } from '../../../../web/ui/page.tsx'
import { onlineStates, onlineTones } from '../model.ts'
import { findOnlinePayment } from '../queries.server.ts'
import { askAbout } from '../settle.server.ts'
import { cancelOnlinePayment, startOnlinePayment } from '../start.server.ts'
import type { Route } from './+types/paying.ts'
import { admitOnline } from './admit-money.server.ts'
import styles from './online.module.css'

export const meta = () => [{ title: '付款码 · 衡企' }]

const clock = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', hour12: false })

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  await admitOnline(ctx, url, ['enterprise'])
  const row = await findOnlinePayment(ctx, params.id)
  if (!row) throw missing('这笔付款')
  const matrix = row.state === 'created' && row.channel === 'native' && row.code ? qrMatrix(row.code) : undefined
  return {
    number: row.number,
    state: row.state,
    native: row.channel === 'native',
    institution: row.institution_name,
    institutionId: row.institution_id,
    amount: formatYuan(fen(row.amount_fen)),
    expires: clock.format(new Date(row.expires_at)),
    transaction: row.transaction_id,
    trouble: row.trouble,
    code: matrix && { side: matrix.length, path: qrPath(matrix) },
  }
}

export async function action({ params, request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  await admitOnline(ctx, url, ['enterprise'])
  const row = await findOnlinePayment(ctx, params.id)
  if (!row) throw missing('这笔付款')
  const step = (await request.formData()).get('step')
  if (step === 'cancel') {
    const closed = await cancelOnlinePayment(ctx, params.id)
    if (isRefusal(closed)) return refused(closed)
  } else if (step === 'again') {
    const again = await startOnlinePayment(ctx, { institutionId: row.institution_id, chargeIds: row.charge_ids, channel: 'native' })
    if (isRefusal(again)) return refused(again)
  } else await askAbout(ctx, params.id)
  return redirect(url.pathname)
}

/** Looks again while it is open; without scripts there is the button. */
function useLooking(open: boolean) {
  const { revalidate } = useRevalidator()
  useEffect(() => {
    if (!open) return
    const timer = setInterval(() => void revalidate(), 3_000)
    return () => clearInterval(timer)
  }, [open, revalidate])
}

export default function PayingPage({ loaderData: row }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  const open = row.state === 'created'
  useLooking(open)
  return (
    <Page title={`付 ${row.amount}`} lead={`付给${row.institution}。`} back={{ to: '/me/money', label: '费用' }} width="narrow">
      <ErrorSummary refusal={result?.refusal} />
      <Facts
        items={[
          { label: '状态', value: <Badge tone={onlineTones[row.state]}>{onlineStates[row.state]}</Badge> },
          { label: '付款单号', value: row.number },
          ...(row.transaction ? [{ label: '微信交易号', value: row.transaction }] : []),
        ]}
      />
      {row.code && (
        <div className={styles.code}>
          <svg
            viewBox={`${-quietZone} ${-quietZone} ${row.code.side + 2 * quietZone} ${row.code.side + 2 * quietZone}`}
            role="img"
            aria-label={`微信付款码，${row.amount}`}
            shapeRendering="crispEdges"
          >
            <rect x={-quietZone} y={-quietZone} width="100%" height="100%" fill="#fff" />
            <path d={row.code.path} fill="#000" />
          </svg>
          <p>打开微信“扫一扫”，{row.expires} 前付款。</p>
        </div>
      )}
      {open && !row.code && row.native && (
        <Notice tone="warn" title="微信支付还没有给出付款码">
          没有扣款。请再取一次；仍不行时按机构给的账号转账。
        </Notice>
      )}
      {open && !row.native && <Notice title="这笔在微信小程序里付">请回到小程序完成付款，或取消后改用扫码。</Notice>}
      {open && (
        <Form method="post" className={styles.steps}>
          {!row.code && row.native && <Submit label="再取付款码" busyLabel="正在取" name="step" value="again" />}
          <Submit label="我付好了，查一下" busyLabel="正在查" name="step" value="ask" plain />
          <Submit label="取消这笔付款" busyLabel="正在取消" name="step" value="cancel" plain />
        </Form>
      )}
      {row.state === 'paid' && (
        <Notice tone={row.trouble ? 'warn' : 'good'} title={row.trouble ? '款已收到，正在由机构财务核对' : '已付款，已入账'} live>
          {row.trouble ? `${row.trouble}。` : '多付的部分转为预收，可抵可退。'} <Link to="/me/money">看费用</Link>
        </Notice>
      )}
      {row.state === 'refunded' && <Notice title="已退回付款的微信">零钱即时到账，银行卡以银行为准。</Notice>}
      {(row.state === 'closed' || row.state === 'expired') && (
        <Notice title={onlineStates[row.state]}>
          {row.trouble ? `${row.trouble}。` : '没有扣款。'} <Link to={`/me/money/pay/${row.institutionId}`}>重新付款</Link>
        </Notice>
      )}
    </Page>
  )
}
