import { Form, Link, redirect, useActionData } from 'react-router'
import { fen, formatYuan } from '../../../../core/money.ts'
import { shanghaiDate } from '../../../../core/promise-clock.ts'
import { isRefusal } from '../../../../core/refusal.ts'
import { ctxKey } from '../../../../platform/context.server.ts'
import { refused } from '../../../../web/refused.server.ts'
import { Disclosure } from '../../../../web/ui/disclosure.tsx'
import { Empty, Notice } from '../../../../web/ui/feedback.tsx'
import { CheckboxField, TextArea, TextField } from '../../../../web/ui/fields.tsx'
import { ErrorSummary, Submit } from '../../../../web/ui/form.tsx'
import { Badge } from '../../../../web/ui/marks.tsx'
import { Page } from '../../../../web/ui/page.tsx'
import { DataTable } from '../../../../web/ui/table.tsx'
import { readTable } from '../../../../web/ui/table-query.ts'
import { findMerchant, saveMerchant } from '../merchants.server.ts'
import { onlineStates, onlineTones } from '../model.ts'
import { listOnlinePayments, listTroubles } from '../queries.server.ts'
import { settleTrouble } from '../troubles.server.ts'
import type { Route } from './+types/online.ts'
import { admitOnline } from './admit-money.server.ts'

export const meta = () => [{ title: '在线收款 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  await admitOnline(ctx, url, ['finance'])
  const query = readTable(url, { sorts: [], defaultSort: 'created_at' })
  const { rows, total } = await listOnlinePayments(ctx, { page: query.page })
  return {
    query,
    total,
    merchant: (await findMerchant(ctx)) ?? null,
    troubles: (await listTroubles(ctx)).map(({ id, said }) => ({ id, said })),
    rows: rows.map((row) => ({
      id: row.id,
      number: row.number,
      on: shanghaiDate(row.created_at),
      orgName: row.org_name,
      amount: formatYuan(fen(row.paid_fen ?? row.amount_fen)),
      state: row.state,
      trouble: row.trouble,
    })),
  }
}

const texts = ['mchid', 'appid', 'serialNo', 'platformKeyId', 'platformKey'] as const

export async function action({ request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  await admitOnline(ctx, url, ['finance'])
  const form = await request.formData()
  const text = (name: string) => String(form.get(name) ?? '').trim()
  if (form.has('trouble')) {
    const settled = await settleTrouble(ctx, text('trouble'), text('how'))
    return isRefusal(settled) ? refused(settled) : redirect('/online')
  }
  // Secrets are not sent back to the page.
  const values = Object.fromEntries(texts.map((name) => [name, text(name)])) as Record<(typeof texts)[number], string>
  const saved = await saveMerchant(ctx, {
    ...values,
    privateKey: text('privateKey'),
    apiV3Key: text('apiV3Key'),
    enabled: form.get('enabled') === 'on',
    version: Number(text('version')),
  })
  return isRefusal(saved) ? refused(saved, values) : redirect('/online')
}

export default function Online({ loaderData: { query, total, rows, merchant, troubles } }: Route.ComponentProps) {
  type Row = (typeof rows)[number]
  const result = useActionData<typeof action>()
  const values: Record<string, string> = result?.values ?? {
    mchid: merchant?.mchid ?? '',
    appid: merchant?.appid ?? '',
    serialNo: merchant?.serial_no ?? '',
    platformKeyId: merchant?.platform_key_id ?? '',
    platformKey: merchant?.platform_key ?? '',
  }
  const fields = result?.refusal?.fields
  const field = (name: string, label: string) => ({
    name,
    label,
    defaultValue: values[name],
    ...(fields?.[name] && { error: fields[name] }),
  })
  const kept = merchant ? '已保存；不换就留空' : undefined
  return (
    <Page title="在线收款" lead="企业用微信付的款直接进本机构的商户账户，付成即入账。">
      <ErrorSummary refusal={result?.refusal} />
      {troubles.map(({ id, said }) => (
        <Notice key={id} tone="warn" title={said}>
          <Form method="post" className="form">
            <input type="hidden" name="trouble" value={id} />
            <TextField name="how" label="怎么处理的" maxLength={200} required />
            <Submit label="已处理" busyLabel="正在保存" />
          </Form>
        </Notice>
      ))}
      <Disclosure
        summary={merchant ? `商户 ${merchant.mchid}（${merchant.enabled ? '收款中' : '已停'}）` : '填写微信支付商户'}
        open={!merchant || Boolean(fields)}
      >
        <p className="soft">
          款项只进这里填的商户。密钥加密保存，保存后任何人都看不到。在商户平台“账户中心 → API 安全”里取得。
          {merchant && ` 最近由${merchant.changed_by_name}于 ${shanghaiDate(merchant.changed_at)} 修改。`}
        </p>
        <Form method="post" className="form" noValidate>
          <input type="hidden" name="version" value={merchant?.version ?? 0} />
          <TextField {...field('mchid', '商户号')} required maxLength={16} />
          <TextField {...field('appid', 'AppID')} required maxLength={18} />
          <TextField {...field('serialNo', '商户 API 证书序列号')} required maxLength={64} />
          <TextArea {...field('privateKey', '商户 API 私钥（PEM）')} defaultValue="" {...(kept && { help: kept })} required={!merchant} />
          <TextField
            {...field('apiV3Key', 'APIv3 密钥')}
            type="password"
            defaultValue=""
            {...(kept && { help: kept })}
            required={!merchant}
            maxLength={32}
          />
          <TextField {...field('platformKeyId', '微信支付公钥 ID 或平台证书序列号')} required maxLength={64} />
          <TextArea {...field('platformKey', '微信支付公钥或平台证书（PEM）')} required />
          <CheckboxField name="enabled" label="收款" defaultChecked={merchant?.enabled ?? true} />
          <Submit label="保存商户" busyLabel="正在保存" />
        </Form>
      </Disclosure>
      <DataTable<Row>
        caption="在线付款"
        rows={rows}
        total={total}
        query={query}
        rowKey={(row) => row.id}
        columns={[
          { key: 'on', label: '日期', whole: true, render: (row) => row.on },
          { key: 'orgName', label: '企业', render: (row) => <Link to={`/online/${row.id}`}>{row.orgName}</Link> },
          { key: 'amount', label: '金额', align: 'end', render: (row) => row.amount },
          { key: 'number', label: '付款单号', render: (row) => row.number },
          {
            key: 'state',
            label: '状态',
            render: (row) => (
              <>
                <Badge tone={onlineTones[row.state]}>{onlineStates[row.state]}</Badge> {row.trouble && <small>{row.trouble}</small>}
              </>
            ),
          },
        ]}
        empty={<Empty title="还没有在线付款" hint="填好商户后，企业在“费用”里就能用微信付。" />}
      />
    </Page>
  )
}
