/** One step of a review: lock, decide again, advance, book, write, tell, in one transaction. */
import { findOrder, linesOf, lockOrder } from '../../../commons/orders/index.server.ts'
import type { Order, OrderLine } from '../../../commons/orders/index.ts'
import { missingScope } from '../../../commons/people/index.server.ts'
import { fen, formatYuan } from '../../../core/money.ts'
import { promiseClock } from '../../../core/promise-clock.ts'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { advance } from '../../../core/workflow.ts'
import { inTx, jsonb, type Ctx } from '../../../platform/db.server.ts'
import { announce } from '../../../platform/events.server.ts'
import { bookCredit } from './credit.server.ts'
import { reviewLimits, type Review, type ReviewReason, type ReviewState } from './model.ts'
import { findReview, isOpen } from './queries.server.ts'
import { redecide, sayNone, type Redecision } from './redecide.server.ts'
import { pastOf, reviewWorkflow, type ReviewStep } from './workflow.ts'

export interface TakenStep {
  step: ReviewStep
  version: number
  opinion?: string | undefined
  reason?: ReviewReason | undefined
  article?: string | undefined
}

const noReview = () => refuse('missing', '没有这次复核，或不归您办理。')

export const takeStep = (ctx: Ctx, id: string, form: TakenStep): Promise<Review | Refusal> =>
  inTx(ctx, async (tx) => {
    const found = await findReview(tx, id)
    if (!found) return noReview()
    const beyond = await missingScope(tx, 'money')
    if (beyond) return beyond
    // The order first, as every command that touches its fees: a line that is being cancelled waits, or makes this one wait.
    const order = await lockOrder(tx, found.order_id)
    if (isRefusal(order)) return order
    const row = await lockReview(tx, found)
    if (row.version !== form.version) return refuse('conflict', '您打开之后，这次复核已有变化。请核对最新情况后再办理。', { code: 'STALE' })
    const line = (await linesOf(tx, order)).find((each) => each.id === row.line_id)!
    const again = decides.has(form.step) ? await redecide(tx, order, line, { lock: true }) : undefined
    const asked = again ? { ...row, more: again.more, ...noneOf(again, row.slug) } : row
    const next = advance(reviewWorkflow, asked, form.step, tx.actor, tx.now, form.opinion)
    if (isRefusal(next)) return next
    if (line.state === 'cancelled' && form.step !== 'close' && form.step !== 'withdraw')
      return refuse('conflict', '这一项已经不做，费用已撤销，没有可补减的。', { code: 'LINE_CANCELLED' })
    const outcome = await outcomeOf(tx, { form, row, order, line, again })
    if (isRefusal(outcome)) return outcome
    return write(tx, row, form, next.to, outcome)
  })

/** Steps that rest on a re-decision: those that propose, and those that book. */
const decides = new Set<ReviewStep>(['uphold', 'propose-uphold', 'approve', 'confirm-uphold'])

const noneOf = ({ found }: Redecision, slug: string) => {
  const none = sayNone(found, slug)
  return none ? { none } : {}
}

const lockReview = async (tx: Ctx, { province, id }: Review): Promise<Review> =>
  (await tx.db
    .selectFrom('relief_reviews')
    .selectAll()
    .where('province', '=', province)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow()) as Review

type Columns = Partial<Omit<Review, 'province' | 'id' | 'found'>> & { found?: never }

interface Acting {
  form: TakenStep
  row: Review
  order: Order
  line: OrderLine
  again: Redecision | undefined
}

/** What the step brings into the record, or why it may not be taken. */
async function outcomeOf(tx: Ctx, { form, row, order, line, again }: Acting): Promise<Columns | Refusal> {
  const opinion = form.opinion?.trim() || null
  const proposer = { proposed_by: tx.actor.id, proposed_by_name: tx.actor.name }
  switch (form.step) {
    case 'uphold':
    case 'propose-uphold':
      return { ...proposer, opinion, proposed_fen: again!.more, found: jsonb(again!.found) as never }
    case 'propose-dismiss':
      return { ...proposer, opinion, proposed_fen: null, found: null as never, ...declined(form) }
    case 'decline':
      return declineOf(form, opinion)
    case 'appeal':
      return { appeal_note: opinion, proposed_by: null, proposed_by_name: null }
    case 'send-back':
    case 'return':
      return { proposed_by: null, proposed_by_name: null, proposed_fen: null, found: null as never, opinion }
    case 'approve':
    case 'confirm-uphold': {
      if (again!.more !== row.proposed_fen)
        return refuse(
          'conflict',
          `提出以后情况有变：当时可补减 ${formatYuan(fen(row.proposed_fen ?? 0n))}，现在是 ${formatYuan(again!.more)}；请退回重算，再批准。`,
          { code: 'AMOUNT_CHANGED' },
        )
      return bookCredit(tx, { review: row, order, line, again: again! })
    }
    default:
      return opinion ? { opinion } : {}
  }
}

const declined = ({ reason, article }: TakenStep): Columns => ({
  ...(reason && { reason_code: reason }),
  ...(article?.trim() && { reason_article: article.trim() }),
})

/** A no names its reason, the article and what can be done. */
function declineOf(form: TakenStep, opinion: string | null): Columns | Refusal {
  if (!form.reason) return refuse('invalid', '请选择不支持的原因。', { fields: { reason: '请选择原因' } })
  if (!form.article?.trim()) return refuse('invalid', '请写明依据哪一条。', { fields: { article: '请写明依据的条款' } })
  return { opinion, ...declined(form) }
}

export const dueOf = (now: string, state: ReviewState): { on: string | null; provisional: boolean } => {
  const limit = reviewLimits[state]
  if (!limit) return { on: null, provisional: false }
  const { statutory, provisional } = promiseClock({ startedAt: now, limit, now })
  return { on: statutory.due, provisional }
}

async function write(tx: Ctx, row: Review, form: TakenStep, to: ReviewState, outcome: Columns): Promise<Review> {
  const due = dueOf(tx.now, to)
  const changed = (await tx.db
    .updateTable('relief_reviews')
    .set({
      ...outcome,
      state: to,
      due_on: due.on,
      due_provisional: due.provisional,
      decided_at: isOpen(to) ? null : tx.now,
      version: row.version + 1,
    })
    .where('province', '=', row.province)
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow()) as Review
  const amount = changed.credited_fen ?? changed.proposed_fen
  await tellReview(tx, changed, pastOf[form.step], {
    before: row.state,
    after: to,
    ...(form.opinion?.trim() && { opinion: form.opinion.trim() }),
    ...(form.reason && { reason: form.reason }),
    ...(form.article?.trim() && { article: form.article.trim() }),
    ...(amount !== null && { amountFen: amount }),
    ...(due.on && { dueOn: due.on }),
  })
  return changed
}

export const tellReview = (
  tx: Ctx,
  row: Pick<Review, 'id' | 'province' | 'region' | 'org_id' | 'number' | 'order_id' | 'policy_title'>,
  action: string,
  detail: Record<string, unknown> = {},
) =>
  announce(tx, {
    subject: 'relief-review',
    subjectId: row.id,
    action,
    province: row.province,
    region: row.region,
    orgId: row.org_id,
    title: `减免复核 ${row.number}：《${row.policy_title}》`,
    detail: { number: row.number, orderId: row.order_id, ...detail },
  })

/** The review as this person finds it now: with what the re-decision gives where it is their turn to propose. */
export async function reviewNow(ctx: Ctx, row: Review): Promise<{ asked: Review & { more?: bigint; none?: string }; again?: Redecision }> {
  const turn = (row.state === 'asked' && ctx.actor.role === 'finance') || (row.state === 'appealed' && ctx.actor.role === 'regulator')
  const page = turn ? await findOrder(ctx, row.order_id) : undefined
  const line = page?.lines.find(({ id }) => id === row.line_id)
  if (!page || !line) return { asked: row }
  const again = await redecide(ctx, page.order, line)
  return { asked: { ...row, more: again.more, ...noneOf(again, row.slug) }, again }
}
