/**
 * The same key and body is one effect with the same answer, also when the process dies between the two: what was done is noted in the
 * transaction that did it, so that a repeated request is answered from the note or, where nothing was committed, done now.
 */
import { createHash } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import { sql } from 'kysely'
import { refuse } from '../core/refusal.ts'
import type { Ctx, Database } from './db.server.ts'
import { problem } from './http.server.ts'
import type { Schedule } from './jobs.server.ts'

interface Noted {
  request_hash: string
  status: number | null
  body: string | null
  content_type: string | null
  effect: string | null
  /** Nobody works on it any more: no request takes so long. */
  silent: boolean
}

const silentAfter = '2 minutes'

export const idempotent =
  (database: Pick<Database, 'db'>, contextOf: (c: Context) => Promise<Ctx>): MiddlewareHandler =>
  async (c, next) => {
    const given = c.req.header('idempotency-key')
    if (!given || c.req.method === 'GET') return next()
    if (given.length > 200) return problem(c, refuse('invalid', 'Idempotency-Key 最多 200 个字符。'))
    const { actor } = await contextOf(c)
    const hash = createHash('sha256')
      .update(`${c.req.method} ${c.req.path}\n`)
      .update(await c.req.text())
      .digest('hex')
    const key = ownKey(given, actor.id, hash)
    if (!(await claim(database, key, actor.id, hash))) {
      const answer = await replay(c, database, actor.id, key, hash)
      if (answer) return answer
    }
    c.set('once', key)
    try {
      await next()
      const body = await c.res.clone().text()
      if (c.res.status >= 500) throw new Error('not stored')
      await sql`update idempotency_keys set status = ${c.res.status}, body = ${body}, content_type = ${c.res.headers.get('content-type')}
        where key = ${key} and actor_id = ${actor.id}`.execute(database.db)
    } catch {
      // What was committed stays noted; where nothing was, the same key may be tried again.
      await sql`delete from idempotency_keys where key = ${key} and actor_id = ${actor.id} and status is null and effect is null`.execute(
        database.db,
      )
    }
  }

/** Visitors have no id: one must not hear another's answer, so that their keys count together with what was sent. */
export const ownKey = (given: string, actorId: string, hash: string): string => (actorId ? given : `${hash}:${given}`)

async function claim({ db }: Pick<Database, 'db'>, key: string, actorId: string, hash: string): Promise<boolean> {
  const { rows } =
    await sql`insert into idempotency_keys (key, actor_id, request_hash, created_at) values (${key}, ${actorId}, ${hash}, now())
    on conflict do nothing returning key`.execute(db)
  return rows.length > 0
}

/** The answer that was given or would have been; nothing: the first try came to nothing, and this one has taken its place. */
async function replay(c: Context, { db }: Pick<Database, 'db'>, actorId: string, key: string, hash: string): Promise<Response | undefined> {
  const { rows } =
    await sql<Noted>`select request_hash, status, body, content_type, effect, created_at < now() - ${silentAfter}::interval as silent
    from idempotency_keys where key = ${key} and actor_id = ${actorId}`.execute(db)
  const [noted] = rows
  if (noted && noted.request_hash !== hash)
    return problem(c, refuse('conflict', '这个 Idempotency-Key 已经用于另一个请求，请换一个新的键。'))
  if (noted && noted.status !== null) return again(noted.body, noted.status, noted.content_type)
  if (noted?.silent && noted.effect !== null) return again(noted.effect, 200, null)
  if (noted && !noted.silent) {
    const answer = problem(c, refuse('conflict', '同一个请求正在处理，请稍等几秒再查询结果。'))
    answer.headers.set('retry-after', '5')
    return answer
  }
  // Of two that come at once, one takes the place.
  const taken = await sql`update idempotency_keys set created_at = now() where key = ${key} and actor_id = ${actorId}
    and status is null and effect is null and created_at < now() - ${silentAfter}::interval returning key`.execute(db)
  if (taken.rows.length > 0 || (!noted && (await claim({ db }, key, actorId, hash)))) return undefined
  return problem(c, refuse('conflict', '同一个请求正在处理，请稍等几秒再查询结果。'))
}

const again = (body: string | null, status: number, type: string | null): Response =>
  new Response(body, { status, headers: { 'content-type': type ?? 'application/json; charset=utf-8', 'idempotent-replayed': 'true' } })

/** Keys are kept for a week: nobody repeats a request later than that. */
export const schedules: readonly Schedule[] = [
  {
    name: 'idempotency-keys-cleaning',
    cron: '40 3 * * *',
    run: async ({ db }) => void (await sql`delete from idempotency_keys where created_at < now() - interval '7 days'`.execute(db)),
  },
]
