import { Form, Link, redirect, useActionData } from 'react-router'
import { isRefusal } from '../../../core/refusal.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { admit } from '../../../web/admit.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Empty, Notice } from '../../../web/ui/feedback.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import { Badge, Day } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { DataTable } from '../../../web/ui/table.tsx'
import { readTable } from '../../../web/ui/table-query.ts'
import { establishKey } from '../keys/change.server.ts'
import { keyStates, keyTones } from '../keys/model.ts'
import { listKeys } from '../keys/queries.server.ts'
import { currentKey } from '../keys/signer.server.ts'
import { suiteOf } from '../keys/suites.server.ts'
import type { Route } from './+types/keys.ts'

export const meta = () => [{ title: '签名密钥 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['approver', 'regulator', 'admin'])
  const query = readTable(url, { sorts: ['created_at'], defaultSort: '-created_at' })
  const { rows, total } = await listKeys(ctx, query)
  const { role, region, org_id: id } = ctx.actor
  const current = role === 'approver' ? await currentKey(ctx, { province: region.slice(0, 2), id }) : undefined
  return {
    own: role === 'approver',
    current: current?.id,
    query,
    total,
    rows: rows.map((row) => ({
      id: row.id,
      owner: row.owner,
      fingerprint: row.fingerprint.slice(0, 16),
      label: suiteOf(row.certificate)?.label ?? '—',
      from: shanghaiDate(row.not_before),
      until: shanghaiDate(row.not_after),
      ended: row.state === 'active' && row.not_after <= ctx.now,
      state: row.state,
      signed: row.signed,
    })),
  }
}

export async function action({ context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['approver'])
  const made = await establishKey(ctx)
  return isRefusal(made) ? refused(made) : redirect(`/certificates/keys/${made.id}`)
}

export default function Keys({ loaderData: { own, current, query, total, rows } }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  type Row = (typeof rows)[number]
  return (
    <Page
      title="签名密钥"
      lead={own ? '签发证书用的密钥，私钥封存在平台里，谁也看不到；第一次签发时自动建立。' : '机构签发证书用的密钥，私钥封存在平台里。'}
      back={{ to: '/certificates', label: '证书' }}
    >
      <ErrorSummary refusal={result?.refusal} />
      {own && rows.length > 0 && !current && (
        <Notice tone="warn" title="现在没有可以签发的密钥">
          <p>{rows[0]!.state === 'revoked' ? '上一把已经吊销。建立新的以后才能签发证书。' : '下一次签发时自动建立，也可以现在建立。'}</p>
          <Form method="post">
            <Submit label="建立新的密钥" busyLabel="正在建立" />
          </Form>
        </Notice>
      )}
      <DataTable<Row>
        caption="签名密钥"
        query={query}
        total={total}
        rows={rows}
        rowKey={(row) => row.id}
        columns={[
          {
            key: 'fingerprint',
            label: '指纹（前 16 位）',
            render: (row) => (
              <Link to={`/certificates/keys/${row.id}`}>
                <code>{row.fingerprint}</code>
              </Link>
            ),
          },
          ...(own ? [] : [{ key: 'owner', label: '机构', render: (row: Row) => row.owner }]),
          { key: 'label', label: '算法', render: (row) => row.label },
          { key: 'created_at', label: '建立', render: (row) => <Day date={row.from} /> },
          { key: 'until', label: '有效期至', render: (row) => <Day date={row.until} /> },
          { key: 'signed', label: '签发证书', render: (row) => `${row.signed} 份` },
          {
            key: 'state',
            label: '状态',
            render: (row) => (
              <>
                <Badge tone={row.ended ? 'neutral' : keyTones[row.state]}>{row.ended ? '已到期' : keyStates[row.state]}</Badge>{' '}
                {row.id === current && <Badge tone="info">正在使用</Badge>}
              </>
            ),
          },
        ]}
        empty={<Empty title="还没有签名密钥" hint="第一次签发证书时自动建立。" />}
      />
    </Page>
  )
}
