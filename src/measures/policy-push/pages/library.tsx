import { Link } from 'react-router'
import {
  confidences,
  forces,
  statuses,
  topics,
  type Confidence,
  type Force,
  type PolicyList,
  type Status,
  type Topic,
} from '../../../commons/policies/index.ts'
import { listPolicies } from '../../../commons/policies/index.server.ts'
import { fullRegionName, findRegion, regionName, regionsIn } from '../../../core/regions.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { Empty } from '../../../web/ui/feedback.tsx'
import type { Option } from '../../../web/ui/fields.tsx'
import { FilterSearch, FilterSelect, Filters } from '../../../web/ui/filters.tsx'
import { Badge, Trust } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { Pager } from '../../../web/ui/table.tsx'
import { readTable } from '../../../web/ui/table-query.ts'
import { statusTones } from '../model.ts'
import type { Route } from './+types/library.ts'
import styles from './policy-push.module.css'

export const meta = () => [
  { title: '政策库 · 衡企' },
  { name: 'description', content: '计量惠企政策：一句话说清给什么、谁能享、怎么办、何时止，每个条件都能点开依据条款。' },
  { tagName: 'link', rel: 'alternate', type: 'application/rss+xml', href: '/policies/feed.xml', title: '衡企政策' },
  { tagName: 'link', rel: 'alternate', type: 'application/feed+json', href: '/policies/feed.json', title: '衡企政策' },
]

const sorts = ['relevance', 'newest', 'deadline', 'title'] as const
const sortWords = { relevance: '相关程度', newest: '最近发布', deadline: '最早截止', title: '标题' } as const

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  const query = readTable(url, { sorts, defaultSort: '', pageSize: 20 })
  const chosen = filtersOf(query.params)
  const list = await listPolicies(ctx, {
    ...chosen,
    q: query.q || undefined,
    sort: (query.sort || undefined) as (typeof sorts)[number] | undefined,
    page: query.page,
    pageSize: query.pageSize,
  })
  return {
    query,
    chosen,
    total: list.total,
    place: chosen.region && regionName(chosen.region),
    options: optionsOf(list, chosen.region),
    rows: list.rows.map(
      ({ slug, status, content: { title, docNumber, regionName, publishedOn, confidence, topic, force, card, successor } }) => ({
        slug,
        status,
        title,
        docNumber,
        regionName,
        publishedOn,
        confidence,
        topic,
        force,
        oneLine: card.oneLine,
        until: card.until,
        successor,
      }),
    ),
  }
}

/** Only what exists: a mistyped address still shows a list. */
function filtersOf(params: Record<string, string>) {
  const among = <T extends string>(words: Record<T, unknown>, text: string | undefined) => (text && text in words ? (text as T) : undefined)
  return {
    topic: among<Topic>(topics, params.topic),
    force: among<Force>(forces, params.force),
    status: among<Status>(statuses, params.status),
    trust: among<Confidence>(confidences, params.trust),
    region: params.region && findRegion(params.region) ? params.region : undefined,
  }
}

function optionsOf({ counts }: PolicyList, region: string | undefined) {
  const counted = (words: Readonly<Record<string, string>>, count: Record<string, number>): Option[] =>
    Object.entries(words).map(([value, label]) => ({ value, label: `${label}（${count[value] ?? 0}）` }))
  const provinces = regionsIn('000000').map(({ code, name }) => ({ value: code, label: name }))
  const finer = region && !region.endsWith('0000') ? [{ value: region, label: fullRegionName(region) }] : []
  return {
    topic: counted(topics, counts.topic),
    force: counted(forces, counts.force),
    status: counted(statuses, counts.status),
    trust: counted(confidences, counts.trust),
    region: [...finer, ...provinces],
  }
}

export default function Library({ loaderData: { query, chosen, place, total, options, rows } }: Route.ComponentProps) {
  const narrowed = query.q !== '' || Object.values(chosen).some((value) => value !== undefined)
  return (
    <Page title="政策库" lead="计量惠企政策，每一项都写明给谁、给什么、怎么办、何时止和依据条款；没有查实的标明“待核实”。">
      <Filters clear={narrowed && <Link to="/policies">清除筛选</Link>}>
        <FilterSearch value={query.q} placeholder="例如：校准 减半" />
        <FilterSelect name="topic" label="主题" value={chosen.topic} options={options.topic} />
        <FilterSelect name="region" label="地区" value={chosen.region} options={options.region} />
        <FilterSelect name="status" label="状态" value={chosen.status} options={options.status} />
        <FilterSelect name="force" label="效力" value={chosen.force} options={options.force} />
        <FilterSelect name="trust" label="可信" value={chosen.trust} options={options.trust} />
        <FilterSelect
          name="sort"
          label="排序"
          value={query.sort}
          empty={query.q ? '相关程度' : '受理中的在前'}
          options={sorts.map((value) => ({ value, label: sortWords[value] }))}
        />
      </Filters>
      <p className="soft" role="status">
        {query.q && `“${query.q}”`}
        {place && `在${place}用得上的`}共 {total} 项
      </p>
      {rows.length === 0 ? (
        <Empty title="没有找到这样的政策" hint="换一个说法，或去掉几个筛选条件再试。" action={<Link to="/policies">看全部政策</Link>} />
      ) : (
        <ul className={styles.matches}>
          {rows.map((row) => (
            <li key={row.slug}>
              <h2 className={styles.title}>
                <Link to={`/policies/${row.slug}`}>{row.title}</Link>
              </h2>
              <p className="row">
                <Badge tone={statusTones[row.status]}>{statuses[row.status]}</Badge>
                {row.confidence !== 'high' && <Trust confidence={row.confidence} />}
                <span className="soft">
                  {row.regionName}，{topics[row.topic]}，{forces[row.force]}
                  {row.publishedOn && `，${row.publishedOn} 发布`}
                </span>
              </p>
              <p>{row.oneLine}</p>
              <p className="soft">何时止：{row.until}</p>
              {row.successor && (
                <p>
                  <Link to={`/policies/${row.successor}`}>看接续的政策</Link>
                </p>
              )}
            </li>
          ))}
        </ul>
      )}
      <Pager total={total} query={query} />
      <p className="soft no-print">
        订阅：<a href="/policies/feed.xml">RSS</a>、<a href="/policies/feed.json">JSON Feed</a>；网站嵌入：
        <a href="/policies/embed">列表页</a>
      </p>
    </Page>
  )
}
