/** Tables of a simulation: the terms, the counties, the orders behind them. */
import { Link } from 'react-router'
import { Empty } from '../../../web/ui/feedback.tsx'
import { Filters, FilterSelect } from '../../../web/ui/filters.tsx'
import { DataTable } from '../../../web/ui/table.tsx'
import type { TableQuery } from '../../../web/ui/table-query.ts'

export interface CountyRow {
  region: string
  name: string
  orders: number
  changed: number
  enterprises: number
  before: string
  after: string
  difference: string
  /** Before and after, in 分, on one scale. */
  bars: [number, number]
}

/** Picture and table in one: two bars a county on one scale, every number beside them. */
export function SimulationCounties({ rows }: { rows: readonly CountyRow[] }) {
  const most = Math.max(1, ...rows.flatMap(({ bars }) => bars))
  return (
    <section aria-labelledby="counties">
      <h2 id="counties">分县</h2>
      <div className="table-scroll data" tabIndex={0} role="region" aria-label="分县的减免变化">
        <table className="cards">
          <caption className="hidden">分县的减免变化</caption>
          <thead>
            <tr>
              <th scope="col">县（市、区）</th>
              <th scope="col" className="end">
                实际减免
              </th>
              <th scope="col" className="end">
                改了以后
              </th>
              <th scope="col" className="end">
                变化
              </th>
              <th scope="col">有变化的</th>
              <td aria-hidden />
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.region}>
                <th scope="row">
                  <Link to={`?region=${row.region}`}>{row.name}</Link>
                </th>
                <td data-label="实际减免" className="end">
                  {row.before}
                </td>
                <td data-label="改了以后" className="end">
                  {row.after}
                </td>
                <td data-label="变化" className="end">
                  <strong>{row.difference}</strong>
                </td>
                <td data-label="有变化的">
                  {row.changed} / {row.orders} 单，{row.enterprises} 家
                </td>
                <td aria-hidden style={{ minWidth: 120 }}>
                  {row.bars.map((value, i) => (
                    <span key={i} className="bar-track">
                      <span className="bar" style={{ width: `${(100 * value) / most}%`, ...(i === 0 && { opacity: 0.45 }) }} />
                    </span>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="soft">浅色是实际减免，深色是改了以后；各县同一比例。点县名看下面这个县的单。</p>
    </section>
  )
}

export interface OrderRow {
  id: string
  number: string
  org: string
  place: string
  on: string
  fee: string
  before: string
  after: string
  difference: string
}

export function SimulationOrders({
  rows,
  total,
  query,
  counties,
}: {
  rows: readonly OrderRow[]
  total: number
  query: TableQuery
  counties: readonly CountyRow[]
}) {
  return (
    <section aria-labelledby="orders">
      <h2 id="orders">逐单</h2>
      <Filters clear={query.params.region || query.params.only ? <Link to="?">全部</Link> : undefined}>
        <FilterSelect
          name="region"
          label="县（市、区）"
          value={query.params.region ?? ''}
          options={counties.map(({ region, name }) => ({ value: region, label: name }))}
        />
        <FilterSelect
          name="only"
          label="只看"
          value={query.params.only ?? ''}
          options={[
            { value: 'changed', label: '有变化的' },
            { value: 'aside', label: '没有参加比较的' },
          ]}
        />
      </Filters>
      <DataTable<OrderRow>
        caption="变化大的在前"
        rows={rows}
        total={total}
        query={query}
        rowKey={(row) => row.id}
        columns={[
          { key: 'number', label: '委托单', render: (row) => <Link to={`/orders/${row.id}`}>{row.number}</Link> },
          { key: 'org', label: '企业', render: (row) => row.org },
          { key: 'place', label: '地点', render: (row) => row.place },
          { key: 'on', label: '受理', render: (row) => row.on },
          { key: 'fee', label: '标价', align: 'end', render: (row) => row.fee },
          { key: 'before', label: '实际减免', align: 'end', render: (row) => row.before },
          { key: 'after', label: '改了以后', align: 'end', render: (row) => row.after },
          { key: 'difference', label: '变化', align: 'end', render: (row) => row.difference },
        ]}
        empty={<Empty title="没有这样的单" hint="请换个筛选条件。" />}
      />
    </section>
  )
}

export function TermsTable({
  rows,
  policy,
  to,
}: {
  rows: readonly { label: string; before: string; after: string }[]
  policy: string
  to?: string
}) {
  return (
    <section aria-labelledby="terms">
      <h2 id="terms">改了什么</h2>
      <p>{to ? <Link to={to}>{policy}</Link> : policy}</p>
      <div className="table-scroll data" tabIndex={0} role="region" aria-label="条件前后对照">
        <table className="cards">
          <caption className="hidden">条件前后对照</caption>
          <thead>
            <tr>
              <th scope="col">条件</th>
              <th scope="col">政策现在</th>
              <th scope="col">模拟</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ label, before, after }) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                <td data-label="政策现在">{before}</td>
                <td data-label="模拟">{before === after ? <span className="soft">没改</span> : <strong>{after}</strong>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
