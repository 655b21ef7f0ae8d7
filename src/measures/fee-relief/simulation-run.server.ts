/** Simulations go on in the background of whichever process was asked, and begin anew when that process died: half a year of caps is not kept. */
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { send } from '../../commons/messages/index.server.ts'
import { listEvents, namesFor, settingOf } from '../../commons/policies/index.server.ts'
import type { Setting } from '../../core/eligibility/facts.ts'
import { isRefusal } from '../../core/refusal.ts'
import { advance } from '../../core/workflow.ts'
import { platform } from '../../core/access.ts'
import { inTx, type Ctx } from '../../platform/db.server.ts'
import type { Schedule } from '../../platform/jobs.server.ts'
import { acceptedAfter, capStart, type AcceptedOrder } from './simulation-orders.server.ts'
import { Reckoning } from './simulation-decide.ts'
import type { Simulation } from './simulation-model.ts'
import { enterprisePasts, policiesAt, policyHistory } from './simulation-standing.server.ts'
import { tellSimulation } from './simulation-queries.server.ts'
import { simulationPast, simulationWorkflow } from './simulation-workflow.ts'
import './tables.server.ts'

/** Orders in one piece: others wait for the embedded database that long. */
const batchSize = 100
/** Seconds without a sign of life after which it is begun anew. */
const quiet = 90
const mostAttempts = 3

const running = new Map<string, Promise<void>>()
let last: Promise<unknown> = Promise.resolve()

/** Begins without waiting; one after the other in each process. */
export function kickSimulation(ctx: Ctx, id: string): void {
  if (running.has(id)) return
  const mine = last.then(() => runSimulation(ctx, id)).finally(() => running.delete(id))
  running.set(id, mine)
  last = mine
}

/** Runs to its end, or until somebody cancels it or takes it up elsewhere. Trouble is noted on it and does not throw. */
export async function runSimulation(ctx: Ctx, id: string): Promise<void> {
  const at = clockOf(ctx)
  try {
    const row = await begin(at(), id)
    if (row) await reckonAll(at, row)
  } catch (error) {
    console.error(`simulation ${id}`, error)
    // The database may be closing: then the schedule takes it up again.
    await noteTrouble(at(), id).catch(() => {})
  }
}

/** The same context as time goes by: a long run must show that it is alive. */
function clockOf(ctx: Ctx): () => Ctx {
  const [begun, from] = [performance.now(), Date.parse(ctx.now)]
  const { once: _, ...plain } = ctx
  return () => ({ ...plain, actor: platform, now: new Date(from + performance.now() - begun).toISOString() })
}

const lock = async ({ db }: Ctx, id: string): Promise<Simulation | undefined> =>
  (await db.selectFrom('simulations').selectAll().where('id', '=', id).where('state', '=', 'running').forUpdate().executeTakeFirst()) as
    Simulation | undefined

/** What a run before this one left is taken away; whoever still runs it finds another attempt and stops. */
async function begin(ctx: Ctx, id: string): Promise<Simulation | undefined> {
  const begun = await inTx(ctx, async (tx) => {
    const row = await lock(tx, id)
    // Waited its turn here while another process took it up.
    const alive = row && row.attempt > 0 && Date.parse(tx.now) - Date.parse(row.touched_at) < quiet * 1000
    if (!row || alive) return undefined
    if (row.attempt >= mostAttempts) return void (await end(tx, row, 'fail', `平台试了 ${row.attempt} 次没有算成，请联系平台`))
    await tx.db.deleteFrom('simulation_orders').where('province', '=', row.province).where('simulation_id', '=', id).execute()
    await write(tx, row, { orders_done: 0, attempt: row.attempt + 1 })
    return { ...row, attempt: row.attempt + 1 }
  })
  return isRefusal(begun) ? undefined : begun
}

async function reckonAll(at: () => Ctx, row: Simulation): Promise<void> {
  const asked = (): Ctx => ({ ...at(), actor: row.asked_as })
  const { base, content, variation } = row
  const { policyId, versionId, number, slug } = base
  const history = await policyHistory(at())
  const policy = { policyId, versionId, number, slug, content, publishedAt: row.created_at }
  const reckoning = new Reckoning(policy, variation.replaces, namesFor([], await listEvents(at())))
  const settingOn = await settings(at())
  for (let after = 0n; ;) {
    const orders = await acceptedAfter(asked(), { from: capStart(row.period_from), to: row.period_to, after, limit: batchSize })
    if (orders.length === 0) break
    after = orders.at(-1)!.seq
    const pastOf = await enterprisePasts(at(), [...new Set(orders.map(({ orgId }) => orgId))])
    const done = []
    for (const order of orders) {
      const standing = { ...pastOf(order.orgId, order.seq), policies: policiesAt(history, order.seq, order.acceptedOn) }
      done.push({ order, ...reckoning.reckon(order, standing, settingOn(order.acceptedOn)) })
    }
    if (!(await keep(at(), row, done))) return
    // The embedded database answers within this process: others must have their turn.
    await pause(0)
  }
  await inTx(at(), async (tx) => {
    const mine = await lock(tx, row.id)
    if (mine?.attempt === row.attempt) await end(tx, mine, 'complete', null)
    return true
  })
}

/** Dated events and unions of places as they are entered today, seen from any day. */
async function settings(ctx: Ctx): Promise<(day: string) => Setting> {
  const today = await settingOf(ctx)
  return (asOf) => ({ ...today, asOf })
}

type Done = { order: AcceptedOrder; before: bigint; after: bigint; setAside: boolean }

/** False: cancelled, or taken up by somebody else. */
async function keep(ctx: Ctx, { id, province, attempt, period_from }: Simulation, done: readonly Done[]): Promise<boolean> {
  const shown = done.filter(({ order }) => order.acceptedOn >= period_from)
  const kept = await inTx(ctx, async (tx) => {
    const row = await lock(tx, id)
    if (row?.attempt !== attempt) return false
    if (shown.length > 0)
      await tx.db
        .insertInto('simulation_orders')
        .values(
          shown.map(({ order, before, after, setAside }) => ({
            province,
            simulation_id: id,
            order_id: order.id,
            region: order.region,
            org_id: order.orgId,
            accepted_on: order.acceptedOn,
            fee_fen: order.lines.reduce((sum, { fee }) => sum + fee, 0n),
            before_fen: before,
            after_fen: after,
            set_aside: setAside,
          })),
        )
        .execute()
    await write(tx, row, { orders_done: row.orders_done + shown.length })
    return true
  })
  return kept === true
}

const write = ({ db, now }: Ctx, { province, id }: Simulation, changes: Partial<Pick<Simulation, 'orders_done' | 'attempt' | 'problem'>>) =>
  db
    .updateTable('simulations')
    .set({ ...changes, touched_at: now })
    .where('province', '=', province)
    .where('id', '=', id)
    .execute()

/** Ends a locked one for whoever asked, and tells them. */
async function end(tx: Ctx, row: Simulation, step: 'complete' | 'fail', problem: string | null): Promise<void> {
  const asked = { ...tx, actor: row.asked_as }
  const next = advance(simulationWorkflow, row, step, asked.actor, tx.now)
  if (isRefusal(next)) throw new Error(`simulation could not end: ${next.reason}`)
  await tx.db
    .updateTable('simulations')
    .set({ state: next.to, problem, finished_at: tx.now, touched_at: tx.now, version: sql`version + 1` })
    .where('province', '=', row.province)
    .where('id', '=', row.id)
    .execute()
  await tellSimulation(asked, row, simulationPast[step], { ...(problem && { problem }) })
  await send(asked, {
    province: row.province,
    orgId: row.org_id,
    region: row.region,
    role: 'regulator',
    template: `simulation-${next.to}`,
    subject: simulationWorkflow.name,
    subjectId: row.id,
    title: step === 'complete' ? `政策模拟已算完：${row.title}` : `政策模拟没有算成：${row.title}`,
    body: problem ?? `${row.asked_by_name}要算的 ${row.orders_total} 单已算完，可以看分县结果。`,
    actionLabel: '看结果',
    actionUrl: `/simulations/${row.id}`,
    number: row.number,
    dedupe: `simulation:${row.id}`,
  })
}

async function noteTrouble(ctx: Ctx, id: string): Promise<void> {
  await inTx(ctx, async (tx) => {
    const row = await lock(tx, id)
    if (!row) return true
    if (row.attempt >= mostAttempts) await end(tx, row, 'fail', `平台试了 ${row.attempt} 次没有算成，请联系平台`)
    else await write(tx, row, { problem: `平台计算时出了差错，稍后自动从头再算（第 ${row.attempt} 次）` })
    return true
  })
}

/** Takes up what somebody left. Returns how many. */
export async function resumeSimulations(ctx: Ctx): Promise<number> {
  const before = new Date(Date.parse(ctx.now) - quiet * 1000).toISOString()
  const left = await ctx.db.selectFrom('simulations').select('id').where('state', '=', 'running').where('touched_at', '<', before).execute()
  for (const { id } of left) kickSimulation(ctx, id)
  return left.length
}

export const simulationSchedules: readonly Schedule[] = [{ name: 'simulation-resume', cron: '* * * * *', run: resumeSimulations }]
