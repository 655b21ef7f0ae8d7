import { isRouteErrorResponse, Link } from 'react-router'
import { ctxKey } from '../../../platform/context.server.ts'
import { Facts } from '../../../web/ui/list.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { mayScan, scan } from '../labels/scan.server.ts'
import type { Route } from './+types/scan.ts'
import styles from './scan.module.css'

export const meta = ({ loaderData }: Route.MetaArgs) => [
  { title: loaderData ? `${loaderData.card.status.word} · ${loaderData.card.code} · 衡企` : '没有这个标签 · 衡企' },
  { name: 'robots', content: 'noindex' },
]

export const headers = () => ({ 'cache-control': 'no-store' })

export async function loader({ params, context }: Route.LoaderArgs) {
  const card = await scan(context.get(ctxKey), params.token)
  if (!mayScan(params.token, card !== undefined)) throw new Response('扫得太频繁了，请一分钟后再试。', { status: 429 })
  if (!card) throw new Response('标签可能已经换过，或网址不完整。请扫描器具上现在的标签，或联系设备管理人员。', { status: 404 })
  return { card, token: params.token }
}

export default function Scan({ loaderData: { card, token } }: Route.ComponentProps) {
  const { code, name, owner, status, validUntil, due, page } = card
  return (
    <Page title={`${code} ${name}`} lead={owner} width="narrow">
      <p className={`${styles.status} tone-${status.tone}`}>
        <span aria-hidden>{status.shape}</span>
        <strong>{status.word}</strong>
      </p>
      <p>{status.todo}</p>
      <Facts
        items={[
          { label: '有效期至', value: validUntil ? <time dateTime={validUntil}>{validUntil}</time> : '—' },
          ...(due ? [{ label: '到期', value: due }] : []),
        ]}
      />
      <div className={styles.actions}>
        <Link to={`/i/${token}/fault`} className="button">
          报告故障
        </Link>
        {page && (
          <Link to={page} className="button primary">
            看这件器具的台账
          </Link>
        )}
      </div>
    </Page>
  )
}

/** A label that opens nothing says why, and what to do; the page around it stays. */
export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  if (!isRouteErrorResponse(error)) throw error
  return <Page title={error.status === 404 ? '没有这个标签' : '请稍后再扫'} lead={String(error.data)} width="narrow" />
}
