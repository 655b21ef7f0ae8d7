/** What follows by itself: each step is told to the enterprise, and a line that is not done ends its reviews. */
import { send } from '../../../commons/messages/index.server.ts'
import { platform } from '../../../core/access.ts'
import { fen, formatYuan } from '../../../core/money.ts'
import { isRefusal } from '../../../core/refusal.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import type { EventRow } from '../../../platform/events.server.ts'
import type { Listener } from '../../../platform/jobs.server.ts'
import { declineReasons, openReviewStates, type Review, type ReviewReason } from './model.ts'
import { takeStep } from './steps.server.ts'
import '../tables.server.ts'

export const listeners: readonly Listener[] = [
  { name: 'relief-review.tell', on: ['relief-review.*'], handle: tell },
  { name: 'relief-review.close', on: ['order.line-cancelled'], handle: closeReviews },
]

interface Detail {
  number: string
  amountFen?: number | string
  dueOn?: string
  opinion?: string
  reason?: ReviewReason
  article?: string
}

/** What each step says: what happened, one action, one number. Steps that the enterprise took itself are not told to it. */
function wordsOf(action: string, { amountFen, dueOn, opinion = '', reason, article }: Detail) {
  const amount = amountFen === undefined ? '' : formatYuan(fen(BigInt(amountFen)))
  const by = dueOn ? `，${dueOn} 前办结` : ''
  switch (action) {
    case 'opened':
      return { title: '机构查到一件可能可以补减', body: '机构自查发起，您不用办理。', number: dueOn ?? '' }
    case 'proposed':
      return { title: `机构同意补减 ${amount}`, body: `按受理日的规则重算得出，等另一人批准${by}。`, number: amount }
    case 'sent-back':
      return { title: '补减退回重算', body: `${opinion}${by}。`, number: dueOn ?? '' }
    case 'declined':
      return {
        title: `复核没有支持：${reason ? declineReasons[reason].label : '见理由'}`,
        body: `${opinion}（依据${article ?? ''}）。不同意的，可以在 ${dueOn} 前向主管部门申诉一次。`,
        number: dueOn ?? '',
      }
    case 'uphold-proposed':
      return { title: `主管部门拟支持申诉，补减 ${amount}`, body: `${opinion}。等另一人确认${by}。`, number: amount }
    case 'dismiss-proposed':
      return { title: '主管部门拟不支持申诉', body: `${opinion}。等另一人确认${by}。`, number: dueOn ?? '' }
    case 'returned':
      return { title: '申诉退回重办', body: `${opinion}${by}。`, number: dueOn ?? '' }
    case 'credited':
      return { title: `已补减 ${amount}`, body: '先冲未付的；已经付过的转为预收款，可以抵下一单，也可以退。', number: amount }
    case 'dismissed':
      return { title: '申诉没有得到支持', body: '理由见复核页。情况有变化的，可以再申请复核。', number: '1' }
    case 'closed':
      return { title: '减免复核已终结', body: `${opinion}。`, number: '1' }
    default:
      return undefined
  }
}

async function tell(ctx: Ctx, event: EventRow): Promise<void> {
  const detail = event.detail as Detail
  const words = wordsOf(event.action, detail)
  if (!words || !event.org_id) return
  await send(ctx, {
    province: event.province,
    orgId: event.org_id,
    region: event.region,
    role: 'enterprise',
    template: 'relief-review',
    subject: 'relief-review',
    subjectId: event.subject_id,
    title: words.title,
    body: `减免复核 ${detail.number}：${words.body}`,
    number: words.number,
    actionLabel: event.action === 'declined' ? '看理由，可申诉' : '看复核',
    actionUrl: `/me/relief-reviews/${event.subject_id}`,
    dedupe: `relief-review:${event.id}`,
  })
}

async function closeReviews(ctx: Ctx, event: EventRow): Promise<void> {
  const { lineId } = event.detail as { lineId: string }
  const rows = (await ctx.db
    .selectFrom('relief_reviews')
    .selectAll()
    .where('province', '=', event.province)
    .where('line_id', '=', lineId)
    .where('state', 'in', [...openReviewStates])
    .orderBy('id')
    .execute()) as Review[]
  for (const { id, version } of rows) {
    const closed = await takeStep({ ...ctx, actor: platform }, id, { step: 'close', version, opinion: '这一项不做了，费用已撤销' })
    // Somebody was faster: the delivery is tried again and finds what there is then.
    if (isRefusal(closed)) throw new Error(`review ${id} was not closed: ${closed.reason}`)
  }
}
