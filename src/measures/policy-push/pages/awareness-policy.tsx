import { Link } from 'react-router'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { fullRegionName, parentOf } from '../../../core/regions.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { Bars } from '../../../web/ui/bars.tsx'
import { Empty, Stat } from '../../../web/ui/feedback.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { awarenessOf, narrowed, sumOf } from '../awareness.server.ts'
import type { Awareness } from '../../../commons/messages/index.ts'
import { stages, type Stage } from '../model.ts'
import { admit, missing } from '../../../web/admit.server.ts'
import { followPolicy } from '../matches.server.ts'
import type { Route } from './+types/awareness-policy.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => [{ title: `${loaderData?.title ?? '政策'} · 知晓情况 · 衡企` }]

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const own = context.get(ctxKey)
  admit(own, url, ['regulator', 'admin'])
  const found = await followPolicy(own, params.slug, shanghaiDate(own.now))
  if (!found) throw missing('这项政策')
  const ctx = narrowed(own, url.searchParams.get('region'))
  const rows = await awarenessOf(ctx, found.current.policyId)
  const { region } = ctx.actor
  const above = region && region !== own.actor.region ? parentOf(region) : undefined
  const back = above && { region: above, name: fullRegionName(above) }
  return {
    slug: params.slug,
    title: found.current.content.title,
    place: region ? fullRegionName(region) : '全国',
    region,
    back,
    rows,
    sum: sumOf(rows),
  }
}

export default function AwarenessOfPolicy({ loaderData: { slug, title, place, region, back, rows, sum } }: Route.ComponentProps) {
  const records = (code: string, stage: Stage) =>
    `/awareness/${slug}/records?${new URLSearchParams({ stage, ...(code && { region: code }) })}`
  const share = (part: number) => (sum.delivered === 0 ? '' : `，占送达的 ${Math.round((100 * part) / sum.delivered)}%`)
  return (
    <Page
      title={title}
      lead={`${place}的知晓情况：消息送到、打开、办理各多少家。数字可以点开看记录。`}
      back={{ to: '/awareness', label: '政策知晓情况' }}
      actions={
        <a className="button" href={`/awareness/${slug}/export.csv?region=${region}`} download>
          导出 CSV
        </a>
      }
    >
      {back && (
        <p>
          <Link to={`?region=${back.region}`}>← 回到{back.name}</Link>
        </p>
      )}
      {rows.length === 0 ? (
        <Empty
          title="还没有发出过消息"
          hint="政策发布后，结果有变化的企业会收到一条消息；没有变化的不打扰。"
          action={<Link to={`/policies/${slug}`}>看这项政策</Link>}
        />
      ) : (
        <>
          <div className="stats">
            <Stat value={String(sum.delivered)} unit="条" label="已送达" to={records(region, 'delivered')} />
            <Stat value={String(sum.opened)} unit="条" label={`已打开${share(sum.opened)}`} to={records(region, 'opened')} />
            <Stat value={String(sum.acted)} unit="条" label={`已办理${share(sum.acted)}`} to={records(region, 'acted')} />
          </div>
          <Bars
            caption="各地打开的消息"
            heading={['地区', '已打开 / 已送达']}
            bars={rows.map((row) => ({
              label: row.name,
              value: row.opened,
              said: `${row.opened} / ${row.delivered}`,
              to: `?region=${row.region}`,
            }))}
            max={Math.max(1, ...rows.map((row) => row.delivered))}
          />
          <ByRegion rows={rows} records={records} />
        </>
      )}
    </Page>
  )
}

const ByRegion = ({ rows, records }: { rows: readonly Awareness[]; records: (code: string, stage: Stage) => string }) => (
  <table className="cards">
    <caption>各地的送达、打开和办理</caption>
    <thead>
      <tr>
        <th scope="col">地区</th>
        {Object.values(stages).map((label) => (
          <th key={label} scope="col" className="end">
            {label}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {rows.map((row) => (
        <tr key={row.region}>
          <th scope="row">
            <Link to={`?region=${row.region}`}>{row.name}</Link>
          </th>
          {(Object.keys(stages) as Stage[]).map((stage) => (
            <td key={stage} className="end" data-label={stages[stage]}>
              <Link to={records(row.region, stage)}>{row[stage]}</Link>
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  </table>
)
