import { shanghaiDate } from '../../../core/promise-clock.ts'
import { fullRegionName } from '../../../core/regions.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { Empty } from '../../../web/ui/feedback.tsx'
import { When } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { DataTable } from '../../../web/ui/table.tsx'
import { readTable } from '../../../web/ui/table-query.ts'
import { listTold, narrowed } from '../awareness.server.ts'
import { admit, missing } from '../../../web/admit.server.ts'
import { followPolicy } from '../matches.server.ts'
import { stages, type Stage } from '../model.ts'
import type { Route } from './+types/awareness-records.ts'

export const meta = () => [{ title: '知晓情况的记录 · 衡企' }]

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const own = context.get(ctxKey)
  admit(own, url, ['regulator', 'admin'])
  const found = await followPolicy(own, params.slug, shanghaiDate(own.now))
  if (!found) throw missing('这项政策')
  const query = readTable(url, { sorts: [], defaultSort: '', pageSize: 20 })
  const ctx = narrowed(own, query.params.region ?? null)
  const stage: Stage = query.params.stage !== undefined && query.params.stage in stages ? (query.params.stage as Stage) : 'delivered'
  const { rows, total } = await listTold(ctx, found.current.policyId, stage, query)
  const { region } = ctx.actor
  return {
    query,
    total,
    stage,
    slug: params.slug,
    region,
    title: found.current.content.title,
    place: region ? fullRegionName(region) : '全国',
    rows: rows.map((row) => ({ ...row, place: fullRegionName(row.region) })),
  }
}

export default function AwarenessRecords({ loaderData: { query, total, stage, slug, region, title, place, rows } }: Route.ComponentProps) {
  const when = (at: string | null) => (at ? <When at={at} /> : '—')
  return (
    <Page
      title={`${stages[stage]}：${title}`}
      lead={`${place}，共 ${total} 条。`}
      back={{ to: `/awareness/${slug}${region && `?region=${region}`}`, label: '知晓情况' }}
    >
      <DataTable<(typeof rows)[number]>
        caption={`${place}${stages[stage]}的消息`}
        rows={rows}
        total={total}
        query={query}
        rowKey={(row) => row.orgId + row.title}
        columns={[
          { key: 'org', label: '企业', render: (row) => row.orgName },
          { key: 'place', label: '地区', render: (row) => row.place },
          { key: 'title', label: '消息', render: (row) => row.title },
          { key: 'delivered', label: stages.delivered, render: (row) => when(row.delivered) },
          { key: 'opened', label: stages.opened, render: (row) => when(row.opened) },
          { key: 'acted', label: stages.acted, render: (row) => when(row.acted) },
        ]}
        empty={<Empty title="没有这样的记录" hint="换一个地区或环节再看。" />}
      />
    </Page>
  )
}
