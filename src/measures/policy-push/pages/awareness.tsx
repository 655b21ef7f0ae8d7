import { Link } from 'react-router'
import { fullRegionName } from '../../../core/regions.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { Empty } from '../../../web/ui/feedback.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { DataTable } from '../../../web/ui/table.tsx'
import { readTable } from '../../../web/ui/table-query.ts'
import { awarenessOf, listMatchedPolicies, sumOf } from '../awareness.server.ts'
import { admit } from '../../../web/admit.server.ts'
import type { Route } from './+types/awareness.ts'

export const meta = () => [{ title: '政策知晓情况 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['regulator', 'admin'])
  const query = readTable(url, { sorts: [], defaultSort: '', pageSize: 20 })
  const { rows, total } = await listMatchedPolicies(ctx, query)
  const told = await Promise.all(rows.map((row) => awarenessOf(ctx, row.policyId)))
  return {
    query,
    total,
    place: ctx.actor.region ? fullRegionName(ctx.actor.region) : '全国',
    rows: rows.map((row, i) => ({ ...row, ...sumOf(told[i]!) })),
  }
}

export default function Awareness({ loaderData: { query, total, place, rows } }: Route.ComponentProps) {
  return (
    <Page title="政策知晓情况" lead={`${place}的企业：哪些政策与他们有关，消息送到了多少家，打开和办理了多少。点政策看各地情况。`}>
      <DataTable<(typeof rows)[number]>
        caption="本辖区各项政策的知晓情况"
        rows={rows}
        total={total}
        query={query}
        rowKey={(row) => row.slug}
        columns={[
          { key: 'title', label: '政策', render: (row) => <Link to={`/awareness/${row.slug}`}>{row.title}</Link> },
          { key: 'eligible', label: '符合（家）', align: 'end', render: (row) => row.eligible },
          { key: 'unknown', label: '待补充（家）', align: 'end', render: (row) => row.unknown },
          { key: 'delivered', label: '已送达', align: 'end', render: (row) => row.delivered },
          { key: 'opened', label: '已打开', align: 'end', render: (row) => row.opened },
          { key: 'acted', label: '已办理', align: 'end', render: (row) => row.acted },
        ]}
        empty={<Empty title="本辖区还没有与政策有关的企业" hint="企业登记信息后，平台会自动匹配；结果出现在这里。" />}
      />
    </Page>
  )
}
