/** Quote, order and acceptance with their relief: nobody has to ask for it. */
import { fen, type Fen } from '../../core/money.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { advance } from '../../core/workflow.ts'
import { acceptOrder, linesOf, lockOrder, placeOrder, prepareOrder, type Prepared } from '../../commons/orders/index.server.ts'
import { mandatoryBasis, workflow, type LineReliefRecord, type Order, type OrderForm, type OrderLine } from '../../commons/orders/index.ts'
import { inTx, type Ctx } from '../../platform/db.server.ts'
import { sayQueued } from './budgets/model.ts'
import { takeBudgets } from './budgets/take.server.ts'
import { decideOrder, useCaps, type DecidedOrder } from './decide-order.server.ts'
import { standingOf } from './deferral.server.ts'
import { signPledge } from './pledges.server.ts'

export interface Quote {
  prepared: Prepared
  decided: DecidedOrder
  fee: Fen
  relief: Fen
  extras: Fen
  toPay: Fen
}

/** What it would come to if it were accepted today; nothing is kept. */
export async function quoteOrder(ctx: Ctx, form: OrderForm): Promise<Quote | Refusal> {
  const prepared = await prepareOrder(ctx, form)
  if (isRefusal(prepared)) return prepared
  const decided = await decideOrder(ctx, {
    province: prepared.org.province,
    orgId: prepared.org.id,
    institutionId: prepared.institution.id,
    lines: prepared.lines.map(({ wanted, service, fee }, n) => ({ id: String(n), service, kind: wanted.kind, use: wanted.use, fee })),
  })
  const sum = (amounts: readonly Fen[]) => fen(amounts.reduce<bigint>((total, amount) => total + amount, 0n))
  const fee = sum(prepared.lines.map((line) => line.fee))
  const extras = sum(prepared.extras.map((extra) => extra.fee))
  return { prepared, decided, fee, relief: decided.relief, extras, toPay: fen(fee - decided.relief + extras) }
}

/**
 * Places the order, with the 承诺书 where it is signed with it. Only who has let the graded steps after a deferral run out is asked
 * for a payment plan first, and never for 强制检定, which the law prescribes (《计量法》第九条).
 */
export const placeWithRelief = (
  ctx: Ctx,
  form: OrderForm,
  { pledge = false }: { pledge?: boolean } = {},
): Promise<{ id: string; number: string } | Refusal> =>
  inTx(ctx, async (tx) => {
    if (pledge) {
      const signed = await signPledge(tx)
      if (isRefusal(signed)) return signed
    }
    const quoted = await quoteOrder(tx, form)
    if (isRefusal(quoted)) return quoted
    const held =
      quoted.toPay > 0n ? (await standingOf(tx, { institutionId: form.institutionId })).find(({ stage }) => stage === 'prepay') : undefined
    // An agent may come from the institution's own desks: it is told whom to ask, not what is owed.
    if (held && tx.actor.agent)
      return refuse('conflict', '这一单要由企业自己下，请与企业联系；强制检定可以照常代办。', { code: 'ENTERPRISE_ITSELF' })
    if (held)
      return refuse(
        'conflict',
        `缓缴单 ${held.number} 已于 ${held.term_ends_on} 期满、还没有付清，请先约定付款计划（一步完成），再下收费的单；强制检定不受影响，已发的证书照常下载。`,
        { code: 'PLAN_FIRST' },
      )
    return placeOrder(tx, form)
  })

export interface Acceptance {
  version: number
  /** Lines whose sample is there. */
  received: readonly string[]
  /** Of lines that were 待核实: whether they are mandatory verification. */
  settled: Readonly<Record<string, 'mandatory' | 'voluntary'>>
}

/** The counter accepts: relief is decided now, by the rules of today, and frozen with them. The same order twice is accepted once. */
export const acceptWithRelief = (ctx: Ctx, orderId: string, form: Acceptance): Promise<Order | Refusal> =>
  inTx(ctx, async (tx) => {
    const order = await lockOrder(tx, orderId)
    if (isRefusal(order)) return order
    const next = advance(workflow, order, 'accept', tx.actor, tx.now)
    if (isRefusal(next)) return next
    if (order.version !== form.version) return refuse('conflict', '您打开之后这一单已有变化，请核对最新情况后再受理。', { code: 'STALE' })
    const lines = (await linesOf(tx, order)).map((line) => settle(line, form.settled))
    const open = lines.find(({ id, to_verify }) => to_verify && form.received.includes(id))
    if (open)
      return refuse('invalid', `请先核定 ${open.code} ${open.name} 是否强制检定：目录待核实，不能由系统决定收不收费。`, {
        code: 'MANDATORY_OPEN',
        fields: { [`settled-${open.id}`]: '请核定是否强制检定' },
      })
    const kept = lines.filter(({ id }) => form.received.includes(id))
    const decided = await decideOrder(
      tx,
      {
        province: order.province,
        orgId: order.org_id,
        institutionId: order.institution_id,
        lines: kept.map(({ id, service, kind, use, fee_fen }) => ({ id, service, kind, use, fee: fen(fee_fen) })),
      },
      { lock: true },
    )
    await useCaps(tx, { province: order.province, orgId: order.org_id }, decided.policies, decided.bySlug)
    const places = await takeBudgets(
      tx,
      decided.budgets,
      order,
      [...decided.lines].map(([lineId, { taken, queued }]) => ({ lineId, taken, queued })),
    )
    return acceptOrder(
      tx,
      order,
      lines.map((line) => {
        const own = decided.lines.get(line.id)
        return {
          line,
          received: own !== undefined,
          relief: own?.relief ?? fen(0n),
          record: own?.record ? withPlaces(own.record, line.id, places) : null,
        }
      }),
      { reliefBySlug: takenBySlug(decided) },
    )
  })

/** What waits for room says its place in line. */
const withPlaces = (record: LineReliefRecord, lineId: string, places: ReadonlyMap<string, number>): LineReliefRecord => ({
  ...record,
  refused: record.refused.map((each) => {
    const place = each.code === 'BUDGET_QUEUED' ? places.get(`${lineId}:${each.slug}`) : undefined
    return place === undefined ? each : { ...each, why: sayQueued(place) }
  }),
})

const takenBySlug = ({ lines }: DecidedOrder): Record<string, string> => {
  const sums = new Map<string, bigint>()
  for (const { taken } of lines.values()) for (const { slug, amount } of taken) sums.set(slug, (sums.get(slug) ?? 0n) + amount)
  return Object.fromEntries([...sums].map(([slug, amount]) => [slug, String(amount)]))
}

function settle(line: OrderLine, settled: Acceptance['settled']): OrderLine {
  const answer = line.to_verify ? settled[line.id] : undefined
  if (answer === 'mandatory') return { ...line, to_verify: false, service: 'mandatory-verification', fee_fen: 0n, basis: mandatoryBasis }
  return answer === 'voluntary' ? { ...line, to_verify: false } : line
}
