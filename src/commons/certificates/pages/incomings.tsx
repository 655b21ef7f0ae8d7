import { Link } from 'react-router'
import { ctxKey } from '../../../platform/context.server.ts'
import { admit } from '../../../web/admit.server.ts'
import { Empty } from '../../../web/ui/feedback.tsx'
import { Filters, FilterSelect } from '../../../web/ui/filters.tsx'
import { Badge, When } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { DataTable } from '../../../web/ui/table.tsx'
import { readTable } from '../../../web/ui/table-query.ts'
import { incomingStates, incomingTones, standings, type IncomingState } from '../incoming/model.ts'
import { listIncoming } from '../incoming/queries.server.ts'
import type { Route } from './+types/incomings.ts'

export const meta = () => [{ title: '上传的证书 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const query = readTable(url, { sorts: ['created_at'], defaultSort: '-created_at', pageSize: 20 })
  const asked = url.searchParams.get('state') ?? ''
  const state = Object.hasOwn(incomingStates, asked) ? (asked as IncomingState) : undefined
  const { rows, total } = await listIncoming(ctx, { state, page: query.page, pageSize: query.pageSize })
  return {
    query,
    state: state ?? '',
    total,
    rows: rows.map((row) => ({
      id: row.id,
      title: row.number ?? row.name,
      standing: standings[row.standing],
      instrument: row.instrument_code ? `${row.instrument_code} ${row.instrument_name}` : '—',
      by: row.brought_by_name,
      at: row.created_at,
      state: row.state,
    })),
  }
}

export default function Incomings({ loaderData: { query, state, rows, total } }: Route.ComponentProps) {
  type Row = (typeof rows)[number]
  return (
    <Page
      title="上传的证书"
      lead="别处出具、由本单位上传的证书：核实过的自动记入台账，其余的等人核对。"
      back={{ to: '/me/certificates', label: '我的证书' }}
      actions={
        <Link to="/me/certificates/upload" className="button primary">
          上传证书
        </Link>
      }
    >
      <Filters>
        <FilterSelect
          name="state"
          label="状态"
          value={state}
          empty="全部"
          options={Object.entries(incomingStates).map(([value, label]) => ({ value, label }))}
        />
      </Filters>
      <DataTable<Row>
        caption="上传的证书"
        rows={rows}
        total={total}
        query={query}
        rowKey={(row) => row.id}
        columns={[
          { key: 'title', label: '证书', render: (row) => <Link to={`/me/certificates/incoming/${row.id}`}>{row.title}</Link> },
          { key: 'instrument', label: '器具', render: (row) => row.instrument },
          { key: 'standing', label: '核实', render: (row) => row.standing },
          { key: 'by', label: '上传', render: (row) => row.by },
          { key: 'at', label: '时间', render: (row) => <When at={row.at} /> },
          { key: 'state', label: '状态', render: (row) => <Badge tone={incomingTones[row.state]}>{incomingStates[row.state]}</Badge> },
        ]}
        empty={<Empty title="没有上传的证书" hint="机构用邮件、U 盘等发来的证书，传上来就记入台账。" />}
      />
    </Page>
  )
}
