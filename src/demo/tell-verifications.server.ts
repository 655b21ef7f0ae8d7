/**
 * Verifications told the whole way, so that each kind of document can be opened: gauges half a year ago and again today (one of them fails
 * now), and calipers that are judged as their regulation does, one of which waits for the second tester to agree. Nobody gets a message today about what happened half a year ago.
 */
import { listInstruments } from '../commons/instruments/index.server.ts'
import type { Instrument } from '../commons/instruments/index.ts'
import { findOrder, handBack } from '../commons/orders/index.server.ts'
import type { OrderForm } from '../commons/orders/index.ts'
import { acceptWithRelief, placeWithRelief } from '../measures/fee-relief/index.server.ts'
import type { Actor } from '../core/access.ts'
import { addDays } from '../core/eligibility/calendar-day.ts'
import { isRefusal, type Refusal } from '../core/refusal.ts'
import type { Ctx } from '../platform/db.server.ts'
import { tellRecord, type Standards, type Told } from './tell-records.server.ts'

export interface Verifications {
  actors: ReadonlyMap<string, Actor>
  institutionId: string
  standards: Standards
  today: string
}

/** Days since the last verification of the gauges: an interval of six months is nearly over. */
const before = 176

/** The gauges of half a year ago; call before the events of the past are counted as told. */
export async function tellPastVerifications(ctx: Ctx, world: Verifications): Promise<void> {
  const on = addDays(world.today, -before)
  const gauges = await gaugesOf(ctx, world)
  const id = await verify({ ...ctx, now: `${on}T02:00:00.000Z` }, { ...world, today: on }, gauges, ['approved', 'approved'])
  const counter = actorIn({ ...ctx, now: `${on}T08:00:00.000Z` }, world)('demo-counter')
  const { lines } = (await findOrder(counter, id))!
  must(await handBack(counter, id, { lineIds: lines.map((line) => line.id), to: world.actors.get('demo-enterprise')!.name }))
}

/** The same gauges today, and two calipers. How many orders were told. */
export async function tellVerifications(ctx: Ctx, world: Verifications): Promise<number> {
  await verify(ctx, world, await gaugesOf(ctx, world), ['failed', 'completed'])
  const firm = actorIn(ctx, world)('demo-enterprise')
  const { rows } = await listInstruments(firm, { kind: 'caliper', state: 'in-use', pageSize: 50 })
  // The shortest has the narrowest limit: there the usual rule could not decide. The first ones are in other orders.
  const calipers = rows.slice(9).filter(({ ranges }) => ranges[0]?.high === '150')
  await verify(ctx, world, calipers.slice(0, 2), ['by-regulation', 'to-agree'])
  return 2
}

/** Two that are under mandatory verification, hence free of charge, and within the range of the standard. */
async function gaugesOf(ctx: Ctx, world: Verifications): Promise<Instrument[]> {
  const { rows } = await listInstruments(actorIn(ctx, world)('demo-enterprise'), { kind: 'pressure-gauge', state: 'in-use', pageSize: 50 })
  return rows.filter(({ mandatory, ranges }) => mandatory === 'yes' && Number(ranges[0]?.high) <= 2.5).slice(0, 2)
}

const actorIn =
  (ctx: Ctx, { actors }: Verifications) =>
  (login: string): Ctx => ({ ...ctx, actor: actors.get(login)! })

async function verify(ctx: Ctx, world: Verifications, instruments: readonly Instrument[], upTo: readonly Told[]): Promise<string> {
  if (instruments.length < upTo.length) throw new Error('演示台账里没有这么多要检定的器具')
  const as = actorIn(ctx, world)
  const firm = as('demo-enterprise')
  const form: OrderForm = {
    institutionId: world.institutionId,
    mode: 'send-in',
    express: false,
    contact: firm.actor.name,
    phone: '0571-00000000',
    wantedOn: addDays(world.today, 1),
    lines: instruments.map((row) => ({ instrumentId: row.id, service: 'verification' as const })),
  }
  const { id } = must(await placeWithRelief(firm, form))
  const { order, lines } = (await findOrder(as('demo-counter'), id))!
  must(
    await acceptWithRelief(as('demo-counter'), id, {
      version: order.version,
      received: lines.map((line) => line.id),
      settled: Object.fromEntries(lines.filter(({ to_verify }) => to_verify).map((line) => [line.id, 'mandatory' as const])),
    }),
  )
  const accepted = (await findOrder(as('demo-tester'), id))!
  for (const [n, step] of upTo.entries()) await tellRecord(as, accepted.lines[n]!, world.standards, world.today, step)
  return id
}

function must<T>(result: T | Refusal): T {
  if (isRefusal(result)) throw new Error(`演示数据被拒绝：${result.reason}`)
  return result
}
