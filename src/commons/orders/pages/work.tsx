import { Link } from 'react-router'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { admit } from '../../../web/admit.server.ts'
import { DueClock } from '../../../web/ui/clock.tsx'
import { Empty } from '../../../web/ui/feedback.tsx'
import { FilterSearch, Filters } from '../../../web/ui/filters.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { DataTable } from '../../../web/ui/table.tsx'
import { readTable } from '../../../web/ui/table-query.ts'
import { serviceKinds } from '../model.ts'
import { listWork } from '../queries.server.ts'
import type { Route } from './+types/work.ts'

export const meta = () => [{ title: '检测工作 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  const review = url.pathname.startsWith('/review')
  admit(ctx, url, [review ? 'approver' : 'tester'])
  const query = readTable(url, { sorts: [], defaultSort: 'due_on', pageSize: 50 })
  const { rows, total } = await listWork(ctx, {
    state: review ? 'tested' : 'received',
    q: query.q,
    page: query.page,
    pageSize: query.pageSize,
  })
  return {
    review,
    query,
    total,
    today: shanghaiDate(ctx.now),
    rows: rows.map((row) => ({
      token: row.token,
      name: [row.name, row.model].filter(Boolean).join(' '),
      code: row.code,
      serial: row.serial,
      able: row.able,
      service: serviceKinds[row.service],
      number: row.number,
      org: row.org_name,
      dueOn: row.due_on,
      provisional: row.due_provisional,
      express: row.express,
      onSite: row.mode === 'on-site',
      finding: row.finding,
      tester: row.tester_name,
    })),
  }
}

export default function Work({ loaderData: { review, query, total, rows, today } }: Route.ComponentProps) {
  type Row = (typeof rows)[number]
  return (
    <Page
      title={review ? '待审核' : '待检清单'}
      lead={review ? '核对结果和证书，批准出证；检测和批准不能是同一个人。' : '先到期的排在前面，加急的优先；扫样品上的码直接打开。'}
    >
      <Filters>
        <FilterSearch value={query.q} placeholder="单号、器具、出厂编号" />
      </Filters>
      <DataTable<Row>
        caption={review ? '待审核' : '待检清单'}
        rows={rows}
        total={total}
        query={query}
        rowKey={(row) => row.token}
        columns={[
          {
            key: 'name',
            label: '样品',
            render: (row) => (
              <>
                <Link to={`/s/${row.token}`}>
                  {row.code} {row.name}
                </Link>{' '}
                {row.express && <Badge tone="warn">加急</Badge>} {row.onSite && <Badge tone="info">上门</Badge>}
              </>
            ),
          },
          { key: 'serial', label: '出厂编号', render: (row) => row.serial ?? '—' },
          { key: 'able', label: '测量范围', render: (row) => row.able ?? '—' },
          { key: 'service', label: '做什么', render: (row) => row.service },
          { key: 'org', label: '委托单', render: (row) => `${row.number}，${row.org}` },
          {
            key: 'due',
            label: '期限',
            render: (row) => (row.dueOn ? <DueClock dueOn={row.dueOn} now={today} provisional={row.provisional} /> : '—'),
          },
          { key: 'note', label: review ? '检测员' : '退回意见', render: (row) => (review ? row.tester : row.finding) ?? '—' },
        ]}
        empty={
          <Empty
            title={query.q ? '没有找到' : review ? '没有待审核的' : '没有待检的'}
            hint={query.q ? '请换个词。' : '窗口受理以后会列在这里。'}
          />
        }
      />
    </Page>
  )
}
