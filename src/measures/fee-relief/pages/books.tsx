import { Link } from 'react-router'
import { ageing, listDebts, listPeriods, sumsOf } from '../../../commons/accounts/index.server.ts'
import { formatYuan, plainYuan } from '../../../core/money.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { Bars } from '../../../web/ui/bars.tsx'
import { Empty, Stat } from '../../../web/ui/feedback.tsx'
import { FilterSearch, Filters } from '../../../web/ui/filters.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { DataTable } from '../../../web/ui/table.tsx'
import { readTable } from '../../../web/ui/table-query.ts'
import type { Route } from './+types/books.ts'
import { admitMoney } from './money.server.ts'
import styles from './fee-relief.module.css'

export const meta = () => [{ title: '应收 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  await admitMoney(ctx, url, ['finance'])
  const query = readTable(url, { sorts: ['name', 'outstanding', 'overdue', 'deferred', 'dueOn'], defaultSort: '-overdue' })
  const { rows, total } = await listDebts(ctx, query)
  const sums = await sumsOf(ctx)
  const [period] = await listPeriods(ctx)
  return {
    query,
    total,
    today: shanghaiDate(ctx.now),
    closed: period?.month ?? null,
    sums: {
      fee: formatYuan(sums.fee),
      relief: formatYuan(sums.relief),
      paid: formatYuan(sums.paid),
      outstanding: formatYuan(sums.outstanding),
      deferred: formatYuan(sums.deferred),
    },
    ages: (await ageing(ctx)).map(({ label, amount, charges }) => ({
      label,
      value: Number(plainYuan(amount)),
      said: `${formatYuan(amount)}（${charges} 笔）`,
    })),
    rows: rows.map((row) => ({
      orgId: row.orgId,
      name: row.name,
      outstanding: formatYuan(row.outstanding),
      overdue: row.overdue > 0n ? formatYuan(row.overdue) : null,
      deferred: formatYuan(row.deferred),
      advance: formatYuan(row.advance),
      dueOn: row.dueOn,
    })),
  }
}

export default function Books({ loaderData: { query, total, rows, sums, ages, closed } }: Route.ComponentProps) {
  type Row = (typeof rows)[number]
  return (
    <Page
      title="应收"
      lead="谁还要付多少、到期多久。欠费不影响受理、检测和出证，窗口和检测员看不到这一页。"
      actions={
        <>
          <Link to="/books-periods" className="button">
            结账
          </Link>
          <a href="/books.csv" className="button">
            导出分录
          </a>
        </>
      }
    >
      <div className={styles.stats}>
        <Stat label="计费" value={sums.fee} />
        <Stat label="减免" value={sums.relief} />
        <Stat label="已收" value={sums.paid} />
        <Stat label="未收" value={sums.outstanding} />
        <Stat label="其中缓缴" value={sums.deferred} />
      </div>
      <p className="soft">{closed ? `已结账到 ${closed}。` : '还没有结过账。'}计费 = 减免 + 已收 + 未收。</p>
      <Bars caption="账龄" heading={['逾期', '金额']} bars={ages} />
      <Filters>
        <FilterSearch value={query.q} placeholder="企业名称" />
      </Filters>
      <DataTable<Row>
        caption="未付清的企业"
        rows={rows}
        total={total}
        query={query}
        rowKey={(row) => row.orgId}
        columns={[
          { key: 'name', label: '企业', sortable: true, render: (row) => <Link to={`/books/${row.orgId}`}>{row.name}</Link> },
          { key: 'outstanding', label: '未收', sortable: true, align: 'end', render: (row) => row.outstanding },
          {
            key: 'overdue',
            label: '逾期',
            sortable: true,
            align: 'end',
            render: (row) => (row.overdue ? <Badge tone="warn">{row.overdue}</Badge> : '—'),
          },
          { key: 'deferred', label: '缓缴', sortable: true, align: 'end', render: (row) => row.deferred },
          { key: 'advance', label: '预收', align: 'end', render: (row) => row.advance },
          { key: 'dueOn', label: '最早到期', sortable: true, whole: true, render: (row) => row.dueOn ?? '—' },
        ]}
        empty={
          <Empty title={query.q ? '没有找到' : '没有未付清的企业'} hint={query.q ? '请换个名称。' : '受理收费委托以后，应收会列在这里。'} />
        }
      />
    </Page>
  )
}
