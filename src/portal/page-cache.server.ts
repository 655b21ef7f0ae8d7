/**
 * Public pages rendered once per edition of the policies: an anonymous reader gets the stored HTML and an ETag.
 * React's price is paid once a publication, not once a reader.
 */
import { createHash, randomBytes } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { shanghaiDate } from '../core/promise-clock.ts'
import { edition } from '../commons/policies/index.server.ts'
import type { Database } from '../platform/db.server.ts'
import { hasTag } from '../platform/http.server.ts'

interface Stored {
  /** The page with the placeholder where the nonce goes: a nonce that is used twice protects nothing. */
  body: string
  headers: [string, string][]
  etag: string
}

const cachable = /^\/(policies(\/[^/]+)?)?$/
const excluded = /^\/policies\/(new|drafts|events)/
const placeholder = '@@nonce@@'
const most = 500

export const pageCache = (database: Database, development: boolean): MiddlewareHandler => {
  const pages = new Map<string, Stored>()
  let current = ''
  return async (c, next) => {
    const anonymous = !c.req.header('cookie')
    if (development || c.req.method !== 'GET' || !anonymous || !cachable.test(c.req.path) || excluded.test(c.req.path)) return next()
    const instant = new Date().toISOString()
    const wanted = `${await edition({ db: database.db })}/${shanghaiDate(instant)}`
    // A publication, or the turn of the day (status labels depend on it), makes every page new.
    if (wanted !== current) pages.clear()
    current = wanted
    let page = pages.get(c.req.url)
    if (!page) {
      await next()
      if (c.res.status !== 200) return
      page = await stored(c.res, wanted)
      if (pages.size >= most) pages.delete(pages.keys().next().value!)
      pages.set(c.req.url, page)
    }
    // The setter copies the old response's headers onto the new one, and with them the policy of another nonce.
    c.res = undefined
    // Without headers of its own a 304 keeps the reader's stored policy, which fits the nonce in the stored page.
    c.res = hasTag(c.req.header('if-none-match'), page.etag)
      ? new Response(null, { status: 304, headers: { etag: page.etag } })
      : fresh(page)
  }
}

async function stored(response: Response, version: string): Promise<Stored> {
  const nonce = /'nonce-([^']+)'/.exec(response.headers.get('content-security-policy') ?? '')?.[1]
  const blank = (text: string) => (nonce ? text.replaceAll(nonce, placeholder) : text)
  const body = blank(await response.text())
  const etag = `"${createHash('sha256').update(version).update(body).digest('base64url').slice(0, 22)}"`
  const headers = [...response.headers]
    .filter(([name]) => name !== 'content-length')
    .map(([name, value]): [string, string] => [name, blank(value)])
  return { body, headers, etag }
}

function fresh(page: Stored): Response {
  const nonce = randomBytes(16).toString('base64')
  const headers = new Headers(page.headers.map(([name, value]): [string, string] => [name, value.replaceAll(placeholder, nonce)]))
  headers.set('etag', page.etag)
  headers.set('cache-control', 'no-cache')
  headers.set('vary', 'cookie')
  return new Response(page.body.replaceAll(placeholder, nonce), { headers })
}
