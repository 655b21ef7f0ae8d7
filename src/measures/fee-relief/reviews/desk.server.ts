/** Reviews that wait for this person: to decide, to approve what somebody else proposed, to appeal in time. */
import { fen, formatYuan } from '../../../core/money.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import type { DeskItem } from '../../../web/shell.ts'
import type { Review, ReviewState } from './model.ts'
import { listReviews } from './queries.server.ts'

/** By role: whose turn it is in which state, and what the button says. */
const turns: Partial<Record<string, Partial<Record<ReviewState, string>>>> = {
  enterprise: { declined: '看理由，可申诉' },
  finance: { asked: '复核', proposed: '批准' },
  regulator: { appealed: '办理申诉', upholding: '确认', dismissing: '确认' },
}

export async function desk(ctx: Ctx): Promise<DeskItem[]> {
  const turn = turns[ctx.actor.role]
  if (!turn || ctx.actor.agent) return []
  const today = shanghaiDate(ctx.now)
  const { rows } = await listReviews(ctx, {
    states: Object.keys(turn) as ReviewState[],
    notProposedBy: ctx.actor.id,
    sort: 'due_on',
    dir: 'asc',
    pageSize: 50,
  })
  return rows
    .filter(({ state, due_on }) => state !== 'declined' || (due_on !== null && due_on >= today))
    .map((row) => toItem(row, turn[row.state]!, { today, own: ctx.actor.role === 'enterprise' }))
}

const toItem = (row: Review, action: string, { today, own }: { today: string; own: boolean }): DeskItem => ({
  id: row.id,
  title: own
    ? `${row.line_title}：《${row.policy_title}》`
    : `${row.org_name}：${row.line_title}${row.proposed_fen === null ? '' : `，拟补减 ${formatYuan(fen(row.proposed_fen))}`}`,
  to: `${own ? '/me' : ''}/relief-reviews/${row.id}`,
  action,
  kind: '减免复核',
  ...(row.due_on && { dueOn: row.due_on, provisional: row.due_provisional, overdue: row.due_on < today }),
  since: row.created_at,
})
