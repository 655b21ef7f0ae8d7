import { Form, Link, redirect, useActionData } from 'react-router'
import { isRefusal } from '../../../core/refusal.ts'
import { sayInstant } from '../../../core/say-instant.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { admit } from '../../../web/admit.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { NumberField, TextArea, TextField } from '../../../web/ui/fields.tsx'
import { Empty } from '../../../web/ui/feedback.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { saveInstitution } from '../institution.server.ts'
import { heldVisits, institutionSettings } from '../queries.server.ts'
import type { Route } from './+types/visits.ts'

export const meta = () => [{ title: '上门安排 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['counter'])
  const settings = await institutionSettings(ctx, ctx.actor.org_id)
  return {
    visits: (await heldVisits(ctx)).map(({ crew, from, to, number, order_id }) => ({
      orderId: order_id,
      number,
      crew,
      text: `${sayInstant(from)} 至 ${sayInstant(to).slice(11)}`,
    })),
    crews: settings?.crews.join('\n') ?? '',
    sampleAddress: settings?.sample_address ?? '',
    bankAccount: settings?.bank_account ?? '',
    paymentDays: settings?.payment_days ?? 30,
  }
}

export async function action({ request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['counter'])
  const form = await request.formData()
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const values = {
    crews: text('crews'),
    sampleAddress: text('sampleAddress'),
    bankAccount: text('bankAccount'),
    paymentDays: text('paymentDays'),
  }
  const saved = await saveInstitution(ctx, {
    crews: values.crews
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
    sampleAddress: values.sampleAddress,
    bankAccount: values.bankAccount,
    paymentDays: Number(values.paymentDays),
  })
  return isRefusal(saved) ? refused(saved, values) : redirect(url.pathname)
}

export default function Visits({ loaderData }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  const values = { ...loaderData, ...result?.values }
  const fields = result?.refusal?.fields
  return (
    <Page title="上门安排" lead="哪一组什么时候在哪一单；同一组同一时间只能约一处。">
      <ErrorSummary refusal={result?.refusal} />
      {loaderData.visits.length === 0 ? (
        <Empty title="没有约定的上门" hint="在上门的委托单里安排时间。" />
      ) : (
        <table className="cards">
          <caption className="hidden">约定的上门</caption>
          <thead>
            <tr>
              <th scope="col">时间</th>
              <th scope="col">小组</th>
              <th scope="col">委托单</th>
            </tr>
          </thead>
          <tbody>
            {loaderData.visits.map((visit) => (
              <tr key={visit.orderId}>
                <th scope="row">{visit.text}</th>
                <td data-label="小组">{visit.crew}</td>
                <td data-label="委托单">
                  <Link to={`/orders/${visit.orderId}`}>{visit.number}</Link>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <section aria-labelledby="settings">
        <h2 id="settings">机构设置</h2>
        <Form method="post" className="form" noValidate>
          <TextArea
            name="crews"
            label="上门小组"
            help="每行一个"
            rows={3}
            defaultValue={values.crews}
            {...(fields?.crews && { error: fields.crews })}
          />
          <TextField name="sampleAddress" label="送样地址" maxLength={120} defaultValue={values.sampleAddress} />
          <TextField name="bankAccount" label="收款账户" maxLength={120} defaultValue={values.bankAccount} />
          <NumberField
            name="paymentDays"
            label="付款期限"
            suffix="天（自受理）"
            required
            defaultValue={values.paymentDays}
            {...(fields?.paymentDays && { error: fields.paymentDays })}
          />
          <Submit label="保存" busyLabel="正在保存" />
        </Form>
      </section>
    </Page>
  )
}
