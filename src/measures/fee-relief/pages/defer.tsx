import { Form, Link, redirect, useActionData } from 'react-router'
import { chargesOf } from '../../../commons/accounts/index.server.ts'
import { addDays } from '../../../core/eligibility/calendar-day.ts'
import { fen, formatYuan } from '../../../core/money.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { RadioField } from '../../../web/ui/fields.tsx'
import { Empty, Notice } from '../../../web/ui/feedback.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { deferCharges, deferralOffer } from '../deferral.server.ts'
import type { Route } from './+types/defer.ts'
import { admitMoney } from './money.server.ts'
import styles from './fee-relief.module.css'

export const meta = () => [{ title: '申请缓缴 · 衡企' }]

/** Equal parts: one day, or so many spread evenly up to the last. */
const partings = { 1: '到期一次付清', 2: '分两次', 3: '分三次' } as const

const daysOf = (today: string, deferDays: number, parts: number): string[] =>
  Array.from({ length: parts }, (_, i) => addDays(today, Math.floor((deferDays * (i + 1)) / parts)))

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  await admitMoney(ctx, url, ['enterprise'])
  const today = shanghaiDate(ctx.now)
  const offer = await deferralOffer(ctx, ctx.actor.org_id)
  const charges = (await chargesOf(ctx, { open: true })).filter(({ deferral_id }) => deferral_id === null)
  return {
    offer: isRefusal(offer)
      ? { reason: offer.reason, code: offer.code }
      : {
          title: offer.basis.title,
          slug: offer.basis.slug,
          article: offer.basis.article,
          days: offer.basis.deferDays,
          options: ([1, 2, 3] as const).map((parts) => ({
            value: String(parts),
            label: `${partings[parts]}：${daysOf(today, offer.basis.deferDays, parts).join('、')}`,
          })),
        },
    groups: [...Map.groupBy(charges, ({ institution_id }) => institution_id).values()].map((rows) => ({
      institution: rows[0]!.institution_name,
      total: formatYuan(fen(rows.reduce((sum, { outstanding_fen }) => sum + outstanding_fen, 0n))),
      rows: rows.map(({ id, title, order_number, outstanding_fen }) => ({
        id,
        title: `${order_number} ${title}`,
        amount: formatYuan(fen(outstanding_fen)),
      })),
    })),
  }
}

export async function action({ request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  await admitMoney(ctx, url, ['enterprise'])
  const form = await request.formData()
  const offer = await deferralOffer(ctx, ctx.actor.org_id)
  if (isRefusal(offer)) return refused(offer)
  const parts = [1, 2, 3].find((n) => String(n) === form.get('parts')) ?? 1
  const deferred = await deferCharges(ctx, {
    chargeIds: form.getAll('chargeIds').map(String),
    days: daysOf(shanghaiDate(ctx.now), offer.basis.deferDays, parts),
  })
  return isRefusal(deferred) ? refused(deferred) : redirect('/me/money')
}

export default function Defer({ loaderData: { offer, groups } }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  return (
    <Page
      title="申请缓缴"
      lead="选要缓的费用和怎么付，马上生效。缓缴只改日期，不改金额。"
      back={{ to: '/me/money', label: '费用' }}
      width="narrow"
    >
      <ErrorSummary refusal={result?.refusal} />
      {'reason' in offer ? (
        <Notice tone="warn" title="现在不能缓缴">
          <p>{offer.reason}</p>
          <p>{offer.code === 'FACTS_MISSING' ? <Link to="/me/profile">去补充企业信息</Link> : <Link to="/me/money">回到费用</Link>}</p>
        </Notice>
      ) : groups.length === 0 ? (
        <Empty title="没有可以缓的费用" action={<Link to="/me/money">回到费用</Link>} />
      ) : (
        <>
          <Notice tone="good" title={`可以缓 ${offer.days} 天`}>
            依据{' '}
            <Link to={`/policies/${offer.slug}`}>
              《{offer.title}》{offer.article}
            </Link>
            。缓缴期内检测、出证、取证书都照常。
          </Notice>
          {groups.map((group) => (
            <Form key={group.institution} method="post" className="form">
              <fieldset className={styles.pick}>
                <legend>
                  {group.institution}，共 {group.total}
                </legend>
                {group.rows.map((row) => (
                  <label key={row.id} className="check">
                    <input type="checkbox" name="chargeIds" value={row.id} defaultChecked />
                    {row.title}，{row.amount}
                  </label>
                ))}
              </fieldset>
              <RadioField name="parts" label="怎么付" required defaultValue="1" options={offer.options} />
              <Submit label="申请缓缴" busyLabel="正在办理" />
            </Form>
          ))}
        </>
      )}
    </Page>
  )
}
