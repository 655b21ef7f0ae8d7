import { Link } from 'react-router'
import { formatYuan } from '../../../core/money.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { Columns } from '../../../web/ui/columns.tsx'
import { Empty, Stat } from '../../../web/ui/feedback.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { DataTable } from '../../../web/ui/table.tsx'
import { readTable } from '../../../web/ui/table-query.ts'
import { forecast } from '../due/due.server.ts'
import { feeSources, services } from '../due/forecast.ts'
import type { Route } from './+types/forecast.ts'
import styles from './due.module.css'
import { admit } from '../../../web/admit.server.ts'

export const meta = () => [{ title: '12 个月预测 · 衡企' }]

const pageSize = 50

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const { items, months, pieces, cost, off, unpriced, policies } = await forecast(ctx)
  const asked = url.searchParams.get('month') ?? ''
  const month = months.find((each) => each.month === asked)?.month
  const query = readTable(url, { sorts: [], defaultSort: 'dueOn', pageSize })
  const shown = month ? items.filter((item) => item.month === month) : items
  return {
    month,
    query,
    pieces,
    unpriced,
    cost: formatYuan(cost),
    off: off > 0n ? formatYuan(off) : undefined,
    months: months.map((each) => ({ ...each, cost: Number(each.cost), said: formatYuan(each.cost) })),
    policies: policies.map(({ slug, title, force, off }) => ({ slug, title, force, off: formatYuan(off) })),
    total: shown.length,
    rows: shown.slice((query.page - 1) * pageSize, query.page * pageSize).map((item) => ({
      ...item,
      fee: item.fee === null ? null : formatYuan(item.fee),
      off: item.off > 0n ? formatYuan(item.off) : null,
    })),
  }
}

export default function ForecastPage({ loaderData }: Route.ComponentProps) {
  const { month, query, pieces, unpriced, cost, off, months, policies, total, rows } = loaderData
  type Row = (typeof rows)[number]
  if (pieces === 0)
    return (
      <Page title="12 个月预测">
        <Empty
          title="还没有可以预测的"
          hint="台账里有了有效期和周期，这里就能看到今后 12 个月要送多少件、大约花多少钱。"
          action={<Link to="/me/instruments">去台账</Link>}
        />
      </Page>
    )
  return (
    <Page
      title="12 个月预测"
      lead={`今后 12 个月要检定、校准 ${pieces} 件次${unpriced > 0 ? `，其中 ${unpriced} 件次没有价格，不计入金额` : ''}。`}
      back={{ to: '/me/instruments/due', label: '待检与到期' }}
    >
      <div className="stats">
        <Stat label="要做" value={pieces} unit="件次" to="/me/instruments/forecast" />
        <Stat label="预计花费" value={cost} />
        {off && <Stat label="按现行政策直接少付" value={off} />}
      </div>
      <Columns
        caption="每月件次和预计花费"
        heading={['月份', '件次']}
        names={['件次', '预计花费']}
        columns={months.map((each) => ({
          label: each.month,
          short: `${Number(each.month.slice(5))} 月`,
          value: each.pieces,
          said: `${each.pieces} 件次`,
          to: `?month=${each.month}`,
          second: { value: each.cost, said: each.said },
        }))}
        download={<a href="/me/instruments/forecast.csv">下载明细 CSV</a>}
      />
      {policies.length > 0 && (
        <section aria-labelledby="relief">
          <h2 id="relief">算进去和没算进去的政策</h2>
          <ul>
            {policies.map((policy) => (
              <li key={policy.slug}>
                <Link to={`/me/matches/${policy.slug}`}>{policy.title}</Link>：
                {policy.force === 'apply' ? `直接适用，预计少付 ${policy.off}` : '需要申请，没有算进金额'}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="items">
        <h2 id="items">{month ? `${month} 的明细` : '明细'}</h2>
        {month && (
          <p>
            <Link to="?">看全部月份</Link>
          </p>
        )}
        <DataTable<Row>
          caption="预测明细"
          rows={rows}
          total={total}
          query={query}
          rowKey={(row) => `${row.id}${row.dueOn}`}
          columns={[
            { key: 'code', label: '编号', render: (row) => <Link to={`/me/instruments/${row.id}`}>{row.code}</Link> },
            { key: 'name', label: '名称', render: (row) => row.name },
            { key: 'dueOn', label: '到期', whole: true, render: (row) => row.dueOn },
            { key: 'service', label: '要做', render: (row) => services[row.service] },
            {
              key: 'fee',
              label: '费用',
              align: 'end',
              render: (row) =>
                row.fee === null ? <Badge tone="warn">没有价格</Badge> : <span title={feeSources[row.source]}>{row.fee}</span>,
            },
            { key: 'off', label: '少付', align: 'end', render: (row) => row.off ?? '—' },
          ]}
          empty={<Empty title="这个月没有" hint="换一个月看看。" />}
        />
      </section>
      <section aria-labelledby="how" className={styles.assumptions}>
        <h2 id="how">怎么算的</h2>
        <ul>
          <li>每件按有效期和周期往后推，逾期的算在本月。</li>
          <li>价格用这件器具上次的费用；没有的用本台账同种器具的中位数；都没有的不估，标“没有价格”。</li>
          <li>强制检定 2017 年 4 月 1 日起停征，0 元（财税〔2017〕20号），不算作少付；是否强制检定待核实的没有价格。</li>
          <li>只有来源可信、写明比例和期限的政策才直接减；需要申请的列在上面，不算进金额。</li>
        </ul>
      </section>
    </Page>
  )
}
