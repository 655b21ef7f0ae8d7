import { Link } from 'react-router'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { admitOwn } from '../../../web/admit.server.ts'
import { DueClock } from '../../../web/ui/clock.tsx'
import { Empty } from '../../../web/ui/feedback.tsx'
import { Filters, FilterSelect } from '../../../web/ui/filters.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { DataTable } from '../../../web/ui/table.tsx'
import { readTable } from '../../../web/ui/table-query.ts'
import { traceStates, traceTones, type TraceState } from '../traces/model.ts'
import { listTraces, traceSorts, type TraceSort } from '../traces/queries.server.ts'
import type { Route } from './+types/traces.ts'

export const meta = () => [{ title: '追溯评价 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  const own = admitOwn(ctx, url)
  const query = readTable(url, { sorts: traceSorts, defaultSort: 'due_on', pageSize: 20 })
  const asked = url.searchParams.get('state') ?? 'open'
  const state = Object.hasOwn(traceStates, asked) ? (asked as TraceState) : undefined
  const { rows, total } = await listTraces(ctx, {
    state,
    sort: query.sort as TraceSort,
    dir: query.dir,
    page: query.page,
    pageSize: query.pageSize,
  })
  return { own, query, state: state ?? 'all', rows, total, today: shanghaiDate(ctx.now) }
}

export default function Traces({ loaderData: { own, query, state, rows, total, today } }: Route.ComponentProps) {
  type Row = (typeof rows)[number]
  return (
    <Page title="追溯评价" lead="器具超差了，以前用它测过的还可信吗？逐项评价，签字才算完。">
      <Filters>
        <FilterSelect
          name="state"
          label="状态"
          value={state}
          empty="没有结案的"
          options={[{ value: 'all', label: '全部' }, ...Object.entries(traceStates).map(([value, label]) => ({ value, label }))]}
        />
      </Filters>
      <DataTable<Row>
        caption="追溯评价"
        rows={rows}
        total={total}
        query={query}
        rowKey={(row) => row.id}
        columns={[
          {
            key: 'number',
            label: '编号',
            sortable: true,
            render: (row) => <Link to={`${own ? '/me' : ''}/traces/${row.id}`}>{row.number}</Link>,
          },
          { key: 'instrument', label: '器具', render: (row) => `${row.instrument_code} ${row.instrument_name}` },
          { key: 'found', label: '发现', render: (row) => row.found },
          { key: 'span', label: '涉及时段', render: (row) => `${row.good_on ?? '没有合格记录'} 至 ${row.found_on}` },
          { key: 'judged', label: '评价', align: 'end', render: (row) => `${row.uses - row.unjudged} / ${row.uses} 项` },
          { key: 'state', label: '状态', render: (row) => <Badge tone={traceTones[row.state]}>{traceStates[row.state]}</Badge> },
          {
            key: 'due_on',
            label: '时限',
            sortable: true,
            render: (row) => (row.state === 'open' ? <DueClock dueOn={row.due_on} now={today} provisional={row.due_provisional} /> : '—'),
          },
        ]}
        empty={
          <Empty title={state === 'open' ? '没有要追溯的' : '没有追溯评价'} hint="计量确认不满足、检定不合格时，平台自动开一份追溯。" />
        }
      />
    </Page>
  )
}
