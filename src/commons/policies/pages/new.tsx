import { Link, useActionData } from 'react-router'
import { regionName } from '../../../core/regions.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { FilterSearch, Filters } from '../../../web/ui/filters.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { blankContent } from '../form/blank.ts'
import { findPolicy } from '../queries.server.ts'
import { listPolicies } from '../search.server.ts'
import type { Route } from './+types/new.ts'
import { answer, assertWriter, optionsOf, viewOf } from './editing.server.ts'
import { Editor } from './editor.tsx'

export const meta = () => [{ title: '起草政策 · 衡企' }]

export async function loader({ request, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  assertWriter(ctx, url)
  const { searchParams } = new URL(request.url)
  const from = searchParams.get('from')
  const q = searchParams.get('q') ?? ''
  const source = from ? (await findPolicy(ctx, from))?.current : undefined
  const region = ctx.actor.region || '000000'
  // A copy is a new policy of one's own territory: address, place and dates are its own.
  const content = source
    ? {
        ...source.content,
        slug: '',
        regionCode: region,
        regionName: regionName(region),
        publishedOn: null,
        effectiveFrom: null,
        effectiveTo: null,
        successor: null,
        historical: false,
      }
    : blankContent(region, regionName(region))
  const found = q ? (await listPolicies(ctx, { q, pageSize: 8 })).rows.map(({ slug, content: { title } }) => ({ slug, title })) : []
  return { view: await viewOf(ctx, content), options: await optionsOf(ctx), copied: source?.content.title, q, found }
}

export async function action({ request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  assertWriter(ctx, url)
  return answer(ctx, request)
}

export default function NewPolicy({ loaderData }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  const { copied, q, found, options } = loaderData
  return (
    <Page
      title="起草政策"
      lead={
        copied
          ? `从“${copied}”复制。请改成本地区的规定，条款和依据逐条核对。`
          : '先写标题和条款，随时可以保存草稿；写好后提交，由另一位监管人员审核发布。'
      }
      back={{ to: '/policies/drafts', label: '起草与审核' }}
    >
      <Filters label="从已有政策复制">
        <FilterSearch label="从已有政策复制，或为它起草新版" value={q} placeholder="标题、文号或内容" />
      </Filters>
      {q && (
        <ul>
          {found.map(({ slug, title }) => (
            <li key={slug}>
              {title}　<Link to={`/policies/new?from=${slug}`}>复制为新政策</Link>　<Link to={`/policies/${slug}/edit`}>起草新版</Link>
            </li>
          ))}
          {found.length === 0 && <li>没有找到与“{q}”有关的政策。</li>}
        </ul>
      )}
      <Editor view={result?.values.view ?? loaderData.view} refusal={result?.refusal} options={options} slugFixed={false} />
    </Page>
  )
}
