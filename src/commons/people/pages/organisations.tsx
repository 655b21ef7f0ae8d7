import { Link } from 'react-router'
import { fullRegionName } from '../../../core/regions.ts'
import { sizeNames } from '../../../core/size-class.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { Empty } from '../../../web/ui/feedback.tsx'
import { Filters, FilterSearch, FilterSelect } from '../../../web/ui/filters.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { DataTable } from '../../../web/ui/table.tsx'
import { readTable } from '../../../web/ui/table-query.ts'
import { organisationKinds, type OrganisationKind } from '../model.ts'
import { listOrganisations } from '../queries.server.ts'
import type { Route } from './+types/organisations.ts'

export const meta = () => [{ title: '辖区企业 · 衡企' }]

const shownKinds = ['enterprise', 'individual', 'cooperative'] as const satisfies readonly OrganisationKind[]

export async function loader({ url, context }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  if (ctx.actor.role !== 'regulator' && ctx.actor.role !== 'admin') throw new Response('辖区企业由监管人员查看。', { status: 403 })
  const query = readTable(url, { sorts: ['name', 'region', 'facts'], defaultSort: 'name' })
  const kind = shownKinds.find((each) => each === query.params.kind)
  const found = await listOrganisations(ctx, { ...query, kind, stale: query.params.stale === '1' })
  return {
    query,
    kind,
    stale: query.params.stale,
    total: found.total,
    rows: found.rows.map((row) => ({
      ...row,
      place: fullRegionName(row.region),
      size: row.sizes.map((size) => sizeNames[size]).join('或'),
    })),
  }
}

export default function Organisations({ loaderData: { rows, total, query, kind, stale } }: Route.ComponentProps) {
  return (
    <Page title="辖区企业" lead="本辖区的企业和个体工商户，平台对每一家知道多少、有没有过时。">
      <Filters>
        <FilterSearch value={query.q} placeholder="名称或统一社会信用代码" />
        <FilterSelect
          name="kind"
          label="主体"
          value={kind}
          options={shownKinds.map((value) => ({ value, label: organisationKinds[value] }))}
        />
        <FilterSelect name="stale" label="信息" value={stale} options={[{ value: '1', label: '有超过 12 个月的' }]} />
      </Filters>
      <DataTable
        caption="辖区企业"
        rows={rows}
        total={total}
        query={query}
        rowKey={(row) => row.id}
        empty={<Empty title="没有符合条件的企业" hint="可以清空筛选条件再查。" />}
        columns={[
          { key: 'name', label: '名称', sortable: true, render: (row) => <Link to={`/organisations/${row.id}`}>{row.name}</Link> },
          { key: 'region', label: '地区', sortable: true, render: (row) => row.place },
          { key: 'kind', label: '主体', render: (row) => organisationKinds[row.kind] },
          { key: 'size', label: '规模', render: (row) => row.size },
          { key: 'facts', label: '已知信息', sortable: true, align: 'end', render: (row) => `${row.facts} 项` },
          {
            key: 'stale',
            label: '',
            render: (row) => (row.staleFacts > 0 ? <Badge tone="warn">{row.staleFacts} 项超过 12 个月</Badge> : null),
          },
        ]}
      />
    </Page>
  )
}
