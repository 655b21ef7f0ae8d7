/** Where refusals become HTTP, once; and what every response and every write has in common. */
import { createHash, randomUUID } from 'node:crypto'
import type { Context, ErrorHandler, MiddlewareHandler } from 'hono'
import { sql } from 'kysely'
import type { Logger } from 'pino'
import { refuse, type Refusal } from '../core/refusal.ts'
import type { Config } from './config.server.ts'
import type { Ctx, Database } from './db.server.ts'

const statuses = { invalid: 422, forbidden: 403, conflict: 409, missing: 404 } as const
const titles = { invalid: '填写有误', forbidden: '无权办理', conflict: '现在不能这样办', missing: '没有找到' } as const

export const statusOf = (refusal: Refusal): (typeof statuses)[Refusal['kind']] => statuses[refusal.kind]

/** RFC 9457 problem details. */
export const problem = (c: Context, refusal: Refusal): Response =>
  problemResponse(
    {
      type: 'about:blank',
      title: titles[refusal.kind],
      status: statusOf(refusal),
      detail: refusal.reason,
      ...(refusal.code && { code: refusal.code }),
      ...(refusal.fields && { errors: Object.entries(refusal.fields).map(([field, detail]) => ({ field, detail })) }),
      instance: c.req.path,
    },
    refusal.code === 'SIGN_IN_REQUIRED' ? 401 : statusOf(refusal),
  )

const problemResponse = (body: Record<string, unknown>, status: number): Response =>
  new Response(JSON.stringify({ ...body, status }), { status, headers: { 'content-type': 'application/problem+json; charset=utf-8' } })

/** A bug: logged whole, told in one sentence, never with its stack. */
export const onError =
  (log: Logger): ErrorHandler =>
  (error, c) => {
    const id = randomUUID()
    log.error({ err: error, id, path: c.req.path }, 'unexpected')
    const detail = `平台出了差错，您的数据没有改动。请稍后再试；仍不行时请把编号 ${id} 告诉平台。`
    if (c.req.path.startsWith('/api/'))
      return problemResponse({ type: 'about:blank', title: '平台差错', detail, instance: c.req.path }, 500)
    return new Response(detail, { status: 500, headers: { 'content-type': 'text/plain; charset=utf-8' } })
  }

export const securityHeaders =
  (config: Pick<Config, 'publicUrl'>): MiddlewareHandler =>
  async (c, next) => {
    await next()
    c.res.headers.set('x-content-type-options', 'nosniff')
    c.res.headers.set('referrer-policy', 'same-origin')
    c.res.headers.set('permissions-policy', 'camera=(self), geolocation=(), microphone=()')
    c.res.headers.set('cross-origin-opener-policy', 'same-origin')
    if (config.publicUrl.startsWith('https:')) c.res.headers.set('strict-transport-security', 'max-age=31536000; includeSubDomains')
  }

/** Inline script only by nonce. `frames`: the one page that other portals may embed. */
export const contentSecurityPolicy = (nonce: string, { development = false, frames = false } = {}): string =>
  [
    `default-src 'self'`,
    `script-src 'self' 'nonce-${nonce}'${development ? ` 'unsafe-eval'` : ''}`,
    // Style attributes carry the widths of bars; they cannot run anything.
    `style-src 'self' 'unsafe-inline'`,
    `img-src 'self' data: blob:`,
    `connect-src 'self'${development ? ' ws:' : ''}`,
    `object-src 'none'`,
    `base-uri 'self'`,
    `form-action 'self'`,
    `frame-ancestors ${frames ? '*' : `'none'`}`,
  ].join('; ')

interface StoredAnswer {
  request_hash: string
  status: number | null
  body: string | null
  content_type: string | null
}

/** The same key and body is one effect with the same answer; another body under the same key is refused. */
export const idempotent =
  (database: Database, contextOf: (c: Context) => Promise<Ctx>): MiddlewareHandler =>
  async (c, next) => {
    const key = c.req.header('idempotency-key')
    if (!key || c.req.method === 'GET') return next()
    if (key.length > 200) return problem(c, refuse('invalid', 'Idempotency-Key 最多 200 个字符。'))
    const { actor, now } = await contextOf(c)
    const hash = createHash('sha256')
      .update(`${c.req.method} ${c.req.path}\n`)
      .update(await c.req.text())
      .digest('hex')
    const claimed =
      await sql`insert into idempotency_keys (key, actor_id, request_hash, created_at) values (${key}, ${actor.id}, ${hash}, ${now})
      on conflict do nothing returning key`.execute(database.db)
    if (claimed.rows.length === 0) return replay(c, database, actor.id, key, hash)
    try {
      await next()
      const body = await c.res.clone().text()
      if (c.res.status >= 500) throw new Error('not stored')
      await sql`update idempotency_keys set status = ${c.res.status}, body = ${body}, content_type = ${c.res.headers.get('content-type')}
        where key = ${key} and actor_id = ${actor.id}`.execute(database.db)
    } catch {
      // Nothing was done, so the same key may be tried again.
      await sql`delete from idempotency_keys where key = ${key} and actor_id = ${actor.id} and status is null`.execute(database.db)
    }
  }

async function replay(c: Context, database: Database, actorId: string, key: string, hash: string): Promise<Response> {
  const { rows } =
    await sql<StoredAnswer>`select request_hash, status, body, content_type from idempotency_keys where key = ${key} and actor_id = ${actorId}`.execute(
      database.db,
    )
  const stored = rows[0]
  if (stored?.request_hash !== hash) return problem(c, refuse('conflict', '这个 Idempotency-Key 已经用于另一个请求，请换一个新的键。'))
  if (stored.status === null) {
    const answer = problem(c, refuse('conflict', '同一个请求正在处理，请稍等几秒再查询结果。'))
    answer.headers.set('retry-after', '5')
    return answer
  }
  return new Response(stored.body, {
    status: stored.status,
    headers: { 'content-type': stored.content_type ?? 'application/json', 'idempotent-replayed': 'true' },
  })
}
