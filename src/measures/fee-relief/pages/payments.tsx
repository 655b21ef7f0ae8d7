import { Form, Link, redirect, useActionData } from 'react-router'
import { paymentMethods, paymentStates } from '../../../commons/accounts/index.ts'
import { bringSlipSheet, listPayments, recordPayment } from '../../../commons/accounts/index.server.ts'
import { fileIn, readForm } from '../../../commons/files/index.server.ts'
import { fen, formatYuan, parseYuan } from '../../../core/money.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal, refuse } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { DateField, FileField, NumberField, SelectField, TextField } from '../../../web/ui/fields.tsx'
import { Empty } from '../../../web/ui/feedback.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { DataTable } from '../../../web/ui/table.tsx'
import { readTable } from '../../../web/ui/table-query.ts'
import type { Route } from './+types/payments.ts'
import { admitMoney } from './money.server.ts'

export const meta = () => [{ title: '到账 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  await admitMoney(ctx, url, ['finance'])
  const query = readTable(url, { sorts: [], defaultSort: 'paid_on' })
  const { rows, total } = await listPayments(ctx, { page: query.page })
  return {
    query,
    total,
    today: shanghaiDate(ctx.now),
    rows: rows.map((row) => ({
      id: row.id,
      paidOn: row.paid_on,
      payer: row.payer,
      remark: row.remark,
      amount: formatYuan(fen(row.amount_fen)),
      method: paymentMethods[row.method],
      reference: row.reference,
      state: row.state,
      orgName: row.org_name,
      orgId: row.org_id,
    })),
  }
}

export async function action({ request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  await admitMoney(ctx, url, ['finance'])
  const form = await readForm(request, 5_000_000)
  if (isRefusal(form)) return refused(form)
  const text = (name: string) => String(form.get(name) ?? '').trim()
  if (form.has('sheet')) {
    const file = fileIn(form, 'file')
    const brought = await bringSlipSheet(ctx, {
      name: file?.name ?? '',
      bytes: file ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array(),
    })
    return isRefusal(brought) ? refused(brought, { sheet: 'yes' }) : redirect(`/payments/sheets/${brought.id}`)
  }
  const values = Object.fromEntries(
    ['method', 'reference', 'paidOn', 'payer', 'remark', 'amount'].map((name) => [name, text(name)]),
  ) as Record<string, string>
  const amount = parseYuan(values.amount || '-')
  if (isRefusal(amount)) return refused(refuse('invalid', amount.reason, { fields: { amount: '请填写到账金额（元）' } }), values)
  const recorded = await recordPayment(ctx, {
    method: values.method as keyof typeof paymentMethods,
    reference: values.reference!,
    paidOn: values.paidOn!,
    payer: values.payer!,
    remark: values.remark,
    amount,
  })
  return isRefusal(recorded) ? refused(recorded, values) : redirect(`/payments/${recorded.id}`)
}

export default function Payments({ loaderData: { query, total, rows, today } }: Route.ComponentProps) {
  type Row = (typeof rows)[number]
  const result = useActionData<typeof action>()
  const values: Record<string, string> = result?.values ?? {}
  const fields = result?.refusal?.fields
  const field = (name: string, label: string) => ({
    name,
    label,
    required: true,
    defaultValue: values[name],
    ...(fields?.[name] && { error: fields[name] }),
  })
  return (
    <Page title="到账" lead="登记银行流水或柜台收款，再对到企业的费用。同一流水号只登记一次。">
      <ErrorSummary refusal={result?.refusal} />
      <Disclosure summary="登记一笔到账" open={(total === 0 || Boolean(result?.refusal)) && !values.sheet}>
        <Form method="post" className="form" noValidate>
          <SelectField
            {...field('method', '方式')}
            options={[
              { value: 'transfer', label: paymentMethods.transfer },
              { value: 'counter', label: paymentMethods.counter },
            ]}
          />
          <TextField {...field('reference', '银行流水号或收据号')} maxLength={64} />
          <DateField {...field('paidOn', '到账日期')} defaultValue={values.paidOn || today} />
          <TextField {...field('payer', '付款人')} maxLength={100} />
          <NumberField {...field('amount', '金额')} suffix="元" />
          <TextField name="remark" label="附言" maxLength={200} defaultValue={values.remark} />
          <Submit label="登记并去认领" busyLabel="正在登记" />
        </Form>
      </Disclosure>
      <Disclosure summary="导入银行流水表" open={Boolean(values.sheet)}>
        <p>网银导出的 Excel 或 CSV 直接上传：认交易日期、流水号、对方户名、贷方（收入）金额、摘要、附言；支出跳过。</p>
        <Form method="post" className="form" noValidate encType="multipart/form-data">
          <input type="hidden" name="sheet" value="yes" />
          <FileField name="file" label="银行流水表" accept=".xlsx,.csv" required {...(fields?.file && { error: fields.file })} />
          <Submit label="读取并核对" busyLabel="正在读取" plain />
        </Form>
      </Disclosure>
      <DataTable<Row>
        caption="到账"
        rows={rows}
        total={total}
        query={query}
        rowKey={(row) => row.id}
        columns={[
          { key: 'paidOn', label: '日期', whole: true, render: (row) => row.paidOn },
          { key: 'payer', label: '付款人', render: (row) => <Link to={`/payments/${row.id}`}>{row.payer}</Link> },
          { key: 'amount', label: '金额', align: 'end', render: (row) => row.amount },
          { key: 'reference', label: '流水号', render: (row) => `${row.method} ${row.reference}` },
          {
            key: 'state',
            label: '状态',
            render: (row) =>
              row.orgId ? (
                <>
                  <Badge tone="good">{paymentStates.matched}</Badge>{' '}
                  <Link to={`/books/${row.orgId}`}>{row.orgName === row.payer ? '看往来' : row.orgName}</Link>
                </>
              ) : (
                <Badge tone="warn">{paymentStates.unmatched}</Badge>
              ),
          },
        ]}
        empty={<Empty title="还没有登记过到账" hint="在上面登记第一笔。" />}
      />
    </Page>
  )
}
