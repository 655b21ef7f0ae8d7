/** 两个进程、一个 PostgreSQL：同一件事两边同时办很多遍，每件只成一次，账平；同一个 Idempotency-Key 送到两台服务器，一次办成，答得一样。 */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { applyAdvance, creditCharge, lockCharges, matchPayment, recordPayment, replay, sumsOf } from '../commons/accounts/index.server.ts'
import { findOrder } from '../commons/orders/index.server.ts'
import { createPerson, grantMembership } from '../commons/people/index.server.ts'
import { allScopes } from '../commons/people/index.ts'
import type { Actor } from '../core/access.ts'
import { fen } from '../core/money.ts'
import { isRefusal } from '../core/refusal.ts'
import { standingOf } from '../measures/fee-relief/index.server.ts'
import { acceptWithRelief, placeWithRelief } from '../measures/fee-relief/orders.server.ts'
import {
  caliper,
  deferPolicy,
  halfPolicy,
  monday,
  orderOf,
  orThrow,
  worldOf,
  type World,
} from '../measures/fee-relief/test-world.server.ts'
import { verifyEvents } from '../platform/audit.server.ts'
import { inTx, type Database } from '../platform/db.server.ts'
import { sessionsOf } from '../platform/sessions.server.ts'
import { testDatabase } from '../platform/test-database.server.ts'
import { configAt, type Outcome, type Place, type Task } from './test-process.server.ts'
import { patiently, startRival, type Rival } from './test-rival.server.ts'

const url = process.env.TEST_DATABASE_URL
const secret = 's'.repeat(32)
/** How often each thing is done on both sides at once. */
const times = 12

describe.skipIf(!url)('两个进程（没有设 TEST_DATABASE_URL 时跳过：内置数据库只归一个进程）', { timeout: 180_000 }, () => {
  let database: Database
  let world: World
  let lab: Awaited<ReturnType<World['institution']>>
  let place: Place
  const rivals: Rival[] = []

  beforeAll(async () => {
    database = await testDatabase(inject('template'))
    world = worldOf(database)
    await world.publish(halfPolicy())
    await world.publish(deferPolicy(90))
    lab = await world.institution('检测院')
    const own = new URL(url!)
    own.pathname = `/${(await sql<{ name: string }>`select current_database() as name`.execute(database.db)).rows[0]!.name}`
    place = { databaseUrl: own.href, secret, now: monday }
    rivals.push(...(await Promise.all([startRival(place), startRival(place)])))
  }, 120_000)
  afterAll(async () => {
    for (const { stop } of rivals) await stop()
    await database?.close()
  })

  type Firm = Awaited<ReturnType<World['firm']>>
  let names = 0
  const firms = async (): Promise<Firm[]> => {
    const made: Firm[] = []
    for (let i = 0; i < times; i++) made.push(await world.firm(`两边${++names}`, { facts: { hardship: true } }))
    return made
  }
  const placed = async (firm: Firm) => {
    const { id } = orThrow(await placeWithRelief(firm.ctx(), orderOf(lab.org.id, [caliper, caliper])))
    const found = (await findOrder(world.as(lab.counter), id))!
    return { ...found, form: { version: found.order.version, received: found.lines.map((line) => line.id), settled: {} } }
  }
  const accepted = async (firm: Firm) => {
    const { order, form } = await placed(firm)
    orThrow(await acceptWithRelief(world.as(lab.counter), order.id, form))
    return (await findOrder(world.as(lab.counter), order.id))!
  }
  const slip = async (amount: bigint) =>
    orThrow(
      await recordPayment(world.as(lab.finance), {
        method: 'transfer',
        reference: `P-${++names}`,
        paidOn: monday.slice(0, 10),
        payer: '示例',
        amount: fen(amount),
      }),
    ).id
  const each = async <T>(of: readonly Firm[], make: (firm: Firm) => Promise<T>): Promise<T[]> => {
    const out: T[] = []
    for (const firm of of) out.push(await make(firm))
    return out
  }

  /**
   * Both processes do all of it at once, while somebody holds `gate`: every one of them has decided what it can before the first may go
   * on. Gives what was said about each, sorted.
   */
  async function contest(gate: string, tasks: readonly Omit<Task, 'n'>[]): Promise<string[][]> {
    const holder = await database.pool.connect()
    await holder.query('begin')
    await holder.query(gate)
    const running = rivals.map(({ ask }) => Promise.all(tasks.map(ask)))
    let settled = false
    void Promise.all(running).finally(() => (settled = true))
    for (let waiting = 0; waiting < 8 && !settled; await new Promise((resolve) => setTimeout(resolve, 10))) {
      const { rows } = await database.pool.query(
        `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
      waiting = Number(rows[0].n)
    }
    await holder.query('commit')
    holder.release()
    const [one, other] = await Promise.all(running)
    expect([...one!, ...other!].filter(({ said }) => said.startsWith('failed'))).toEqual([])
    // The same entry, found again, is no second effect.
    const said = ({ said: word, again }: Outcome) => (again ? 'again' : word)
    return one!.map((answer, n) => [said(answer), said(other![n]!)].toSorted())
  }
  const books = `select from books for update`
  const onlyOnce = (answers: string[][], no: readonly string[]) => {
    expect(answers).toHaveLength(times)
    for (const pair of answers) {
      expect(pair.filter((word) => word === 'done')).toHaveLength(1)
      expect(no).toContain(pair.find((word) => word !== 'done'))
    }
  }
  const entries = async (act: string) =>
    (
      await sql<{ n: number }>`select count(*)::int as n from book_entries e where act = ${act}
        and not exists (select from book_entries r where r.reverses = e.id)`.execute(database.db)
    ).rows[0]!.n
  const sound = async () => {
    expect(await replay(world.system())).toEqual([])
    expect((await verifyEvents(database.db, secret)).firstBad).toBeUndefined()
  }

  it('两边同时受理同一批单：每单一次，费用各计一次', async () => {
    const orders = await each(await firms(), placed)
    // The book must be there to be held.
    await accepted(await world.firm('开账'))
    const before = await entries('raise')
    const tasks = orders.map(({ order, form }) => ({ command: 'accept' as const, actor: lab.counter, given: [order.id, form] }))
    onlyOnce(await contest(books, tasks), ['conflict', 'STALE'])
    expect((await entries('raise')) - before).toBe(times)
    await sound()
  })

  it('两边同时认领同一批到账、同时冲销：每笔一次', async () => {
    const rows = await each(await firms(), async (firm) => {
      await accepted(firm)
      return { firm, paymentId: await slip(7000n) }
    })
    const match = rows.map(({ firm, paymentId }) => ({
      command: 'match' as const,
      actor: lab.finance,
      given: [{ paymentId, orgId: firm.org.id, version: 1 }],
    }))
    onlyOnce(await contest(books, match), ['MATCHED_ALREADY', 'STALE'])
    for (const { firm } of rows) expect(await sumsOf(firm.ctx())).toMatchObject({ paid: 7000n, outstanding: 5000n })
    const { rows: received } = await sql<{ id: string }>`select id from book_entries where act = 'receive'`.execute(database.db)
    const undo = received.map(({ id }) => ({ command: 'reverse' as const, actor: lab.finance, given: [id, '认错'] }))
    onlyOnce(await contest(books, undo), ['REVERSED_ALREADY', 'again'])
    for (const { firm } of rows) expect(await sumsOf(firm.ctx())).toMatchObject({ paid: 0n, outstanding: 12000n })
    await sound()
  })

  it('一边取消项目、一边也取消，两边又同时来收款：费用撤一次，多付的都转预收', async () => {
    const rows = await each(await firms(), async (firm) => ({ firm, found: await accepted(firm), paymentId: await slip(12000n) }))
    const tasks = rows.flatMap(({ firm, found: { lines }, paymentId }) => [
      { command: 'cancel' as const, actor: lab.counter, given: [lines[0]!.id, { version: lines[0]!.version, opinion: '样品损坏' }] },
      { command: 'match' as const, actor: lab.finance, given: [{ paymentId, orgId: firm.org.id, version: 1 }] },
    ])
    const answers = await contest(books, tasks)
    onlyOnce(
      answers.filter((_, n) => n % 2 === 0),
      ['STALE', 'conflict'],
    )
    onlyOnce(
      answers.filter((_, n) => n % 2 === 1),
      ['MATCHED_ALREADY', 'STALE'],
    )
    for (const { firm } of rows) {
      expect(await sumsOf(firm.ctx())).toMatchObject({ fee: 12000n, relief: 6000n, paid: 6000n, outstanding: 0n })
      expect(await advance(firm)).toBe(6000n)
    }
    await sound()
  })

  it('两边同时用同一笔预收、又同时退它：花掉的不会再退，一分不多', async () => {
    const rows = await each(await firms(), async (firm) => {
      const { order } = await accepted(firm)
      orThrow(await matchPayment(world.as(lab.finance), { paymentId: await slip(12000n), orgId: firm.org.id, version: 1 }))
      const institution = { province: '33', id: lab.org.id, region: lab.org.region }
      orThrow(
        await inTx(world.as(lab.finance), async (tx) => {
          const [charge] = await lockCharges(tx, order.province, { orderId: order.id })
          return creditCharge(tx, { institution, charge: charge!, source: `review:${charge!.id}`, memo: '补减' }, fen(4000n))
        }),
      )
      await accepted(firm)
      return firm
    })
    const tasks = rows.flatMap((firm) => [
      { command: 'advance' as const, actor: lab.finance, given: [firm.org.id] },
      {
        command: 'refund' as const,
        actor: lab.finance,
        given: [{ orgId: firm.org.id, amount: 4000n, reason: '多付', reference: `T-${++names}` }],
      },
    ])
    const answers = await contest(`select from advances for update`, tasks)
    rows.forEach((_, n) => {
      // Spent or given back: of the four tries one comes first.
      expect([...answers[2 * n]!, ...answers[2 * n + 1]!].filter((word) => word === 'done')).toHaveLength(1)
    })
    for (const firm of rows) {
      expect(await advance(firm)).toBe(0n)
      expect(isRefusal(await applyAdvance(world.as(lab.finance), firm.org.id))).toBe(true)
    }
    await sound()
  })

  it('两边同时缓同一批费用、同时听同一批事件：一张缓缴单，事件各听一次', async () => {
    const rows = await each(await firms(), async (firm) => {
      const { order } = await accepted(firm)
      const charges = await database.db.selectFrom('charges').select('id').where('order_id', '=', order.id).execute()
      return { firm, ids: charges.map(({ id }) => id) }
    })
    const tasks = rows.map(({ firm, ids }) => ({ command: 'defer' as const, actor: firm.actor, given: [{ chargeIds: ids }] }))
    onlyOnce(await contest(`select from charges for update`, tasks), ['DEFERRED_ALREADY'])
    for (const { firm } of rows) {
      expect(await standingOf(firm.ctx())).toHaveLength(1)
      orThrow(await matchPayment(world.as(lab.finance), { paymentId: await slip(12000n), orgId: firm.org.id, version: 1 }))
    }
    const hear = Array.from({ length: 3 }, () => ({ command: 'hear' as const, actor: lab.finance, given: [] }))
    await Promise.all(rivals.map(({ ask }) => Promise.all(hear.map(ask))))
    for (const { firm } of rows) expect(await standingOf(firm.ctx())).toEqual([])
    const { rows: twice } =
      await sql`select subject_id from events where subject = 'deferral' and action = 'settled' group by 1 having count(*) > 1`.execute(
        database.db,
      )
    expect(twice).toEqual([])
    await sound()
  })

  it('同一个 Idempotency-Key 同时送到两台服务器：下单、登记到账、认领、缓缴，各成一次，两边答得一样', async () => {
    const firm = await world.firm('两台', { facts: { hardship: true } })
    const cookies = { firm: await signedIn(firm.actor), finance: await signedIn(lab.finance) }
    const both = async (cookie: string, where: string, body: unknown) => {
      const key = `key-${++names}`
      const answers = await Promise.all(rivals.map(({ port }) => patiently(port, cookie, where, key, body)))
      expect(answers[0]).toEqual(answers[1])
      expect(answers[0]!.status).toBe(200)
      return JSON.parse(answers[0]!.body) as Record<string, string>
    }
    for (let i = 0; i < times; i++) {
      const { id } = await both(cookies.firm, '/orders', orderOf(lab.org.id, [caliper]))
      const found = (await findOrder(world.as(lab.counter), id!))!
      orThrow(await acceptWithRelief(world.as(lab.counter), id!, { version: 1, received: [found.lines[0]!.id], settled: {} }))
      const [charge] = await database.db.selectFrom('charges').selectAll().where('order_id', '=', id!).execute()
      await both(cookies.firm, '/deferrals', { chargeIds: [charge!.id] })
      const paid = { method: 'transfer', reference: `K-${i}`, paidOn: monday.slice(0, 10), payer: '示例', amountFen: '1000' }
      const payment = await both(cookies.finance, '/payments', paid)
      await both(cookies.finance, `/payments/${payment.id}/match`, { orgId: firm.org.id, version: 1 })
    }
    const count = async (table: 'orders' | 'deferrals') =>
      (await database.db.selectFrom(table).select('id').where('org_id', '=', firm.org.id).execute()).length
    expect([await count('orders'), await count('deferrals')]).toEqual([times, times])
    expect(await sumsOf(firm.ctx())).toMatchObject({ fee: 12000n * BigInt(times), paid: 1000n * BigInt(times) })
    await sound()
  })

  const advance = async (firm: Firm): Promise<bigint> =>
    (await database.db.selectFrom('advances').select('amount_fen').where('org_id', '=', firm.org.id).executeTakeFirst())?.amount_fen ?? 0n

  /** A session that both servers know: they share the database and the secret. */
  async function signedIn(actor: Actor): Promise<string> {
    const sessions = sessionsOf(configAt(place), database)
    const login = `login-${++names}`
    const userId = await sessions.createAccount(login, actor.name, 'password-of-a-test')
    const { id } = orThrow(await createPerson(world.system(), { name: actor.name, userId }))
    const duty = actor.role === 'enterprise' ? ('manager' as const) : ('staff' as const)
    const scope = duty === 'manager' ? allScopes : []
    orThrow(
      await grantMembership(world.system(), { orgId: actor.org_id, personId: id, role: actor.role, duty, scope, startsOn: '2020-01-01' }),
    )
    const headers = await sessions.signIn(new Request('http://127.0.0.1/'), { login, password: 'password-of-a-test' })
    if (isRefusal(headers)) throw new Error(headers.reason)
    return headers.getSetCookie().map((cookie) => cookie.split(';')[0]!)[0]!
  }
})
