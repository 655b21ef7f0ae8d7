import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { platform, visitor } from '../core/access.ts'
import { refuse } from '../core/refusal.ts'
import { checkpoint, MerkleTree, verifyEvents } from './audit.server.ts'
import { readConfig } from './config.server.ts'
import { inTx, jsonb, openMemory, type Ctx, type Database } from './db.server.ts'
import { lockDirectory } from './directory-lock.server.ts'
import { announce, nextNumber, timeline } from './events.server.ts'
import { uuidv7 } from './ids.ts'
import { drain, type Listener } from './jobs.server.ts'
import { migrate } from './migrate.server.ts'
import { searchQuery, searchText } from './search.server.ts'
import { sessionsOf } from './sessions.server.ts'
import { testDatabase } from './test-database.server.ts'

const secret = 's'.repeat(32)
let database: Database
let ctx: Ctx
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  ctx = { db: database.db, actor: platform, now: '2026-11-23T01:00:00.000Z' }
})
afterAll(() => database.close())

const say = (action: string, subjectId = uuidv7(), detail: unknown = { 值: [1, '二', null], b: { z: 1, a: 2 } }) =>
  inTx(ctx, (tx) => announce(tx, { subject: 'thing', subjectId, action, province: '33', region: '330100', detail }))

describe('数据库', () => {
  it('两种数据库给出同样的类型：大整数、日期、带时区的时刻', async () => {
    const { rows } = await sql<
      Record<string, unknown>
    >`select 9007199254740993::bigint as n, date '1988-05-01' as d, timestamptz '2026-11-23 09:00+08' as t`.execute(database.db)
    expect(rows[0]).toEqual({ n: 9007199254740993n, d: '1988-05-01', t: '2026-11-23T01:00:00.000Z' })
  })

  it('数组、小数、夏令时和十九世纪的时刻也一样', async () => {
    const { rows } = await sql<
      Record<string, unknown>
    >`select array[1, null]::bigint[] as n, array[date '1988-05-01'] as d, 12.50::numeric as m,
      timestamptz '1988-07-01 09:00+09' as summer, timestamptz '1900-01-01 00:00+00' as old, ${jsonb([1, 'a', null])} as j, ${jsonb(null)} as z`.execute(
      database.db,
    )
    expect(rows[0]).toEqual({
      n: [1n, null],
      d: ['1988-05-01'],
      m: '12.50',
      summer: '1988-07-01T00:00:00.000Z',
      old: '1900-01-01T00:00:00.000Z',
      j: [1, 'a', null],
      z: null,
    })
  })

  it('一句失败的 SQL 不坏下一句：连接还在，答案不串', async () => {
    for (const text of ['select nope', 'begin; select nope; commit']) await expect(database.pool.query(text)).rejects.toThrow('nope')
    await database.pool.query('rollback')
    for (const values of [['abc'], ['9e99']])
      await expect(database.pool.query('select $1::int as x', values)).rejects.toThrow('invalid input')
    const client = await database.pool.connect()
    await expect(client.query('select $1::int + nope', [1])).rejects.toThrow('nope')
    client.release(new Error('as a careless caller does'))
    await expect(sql`select ${'abc'}::int as x`.execute(database.db)).rejects.toThrow('invalid input')
    const answers = await Promise.all([1, 2, 3].map((x) => database.pool.query('select $1::int as x', [x])))
    expect(answers.map(({ rows }) => rows)).toEqual([[{ x: 1 }], [{ x: 2 }], [{ x: 3 }]])
  })

  it('扩展在两种数据库里都能用：相似度和排他约束', async () => {
    await inTx(ctx, async (tx) => {
      await sql`create extension if not exists pg_trgm`.execute(tx.db)
      await sql`create extension if not exists btree_gist`.execute(tx.db)
      const { rows } = await sql<{ s: number }>`select similarity('verification', 'verifcation') as s`.execute(tx.db)
      expect(rows[0]!.s).toBeGreaterThan(0.5)
      return refuse('conflict', '不留下')
    })
  })

  it('同时启动的两个进程只迁移一次', async () => {
    const empty = await openMemory()
    const steps: string[] = []
    const one = { name: '0001-a', up: async () => {} }
    await Promise.all([1, 2].map(() => migrate(empty, [one], (name) => steps.push(name))))
    expect(steps).toEqual(['0001-a'])
    await expect(migrate(empty, [{ name: '0001-b', up: async () => {} }])).rejects.toThrow('不认识的迁移 0001-a')
    await expect(migrate(empty, [{ name: '0000-z', up: async () => {} }, one])).rejects.toThrow('迁移顺序不对')
    await empty.close()
  })

  it('被拒绝的事务什么都不留下，内外层都一样', async () => {
    const id = uuidv7()
    const refusal = refuse('conflict', '不行')
    const result = await inTx(ctx, async (outer) => {
      await announce(outer, { subject: 'thing', subjectId: id, action: 'begun', province: '33', region: '330100' })
      return inTx(outer, async () => refusal)
    })
    expect(result).toEqual(refusal)
    expect(await timeline(database.db, 'thing', id)).toEqual([])
  })

  it('编号按省、按年连续，不跳号', async () => {
    const numbers = []
    for (let i = 0; i < 3; i++) numbers.push(await inTx(ctx, (tx) => nextNumber(tx, '33', 'test', 2026)))
    await inTx(ctx, async (tx) => {
      await nextNumber(tx, '33', 'test', 2026)
      return refuse('conflict', '退回')
    })
    expect([
      ...numbers,
      await inTx(ctx, (tx) => nextNumber(tx, '33', 'test', 2026)),
      await inTx(ctx, (tx) => nextNumber(tx, '34', 'test', 2026)),
    ]).toEqual([1, 2, 3, 4, 1])
  })
})

describe('审计链', () => {
  it('改、删、换、截断，每一次都被发现', async () => {
    for (let i = 0; i < 40; i++) await say('happened')
    await checkpoint(database.db, secret, ctx.now)
    for (let i = 0; i < 10; i++) await say('happened')
    expect((await verifyEvents(database.db, secret)).firstBad).toBeUndefined()
    const attacks = [
      ...[3, 17, 41].flatMap((seq) => [
        `update events set detail = '{"x":1}' where seq = ${seq}`,
        `update events set actor_name = actor_name || '甲' where seq = ${seq}`,
        `update events set at = at + interval '1 ms' where seq = ${seq}`,
        `delete from events where seq = ${seq}`,
        `update events set seq = -seq where seq in (${seq}, ${seq + 1}); update events set seq = case seq when -${seq} then ${seq + 1} else ${seq} end where seq < 0`,
        `delete from events where seq > ${seq}`,
        `delete from events where seq > ${seq}; update event_head set seq = ${seq}, hash = (select hash from events where seq = ${seq})`,
      ]),
      `update event_checkpoints set root = repeat('0', 64)`,
      `update event_checkpoints set signature = 'AAAA'`,
    ]
    const missed: string[] = []
    for (const attack of attacks) {
      const found = await undone(attack, async (tx) => (await verifyEvents(tx, secret)).firstBad)
      if (!found) missed.push(attack)
    }
    // What lies after the last checkpoint can be cut together with the head; the next checkpoint, handed outside, ends that.
    expect(missed).toEqual([
      `delete from events where seq > 41; update event_head set seq = 41, hash = (select hash from events where seq = 41)`,
    ])
  })

  it('默克尔根与 RFC 6962 的定义逐个相等', async () => {
    const { createHash } = await import('node:crypto')
    const hash = (...parts: (Buffer | string)[]) => parts.reduce((h, p) => h.update(p as Buffer), createHash('sha256')).digest()
    const slow = (leaves: Buffer[]): Buffer => {
      if (leaves.length === 0) return hash('')
      if (leaves.length === 1) return hash(Buffer.from([0]), leaves[0]!)
      const k = 2 ** Math.floor(Math.log2(leaves.length - 1))
      return hash(Buffer.from([1]), slow(leaves.slice(0, k)), slow(leaves.slice(k)))
    }
    const leaves = Array.from({ length: 33 }, (_, i) => hash(String(i)))
    for (let n = 0; n <= leaves.length; n++) {
      const tree = new MerkleTree()
      for (const leaf of leaves.slice(0, n)) tree.add(leaf.toString('hex'))
      expect(tree.root()).toBe(slow(leaves.slice(0, n)).toString('hex'))
    }
  })

  async function undone<T>(attack: string, look: (db: Ctx['db']) => Promise<T>): Promise<T> {
    let seen!: T
    await inTx(ctx, async (tx) => {
      for (const statement of attack.split(';')) await sql.raw(statement).execute(tx.db)
      seen = await look(tx.db)
      return refuse('conflict', '恢复原样')
    })
    return seen
  }
})

describe('监听', () => {
  it('每个事件只处理一次；失败的下一轮再来，顺序不变', async () => {
    const handled: string[] = []
    let failing = true
    const listener: Listener = {
      name: 'test-listener',
      on: ['thing.told'],
      handle: async (_, event) => {
        if (failing && handled.length === 1) throw new Error('暂时不行')
        handled.push(event.subject_id)
      },
    }
    await drain(database, [listener], ctx.now)
    const ids = [uuidv7(), uuidv7(), uuidv7()]
    for (const id of ids) await say('told', id)
    await expect(drain(database, [listener], ctx.now)).rejects.toThrow('暂时不行')
    failing = false
    expect(await drain(database, [listener], ctx.now)).toBe(2)
    expect(await drain(database, [listener], ctx.now)).toBe(0)
    expect(handled).toEqual(ids)
  })
})

describe('检索', () => {
  it('不用词典，按两字一组找到中文', async () => {
    const titles = ['安庆市非强制检定收费减半', '出租汽车计价器免费检定', '企业最高计量标准器具考核', '压力表检定周期 JJG 52-2013']
    const hits = async (query: string) => {
      const { rows } = await sql<{
        n: bigint
      }>`select n from (select row_number() over () as n, t from unnest(${titles.map(searchText)}::text[]) t) x
        where to_tsvector('simple', t) @@ to_tsquery('simple', ${searchQuery(query)})`.execute(database.db)
      return rows.map((r) => Number(r.n))
    }
    expect(await hits('计价器')).toEqual([2])
    expect(await hits('减半')).toEqual([1])
    expect(await hits('最高 标准')).toEqual([3])
    expect(await hits('jjg')).toEqual([4])
    expect(await hits('表')).toEqual([4])
    expect(await hits('水表')).toEqual([])
  })
})

describe('会话', () => {
  it('口令登录；连续输错暂停；退出后会话失效', async () => {
    const sessions = sessionsOf({ secret, publicUrl: 'http://localhost:3000' }, database)
    await sessions.createAccount('demo-test', '示例·测试', 'correct-horse')
    const request = (cookie = '') => new Request('http://localhost:3000/', { headers: cookie ? { cookie } : {} })
    const cookies = await sessions.signIn(request(), { login: 'demo-test', password: 'correct-horse' })
    expect(cookies).toBeInstanceOf(Headers)
    const cookie = (cookies as Headers)
      .getSetCookie()
      .map((c) => c.split(';')[0])
      .join('; ')
    expect((await sessions.sessionUser(request(cookie)))?.name).toBe('示例·测试')
    expect(await sessions.listSessions(request(cookie))).toMatchObject([{ current: true }])
    await sessions.signOut(request(cookie))
    expect(await sessions.sessionUser(request(cookie))).toBeUndefined()
    for (let i = 0; i < 5; i++)
      expect(await sessions.signIn(request(), { login: 'demo-test', password: '错' })).toMatchObject({ kind: 'invalid' })
    expect(await sessions.signIn(request(), { login: 'demo-test', password: 'correct-horse' })).toMatchObject({ kind: 'conflict' })
  })
})

describe('演示身份', () => {
  it('演示模式下一键登录；正式环境不行', async () => {
    const sessions = sessionsOf({ secret, publicUrl: 'http://localhost:3000', demo: true }, database)
    await sessions.createAccount('demo-one-click', '示例·一键', 'correct-horse')
    const request = (cookie = '') => new Request('http://localhost:3000/', { headers: cookie ? { cookie } : {} })
    const headers = (await sessions.signInAs(request(), 'demo-one-click')) as Headers
    const cookie = headers
      .getSetCookie()
      .map((c) => c.split(';')[0])
      .join('; ')
    expect((await sessions.sessionUser(request(cookie)))?.name).toBe('示例·一键')
    expect(await sessions.sessionUser(request(`${cookie.slice(0, -6)}AAAAAA`))).toBeUndefined()
    expect(await sessions.signInAs(request(), 'nobody')).toMatchObject({ kind: 'missing' })
    await expect(
      sessionsOf({ secret, publicUrl: 'http://localhost:3000', demo: false }, database).signInAs(request(), 'demo-one-click'),
    ).rejects.toThrow('demo')
  })
})

describe('配置和目录锁', () => {
  it('错误的值说清是哪一个；正式环境不许冻结时间', () => {
    const env = { SECRET: secret }
    expect(() => readConfig({ ...env, PORT: '70000' })).toThrow('配置 PORT')
    expect(() => readConfig({ SECRET: 'too-short' })).toThrow(/^(?!.*too-short).*配置 SECRET/)
    expect(() => readConfig({ ...env, DATABASE_URL: 'mysql://root:hidden@x' })).toThrow(/^(?!.*hidden).*配置 DATABASE_URL/)
    expect(() => readConfig({ ...env, DATABASE_URL: 'postgres://x', HENGQI_NOW: '2026-11-23T09:00:00+08:00' })).toThrow('HENGQI_NOW')
    expect(readConfig({ ...env, HENGQI_NOW: '2026-11-23T09:00:00+08:00', PORT: '' })).toMatchObject({ port: 3000, demo: true })
    expect(readConfig({ ...env, DATABASE_URL: 'postgres://x' }).demo).toBe(false)
  })

  it('密钥生成一次、只给自己看；损坏的密钥不用', () => {
    const DATA_DIR = mkdtempSync(path.join(tmpdir(), 'hengqi-secret-'))
    try {
      const made = readConfig({ DATA_DIR }).secret
      expect(made).toHaveLength(64)
      expect(readConfig({ DATA_DIR }).secret).toBe(made)
      expect(statSync(path.join(DATA_DIR, 'secret')).mode & 0o777).toBe(0o600)
      writeFileSync(path.join(DATA_DIR, 'secret'), '')
      expect(() => readConfig({ DATA_DIR })).toThrow('不完整')
    } finally {
      rmSync(DATA_DIR, { recursive: true, force: true })
    }
  })

  it('第二个进程被告知谁占着目录；死掉的进程不占', () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'hengqi-lock-'))
    try {
      const unlock = lockDirectory(directory)
      expect(() => lockDirectory(directory)).toThrow(`进程号 ${process.pid}`)
      unlock()
      writeFileSync(path.join(directory, 'lock'), JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), since: '2026-01-01T00:00:00Z' }))
      lockDirectory(directory)()
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  })

  it('访客没有任何受保护的权限', () => expect(visitor.org_id).toBe(''))
})
