import { Link } from 'react-router'
import { fen, formatYuan } from '../../../../core/money.ts'
import { fullRegionName } from '../../../../core/regions.ts'
import { ctxKey } from '../../../../platform/context.server.ts'
import { admit } from '../../../../web/admit.server.ts'
import { Empty } from '../../../../web/ui/feedback.tsx'
import { FilterSearch, Filters } from '../../../../web/ui/filters.tsx'
import { Badge } from '../../../../web/ui/marks.tsx'
import { Page } from '../../../../web/ui/page.tsx'
import { DataTable } from '../../../../web/ui/table.tsx'
import { readTable } from '../../../../web/ui/table-query.ts'
import { meterWord, sayShare } from '../meter.ts'
import { budgetStates } from '../model.ts'
import { budgetSorts, listBudgets } from '../queries.server.ts'
import type { Route } from './+types/budgets.ts'
import { MeterBadge } from './meter-view.tsx'

export const meta = () => [{ title: '减免额度 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['regulator', 'admin'])
  const query = readTable(url, { sorts: budgetSorts, defaultSort: '-share' })
  const { rows, total } = await listBudgets(ctx, query)
  return {
    query,
    total,
    mayPropose: ctx.actor.role === 'regulator',
    rows: rows.map((row) => ({
      id: row.id,
      title: row.title,
      region: fullRegionName(row.region),
      period: `${row.starts_on} 至 ${row.ends_on}`,
      state: row.state,
      open: row.open,
      word: meterWord(row.used_fen, row.amount_fen),
      share: sayShare(row.used_fen, row.amount_fen),
      amount: formatYuan(fen(row.amount_fen)),
      used: formatYuan(fen(row.used_fen)),
      queued: row.waiting > 0 ? `${formatYuan(fen(row.queued))}（${row.waiting} 笔）` : '—',
    })),
  }
}

export default function Budgets({ loaderData: { query, total, rows, mayPropose } }: Route.ComponentProps) {
  type Row = (typeof rows)[number]
  return (
    <Page
      title="减免额度"
      lead="每项政策一段时间里最多能减多少、已用多少。用完以后的减免自动排队，不会被拒绝。"
      actions={
        mayPropose ? (
          <Link to="/relief-budgets/new" className="button primary">
            设立额度
          </Link>
        ) : undefined
      }
    >
      <Filters>
        <FilterSearch value={query.q} placeholder="政策名称" />
      </Filters>
      <DataTable<Row>
        caption="减免额度"
        rows={rows}
        total={total}
        query={query}
        rowKey={(row) => row.id}
        columns={[
          { key: 'title', label: '政策', sortable: true, render: (row) => <Link to={`/relief-budgets/${row.id}`}>{row.title}</Link> },
          { key: 'region', label: '地区', render: (row) => row.region },
          { key: 'ends_on', label: '期限', sortable: true, render: (row) => row.period },
          { key: 'amount', label: '额度', sortable: true, align: 'end', render: (row) => (row.state === 'proposed' ? '—' : row.amount) },
          { key: 'used', label: '已用', sortable: true, align: 'end', render: (row) => row.used },
          { key: 'queued', label: '排队', align: 'end', whole: true, render: (row) => row.queued },
          {
            key: 'share',
            label: '用度',
            sortable: true,
            render: (row) => (
              <>
                {row.state === 'active' ? <MeterBadge word={row.word} share={row.share} /> : <Badge>{budgetStates[row.state]}</Badge>}
                {row.open && row.state === 'active' && <Badge tone="info">调整待批准</Badge>}
              </>
            ),
          },
        ]}
        empty={
          <Empty
            title={query.q ? '没有找到' : '还没有设立额度'}
            hint={query.q ? '请换个名称。' : '没有额度的政策不限总量；设立以后从批准那天起计算。'}
          />
        }
      />
    </Page>
  )
}
