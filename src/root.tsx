/** The document around every page. */
import type { ReactNode } from 'react'
import { isRouteErrorResponse, Link, Links, Meta, Outlet, Scripts, ScrollRestoration, useRouteLoaderData } from 'react-router'
import './web/styles/tokens.css'
import './web/styles/base.css'
import './web/styles/kit.css'
import './web/styles/layout.css'
import { shellKey, type Shell } from './web/shell.ts'
import type { Route } from './+types/root.ts'

export function loader({ context }: Route.LoaderArgs): { shell: Shell } {
  return { shell: context.get(shellKey) }
}

export function Layout({ children }: { children: ReactNode }) {
  // Without a shell an error came before the loader could run.
  const shell = useRouteLoaderData<typeof loader>('root')?.shell
  return (
    <html lang="zh-CN" data-scheme={shell?.scheme ?? 'auto'} data-elder={shell?.elder ? '' : undefined}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="alternate" type="application/rss+xml" title="衡企政策更新" href="/policies/feed.xml" />
        <Meta />
        <Links />
      </head>
      <body>
        {children}
        <ScrollRestoration />
        <Scripts />
      </body>
    </html>
  )
}

export default function Root() {
  return <Outlet />
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  const known = isRouteErrorResponse(error)
  const title =
    known && error.status === 404 ? '没有这个页面，或不归您查看' : known && error.status === 403 ? '您现在的身份不能查看' : '出了差错'
  return (
    <div className="shell">
      <title>{`${title} · 衡企`}</title>
      <header className="top">
        <div>
          <Link to="/" className="wordmark">
            衡企
          </Link>
        </div>
      </header>
      <main className="portal-main">
        <div className="page narrow">
          <h1>{title}</h1>
          <p>{detailOf(error)}</p>
          <p>
            可以 <Link to="/desk">回到工作台</Link>，或 <Link to="/policies">查政策库</Link>。
          </p>
        </div>
      </main>
    </div>
  )
}

/** What a page said itself; for an address that nobody knows the router has only an English sentence of its own. */
function detailOf(error: unknown): string {
  if (!isRouteErrorResponse(error)) return '您的数据没有改动，请稍后再试。'
  if (typeof error.data === 'string' && error.data && !error.data.startsWith('Error:')) return error.data
  return error.status === 404 ? '地址可能写错了，或者这一页已经不在。' : '请稍后再试。'
}
