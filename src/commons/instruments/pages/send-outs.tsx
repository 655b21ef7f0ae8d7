import { Link } from 'react-router'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { Empty } from '../../../web/ui/feedback.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { DataTable } from '../../../web/ui/table.tsx'
import { readTable } from '../../../web/ui/table-query.ts'
import { sendOutStates, sendOutTones } from '../send-outs/model.ts'
import { listSendOuts } from '../send-outs/queries.server.ts'
import type { Route } from './+types/send-outs.ts'
import { admit } from '../../../web/admit.server.ts'

export const meta = () => [{ title: '送检单 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const query = readTable(url, { sorts: [], defaultSort: 'created_at', pageSize: 20 })
  return { query, today: shanghaiDate(ctx.now), ...(await listSendOuts(ctx, { page: query.page })) }
}

export default function SendOuts({ loaderData: { query, rows, total, today } }: Route.ComponentProps) {
  type Row = (typeof rows)[number]
  return (
    <Page
      title="送检单"
      lead="一批送到一家机构：谁送、哪天送、哪天取、还差几件没取回。"
      actions={
        <Link to="/me/instruments/due" className="button primary">
          按到期安排一批
        </Link>
      }
    >
      <DataTable<Row>
        caption="本单位的送检单"
        rows={rows}
        total={total}
        query={query}
        rowKey={(row) => row.id}
        columns={[
          { key: 'number', label: '编号', render: (row) => <Link to={`/me/send-outs/${row.id}`}>{row.number}</Link> },
          { key: 'institution', label: '机构', render: (row) => row.institution },
          { key: 'pieces', label: '件数', align: 'end', render: (row) => row.pieces },
          { key: 'send_on', label: '送出', render: (row) => row.send_on },
          {
            key: 'back_on',
            label: '取回',
            render: (row) =>
              row.state === 'sent' && row.back_on < today ? <Badge tone="bad">▲ 应于 {row.back_on} 取回</Badge> : row.back_on,
          },
          {
            key: 'state',
            label: '状态',
            render: (row) => (
              <Badge tone={sendOutTones[row.state]}>
                {sendOutStates[row.state]}
                {row.state === 'sent' && `，${row.open} 件未取回`}
              </Badge>
            ),
          },
        ]}
        empty={
          <Empty
            title="还没有送检单"
            hint="从待检清单里“一键打包送检”，会先看生产点有没有备用。"
            action={<Link to="/me/instruments/due">去看待检清单</Link>}
          />
        }
      />
    </Page>
  )
}
