import { Link } from 'react-router'
import { formatYuan } from '../../../core/money.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { regionPrefix } from '../../../core/eligibility/codes.ts'
import { fullRegionName, findRegion } from '../../../core/regions.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { DueClock } from '../../../web/ui/clock.tsx'
import { Empty } from '../../../web/ui/feedback.tsx'
import { Filters, FilterSelect } from '../../../web/ui/filters.tsx'
import { Badge, When } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { DataTable } from '../../../web/ui/table.tsx'
import { readTable } from '../../../web/ui/table-query.ts'
import { admit } from '../../../web/admit.server.ts'
import { applicationStates, stateTones, type ApplicationState } from '../model.ts'
import { applicationSorts, listApplications, type ApplicationSort } from '../queries.server.ts'
import type { Route } from './+types/applications.ts'

export const meta = () => [{ title: '政策申请 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  const own = url.pathname.startsWith('/me/')
  admit(ctx, url, own ? ['enterprise'] : ['regulator', 'admin'])
  const query = readTable(url, { sorts: applicationSorts, defaultSort: own ? '-created_at' : 'due_on', pageSize: 20 })
  const state = stateOf(url.searchParams.get('state')) ?? (own ? undefined : 'open')
  const region = url.searchParams.get('region') ?? ''
  const slug = url.searchParams.get('policy') ?? undefined
  const { rows, total } = await listApplications(ctx, {
    state: state === 'all' ? undefined : state,
    regionPrefix: findRegion(region) ? regionPrefix(region) : undefined,
    slug,
    sort: query.sort as ApplicationSort,
    dir: query.dir,
    page: query.page,
    pageSize: query.pageSize,
  })
  return {
    own,
    state: state ?? 'all',
    region: findRegion(region) ? { code: region, name: fullRegionName(region) } : undefined,
    slug,
    query,
    total,
    today: shanghaiDate(ctx.now),
    rows: rows.map(({ id, number, title, org_name, state, due_on, due_provisional, saving_fen, created_at }) => ({
      id,
      number,
      title,
      org_name,
      state,
      due_on,
      due_provisional,
      saving_fen,
      created_at,
    })),
  }
}

const stateOf = (text: string | null): ApplicationState | 'open' | 'all' | undefined =>
  text && (text in applicationStates || text === 'open' || text === 'all') ? (text as ApplicationState) : undefined

export default function Applications({ loaderData: { own, state, region, slug, query, rows, total, today } }: Route.ComponentProps) {
  type Row = (typeof rows)[number]
  const base = own ? '/me/applications' : '/applications'
  return (
    <Page
      title={own ? '我的政策申请' : '政策申请办理'}
      lead={own ? '每份申请走到哪一步、谁在办、哪天办结，都在这里。' : '按承诺办结日期排列，最早到期的在前。'}
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
            ...Object.entries(applicationStates).map(([value, label]) => ({ value, label })),
          ]}
        />
        {region && <FilterSelect name="region" label="地区" value={region.code} options={[{ value: region.code, label: region.name }]} />}
        {slug && <FilterSelect name="policy" label="政策" value={slug} options={[{ value: slug, label: rows[0]?.title ?? slug }]} />}
      </Filters>
      <DataTable<Row>
        caption={own ? '本企业的政策申请' : '本辖区的政策申请'}
        rows={rows}
        total={total}
        query={query}
        rowKey={(row) => row.id}
        columns={[
          { key: 'number', label: '编号', sortable: true, render: (row) => <Link to={`${base}/${row.id}`}>{row.number}</Link> },
          { key: 'title', label: '政策', render: (row) => row.title },
          ...(own ? [] : [{ key: 'org_name', label: '企业', render: (row: Row) => row.org_name }]),
          { key: 'state', label: '状态', render: (row) => <Badge tone={stateTones[row.state]}>{applicationStates[row.state]}</Badge> },
          {
            key: 'due_on',
            label: '承诺办结',
            sortable: true,
            render: (row) =>
              row.state === 'submitted' || row.state === 'accepted' ? (
                <DueClock dueOn={row.due_on} now={today} provisional={row.due_provisional} />
              ) : (
                '—'
              ),
          },
          {
            key: 'saving_fen',
            label: '已享受',
            sortable: true,
            align: 'end',
            render: (row) => (row.saving_fen === null ? '—' : formatYuan(BigInt(row.saving_fen) as never)),
          },
          { key: 'created_at', label: '提交时间', sortable: true, render: (row) => <When at={row.created_at} /> },
        ]}
        empty={
          own ? (
            <Empty
              title="还没有申请"
              hint="先看哪些政策现在能用，需要申请的会有“提交申请”。"
              action={<Link to="/me/matches">看现在能用的政策</Link>}
            />
          ) : (
            <Empty title="没有待办的申请" hint="企业提交申请后会出现在这里。" />
          )
        }
      />
    </Page>
  )
}
