import { Link } from 'react-router'
import { fen } from '../../../core/money.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { admit } from '../../../web/admit.server.ts'
import { Empty } from '../../../web/ui/feedback.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { DataTable } from '../../../web/ui/table.tsx'
import { readTable } from '../../../web/ui/table-query.ts'
import { simulationStates, simulationTones } from '../simulation-model.ts'
import { listSimulations } from '../simulation-queries.server.ts'
import { signedYuan } from '../simulation-words.ts'
import type { Route } from './+types/simulations.ts'

export const meta = () => [{ title: '政策模拟 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['regulator'])
  const query = readTable(url, { sorts: [], defaultSort: 'created_at' })
  const { rows, total } = await listSimulations(ctx, { page: query.page })
  return {
    query,
    total,
    rows: rows.map((row) => ({
      id: row.id,
      number: row.number,
      title: row.title,
      policy: row.base.title,
      period: `${row.period_from} 至 ${row.period_to}`,
      by: row.asked_by_name,
      state: row.state,
      progress: `${row.orders_done} / ${row.orders_total} 单`,
      difference: row.state === 'done' ? signedYuan(fen(row.difference)) : null,
    })),
  }
}

export default function Simulations({ loaderData: { query, total, rows } }: Route.ComponentProps) {
  type Row = (typeof rows)[number]
  const start = (
    <Link to="/simulations/new" className="button primary">
      新的模拟
    </Link>
  )
  return (
    <Page title="政策模拟" lead="发政策之前，拿过去真实的委托单算一遍：减免多出多少、落在哪些县。不动任何记录。" actions={start}>
      <DataTable<Row>
        caption="本单位的模拟"
        rows={rows}
        total={total}
        query={query}
        rowKey={(row) => row.id}
        columns={[
          {
            key: 'title',
            label: '模拟',
            render: (row) => (
              <>
                <Link to={`/simulations/${row.id}`}>{row.title}</Link> <small className="soft">{row.number}</small>
              </>
            ),
          },
          { key: 'policy', label: '政策', render: (row) => row.policy },
          { key: 'period', label: '用哪段时间的单', render: (row) => row.period },
          { key: 'by', label: '谁算的', render: (row) => row.by },
          {
            key: 'state',
            label: '状态',
            render: (row) => (
              <>
                <Badge tone={simulationTones[row.state]}>{simulationStates[row.state]}</Badge> {row.state === 'running' && row.progress}
              </>
            ),
          },
          { key: 'difference', label: '减免变化', align: 'end', render: (row) => row.difference ?? '—' },
        ]}
        empty={<Empty title="还没有模拟过" hint="选一份政策，改比例、封顶、起止日或规模，用过去的单算一遍。" />}
      />
    </Page>
  )
}
