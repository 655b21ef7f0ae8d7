import { Link } from 'react-router'
import { ctxKey } from '../../../platform/context.server.ts'
import { admit } from '../../../web/admit.server.ts'
import { Empty } from '../../../web/ui/feedback.tsx'
import { Day } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { DataTable } from '../../../web/ui/table.tsx'
import { readTable } from '../../../web/ui/table-query.ts'
import { listUnconfirmed } from '../confirmation/queries.server.ts'
import type { Route } from './+types/confirmations.ts'

export const meta = () => [{ title: '待确认的校准证书 · 器具台账 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const query = readTable(url, { sorts: ['done_on'], defaultSort: 'done_on', pageSize: 20 })
  const all = await listUnconfirmed(ctx, 1_000)
  return { query, total: all.length, rows: all.slice((query.page - 1) * query.pageSize, query.page * query.pageSize) }
}

export default function Confirmations({ loaderData: { query, total, rows } }: Route.ComponentProps) {
  type Row = (typeof rows)[number]
  return (
    <Page
      title="待确认的校准证书"
      lead="校准只给数据，能不能用由本单位确认（GB/T 19022）。"
      back={{ to: '/me/instruments', label: '器具台账' }}
    >
      <DataTable<Row>
        caption="待确认的校准证书"
        rows={rows}
        total={total}
        query={query}
        rowKey={(row) => row.check_id}
        columns={[
          {
            key: 'instrument',
            label: '器具',
            render: (row) => <Link to={`/me/instruments/${row.instrument_id}`}>{`${row.code} ${row.name}`}</Link>,
          },
          { key: 'done_on', label: '校准日期', render: (row) => <Day date={row.done_on} /> },
          { key: 'certificate', label: '证书编号', whole: true, render: (row) => row.certificate_no ?? '—' },
          {
            key: 'act',
            label: '办理',
            render: (row) =>
              row.draft_id ? (
                <Link to={`/me/confirmations/${row.draft_id}`}>签字</Link>
              ) : (
                <Link to={`/me/instruments/${row.instrument_id}/checks/${row.check_id}/confirm`}>作计量确认</Link>
              ),
          },
        ]}
        empty={<Empty title="没有待确认的证书" hint="录入校准结果以后，还没有作计量确认的列在这里。" />}
      />
    </Page>
  )
}
