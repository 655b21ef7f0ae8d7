import { Link } from 'react-router'
import { add, fen, formatYuan } from '../../../core/money.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { fullRegionName } from '../../../core/regions.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { admit } from '../../../web/admit.server.ts'
import { Bars } from '../../../web/ui/bars.tsx'
import { Empty, Stat } from '../../../web/ui/feedback.tsx'
import { Filters, FilterSelect, FilterText } from '../../../web/ui/filters.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { Stacked } from '../../../web/ui/stacked.tsx'
import { DataTable } from '../../../web/ui/table.tsx'
import { readTable, tableHref } from '../../../web/ui/table-query.ts'
import { deferredByMonth, reliefOrders, savedOf, savingsByCounty, savingsByMonth, savingsOf } from '../savings.server.ts'
import { fewestDeferrers } from '../savings.ts'
import type { Route } from './+types/relief.ts'
import { readPeriod } from './relief-period.ts'
import styles from './fee-relief.module.css'

export const meta = () => [{ title: '减免成效 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['regulator'])
  const period = readPeriod(url, shanghaiDate(ctx.now))
  const query = readTable(url, { sorts: [], defaultSort: 'relief' })
  const { region: _, ...whole } = period
  const all = await savingsOf(ctx, period)
  const put = await deferredByMonth(ctx, period)
  const told = [...put.values()].filter((amount) => amount !== null)
  const { rows, total } = await reliefOrders(ctx, { ...period, page: query.page })
  return {
    query,
    period,
    place: fullRegionName(period.region ?? ctx.actor.region),
    sums: {
      saved: formatYuan(savedOf(all)),
      fee: formatYuan(all.fee),
      orders: all.orders,
      enterprises: all.enterprises,
      deferred: told.length === 0 && put.size > 0 ? `不足 ${fewestDeferrers} 家` : period.region ? null : formatYuan(add(...told)),
    },
    months: (await savingsByMonth(ctx, period)).map((row) => ({
      label: row.key,
      parts: [
        { key: 'reduced', label: '减收', value: Number(row.reduced), tone: 'good' as const },
        { key: 'waived', label: '免收', value: Number(row.waived), tone: 'info' as const },
        { key: 'later', label: '事后补减', value: Number(row.later), tone: 'neutral' as const },
        { key: 'deferred', label: '缓缴', value: Number(put.get(row.key) ?? 0n), tone: 'warn' as const },
      ],
    })),
    counties: (await savingsByCounty(ctx, whole)).map((row) => ({
      region: row.key,
      name: fullRegionName(row.key),
      value: Number(savedOf(row)),
      said: `${formatYuan(savedOf(row))}（${row.enterprises} 家，${row.orders} 单）`,
    })),
    total,
    rows: rows.map((row) => ({
      id: row.id,
      number: row.number,
      org: row.orgName,
      place: fullRegionName(row.region),
      on: row.acceptedOn,
      fee: formatYuan(row.fee),
      relief: formatYuan(row.relief),
    })),
  }
}

const yuan = (value: number): string => formatYuan(fen(value))

/** The first and last day of a month within the period. */
const monthOf = (label: string, { from, to }: { from: string; to: string }) => {
  const [year, month] = label.split('-').map(Number)
  const last = `${label}-${String(new Date(Date.UTC(year!, month!, 0)).getUTCDate()).padStart(2, '0')}`
  return { from: `${label}-01` < from ? from : `${label}-01`, to: last > to ? to : last }
}

export default function Relief({ loaderData: { query, period, place, sums, months, counties, rows, total } }: Route.ComponentProps) {
  type Row = (typeof rows)[number]
  const csv = `/relief.csv${tableHref(query, {})}`
  return (
    <Page
      title="减免成效"
      lead={`${place}，${period.from} 至 ${period.to} 受理的单：企业少付了多少，落在哪些县。`}
      actions={
        <>
          <a href={csv} className="button">
            导出 CSV
          </a>
          <Link to="/simulations" className="button">
            政策模拟
          </Link>
        </>
      }
    >
      <Filters clear={Object.keys(query.params).length > 0 ? <Link to="?">近十二个月</Link> : undefined}>
        <FilterText name="from" label="受理日期从" value={period.from} placeholder="2026-01-01" />
        <FilterText name="to" label="受理日期到" value={period.to} placeholder="2026-12-31" />
        <FilterSelect
          name="region"
          label="县（市、区）"
          value={period.region ?? ''}
          options={counties.map(({ region, name }) => ({ value: region, label: name }))}
        />
      </Filters>
      <div className={styles.stats}>
        <Stat label="少付" value={sums.saved} />
        <Stat label="这些单的标价" value={sums.fee} />
        <Stat label="享受的企业" value={sums.enterprises} unit="家" />
        <Stat label="享受的单" value={sums.orders} unit="单" to="#orders" />
        {sums.deferred && <Stat label="办了缓缴" value={sums.deferred} />}
      </div>
      {total === 0 ? (
        <Empty title="这段时间没有减免" hint="强制检定不收费，不算减免。请换一段时间。" />
      ) : (
        <>
          <Stacked
            caption="每月少付和缓缴"
            heading="月份"
            say={yuan}
            rows={months.map((row) => ({ ...row, to: tableHref(query, monthOf(row.label, period)) }))}
          />
          <Bars
            caption="分县少付"
            heading={['县（市、区）', '少付']}
            bars={counties.map(({ region, name, value, said }) => ({ label: name, value, said, to: tableHref(query, { region }) }))}
          />
        </>
      )}
      <section aria-labelledby="orders">
        <h2 id="orders">减免了的单</h2>
        <DataTable<Row>
          caption="减得多的在前"
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
            { key: 'relief', label: '减免', align: 'end', render: (row) => row.relief },
          ]}
          empty={<Empty title="没有减免了的单" hint="请换一段时间或一个县。" />}
        />
      </section>
      <p className="soft">
        少付 = 各单受理时冻结的减免之和，加事后补减；强制检定停征，不算少付。缓缴只是晚交，不算少付；按整月、全辖区说，不足{' '}
        {fewestDeferrers} 家企业办缓缴的月份不显示金额。
      </p>
    </Page>
  )
}
