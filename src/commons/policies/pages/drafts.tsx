import { Link } from 'react-router'
import { regionName } from '../../../core/regions.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { Empty } from '../../../web/ui/feedback.tsx'
import { FilterSearch, FilterSelect, Filters } from '../../../web/ui/filters.tsx'
import { Badge, When } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { DataTable } from '../../../web/ui/table.tsx'
import { readTable } from '../../../web/ui/table-query.ts'
import { states } from '../model.ts'
import { listPolicyDesk, type DeskRow } from '../queries.server.ts'
import type { Route } from './+types/drafts.ts'
import { assertWriter } from './editing.server.ts'

export const meta = () => [{ title: '政策起草与审核 · 衡企' }]

const order: Record<string, (a: DeskRow, b: DeskRow) => number> = {
  since: (a, b) => a.since.localeCompare(b.since),
  title: (a, b) => a.title.localeCompare(b.title, 'zh-CN'),
  state: (a, b) => a.state.localeCompare(b.state),
}

export async function loader({ url, context }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  assertWriter(ctx, url)
  const query = readTable(url, { sorts: Object.keys(order), defaultSort: 'since' })
  const all = (await listPolicyDesk(ctx)).filter(
    ({ state, title }) => (!query.params.state || state === query.params.state) && title.includes(query.q),
  )
  all.sort((a, b) => (query.dir === 'desc' ? -1 : 1) * order[query.sort]!(a, b))
  const rows = all.slice((query.page - 1) * query.pageSize, query.page * query.pageSize)
  return { rows: rows.map((row) => ({ ...row, place: regionName(row.region) })), total: all.length, query }
}

export default function Drafts({ loaderData: { rows, total, query } }: Route.ComponentProps) {
  return (
    <Page
      title="政策起草与审核"
      lead="本辖区正在起草和等待审核的版本，等得最久的排在前面。"
      actions={
        <Link className="button primary" to="/policies/new">
          起草政策
        </Link>
      }
    >
      <Filters>
        <FilterSearch label="标题" value={query.q} />
        <FilterSelect
          name="state"
          label="状态"
          value={query.params.state}
          options={[
            { value: 'review', label: states.review },
            { value: 'draft', label: states.draft },
          ]}
        />
      </Filters>
      <DataTable
        caption="起草和审核中的政策版本"
        query={query}
        rows={rows}
        total={total}
        rowKey={(row) => row.versionId}
        empty={
          <Empty
            title="没有起草中或待审核的政策"
            hint="可以新起草一份，或从已有政策复制。"
            action={<Link to="/policies/new">起草政策</Link>}
          />
        }
        columns={[
          {
            key: 'title',
            label: '标题',
            sortable: true,
            render: (row) => (
              <Link to={`/policies/${row.slug}/${row.state === 'review' ? 'review' : 'edit'}`}>{row.title || '（未写标题）'}</Link>
            ),
          },
          {
            key: 'state',
            label: '状态',
            sortable: true,
            render: (row) => (
              <Badge tone={row.state === 'review' ? 'info' : 'neutral'}>
                {row.state === 'draft' && row.opinion ? '退回修改' : states[row.state]}
              </Badge>
            ),
          },
          { key: 'number', label: '版次', render: (row) => `第 ${row.number} 版` },
          { key: 'place', label: '适用地区', render: (row) => row.place },
          { key: 'author', label: '起草', render: (row) => row.author },
          { key: 'submitter', label: '提交', render: (row) => row.submittedByName ?? '—' },
          { key: 'since', label: '等候自', sortable: true, render: (row) => <When at={row.since} /> },
        ]}
      />
    </Page>
  )
}
