import { pino } from 'pino'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { platform } from '../core/access.ts'
import { inTx, type Ctx, type Database } from './db.server.ts'
import { announce } from './events.server.ts'
import { drain, startJobs, type Listener } from './jobs.server.ts'
import { testDatabase } from './test-database.server.ts'

let database: Database
let ctx: Ctx
const errors: string[] = []
const log = pino({ level: 'error' }, { write: (line: string) => void errors.push(line) })
const now = () => '2026-11-23T01:00:00.000Z'
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  ctx = { db: database.db, actor: platform, now: now() }
})
afterAll(() => database.close())

const tell = (subjectId: string, subject = 'thing') =>
  inTx(ctx, (tx) => announce(tx, { subject, subjectId, action: 'told', province: '33', region: '330100' }))
const collector = (name: string, on = ['thing.told']) => {
  const heard: string[] = []
  const listener: Listener = { name, on, handle: async (_, event) => void heard.push(event.subject_id) }
  return { heard, listener }
}

describe('后台任务', () => {
  it('第一次启动前发生的事，每个监听者都听到；以后加入的从那时听起', async () => {
    const [a, b, late] = ['a', 'b', 'late'].map((name) => collector(name)) as [
      ReturnType<typeof collector>,
      ReturnType<typeof collector>,
      ReturnType<typeof collector>,
    ]
    await tell('before')
    await drain(database, [a.listener, b.listener], ctx.now)
    expect([a.heard, b.heard]).toEqual([['before'], ['before']])
    await drain(database, [a.listener, b.listener, late.listener], ctx.now)
    await tell('after')
    await drain(database, [a.listener, b.listener, late.listener], ctx.now)
    expect([a.heard, late.heard]).toEqual([['before', 'after'], ['after']])
  })

  it('两个进程同时投递，每个事件只处理一次', async () => {
    const { heard, listener } = collector('twice')
    await drain(database, [listener], ctx.now)
    for (let i = 0; i < 10; i++) await tell(String(i))
    await Promise.all([drain(database, [listener], ctx.now), drain(database, [listener], ctx.now)])
    expect(heard.toSorted()).toEqual(Array.from({ length: 10 }, (_, i) => String(i)))
  })

  it('监听者出错，它做的一半也撤回；处理与记录同在一个事务', async () => {
    await sql`create table test_effects (n int)`.execute(database.db)
    let fail = true
    const listener: Listener = {
      name: 'half',
      on: ['half.told'],
      handle: async (tx) => {
        await sql`insert into test_effects values (1)`.execute(tx.db)
        if (fail) throw new Error('一半')
      },
    }
    await drain(database, [listener], ctx.now)
    await tell('x', 'half')
    await expect(drain(database, [listener], ctx.now)).rejects.toThrow('一半')
    fail = false
    await drain(database, [listener], ctx.now)
    expect((await sql`select * from test_effects`.execute(database.db)).rows).toHaveLength(1)
  })

  it('启动以后：一秒内听到新事件，出错会再来，日历任务已登记，没有一条错误日志', { timeout: 60_000 }, async () => {
    let failing = 1
    const heard: string[] = []
    const listener: Listener = {
      name: 'live',
      on: ['live.told'],
      handle: async (_, event) => {
        if (event.subject_id === 'again' && failing-- > 0) throw new Error('暂时不行')
        heard.push(event.subject_id)
      },
    }
    const jobs = await startJobs({
      database,
      listeners: [listener],
      schedules: [{ name: 'clock', cron: '*/5 * * * *', run: async () => {} }],
      now,
      log,
      lookEvery: 100,
    })
    try {
      // Nobody calls wake: the event may come from another process.
      await tell('one', 'live')
      await vi.waitFor(() => expect(heard).toEqual(['one']), { timeout: 5_000 })
      await tell('again', 'live')
      await vi.waitFor(() => expect(heard).toEqual(['one', 'again']), { timeout: 8_000 })
      expect((await sql<{ cron: string }>`select cron from pgboss.schedule where name = 'clock'`.execute(database.db)).rows).toEqual([
        { cron: '*/5 * * * *' },
      ])
      expect(errors.filter((line) => !line.includes('暂时不行'))).toEqual([])
    } finally {
      await jobs.stop()
    }
  })
})
