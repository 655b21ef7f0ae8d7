import { Link } from 'react-router'
import { fen, formatYuan } from '../../../core/money.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { DueClock } from '../../../web/ui/clock.tsx'
import { Empty } from '../../../web/ui/feedback.tsx'
import { Filters, FilterSelect } from '../../../web/ui/filters.tsx'
import { Badge, When } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { DataTable } from '../../../web/ui/table.tsx'
import { readTable } from '../../../web/ui/table-query.ts'
import { openReviewStates, reviewStates, reviewTones, type ReviewState } from '../reviews/model.ts'
import { listReviews, reviewSorts, type ReviewSort } from '../reviews/queries.server.ts'
import type { Route } from './+types/reviews.ts'
import { admitReviews } from './money.server.ts'

export const meta = () => [{ title: '减免复核 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  const own = await admitReviews(ctx, url)
  const query = readTable(url, { sorts: reviewSorts, defaultSort: own ? '-created_at' : 'due_on', pageSize: 20 })
  const asked = url.searchParams.get('state') ?? ''
  const state =
    asked in reviewStates || asked === 'open' || asked === 'all' ? (asked as ReviewState | 'open' | 'all') : own ? 'all' : 'open'
  const { rows, total } = await listReviews(ctx, {
    states: state === 'all' ? undefined : state === 'open' ? openReviewStates : [state],
    sort: query.sort as ReviewSort,
    dir: query.dir,
    page: query.page,
    pageSize: query.pageSize,
  })
  return {
    own,
    state,
    query,
    total,
    today: shanghaiDate(ctx.now),
    rows: rows.map((row) => ({
      id: row.id,
      number: row.number,
      org: row.org_name,
      line: row.line_title,
      policy: row.policy_title,
      state: row.state,
      dueOn: row.due_on,
      provisional: row.due_provisional,
      amount: amountOf(row),
      createdAt: row.created_at,
    })),
  }
}

const amountOf = ({ credited_fen, proposed_fen }: { credited_fen: bigint | null; proposed_fen: bigint | null }): string | null =>
  credited_fen !== null ? formatYuan(fen(credited_fen)) : proposed_fen !== null ? `拟 ${formatYuan(fen(proposed_fen))}` : null

export default function Reviews({ loaderData: { own, state, query, total, rows, today } }: Route.ComponentProps) {
  type Row = (typeof rows)[number]
  const base = own ? '/me/relief-reviews' : '/relief-reviews'
  return (
    <Page
      title="减免复核"
      lead={own ? '没有减的为什么，谁在复核，哪天有结果，都在这里。' : '按办结日期排列，最早到期的在前；金额由系统按受理日的规则重算。'}
    >
      <Filters>
        <FilterSelect
          name="state"
          label="状态"
          value={state}
          empty={own ? '全部' : '在办'}
          options={[
            { value: 'all', label: '全部' },
            { value: 'open', label: '在办' },
            ...Object.entries(reviewStates).map(([value, label]) => ({ value, label })),
          ]}
        />
      </Filters>
      <DataTable<Row>
        caption="减免复核"
        rows={rows}
        total={total}
        query={query}
        rowKey={(row) => row.id}
        columns={[
          {
            key: 'number',
            label: '编号',
            sortable: true,
            whole: true,
            render: (row) => <Link to={`${base}/${row.id}`}>{row.number}</Link>,
          },
          ...(own ? [] : [{ key: 'org', label: '企业', render: (row: Row) => row.org }]),
          { key: 'line', label: '器具', render: (row) => row.line },
          { key: 'policy', label: '政策', render: (row) => row.policy },
          { key: 'state', label: '状态', render: (row) => <Badge tone={reviewTones[row.state]}>{reviewStates[row.state]}</Badge> },
          { key: 'amount', label: '补减', align: 'end', render: (row) => row.amount ?? '—' },
          {
            key: 'due_on',
            label: '期限',
            sortable: true,
            render: (row) =>
              row.dueOn ? (
                row.state === 'declined' ? (
                  `${row.dueOn} 前可申诉`
                ) : (
                  <DueClock dueOn={row.dueOn} now={today} provisional={row.provisional} />
                )
              ) : (
                '—'
              ),
          },
          { key: 'created_at', label: '提出', sortable: true, whole: true, render: (row) => <When at={row.createdAt} /> },
        ]}
        empty={
          own ? (
            <Empty
              title="没有复核"
              hint="委托单里每一件没有减的，旁边都写着为什么，并可以一键申请复核。"
              action={<Link to="/me/orders">看我的委托</Link>}
            />
          ) : (
            <Empty title="没有要办的复核" hint="企业申请复核、申诉后会出现在这里。" />
          )
        }
      />
    </Page>
  )
}
