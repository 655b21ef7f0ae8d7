import { Form, Link, redirect, useActionData } from 'react-router'
import { acts } from '../../../commons/accounts/index.ts'
import {
  advanceOf,
  applyAdvance,
  chargesOf,
  debtorOf,
  entriesOf,
  ownBook,
  refundAdvance,
  reverseEntry,
} from '../../../commons/accounts/index.server.ts'
import { fen, formatYuan, parseYuan } from '../../../core/money.ts'
import { isRefusal, refuse } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { missing } from '../../../web/admit.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { NumberField, TextField } from '../../../web/ui/fields.tsx'
import { Stat } from '../../../web/ui/feedback.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { stages } from '../model.ts'
import { standingOf } from '../deferral.server.ts'
import { statementOf } from '../statement.server.ts'
import type { Route } from './+types/book.ts'
import { admitMoney } from './money.server.ts'
import styles from './fee-relief.module.css'

export const meta = ({ loaderData }: Route.MetaArgs) => [{ title: `${loaderData?.name ?? '账户'} · 衡企` }]

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  await admitMoney(ctx, url, ['finance'])
  const own = ownBook(ctx)
  const debtor = isRefusal(own) ? undefined : await debtorOf(ctx, own, params.org)
  if (!debtor) throw missing('这家企业的账户')
  const statement = await statementOf(ctx, { orgId: debtor.id })
  const money = (amount: bigint) => formatYuan(fen(amount))
  const advance = await advanceOf(ctx, debtor.id)
  return {
    name: debtor.name,
    sums: {
      fee: money(statement.fee),
      saved: money(statement.saved),
      paid: money(statement.paid),
      outstanding: money(statement.outstanding),
      advance: money(advance),
    },
    hasAdvance: advance > 0n,
    charges: (await chargesOf(ctx, { orgId: debtor.id, open: true })).map((row) => ({
      id: row.id,
      title: row.title,
      number: row.order_number,
      orderId: row.order_id,
      outstanding: money(row.outstanding_fen),
      dueOn: row.due_on,
      deferred: row.deferral_id !== null,
    })),
    deferrals: (await standingOf(ctx, { orgId: debtor.id })).map(({ id, number, term_ends_on, outstanding, stage }) => ({
      id,
      number,
      termEndsOn: term_ends_on,
      outstanding: money(outstanding),
      stage: stages[stage].label,
    })),
    entries: (await entriesOf(ctx, debtor.id)).map((entry) => ({
      id: entry.id,
      on: entry.booked_on,
      act: acts[entry.act],
      memo: entry.memo,
      by: entry.by_name,
      amount: money(entry.amount),
      reversed: entry.reversed,
      reversible: !entry.reversed && (entry.act === 'receive' || entry.act === 'use-advance' || entry.act === 'refund'),
    })),
  }
}

export async function action({ params, request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  await admitMoney(ctx, url, ['finance'])
  const form = await request.formData()
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const values = { amount: text('amount'), reason: text('reason'), reference: text('reference') }
  const run = async () => {
    switch (text('intent')) {
      case 'use-advance':
        return applyAdvance(ctx, params.org)
      case 'refund': {
        const amount = parseYuan(values.amount || '-')
        if (isRefusal(amount)) return refuse('invalid', amount.reason, { fields: { amount: amount.reason } })
        return refundAdvance(ctx, { orgId: params.org, amount, reason: values.reason, reference: values.reference })
      }
      case 'reverse':
        return reverseEntry(ctx, text('entry'), text('reason'))
      default:
        return refuse('invalid', '没有这一步。')
    }
  }
  const answer = await run()
  return isRefusal(answer) ? refused(answer, values) : redirect(url.pathname)
}

export default function Book({ loaderData: { name, sums, charges, deferrals, entries, hasAdvance } }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  const values: Record<string, string> = result?.values ?? {}
  const fields = result?.refusal?.fields
  const field = (key: string, label: string) => ({
    name: key,
    label,
    required: true,
    defaultValue: values[key],
    ...(fields?.[key] && { error: fields[key] }),
  })
  return (
    <Page title={name} lead="这家企业在本机构的账：计费 = 减免 + 已收 + 未收。" back={{ to: '/books', label: '应收' }}>
      <ErrorSummary refusal={result?.refusal} />
      <div className={styles.stats}>
        <Stat label="计费" value={sums.fee} />
        <Stat label="减免" value={sums.saved} />
        <Stat label="已收" value={sums.paid} />
        <Stat label="未收" value={sums.outstanding} />
        <Stat label="预收" value={sums.advance} />
      </div>
      {deferrals.map((row) => (
        <p key={row.id}>
          缓缴单 {row.number}：还有 {row.outstanding}，到 {row.termEndsOn} <Badge tone="info">{row.stage}</Badge>
        </p>
      ))}
      <section aria-labelledby="open">
        <h2 id="open">未收</h2>
        {charges.length === 0 ? (
          <p className="soft">都已付清。</p>
        ) : (
          <table className="cards">
            <caption className="hidden">未收</caption>
            <thead>
              <tr>
                <th scope="col">项目</th>
                <th scope="col" className="end">
                  未收
                </th>
                <th scope="col">最晚</th>
              </tr>
            </thead>
            <tbody>
              {charges.map((row) => (
                <tr key={row.id}>
                  <th scope="row">
                    {row.title} <Link to={`/orders/${row.orderId}`}>{row.number}</Link>
                  </th>
                  <td data-label="未收" className="end">
                    {row.outstanding}
                  </td>
                  <td data-label="最晚">
                    {row.dueOn} {row.deferred && <Badge tone="info">缓缴</Badge>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      {hasAdvance && (
        <section aria-labelledby="advance">
          <h2 id="advance">预收 {sums.advance}</h2>
          {charges.length > 0 && (
            <Form method="post">
              <Submit name="intent" value="use-advance" label="用预收抵付（先到期的先抵）" busyLabel="正在入账" plain />
            </Form>
          )}
          <Disclosure summary="退款……" open={Boolean(fields?.amount || fields?.reason || fields?.reference)}>
            <Form method="post" className="form" noValidate>
              <NumberField {...field('amount', '金额')} suffix="元" />
              <TextField {...field('reference', '退款银行流水号')} maxLength={64} />
              <TextField {...field('reason', '原因')} maxLength={100} />
              <Submit name="intent" value="refund" label="登记退款" busyLabel="正在入账" />
            </Form>
          </Disclosure>
        </section>
      )}
      <section aria-labelledby="entries">
        <h2 id="entries">分录</h2>
        <table className="cards">
          <caption className="hidden">分录</caption>
          <thead>
            <tr>
              <th scope="col">日期</th>
              <th scope="col">事项</th>
              <th scope="col" className="end">
                金额
              </th>
              <th scope="col">经办</th>
              <th scope="col">冲销</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <tr key={entry.id}>
                <th scope="row">{entry.on}</th>
                <td data-label="事项">
                  {entry.act}：{entry.memo}
                </td>
                <td data-label="金额" className="end">
                  {entry.amount}
                </td>
                <td data-label="经办">{entry.by}</td>
                <td data-label="冲销">
                  {entry.reversed && <Badge>已冲销</Badge>}
                  {entry.reversible && (
                    <Disclosure summary="冲销……">
                      <Form method="post">
                        <input type="hidden" name="entry" value={entry.id} />
                        <TextField name="reason" label="原因" required maxLength={100} />
                        <Submit name="intent" value="reverse" label="确认冲销" plain />
                      </Form>
                    </Disclosure>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Page>
  )
}
