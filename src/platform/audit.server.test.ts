import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { platform } from '../core/access.ts'
import { refuse } from '../core/refusal.ts'
import { checkpoint, eventRoot, publicKey, verifyEvents, type Checkpoint } from './audit.server.ts'
import { inTx, type Ctx, type Database } from './db.server.ts'
import { announce, announceAll, hashOf, timeline, type EventRow, writeAnnounced } from './events.server.ts'
import { testDatabase } from './test-database.server.ts'

const secret = 's'.repeat(32)
let database: Database
let ctx: Ctx
let empty: Checkpoint
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  ctx = { db: database.db, actor: platform, now: '2026-11-23T01:00:00.000Z' }
  empty = await checkpoint(database.db, secret, ctx.now)
})
afterAll(() => database.close())

const say = (detail: unknown = {}, now = ctx.now, subjectId = '1') =>
  inTx({ ...ctx, now }, (tx) => announce(tx, { subject: 'thing', subjectId, action: 'told', province: '33', region: '330100', detail }))

/** Does something to the events and undoes it. */
async function undone<T>(attack: (db: Ctx['db']) => Promise<unknown>, look: (db: Ctx['db']) => Promise<T>): Promise<T> {
  let seen!: T
  await inTx(ctx, async (tx) => {
    await attack(tx.db)
    seen = await look(tx.db)
    return refuse('conflict', '恢复原样')
  })
  return seen
}

/** Numbers that look random and are the same in every run. */
const random = (seed: number) => () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return seed / 2 ** 32
}

describe('审计', () => {
  it('还没有事件时签的检查点也成立', async () => {
    expect(empty.seq).toBe(0n)
    expect((await verifyEvents(database.db, secret)).firstBad).toBeUndefined()
  })

  it('金额、日期、没有毫秒的时刻和坏字符存进去，再读出来，哈希不变', async () => {
    await say(
      { fen: 12_345n, huge: 2n ** 60n, on: new Date(0), none: undefined, text: 'a\0b\ud800', n: [1e21, 0.1, -0, 1.0] },
      '2026-11-23T01:00:00Z',
      'odd',
    )
    const [event] = await timeline(database.db, 'thing', 'odd')
    expect(event?.detail).toMatchObject({
      fen: 12_345,
      huge: '1152921504606846976',
      on: '1970-01-01T00:00:00.000Z',
      text: 'a\ufffdb\ufffd',
    })
    expect((await verifyEvents(database.db, secret)).firstBad).toBeUndefined()
  })

  it('核对时正好有人在写，不误报', async () => {
    const writing = (async () => {
      for (let i = 0; i < 20; i++) await say({ i })
    })()
    const found = await Promise.all(Array.from({ length: 5 }, () => verifyEvents(database.db, secret)))
    await writing
    expect(found.filter((audit) => audit.firstBad)).toEqual([])
  })

  it('二百次随机的改、删、插、换、截断、重算，二百次发现', { timeout: 120_000 }, async () => {
    for (let i = 0; i < 30; i++) await say({ i, 内容: `第 ${i} 条` })
    const held = await checkpoint(database.db, secret, ctx.now)
    const total = Number(held.seq)
    expect(await verifyEvents(database.db, secret, undefined, [held])).toEqual({ checked: total })
    const next = random(20261123)
    const kinds = ['edit', 'remove', 'insert', 'swap', 'cut', 'cut all traces', 'rewrite'] as const
    const missed: string[] = []
    for (let i = 0; i < 200; i++) {
      const kind = kinds[i % kinds.length]!
      const seq = 1 + Math.floor(next() * (total - 1))
      const found = await undone(
        (db) => attacks[kind](db, seq, next),
        async (db) => (await verifyEvents(db, secret, undefined, [held])).firstBad,
      )
      if (!found) missed.push(`${kind} ${seq}`)
    }
    expect(missed).toEqual([])
  })

  it('没有留在外面的检查点，整条重算是看不出来的；这正是要交到外面的原因', async () => {
    const found = await undone(
      (db) => attacks.rewrite(db, 5),
      async (db) => (await verifyEvents(db, secret)).firstBad,
    )
    expect(found).toBeUndefined()
  })

  it('别人的密钥签不出检查点', async () => {
    const forged = { ...(await checkpoint(database.db, secret, ctx.now)), signature: Buffer.alloc(64).toString('base64') }
    expect((await verifyEvents(database.db, secret, undefined, [forged])).firstBad?.why).toContain('签名不对')
    expect((await verifyEvents(database.db, 'x'.repeat(32))).firstBad).toBeDefined()
    expect(publicKey(secret)).toContain('BEGIN PUBLIC KEY')
    expect((await eventRoot(database.db)).root).toMatch(/^[0-9a-f]{64}$/)
  })

  it('同一个事务里说的，到事务末尾才写，次序不变；要先读回的可以先写；事务之外说不出去', async () => {
    await inTx(ctx, async (tx) => {
      await announce(tx, { subject: 'thing', subjectId: 'late', action: 'first', province: '33', region: '330100' })
      expect(await timeline(tx.db, 'thing', 'late')).toEqual([])
      await writeAnnounced(tx)
      expect((await timeline(tx.db, 'thing', 'late')).map(({ action }) => action)).toEqual(['first'])
      await inTx(tx, (inner) =>
        announce(inner, { subject: 'thing', subjectId: 'late', action: 'second', province: '33', region: '330100' }),
      )
      await announce(tx, { subject: 'thing', subjectId: 'late', action: 'third', province: '33', region: '330100' })
    })
    expect((await timeline(database.db, 'thing', 'late')).map(({ action }) => action)).toEqual(['first', 'second', 'third'])
    expect((await verifyEvents(database.db, secret)).firstBad).toBeUndefined()
    await expect(announce(ctx, { subject: 'thing', subjectId: 'late', action: 'lost', province: '33', region: '330100' })).rejects.toThrow(
      'inTx',
    )
  })

  it('一次写很多条，和一条一条写一样：按次序相连，查得出改动', async () => {
    const many = Array.from({ length: 1_203 }, (_, n) => ({
      subject: 'thing',
      subjectId: 'many',
      action: 'told',
      province: '33',
      region: '330100',
      detail: { n },
    }))
    await inTx(ctx, (tx) => announceAll(tx, many))
    const events = await timeline(database.db, 'thing', 'many')
    expect(events.map(({ detail }) => (detail as { n: number }).n)).toEqual(many.map((_, n) => n))
    expect((await verifyEvents(database.db, secret)).firstBad).toBeUndefined()
    const attacked = await undone(
      (db) => sql`update events set detail = '{"n":-1}' where seq = ${events[700]!.seq}`.execute(db),
      (db) => verifyEvents(db, secret),
    )
    expect(attacked.firstBad?.seq).toBe(events[700]!.seq)
  })
})

const edits = [
  (seq: number) => sql`update events set detail = detail || '{"x":1}' where seq = ${seq}`,
  (seq: number) => sql`update events set actor_name = actor_name || '甲' where seq = ${seq}`,
  (seq: number) => sql`update events set at = at + interval '1 ms' where seq = ${seq}`,
  (seq: number) => sql`update events set org_id = '' where seq = ${seq}`,
  (seq: number) => sql`update events set region = '340100' where seq = ${seq}`,
  (seq: number) => sql`update events set on_behalf = '示例·某人' where seq = ${seq}`,
  (seq: number) => sql`update events set hash = repeat('a', 64) where seq = ${seq}`,
]

/** What somebody with full rights on the database might try. */
const attacks = {
  edit: (db: Ctx['db'], seq: number, next: () => number) => edits[Math.floor(next() * edits.length)]!(seq).execute(db),
  remove: (db: Ctx['db'], seq: number) => sql`delete from events where seq = ${seq}`.execute(db),
  insert: (db: Ctx['db'], seq: number, next: () => number) =>
    sql`insert into events select ${next() < 0.5 ? -seq : 1000 + seq}::bigint, gen_random_uuid(), at, subject, subject_id, action, '伪造', province, region, org_id,
      actor_id, actor_name, actor_role, on_behalf, detail, prev_hash, hash from events where seq = ${seq}`.execute(db),
  swap: async (db: Ctx['db'], seq: number) => {
    await sql`update events set seq = -seq where seq in (${seq}, ${seq + 1})`.execute(db)
    await sql`update events set seq = case seq when ${-seq}::bigint then ${seq + 1}::bigint else ${seq}::bigint end where seq < 0`.execute(
      db,
    )
  },
  cut: (db: Ctx['db'], seq: number) => sql`delete from events where seq > ${seq}`.execute(db),
  'cut all traces': async (db: Ctx['db'], seq: number) => {
    await sql`delete from events where seq > ${seq}`.execute(db)
    await sql`update event_head set seq = ${seq}, hash = (select hash from events where seq = ${seq})`.execute(db)
    await sql`delete from event_checkpoints where seq > ${seq}`.execute(db)
  },
  /** Changes one event and computes every later hash, the head and our own checkpoints anew. */
  rewrite: async (db: Ctx['db'], seq: number) => {
    await sql`update events set detail = '{"改":true}' where seq = ${seq}`.execute(db)
    const rows = await db.selectFrom('events').selectAll().where('seq', '>=', BigInt(seq)).orderBy('seq').execute()
    let previous = rows[0]!.prev_hash
    for (const { hash: _, ...row } of rows as EventRow[]) {
      const hash = hashOf({ ...row, prev_hash: previous })
      await sql`update events set prev_hash = ${previous}, hash = ${hash} where seq = ${row.seq}`.execute(db)
      previous = hash
    }
    await sql`update event_head set hash = ${previous}`.execute(db)
    await sql`delete from event_checkpoints where seq >= ${seq}`.execute(db)
  },
}
