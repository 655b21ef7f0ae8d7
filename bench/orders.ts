/**
 * Orders accepted per second against bare transactions that write the same rows, on the same database, at 1 and 16 clients.
 *
 *   node bench/orders.ts [--database-url postgres://…] [--orders 400] [--lines 3] [--json]
 *
 * Acceptance decides the relief of each line, locks, writes lines, charges, one entry and two events of the chained audit trail. The bare
 * transaction updates and inserts the same rows with values made beforehand: what no code around the database could go below.
 */
import { parseArgs } from 'node:util'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { findOrder, placeOrder } from '../src/commons/orders/index.server.ts'
import { acceptWithRelief } from '../src/measures/fee-relief/index.server.ts'
import { caliper, halfPolicy, monday, orderOf, orThrow, worldOf } from '../src/measures/fee-relief/test-world.server.ts'
import { migrations } from '../src/migrations/index.ts'
import { openDatabase, type Db } from '../src/platform/db.server.ts'
import { uuidv7 } from '../src/platform/ids.ts'
import { migrate } from '../src/platform/migrate.server.ts'
import { asOwner } from '../src/platform/test-database.server.ts'

const { values: options } = parseArgs({
  options: {
    'database-url': { type: 'string' },
    orders: { type: 'string', default: '400' },
    lines: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
})
const orders = Number(options.orders)
const lines = Number(options.lines)
const dir = mkdtempSync(path.join(tmpdir(), 'hengqi-orders-'))
const name = `hengqi_bench_${process.pid}`
if (options['database-url']) await asOwner(options['database-url'], `create database ${name}`)
const own = options['database-url'] && new URL(options['database-url'])
if (own) own.pathname = `/${name}`
const database = await openDatabase({ dataDir: dir, databaseUrl: own ? own.href : undefined })
await migrate(database, migrations)
const world = worldOf(database)
await world.publish(halfPolicy())
const lab = await world.institution('检测院')
const firms = await Promise.all(Array.from({ length: 16 }, (_, n) => world.firm(`厂${n}`)))
const counter = world.as(lab.counter)

interface Placed {
  id: string
  province: string
  version: number
  lineIds: string[]
}

async function place(count: number): Promise<Placed[]> {
  const placed: Placed[] = []
  for (let n = 0; n < count; n++) {
    const { id } = orThrow(
      await placeOrder(
        firms[n % firms.length]!.ctx(),
        orderOf(
          lab.org.id,
          Array.from({ length: lines }, () => caliper),
        ),
      ),
    )
    const { order, lines: own } = (await findOrder(counter, id))!
    placed.push({ id, province: order.province, version: order.version, lineIds: own.map((line) => line.id) })
  }
  return placed
}

const accept = async ({ id, version, lineIds }: Placed) =>
  void orThrow(await acceptWithRelief(counter, id, { version, received: lineIds, settled: {} }))

/** The record that acceptance freezes with each line, taken from a real one. */
let record = ''
let seq = 0n

async function bare(db: Db, { id, province, lineIds }: Placed): Promise<void> {
  const firm = firms[0]!.org
  await db.transaction().execute(async (tx) => {
    await sql`update orders set state = 'accepted', accepted_on = '2026-11-23', accepted_at = ${monday}, due_on = '2026-12-07', version = version + 1
      where province = ${province} and id = ${id}`.execute(tx)
    await sql`update order_lines set state = 'received', relief_fen = 6000, relief = ${record}::jsonb, received_at = ${monday}, version = version + 1
      where province = ${province} and order_id = ${id}`.execute(tx)
    const charges = lineIds.map((line) => ({ id: uuidv7(), line }))
    await sql`insert into charges (province, id, org_id, region, institution_id, institution_name, order_id, order_number, line_id, title, fee_fen, relief_fen, outstanding_fen, raised_on, due_on)
      values ${sql.join(charges.map(({ id: charge, line }) => sql`(${province}, ${charge}, ${firm.id}, ${firm.region}, ${lab.org.id}, '检测院', ${id}, 'n', ${line}, '卡尺 校准', 12000, 6000, 6000, '2026-11-23'::date, '2026-12-23'::date)`))}`.execute(
      tx,
    )
    const entry = uuidv7()
    await sql`insert into book_entries (province, id, org_id, region, institution_id, act, source, booked_on, memo, by_id, by_name, created_at)
      values (${province}, ${entry}, ${firm.id}, ${firm.region}, ${lab.org.id}, 'raise', ${`order:${id}`}, '2026-11-23', '委托单', ${lab.counter.id}, '窗口', ${monday})`.execute(
      tx,
    )
    const parts = charges.flatMap(({ id: charge }) => [
      ['receivable', charge, 12000],
      ['income', charge, -12000],
      ['relief', charge, 6000],
      ['receivable', charge, -6000],
    ])
    await sql`insert into book_lines (province, entry_id, n, org_id, institution_id, account, charge_id, amount_fen)
      values ${sql.join(parts.map(([account, charge, amount], n) => sql`(${province}, ${entry}, ${n}, ${firm.id}, ${lab.org.id}, ${account}, ${charge}, ${amount})`))}`.execute(
      tx,
    )
    for (const action of ['raised', 'accepted'])
      await sql`insert into events (seq, id, at, subject, subject_id, action, title, province, region, org_id, actor_id, actor_name, actor_role, detail, prev_hash, hash)
        values (${++seq}, ${uuidv7()}, ${monday}, 'order', ${id}, ${action}, 'n', ${province}, ${firm.region}, ${firm.id}, ${lab.counter.id}, '窗口', 'counter', '{"lines": 3}', ${'0'.repeat(64)}, ${'0'.repeat(64)})`.execute(
        tx,
      )
  })
}

/** Seconds for all, by so many clients at once. */
async function run(work: readonly Placed[], clients: number, one: (placed: Placed) => Promise<void>): Promise<number> {
  const queue = [...work]
  const begun = performance.now()
  await Promise.all(
    Array.from({ length: clients }, async () => {
      for (let next = queue.pop(); next; next = queue.pop()) await one(next)
    }),
  )
  return (performance.now() - begun) / 1000
}

const [warm] = await place(1)
await accept(warm!)
record = JSON.stringify(
  (await database.db.selectFrom('order_lines').select('relief').where('order_id', '=', warm!.id).executeTakeFirstOrThrow()).relief,
)
seq = 1_000_000_000n
const results = []
for (const clients of [1, 16]) {
  const ours = await run(await place(orders), clients, accept)
  const theirs = await run(await place(orders), clients, (placed) => bare(database.db, placed))
  results.push({
    clients,
    perSecond: Math.round(orders / ours),
    barePerSecond: Math.round(orders / theirs),
    ratio: Number((ours / theirs).toFixed(2)),
  })
}
if (options.json) console.log(JSON.stringify({ database: database.kind, orders, lines, results }))
else
  for (const { clients, perSecond, barePerSecond, ratio } of results)
    console.log(
      `${database.kind}, ${clients} 个客户端：每秒受理 ${perSecond} 单（每单 ${lines} 件），裸事务 ${barePerSecond} 单，耗时比 ${ratio}`,
    )
await database.close()
if (options['database-url']) await asOwner(options['database-url'], `drop database ${name} with (force)`)
rmSync(dir, { recursive: true, force: true })
