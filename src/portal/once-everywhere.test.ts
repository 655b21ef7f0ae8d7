/** 接口表里每一个写操作都认 Idempotency-Key：同一个键、同一内容，办一次、答得一样；换了内容，409。由接口表生成，经过平台真正的入口。 */
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { z } from 'zod'
import { application } from '../app.server.ts'
import { visitor, type Actor, type Role } from '../core/access.ts'
import type { Operation } from '../platform/api.server.ts'
import { inTx, type Database } from '../platform/db.server.ts'
import { nextNumber } from '../platform/events.server.ts'
import { uuidv7 } from '../platform/ids.ts'
import { logger } from '../platform/log.server.ts'
import { sessionsOf } from '../platform/sessions.server.ts'
import { testDatabase } from '../platform/test-database.server.ts'
import { operations } from './parts.server.ts'
import { configAt } from './test-process.server.ts'

const at = vi.hoisted(() => ({ actor: undefined as unknown }))
vi.mock('./session.server.ts', async (original) => ({ ...(await original<object>()), actorOf: async () => at.actor }))

let database: Database
let app: ReturnType<typeof application>
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  const config = configAt({ databaseUrl: '', secret: 's'.repeat(32), now: '2026-11-23T01:00:00.000Z' })
  app = application({
    config,
    database,
    sessions: sessionsOf(config, database),
    build: () => Promise.reject(new Error('no pages here')),
    development: false,
    log: logger(config),
  })
})
afterAll(() => database.close())

const writes = operations.filter(({ method }) => method !== 'get')
const nameOf = ({ method, path }: Operation) => `${method.toUpperCase()} ${path}`
const actorFor = ({ by }: Operation): Actor => {
  const role: Role | undefined = by === 'public' ? undefined : by.find((each) => each !== 'visitor')
  return role === undefined ? visitor : { ...visitor, id: uuidv7(), name: '示例·某人', role, org_id: uuidv7(), region: '330100' }
}
let keys = 0

describe('每个写操作都认 Idempotency-Key', () => {
  it('写操作都在接口表里，一个不少', () => {
    expect(writes.length).toBeGreaterThan(30)
    expect(new Set(writes.map(nameOf)).size).toBe(writes.length)
  })

  it.each(writes.map((op) => [nameOf(op), op] as const))('%s', async (name, op) => {
    // What it does is counted in a transaction, as every command works; what it takes is of no account here.
    const effect = vi.fn(async (ctx: Parameters<Operation['run']>[0]) =>
      inTx(ctx, async (tx) => ({ n: await nextNumber(tx, '33', name, 2026), said: uuidv7() })),
    )
    const { run, body, params, query } = op
    Object.assign(op, { run: effect, ...(body && { body: z.unknown() }), params: undefined, query: undefined })
    try {
      at.actor = actorFor(op)
      const key = `key-${++keys}`
      const url = `/api/v1${op.path.replace(/\{\w+\}/g, () => uuidv7())}`
      const send = (sent: unknown, own = key) =>
        app.request(url, {
          method: op.method.toUpperCase(),
          headers: { 'content-type': 'application/json', 'idempotency-key': own },
          body: JSON.stringify(sent),
        })
      const first = await send({ a: 1 })
      const second = await send({ a: 1 })
      const said = await first.text()
      expect([first.status, second.status, await second.text()]).toEqual([200, 200, said])
      expect(second.headers.get('idempotent-replayed')).toBe('true')
      expect(effect).toHaveBeenCalledTimes(1)
      expect(JSON.parse(said)).toMatchObject({ n: 1 })
      // A visitor has no name: another body is another visitor's, with an effect of its own.
      const other = await send({ a: 2 })
      if (at.actor === visitor) expect(JSON.parse(await other.text())).toMatchObject({ n: 2 })
      else {
        expect([other.status, effect.mock.calls.length]).toEqual([409, 1])
        at.actor = { ...(at.actor as Actor), id: uuidv7() }
        expect(await (await send({ a: 2 })).json()).toMatchObject({ n: 2 })
      }
      expect(await (await send({ a: 1 }, `${key}-new`)).json()).toMatchObject({ n: 3 })
    } finally {
      Object.assign(op, { run, body, params, query })
    }
  })
})
