/** Where refusals become HTTP, once; and what every response and every write has in common. */
import { randomUUID } from 'node:crypto'
import type { Context, ErrorHandler, MiddlewareHandler } from 'hono'
import type { Logger } from 'pino'
import type { Refusal } from '../core/refusal.ts'
import type { Config } from './config.server.ts'

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

/** RFC 9110 13.1.2: compared weakly, because what is compressed on its way carries the weak form of the tag. */
export const hasTag = (ifNoneMatch: string | null | undefined, etag: string): boolean =>
  (ifNoneMatch ?? '').split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag)

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
