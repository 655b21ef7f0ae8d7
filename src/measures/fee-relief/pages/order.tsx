import { Form, Link, redirect, useActionData } from 'react-router'
import { isRefusal, refuse } from '../../../core/refusal.ts'
import { chargesOf, payableAt } from '../../../commons/accounts/index.server.ts'
import { missingScope } from '../../../commons/people/index.server.ts'
import { bookVisit, handBack, takeOrderStep } from '../../../commons/orders/index.server.ts'
import { modes, orderStates, orderTones } from '../../../commons/orders/index.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { admit, missing } from '../../../web/admit.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { DueClock } from '../../../web/ui/clock.tsx'
import { Notice } from '../../../web/ui/feedback.tsx'
import { ErrorSummary } from '../../../web/ui/form.tsx'
import { Facts } from '../../../web/ui/list.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { Timeline } from '../../../web/ui/timeline.tsx'
import { acceptWithRelief } from '../orders.server.ts'
import { QueuedSection } from '../budgets/pages/queued.tsx'
import { queuedView } from '../budgets/pages/queued-view.server.ts'
import { registerResults } from '../register-results.server.ts'
import { beginReview } from '../reviews/ask.server.ts'
import type { Route } from './+types/order.ts'
import { OrderActions } from './order-actions.tsx'
import { ReviewForms } from './line-why.tsx'
import { OrderLines } from './order-lines.tsx'
import { orderView } from './order-view.server.ts'
import styles from './fee-relief.module.css'

export const meta = ({ loaderData }: Route.MetaArgs) => [{ title: `委托单 ${loaderData?.order.number ?? ''} · 衡企` }]

const staff = ['counter', 'tester', 'approver', 'finance', 'regulator', 'admin'] as const

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  const own = url.pathname.startsWith('/me/')
  admit(ctx, url, own ? ['enterprise'] : [...staff])
  const view = await orderView(ctx, params.id, own)
  if (!view) throw missing('这张委托单')
  return { ...view, queued: own ? await queuedView(ctx, { orderId: params.id }) : [], ...(await ownMoney(ctx, params.id, own)) }
}

/** Whether the enterprise is led on to what it owes, and the institution where this order can be paid by WeChat now. An agent never is. */
async function ownMoney(ctx: Ctx, orderId: string, own: boolean): Promise<{ seesMoney: boolean; payAt?: string | undefined }> {
  if (!own || ctx.actor.agent || (await missingScope(ctx, 'money'))) return { seesMoney: false }
  const owed = (await chargesOf(ctx, { orderId, open: true })).map(({ institution_id }) => institution_id)
  const [payAt] = await payableAt(ctx, owed)
  return { seesMoney: true, payAt }
}

export async function action({ params, request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, url.pathname.startsWith('/me/') ? ['enterprise'] : [...staff])
  const form = await request.formData()
  const text = (name: string) => String(form.get(name) ?? '')
  const version = Number(text('version'))
  const values = Object.fromEntries([...form].filter(([, value]) => typeof value === 'string')) as Record<string, string>
  const run = () => {
    const intent = text('intent') || text('step')
    switch (intent) {
      case 'accept':
        return acceptWithRelief(ctx, params.id, {
          version,
          received: form.getAll('received').map(String),
          settled: Object.fromEntries(
            [...form].flatMap(([name, value]) =>
              name.startsWith('settled-') && (value === 'mandatory' || value === 'voluntary') ? [[name.slice(8), value] as const] : [],
            ),
          ),
        })
      case 'hand-back':
        return handBack(ctx, params.id, { lineIds: form.getAll('lineIds').map(String), to: text('to') })
      case 'visit':
        return bookVisit(ctx, params.id, {
          crew: text('crew'),
          from: `${text('day')}T${text('from')}:00+08:00`,
          to: `${text('day')}T${text('to')}:00+08:00`,
        })
      case 'review':
        return beginReview(ctx, {
          orderId: params.id,
          lineId: text('lineId'),
          slug: text('slug'),
          note: text('note'),
        })
      case 'register':
        return registerResults(ctx, params.id)
      case 'refuse':
      case 'withdraw':
      case 'pause':
      case 'resume':
      case 'explain':
        return takeOrderStep(ctx, params.id, {
          step: intent,
          opinion: text('opinion'),
          version,
          ...(text('until') && { until: text('until') }),
        })
      default:
        return refuse('invalid', '没有这一步。')
    }
  }
  const answer = await run()
  if (isRefusal(answer)) return refused(answer, values)
  const own = url.pathname.startsWith('/me/') ? '/me' : ''
  return redirect(text('intent') === 'review' ? `${own}/relief-reviews/${(answer as { id: string }).id}` : url.pathname)
}

export default function OrderPage({ loaderData }: Route.ComponentProps) {
  const { order, own, role, lines, extras, totals, entries, today, visit, toRegister } = loaderData
  const result = useActionData<typeof action>()
  const paused = order.pauses.find(({ to }) => to === undefined)
  const certificates = lines.filter(({ certificateNo }) => certificateNo).length
  return (
    <Page
      title={`委托单 ${order.number}`}
      lead={own ? `${lines.length} 件，${order.institution_name}` : `${order.org_name}，${lines.length} 件`}
      state={{ label: orderStates[order.state], tone: orderTones[order.state] }}
      back={{ to: own ? '/me/orders' : '/orders', label: own ? '我的委托' : '委托单' }}
      actions={
        role === 'counter' && order.accepted_at ? (
          <a className="button" href={`/orders/${order.id}/receipt.pdf`}>
            打印样品接收单
          </a>
        ) : undefined
      }
    >
      <ErrorSummary refusal={result?.refusal} />
      {own && certificates > 0 && (
        <Notice tone="good" title={`${certificates} 份证书已出具`}>
          {lines.some(({ certificate, hasFile }) => certificate || hasFile)
            ? '有没有付清都可以下载和取回。'
            : '有没有付清都可以到机构取回。'}
        </Notice>
      )}
      {paused && <Notice tone="warn" title={`暂停计时：${paused.reason}`} />}
      {order.late_reason && <Notice tone="warn" title={`延期${order.late_until ? `到 ${order.late_until}` : ''}：${order.late_reason}`} />}
      {order.closed_reason && <Notice tone="info" title={`原因：${order.closed_reason}`} />}
      <Facts
        items={[
          { label: own ? '机构' : '委托单位', value: own ? order.institution_name : order.org_name },
          { label: '方式', value: `${modes[order.mode]}${order.express ? '，加急' : ''}` },
          { label: order.mode === 'on-site' ? '希望上门' : '预计送样', value: order.wanted_on },
          ...(order.due_on && order.state === 'accepted'
            ? [{ label: '办理期限', value: <DueClock dueOn={order.due_on} now={today} provisional={order.due_provisional} /> }]
            : [{ label: '办理期限', value: `受理后 ${order.promise_workdays} 个工作日` }]),
          ...(visit ? [{ label: '上门时间', value: visit.text }] : []),
          ...(order.address ? [{ label: '地址', value: order.address }] : []),
          { label: '联系人', value: `${order.contact}，${order.phone}` },
          ...(order.note ? [{ label: '备注', value: order.note }] : []),
          { label: '标价合计', value: totals.fee },
          { label: order.accepted_at ? '已减免' : '减免', value: order.accepted_at ? totals.relief : '受理时按当天政策自动核减' },
          ...extras.map(({ label, fee, basis }) => ({ label, value: `${fee}（${basis}）` })),
          { label: '应付', value: <strong>{totals.toPay}</strong> },
        ]}
      />
      {toRegister > 0 && (
        <Form method="post" className="no-print">
          <input type="hidden" name="intent" value="register" />
          <button type="submit" className="button primary">
            把 {toRegister} 份证书记入台账
          </button>
          <p className="soft">校准证书只给数据，记入后还要由本单位作计量确认。</p>
        </Form>
      )}
      <OrderLines data={loaderData} values={result?.values ?? {}} fields={result?.refusal?.fields} />
      <ReviewForms data={loaderData} />
      <QueuedSection rows={loaderData.queued} />
      <OrderActions data={loaderData} values={result?.values ?? {}} fields={result?.refusal?.fields} />
      {loaderData.seesMoney && order.accepted_at && (
        <p className={`${styles.links} no-print`}>
          {loaderData.payAt && (
            <Link to={`/me/money/pay/${loaderData.payAt}?order=${order.id}`} className="button">
              微信付这张单
            </Link>
          )}
          <Link to="/me/money">看费用、缓缴和付款</Link>
        </p>
      )}
      <section aria-labelledby="history" className="no-print">
        <h2 id="history">经过</h2>
        <Timeline entries={entries} />
      </section>
    </Page>
  )
}
