/** 同一个键、同一内容只办一次，进程在办成和作答之间被杀也一样。 */
import { Hono } from 'hono'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { z } from 'zod'
import { platform, visitor, type Actor } from '../core/access.ts'
import { operation } from './api.server.ts'
import { apiRouter } from './api-router.server.ts'
import { inTx, type Database } from './db.server.ts'
import { nextNumber } from './events.server.ts'
import { idempotent } from './once.server.ts'
import { testDatabase } from './test-database.server.ts'

let database: Database
beforeAll(async () => {
  database = await testDatabase(inject('template'))
})
afterAll(() => database.close())

/** Counts up in a transaction; `kill` ends the request after the commit, as a dying process would. */
function service(actor: Actor, kill = false) {
  const op = operation({
    method: 'post',
    path: '/count',
    summary: '数一次',
    tag: '测试',
    by: 'public',
    body: z.object({ kind: z.string() }),
    answer: z.object({ n: z.number() }),
    run: async (ctx, { body }) => {
      const answer = await inTx(ctx, async (tx) => ({ n: await nextNumber(tx, '33', body.kind, 2026) }))
      if (kill) await new Promise(() => {})
      return answer
    },
  })
  const app = new Hono()
  const ctx = { db: database.db, actor, now: '2026-11-23T01:00:00.000Z' }
  app.use(
    '/*',
    idempotent(database, async () => ctx),
  )
  app.route(
    '/',
    apiRouter([op], async (c) => ({ ...ctx, once: c.get('once') })),
  )
  return (key: string, kind: string) =>
    app.request('/count', {
      method: 'POST',
      body: JSON.stringify({ kind }),
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
    })
}

const older = () => sql`update idempotency_keys set created_at = now() - interval '3 minutes' where status is null`.execute(database.db)

it('同样的请求再来一次，答案相同，只办一次；换了内容用同一个键，被拒绝', async () => {
  const post = service(platform)
  expect(await (await post('k1', 'a')).json()).toEqual({ n: 1 })
  const again = await post('k1', 'a')
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect(await again.json()).toEqual({ n: 1 })
  expect((await post('k1', 'b')).status).toBe(409)
  expect(await (await post('k2', 'a')).json()).toEqual({ n: 2 })
})

it('办成之后、作答之前进程被杀：先说正在处理，之后给出当时办成的结果，不再办一次', async () => {
  void service(platform, true)('k3', 'c')
  await expect
    .poll(
      async () =>
        (await sql<{ effect: string }>`select effect from idempotency_keys where key = 'k3'`.execute(database.db)).rows[0]?.effect,
    )
    .toBe('{"n":1}')
  const post = service(platform)
  const busy = await post('k3', 'c')
  expect([busy.status, busy.headers.get('retry-after')]).toEqual([409, '5'])
  await older()
  expect(await (await post('k3', 'c')).json()).toEqual({ n: 1 })
  expect(await (await post('k4', 'c')).json()).toEqual({ n: 2 })
})

it('办成之前进程被杀：没有办成的，过后用同一个键可以办', async () => {
  await sql`insert into idempotency_keys (key, actor_id, request_hash, created_at)
    select 'k5', ${platform.id}, request_hash, now() from idempotency_keys where key = 'k1'`.execute(database.db)
  const post = service(platform)
  expect((await post('k5', 'a')).status).toBe(409)
  await older()
  expect(await (await post('k5', 'a')).json()).toEqual({ n: 3 })
})

it('两位访客用了同一个键：各办各的，谁也听不到另一个的答案', async () => {
  const post = service(visitor)
  expect(await (await post('same', 'd')).json()).toEqual({ n: 1 })
  expect(await (await post('same', 'e')).json()).toEqual({ n: 1 })
  expect(await (await post('same', 'd')).json()).toEqual({ n: 1 })
})
