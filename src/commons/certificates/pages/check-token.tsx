import { isRouteErrorResponse, Link } from 'react-router'
import { ctxKey } from '../../../platform/context.server.ts'
import { Page } from '../../../web/ui/page.tsx'
import { checkToken, mayCheck } from '../check.server.ts'
import { Answer } from './answer.tsx'
import type { Route } from './+types/check-token.ts'

export const meta = () => [{ title: '核对证书 · 衡企' }, { name: 'robots', content: 'noindex' }]

export const headers = () => ({ 'cache-control': 'no-store' })

export async function loader({ params, context }: Route.LoaderArgs) {
  const answer = await checkToken(context.get(ctxKey), params.token)
  if (!mayCheck(params.token, answer ?? { verdict: 'unknown', reason: '' }))
    throw new Response('核对得太频繁，请一分钟后再试。', { status: 429 })
  if (!answer) throw new Response('没有这份证书：网址可能不完整，或证书不是本平台出具的。请按编号和校验码核对。', { status: 404 })
  return { answer }
}

export default function CheckToken({ loaderData: { answer } }: Route.ComponentProps) {
  return (
    <Page title="核对证书" lead="请与手上的证书逐项核对。" back={{ to: '/check', label: '核对别的证书' }} width="narrow">
      <Answer answer={answer} />
    </Page>
  )
}

/** A code that opens nothing says why, and what to do; the page around it stays. */
export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  if (!isRouteErrorResponse(error)) throw error
  return (
    <Page title={error.status === 404 ? '没有这份证书' : '请稍后再试'} lead={String(error.data)} width="narrow">
      <p>
        <Link to="/check">按编号或文件核对</Link>
      </p>
    </Page>
  )
}
