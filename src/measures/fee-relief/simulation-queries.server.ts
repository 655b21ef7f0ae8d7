/** Reading simulations: one's own office's only, and of their orders only those that one may see today. */
import { sql } from 'kysely'
import { readers as orderReaders } from '../../commons/orders/index.ts'
import { isUuid } from '../../commons/people/index.ts'
import { fen, type Fen } from '../../core/money.ts'
import { visible } from '../../platform/access.server.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { announce } from '../../platform/events.server.ts'
import type { Simulation, SimulationState } from './simulation-model.ts'
import { simulationReaders, simulationWorkflow } from './simulation-workflow.ts'
import './tables.server.ts'

export async function findSimulation(ctx: Ctx, id: string): Promise<Simulation | undefined> {
  if (!isUuid(id)) return undefined
  return (await ctx.db
    .selectFrom('simulations')
    .selectAll()
    .where('id', '=', id)
    .where(visible(ctx.actor, simulationReaders))
    .executeTakeFirst()) as Simulation | undefined
}

/** The latest first. */
export async function listSimulations(
  ctx: Ctx,
  { page = 1, pageSize = 20, state }: { page?: number; pageSize?: number; state?: SimulationState } = {},
): Promise<{ rows: (Simulation & { difference: Fen })[]; total: number }> {
  const own = ctx.db
    .selectFrom('simulations as s')
    .where(visible(ctx.actor, simulationReaders, { table: 's' }))
    .$if(state !== undefined, (qb) => qb.where('s.state', '=', state!))
  const { n } = await own.select((eb) => eb.fn.countAll<bigint>().as('n')).executeTakeFirstOrThrow()
  const rows = await own
    .selectAll('s')
    .select(
      sql<bigint>`(select coalesce(sum(o.after_fen - o.before_fen), 0)::bigint from simulation_orders o
        where o.province = s.province and o.simulation_id = s.id)`.as('difference'),
    )
    .orderBy('s.created_at', 'desc')
    .orderBy('s.id', 'desc')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { rows: rows as unknown as (Simulation & { difference: Fen })[], total: Number(n) }
}

export interface Effect {
  orders: number
  enterprises: number
  /** Orders whose relief would be another. */
  changed: number
  /** Enterprises with such an order. */
  changedEnterprises: number
  setAside: number
  fee: Fen
  before: Fen
  after: Fen
}

const sums = {
  orders: sql<bigint>`count(*)`.as('orders'),
  enterprises: sql<bigint>`count(distinct o.org_id)`.as('enterprises'),
  changed: sql<bigint>`count(*) filter (where o.after_fen <> o.before_fen)`.as('changed'),
  changedEnterprises: sql<bigint>`count(distinct o.org_id) filter (where o.after_fen <> o.before_fen)`.as('changedEnterprises'),
  setAside: sql<bigint>`count(*) filter (where o.set_aside)`.as('setAside'),
  fee: sql<bigint>`coalesce(sum(o.fee_fen), 0)::bigint`.as('fee'),
  before: sql<bigint>`coalesce(sum(o.before_fen), 0)::bigint`.as('before'),
  after: sql<bigint>`coalesce(sum(o.after_fen), 0)::bigint`.as('after'),
}
type Summed = { [K in keyof typeof sums]: bigint }
const toEffect = (row: Summed): Effect => ({
  orders: Number(row.orders),
  enterprises: Number(row.enterprises),
  changed: Number(row.changed),
  changedEnterprises: Number(row.changedEnterprises),
  setAside: Number(row.setAside),
  fee: fen(row.fee),
  before: fen(row.before),
  after: fen(row.after),
})

const ordersOf = ({ db }: Ctx, { province, id }: Pick<Simulation, 'province' | 'id'>) =>
  db.selectFrom('simulation_orders as o').where('o.province', '=', province).where('o.simulation_id', '=', id)

export const effectOf = async (ctx: Ctx, simulation: Simulation): Promise<Effect> =>
  toEffect(await ordersOf(ctx, simulation).select(Object.values(sums)).executeTakeFirstOrThrow())

/** By county of the enterprise, the largest difference first. */
export async function countiesOf(ctx: Ctx, simulation: Simulation): Promise<(Effect & { region: string })[]> {
  const rows = await ordersOf(ctx, simulation)
    .select(['o.region', ...Object.values(sums)])
    .groupBy('o.region')
    .orderBy(sql`abs(sum(o.after_fen - o.before_fen)) desc`)
    .orderBy('o.region')
    .execute()
  return rows.map((row) => ({ region: row.region, ...toEffect(row as unknown as Summed) }))
}

export interface SimulatedRow {
  orderId: string
  number: string
  orgName: string
  region: string
  acceptedOn: string
  fee: Fen
  before: Fen
  after: Fen
  setAside: boolean
}

export interface SimulatedQuery {
  region?: string
  /** `changed`: those whose relief would be another; `aside`: those set aside. */
  only?: 'changed' | 'aside'
  page?: number
  pageSize?: number
}

/** The orders behind the numbers, the largest difference first; names as far as the reader may see the orders. */
export async function simulatedOrders(
  ctx: Ctx,
  simulation: Simulation,
  { region, only, page = 1, pageSize = 20 }: SimulatedQuery = {},
): Promise<{ rows: SimulatedRow[]; total: number }> {
  const own = ordersOf(ctx, simulation)
    .innerJoin('orders as r', (join) => join.on(sql<boolean>`r.province = left(o.region, 2)`).onRef('r.id', '=', 'o.order_id'))
    .where(visible(ctx.actor, orderReaders, { table: 'r' }))
    .$if(region !== undefined, (qb) => qb.where('o.region', '=', region!))
    .$if(only === 'changed', (qb) => qb.whereRef('o.after_fen', '<>', 'o.before_fen'))
    .$if(only === 'aside', (qb) => qb.where('o.set_aside', '=', true))
  const { n } = await own.select((eb) => eb.fn.countAll<bigint>().as('n')).executeTakeFirstOrThrow()
  const rows = await own
    .select([
      'o.order_id',
      'r.number',
      'r.org_name',
      'o.region',
      'o.accepted_on',
      'o.fee_fen',
      'o.before_fen',
      'o.after_fen',
      'o.set_aside',
    ])
    .orderBy(sql`abs(o.after_fen - o.before_fen) desc`)
    .orderBy('o.order_id')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return {
    rows: rows.map((row) => ({
      orderId: row.order_id,
      number: row.number,
      orgName: row.org_name,
      region: row.region,
      acceptedOn: row.accepted_on,
      fee: fen(row.fee_fen),
      before: fen(row.before_fen),
      after: fen(row.after_fen),
      setAside: row.set_aside,
    })),
    total: Number(n),
  }
}

export const tellSimulation = (tx: Ctx, row: Simulation, action: string, detail: Record<string, unknown> = {}) =>
  announce(tx, {
    subject: simulationWorkflow.name,
    subjectId: row.id,
    action,
    province: row.province,
    region: row.region,
    orgId: row.org_id,
    title: row.title,
    detail: { number: row.number, ...detail },
  })
