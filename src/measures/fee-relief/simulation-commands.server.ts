/** Asking for a simulation, and giving it up. Nothing but the simulation itself is written. */
import { sql } from 'kysely'
import { feePolicies } from './order-relief.ts'
import { findVersion, listPolicyDesk, policiesInForce } from '../../commons/policies/index.server.ts'
import { states, type LivePolicy, type PolicyContent, type Version } from '../../commons/policies/index.ts'
import { regionPrefix } from '../../core/eligibility/codes.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { recordNumber } from '../../core/record-number.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { advance } from '../../core/workflow.ts'
import { isUuid } from '../../commons/people/index.ts'
import { visible } from '../../platform/access.server.ts'
import { inTx, jsonb, type Ctx } from '../../platform/db.server.ts'
import { nextNumber } from '../../platform/events.server.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { simulationLimits, type Simulation, type Variation } from './simulation-model.ts'
import { capStart, countAccepted } from './simulation-orders.server.ts'
import { tellSimulation } from './simulation-queries.server.ts'
import { kickSimulation } from './simulation-run.server.ts'
import type { SimulationForm } from './simulation-schema.ts'
import { changeable, vary } from './simulation-variation.ts'
import { simulationPast, simulationReaders, simulationWorkflow } from './simulation-workflow.ts'
import './tables.server.ts'

/** Where a policy holds and where somebody looks: one lies in the other. */
const touches = ({ regionCode }: Pick<PolicyContent, 'regionCode'>, region: string): boolean => {
  if (regionCode === null) return false
  const [place, own] = [regionPrefix(regionCode), regionPrefix(region)]
  return place.startsWith(own) || own.startsWith(place)
}

export interface SimulationChoice {
  versionId: string
  slug: string
  title: string
  state: keyof typeof states
}

/** Published reliefs that reach the actor's region, and the drafts that they may see. */
export async function simulationBases(ctx: Ctx): Promise<{ published: SimulationChoice[]; drafts: SimulationChoice[] }> {
  const inForce = feePolicies(await policiesInForce(ctx, shanghaiDate(ctx.now))).filter(
    ({ content }) => touches(content, ctx.actor.region) && content.force === 'entitlement',
  )
  const drafts: SimulationChoice[] = []
  for (const { versionId, slug, title, state } of await listPolicyDesk(ctx)) {
    const version = await findVersion(ctx, versionId)
    if (version && changeable(version.content).length > 0) drafts.push({ versionId, slug, title, state })
  }
  return { published: inForce.map(toChoice), drafts }
}

const toChoice = ({ versionId, slug, content }: LivePolicy): SimulationChoice => ({
  versionId,
  slug,
  title: content.title,
  state: 'published',
})

/** The policy that a simulation may start from. */
export async function simulationBase(ctx: Ctx, versionId: string): Promise<Version | Refusal> {
  const version = isUuid(versionId) ? await findVersion(ctx, versionId) : undefined
  if (!version || !touches(version.content, ctx.actor.region))
    return refuse('missing', '没有这份政策，或不在您的辖区，请重新选择。', { fields: { versionId: '请重新选择政策' } })
  return changeable(version.content).length > 0
    ? version
    : refuse('conflict', `《${version.content.title}》没有写明减免比例，不能模拟；请选择减收或免收的政策。`)
}

/** Begins to reckon in the background; the same question twice at once is two simulations, each with its number. */
export async function startSimulation(ctx: Ctx, form: SimulationForm): Promise<{ id: string; number: string } | Refusal> {
  const started = await inTx(ctx, async (tx) => {
    if (tx.actor.role !== 'regulator') return refuse('forbidden', '政策模拟由监管人员办理，您当前的身份不能办理。')
    const orders = await ordersIn(tx, form)
    if (isRefusal(orders)) return orders
    const base = await simulationBase(tx, form.versionId)
    if (isRefusal(base)) return base
    if (!changeable(base.content).includes(form.benefit))
      return refuse('invalid', '这项待遇没有减免比例，不能模拟。', { fields: { benefit: '请重新选择待遇' } })
    const replaces = form.replaces && form.replaces !== base.slug ? form.replaces : null
    const variation: Variation = {
      benefit: form.benefit,
      rateBp: form.rate,
      capFen: form.cap ?? null,
      capPer: form.capPer,
      from: form.from ?? null,
      to: form.to ?? null,
      sizes: form.sizes.length > 0 ? form.sizes : null,
      direct: form.direct,
      replaces,
    }
    const content = vary(base.content, variation)
    if (isRefusal(content)) return content
    return insert(tx, { form, base, variation, content, orders })
  })
  if (!isRefusal(started)) kickSimulation(ctx, started.id)
  return started
}

/** How many orders the period has, or why it cannot be simulated. */
async function ordersIn(tx: Ctx, { periodFrom, periodTo }: SimulationForm): Promise<number | Refusal> {
  const wrong = (field: string, reason: string) => refuse('invalid', `${reason}。`, { fields: { [field]: reason } })
  if (periodFrom > periodTo) return wrong('periodTo', '时段的止日不能早于起日')
  if (periodTo > shanghaiDate(tx.now)) return wrong('periodTo', '只能用已经受理的单，止日不能晚于今天')
  if (Date.parse(periodTo) - Date.parse(periodFrom) > simulationLimits.days * 86_400_000)
    return wrong('periodFrom', '一次最多模拟两年，请缩短时段')
  const orders = await countAccepted(tx, periodFrom, periodTo)
  if (orders === 0) return refuse('conflict', '这段时间本辖区没有受理过委托单，没有可以模拟的，请换一段时间。', { code: 'NO_ORDERS' })
  if ((await countAccepted(tx, capStart(periodFrom), periodTo)) > simulationLimits.orders)
    return refuse('conflict', `这段时间的委托单超过 ${simulationLimits.orders} 张，一次算不完，请缩短时段。`, { code: 'TOO_MANY' })
  const { n } = await tx.db
    .selectFrom('simulations')
    .select((eb) => eb.fn.countAll<bigint>().as('n'))
    .where('org_id', '=', tx.actor.org_id)
    .where('state', '=', 'running')
    .executeTakeFirstOrThrow()
  if (Number(n) >= simulationLimits.running)
    return refuse('conflict', `本单位已有 ${n} 次模拟在算，请等算完，或先取消一次。`, { code: 'BUSY' })
  return orders
}

async function insert(
  tx: Ctx,
  given: { form: SimulationForm; base: Version; variation: Variation; content: PolicyContent; orders: number },
): Promise<{ id: string; number: string }> {
  const { form, base, variation, content, orders } = given
  const { actor, now } = tx
  const province = actor.region.slice(0, 2)
  const year = Number(shanghaiDate(now).slice(0, 4))
  const id = uuidv7()
  const number = recordNumber(province, year, await nextNumber(tx, province, simulationWorkflow.name, year))
  const row = await tx.db
    .insertInto('simulations')
    .values({
      province,
      id,
      number,
      org_id: actor.org_id,
      region: actor.region,
      state: simulationWorkflow.start,
      title: form.title,
      variation: jsonb(variation) as never,
      base: jsonb({
        policyId: base.policyId,
        slug: base.slug,
        title: base.content.title,
        versionId: base.id,
        number: base.number,
        state: base.state,
      }) as never,
      content: jsonb(content) as never,
      period_from: form.periodFrom,
      period_to: form.periodTo,
      orders_total: orders,
      problem: null,
      asked_by: actor.id,
      asked_by_name: actor.name,
      asked_as: jsonb(actor) as never,
      created_at: now,
      touched_at: now,
      finished_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await tellSimulation(tx, row as Simulation, 'started', { policy: base.slug, variation, from: form.periodFrom, to: form.periodTo, orders })
  return { id, number }
}

/** What has been reckoned so far is thrown away. */
export const cancelSimulation = (ctx: Ctx, id: string, form: { version: number }): Promise<{ id: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    const row = isUuid(id)
      ? ((await tx.db
          .selectFrom('simulations')
          .selectAll()
          .where('id', '=', id)
          .where(visible(tx.actor, simulationReaders))
          .forUpdate()
          .executeTakeFirst()) as Simulation | undefined)
      : undefined
    if (!row) return refuse('missing', '没有这次模拟，或不归您看。')
    const next = advance(simulationWorkflow, row, 'cancel', tx.actor, tx.now)
    if (isRefusal(next)) return next
    if (row.version !== form.version) return refuse('conflict', '这次模拟刚有变化，请核对后再办理。', { code: 'STALE' })
    await tx.db.deleteFrom('simulation_orders').where('province', '=', row.province).where('simulation_id', '=', id).execute()
    await tx.db
      .updateTable('simulations')
      .set({ state: next.to, orders_done: 0, finished_at: tx.now, touched_at: tx.now, version: sql`version + 1` })
      .where('province', '=', row.province)
      .where('id', '=', id)
      .execute()
    await tellSimulation(tx, row, simulationPast.cancel)
    return { id }
  })
