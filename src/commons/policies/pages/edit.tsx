import { Link, useActionData } from 'react-router'
import { ctxKey } from '../../../platform/context.server.ts'
import { Notice } from '../../../web/ui/feedback.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { states } from '../model.ts'
import { findOpenVersion, findPolicy } from '../queries.server.ts'
import type { Route } from './+types/edit.ts'
import { answer, assertWriter, mayWriteIn, optionsOf, viewOf } from './editing.server.ts'
import { Editor } from './editor.tsx'

export const meta = ({ loaderData }: Route.MetaArgs) => [{ title: `编辑 ${loaderData?.title ?? '政策'} · 衡企` }]

export async function loader({ params, request, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  assertWriter(ctx, url)
  const open = await findOpenVersion(ctx, params.slug)
  const policy = await findPolicy(ctx, params.slug)
  const content = open?.content ?? policy?.current?.content
  if (!content) throw new Response('没有这份政策', { status: 404 })
  return {
    slug: params.slug,
    title: content.title,
    open: open && { state: open.state, number: open.number, opinion: open.opinion },
    current: policy?.current?.number,
    // A policy of a larger or another territory is read here and copied, not changed.
    mine: mayWriteIn(ctx, policy?.region ?? open!.region),
    saved: new URL(request.url).searchParams.has('saved'),
    view: await viewOf(ctx, content, open),
    options: await optionsOf(ctx),
  }
}

export async function action({ params, request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  assertWriter(ctx, url)
  return answer(ctx, request, params.slug)
}

/** Refreshing the sentences changes nothing that is stored. */
export const shouldRevalidate = ({ formData, defaultShouldRevalidate }: { formData?: FormData; defaultShouldRevalidate: boolean }) =>
  formData && formData.get('do') !== 'save' ? false : defaultShouldRevalidate

export default function EditPolicy({ loaderData }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  const { slug, title, open, current, mine, saved, options } = loaderData
  const review = `/policies/${slug}/review`
  if (!mine)
    return (
      <Page title={title} lead="这份政策不属于您的辖区，不能为它起草新版。" back={{ to: '/policies/drafts', label: '起草与审核' }}>
        <Notice tone="info" title="可以参照它制定本地区的政策">
          <Link to={`/policies/new?from=${slug}`}>复制为本地区的新政策</Link>
        </Notice>
      </Page>
    )
  const lead = open
    ? `第 ${open.number} 版。保存后可以检查、试算，再提交审核。`
    : `正在为第 ${current} 版起草新版，保存后成为草稿；发布前原版照常有效。`
  return (
    <Page
      title={title || '（未写标题）'}
      lead={lead}
      state={{ label: open ? states[open.state] : '起草新版' }}
      back={{ to: '/policies/drafts', label: '起草与审核' }}
    >
      {saved && !result && (
        <Notice tone="good" title="已保存" live>
          <Link to={review}>去检查、试算和提交审核</Link>
        </Notice>
      )}
      {open?.state === 'draft' && open.opinion && (
        <Notice tone="warn" title="上次退回的意见">
          {open.opinion}
        </Notice>
      )}
      {open?.state === 'review' ? (
        <Notice tone="info" title="正在审核，不能修改">
          要修改，请先在<Link to={review}>审核页</Link>撤回或退回。
        </Notice>
      ) : (
        <Editor view={result?.values.view ?? loaderData.view} refusal={result?.refusal} options={options} slugFixed review={review} />
      )}
    </Page>
  )
}
