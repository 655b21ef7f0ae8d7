import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { platform } from '../core/access.ts'
import { migrations } from '../migrations/index.ts'
import { inTx, openDatabase, type Db } from '../platform/db.server.ts'
import { announce } from '../platform/events.server.ts'
import { createOnCluster, dropOnCluster, onCluster } from '../platform/test-database.server.ts'

const root = path.resolve(import.meta.dirname, '..', '..')
const scratch = mkdtempSync(path.join(tmpdir(), 'hengqi-database-'))
const dataDir = path.join(scratch, 'data')
const settings = { SECRET: 's'.repeat(32), DATABASE_URL: '', DATA_DIR: dataDir }
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** The command as an operator runs it. */
const hengqi = (args: string[], env: Record<string, string> = {}): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(root, 'bin/hengqi.js'), ...args], { env: { ...process.env, ...settings, ...env } })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    child.once('close', (code) => resolve({ code: code ?? -1, out, err }))
  })

/** The embedded database belongs to one process at a time, so it is opened between two commands only. */
async function inDatabase(work: (db: Db) => Promise<unknown>): Promise<void> {
  const database = await openDatabase({ databaseUrl: undefined, dataDir })
  try {
    await work(database.db)
  } finally {
    await database.close()
  }
}

describe('hengqi migrate 和 verify-audit', () => {
  it('还没有建表时说明先做什么，建表一次，再跑不重复', async () => {
    const early = await hengqi(['verify-audit'])
    expect([early.code, early.out, early.err]).toEqual([2, '', '数据库还没有建表，请先运行 hengqi migrate。\n'])
    const first = await hengqi(['migrate', '--json'])
    expect([first.code, first.err]).toEqual([0, ''])
    expect(JSON.parse(first.out)).toEqual({ applied: migrations.map(({ name }) => name) })
    const again = await hengqi(['migrate', '--json'])
    expect([again.code, JSON.parse(again.out)]).toEqual([0, { applied: [] }])
    expect(await hengqi(['migrate'])).toEqual({ code: 0, out: '数据库结构已是最新\n', err: '' })
  })

  it('重建企业匹配表可以再做一次；没有集群时 --citus 说明缺什么，退出码 2', async () => {
    const filled = await hengqi(['fill-matching', '--json'])
    expect([filled.code, filled.err]).toEqual([0, ''])
    expect(JSON.parse(filled.out)).toEqual({ enterprises: 0 })
    expect((await hengqi(['fill-matching'])).out).toBe('企业匹配表已重建，共 0 家\n')
    await inDatabase(async (db) => {
      const { rows } = await sql<{ generation: string | null }>`select generation from match_head`.execute(db)
      expect(rows).toEqual([{ generation: expect.any(String) }])
    })
    const nowhere = await hengqi(['migrate', '--citus'])
    expect([nowhere.code, nowhere.out]).toEqual([2, ''])
    expect(nowhere.err).toContain('create extension citus')
    expect(nowhere.err).not.toMatch(/\n\s+at /)
  })

  it('没有人改过：退出码 0；有人改过：退出码 1，并指出是哪一条', async () => {
    const told = (subjectId: string) => ({ subject: 'thing', subjectId, action: 'told', province: '33', region: '330100' })
    await inDatabase(async (db) => {
      for (const subjectId of ['1', '2', '3'])
        await inTx({ db, actor: platform, now: '2026-11-23T01:00:00.000Z' }, (ctx) => announce(ctx, told(subjectId)))
    })
    const whole = await hengqi(['verify-audit', '--json'])
    expect([whole.code, JSON.parse(whole.out)]).toEqual([0, { checked: 3, firstBad: null }])
    expect(await hengqi(['verify-audit'])).toEqual({ code: 0, out: '3 条事件，没有发现改动\n', err: '' })

    await inDatabase((db) => sql`update events set action = 'hidden' where seq = 2`.execute(db))
    const changed = await hengqi(['verify-audit', '--json'])
    expect([changed.code, JSON.parse(changed.out)]).toEqual([1, { checked: 1, firstBad: { seq: '2', why: '内容与哈希不符' } }])
    expect((await hengqi(['verify-audit'])).out).toBe('第 2 条：内容与哈希不符（此前 1 条没有发现改动）\n')
  })

  it('用错了、连不上、配置不对：一句话，退出码 2，没有程序堆栈', async () => {
    const wrong = [
      await hengqi(['verify-audit', '--jsno']),
      await hengqi(['migrate', 'now']),
      await hengqi(['start', '--port', '80']),
      await hengqi(['toString']),
      await hengqi(['migrate'], { DATABASE_URL: 'postgres://someone:secret-word@127.0.0.1:1/none' }),
      await hengqi(['migrate'], { PORT: 'eighty' }),
    ]
    expect(wrong.map(({ code, out }) => [code, out])).toEqual(wrong.map(() => [2, '']))
    expect(wrong.map(({ err }) => err.split('\n')[0])).toEqual([
      '只有 --json 一个选项，不能写 --jsno。',
      '只有 --json、--citus 这几个选项，不能写 now。',
      'start 没有选项，不能写 --port 80；端口等用环境变量设置，例如 PORT=8080。',
      '没有命令 toString。',
      '连不上数据库（ECONNREFUSED），请核对 DATABASE_URL 里的地址和端口，并确认数据库已启动。',
      expect.stringContaining('配置 PORT 的值不对（eighty）'),
    ])
    for (const { err } of wrong) expect(err).not.toMatch(/secret-word|\n\s+at /)
  })

  it('--help 在哪个命令后面都给出用法，退出码 0', async () => {
    for (const name of ['match', 'migrate', 'start']) {
      const { code, out } = await hengqi([name, '--help'])
      expect([code, out.split('\n')[0]]).toEqual([0, '衡企 hengqi'])
    }
  })
})

describe.skipIf(!onCluster)('hengqi migrate --citus 在集群上（TEST_CITUS_URL；没有设时跳过）', () => {
  const name = `hengqi_cli_${process.pid}`
  let env: Record<string, string>
  beforeAll(async () => void (env = { DATABASE_URL: await createOnCluster(process.env.TEST_CITUS_URL!, name) }))
  afterAll(() => dropOnCluster(process.env.TEST_CITUS_URL!, name))

  it('企业匹配表分布，其余的说为什么不；再跑一次什么也不改；表照样能建', async () => {
    const first = await hengqi(['migrate', '--citus', '--json'], env)
    expect([first.code, first.err]).toEqual([0, ''])
    const { applied, placed, obstacles } = JSON.parse(first.out) as Record<string, string[]>
    expect([applied!.length, placed]).toEqual([migrations.length, ['match_rows：按省分布']])
    const again = await hengqi(['migrate', '--citus', '--json'], env)
    expect([again.code, JSON.parse(again.out)]).toEqual([0, { applied: [], placed: [], obstacles }])
    expect((await hengqi(['migrate', '--citus'], env)).out).toContain('其余的表留在协调节点')
    expect(await hengqi(['fill-matching', '--json'], env)).toEqual({ code: 0, out: '{"enterprises":0}\n', err: '' })
  })
})
