/** How a review begins: the enterprise asks with one click, or the finance desk finds relief of its own accord. */
import { linesOf, lockOrder } from '../../../commons/orders/index.server.ts'
import type { Order, OrderLine, RefusedRelief } from '../../../commons/orders/index.ts'
import { missingScope } from '../../../commons/people/index.server.ts'
import { platform } from '../../../core/access.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { recordNumber } from '../../../core/record-number.ts'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { inTx, type Ctx } from '../../../platform/db.server.ts'
import { nextNumber } from '../../../platform/events.server.ts'
import { uuidv7 } from '../../../platform/ids.ts'
import { openReviewStates, type Review, type ReviewOrigin } from './model.ts'
import { askForm, read, type AskForm } from './schema.ts'
import { dueOf, takeStep, tellReview } from './steps.server.ts'
import { reviewWorkflow } from './workflow.ts'
import '../tables.server.ts'

export interface Asked {
  id: string
  number: string
  /** It was there before: the same line and policy are reviewed once at a time. */
  again: boolean
}

/** One click beside a refused policy. Asked twice, it is the same review. */
export const askReview = (ctx: Ctx, form: AskForm): Promise<Asked | Refusal> =>
  inTx(ctx, async (tx) => {
    if (tx.actor.role !== 'enterprise' || tx.actor.agent) return refuse('forbidden', '复核由企业自己申请，请以企业身份登录。')
    const beyond = await missingScope(tx, 'money')
    return beyond ?? begin(tx, form, 'enterprise')
  })

/** Finance decides the line again; what is found more is proposed for a second person. Nothing found, nothing is opened. */
export const proposeCredit = (ctx: Ctx, form: AskForm): Promise<Asked | Refusal> =>
  inTx(ctx, async (tx) => {
    if (tx.actor.role !== 'finance') return refuse('forbidden', '补减由机构财务提出，您当前的身份不能办理。')
    const begun = await begin(tx, form, 'institution')
    if (isRefusal(begun) || begun.again) return begun
    const proposed = await takeStep(tx, begun.id, { step: 'uphold', version: 1, opinion: form.note })
    return isRefusal(proposed) ? proposed : begun
  })

/** From the page of an order: the enterprise asks, finance decides again. */
export async function beginReview(ctx: Ctx, values: Record<keyof AskForm, string>): Promise<Asked | Refusal> {
  const form = read(askForm, values)
  if (isRefusal(form)) return form
  return ctx.actor.role === 'finance' ? proposeCredit(ctx, form) : askReview(ctx, form)
}

async function begin(tx: Ctx, form: AskForm, origin: ReviewOrigin): Promise<Asked | Refusal> {
  const order = await lockOrder(tx, form.orderId)
  if (isRefusal(order)) return order
  const line = (await linesOf(tx, order)).find(({ id }) => id === form.lineId)
  const refused = line?.relief?.refused.find(({ slug }) => slug === form.slug)
  if (!line || !refused) return refuse('missing', '这一项没有被这项政策拒绝过：受理时已写明理由的才能复核。', { code: 'NOT_REFUSED' })
  if (line.state === 'cancelled') return refuse('conflict', '这一项已经不做，费用随即撤销，不用复核。', { code: 'LINE_CANCELLED' })
  if (await inLine(tx, order, line))
    return refuse('conflict', '这一项还有减免在排队，有了额度会自动补减，不用复核；排队结束后仍有疑问可以再申请。', { code: 'IN_LINE' })
  const open = await openReview(tx, order, form)
  if (open && !lapsed(tx, open)) return { id: open.id, number: open.number, again: true }
  if (open) {
    const closed = await takeStep({ ...tx, actor: platform }, open.id, {
      step: 'close',
      version: open.version,
      opinion: '申诉期已过，企业重新申请',
    })
    if (isRefusal(closed)) return closed
  }
  return insert(tx, order, line, refused, { note: form.note, origin })
}

const inLine = async (tx: Ctx, order: Order, line: OrderLine): Promise<boolean> =>
  (await tx.db
    .selectFrom('relief_queue')
    .select('id')
    .where('province', '=', order.province)
    .where('line_id', '=', line.id)
    .where('state', '=', 'waiting')
    .executeTakeFirst()) !== undefined

/** Declined, and the time to appeal is over: it does not stand in the way of a new one. */
const lapsed = ({ now }: Ctx, { state, due_on }: Review) => state === 'declined' && due_on !== null && due_on < shanghaiDate(now)

const openReview = async (tx: Ctx, order: Order, { lineId, slug }: AskForm): Promise<Review | undefined> =>
  (await tx.db
    .selectFrom('relief_reviews')
    .selectAll()
    .where('province', '=', order.province)
    .where('line_id', '=', lineId)
    .where('slug', '=', slug)
    .where('state', 'in', [...openReviewStates])
    .executeTakeFirst()) as Review | undefined

async function insert(
  tx: Ctx,
  order: Order,
  line: OrderLine,
  refused: RefusedRelief,
  { note, origin }: { note: string; origin: ReviewOrigin },
): Promise<Asked> {
  const { province } = order
  const year = Number(shanghaiDate(tx.now).slice(0, 4))
  const due = dueOf(tx.now, 'asked')
  const row = {
    province,
    id: uuidv7(),
    number: recordNumber(province, year, await nextNumber(tx, province, reviewWorkflow.name, year)),
    org_id: order.org_id,
    org_name: order.org_name,
    region: order.region,
    institution_id: order.institution_id,
    institution_region: order.institution_region,
    institution_name: order.institution_name,
    order_id: order.id,
    order_number: order.number,
    line_id: line.id,
    line_title: `${line.code} ${line.name}`,
    slug: refused.slug,
    policy_title: refused.title,
    refused_code: refused.code,
    refused_why: refused.why,
    origin,
    state: reviewWorkflow.start,
    note: note || null,
    asked_by: tx.actor.id,
    asked_by_name: tx.actor.name,
    proposed_by: null,
    proposed_by_name: null,
    proposed_fen: null,
    found: null,
    reason_code: null,
    reason_article: null,
    opinion: null,
    appeal_note: null,
    credited_fen: null,
    entry_id: null,
    due_on: due.on,
    due_provisional: due.provisional,
    created_at: tx.now,
    decided_at: null,
  }
  await tx.db.insertInto('relief_reviews').values(row).execute()
  await tellReview(tx, row, origin === 'enterprise' ? 'asked' : 'opened', note ? { opinion: note } : {})
  return { id: row.id, number: row.number, again: false }
}
