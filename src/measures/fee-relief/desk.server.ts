/** What waits for money's sake: dates of a deferral, payments without an owner, pledges to look at. Only for those who may see them. */
import type { Actor } from '../../core/access.ts'
import { missingScope } from '../../commons/people/index.server.ts'
import { listPayments, onlineMenu } from '../../commons/accounts/index.server.ts'
import { addDays } from '../../core/eligibility/calendar-day.ts'
import { fen, formatYuan } from '../../core/money.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import type { Ctx } from '../../platform/db.server.ts'
import type { DeskItem, MenuItem } from '../../web/shell.ts'
import * as budgets from './budgets/index.server.ts'
import { openDates } from './deferral.ts'
import { standingOf } from './deferral.server.ts'
import { stages } from './model.ts'
import { desk as reviewDesk } from './reviews/desk.server.ts'
import { simulationDesk, simulationMenu } from './simulation-desk.server.ts'

export async function desk(ctx: Ctx): Promise<DeskItem[]> {
  const blind = ctx.actor.role === 'enterprise' && (await missingScope(ctx, 'money'))
  const money = blind ? [] : [...(ctx.actor.role === 'enterprise' ? await dates(ctx) : await slips(ctx)), ...(await reviewDesk(ctx))]
  return [...money, ...(await budgets.desk(ctx)), ...(ctx.actor.role === 'regulator' ? await simulationDesk(ctx) : [])]
}

async function slips(ctx: Ctx): Promise<DeskItem[]> {
  if (ctx.actor.role !== 'finance') return []
  const { rows } = await listPayments(ctx, { state: 'unmatched', pageSize: 50 })
  return rows.map((row) => ({
    id: row.id,
    title: `${row.payer}：${formatYuan(fen(row.amount_fen))}`,
    to: `/payments/${row.id}`,
    action: '认领',
    kind: '到账',
    since: row.created_at,
  }))
}

async function dates(ctx: Ctx): Promise<DeskItem[]> {
  const today = shanghaiDate(ctx.now)
  return (await standingOf(ctx)).flatMap((row): DeskItem[] => {
    if (row.stage !== 'in-term')
      return [
        {
          id: row.id,
          title: `缓缴单 ${row.number} 已期满：${stages[row.stage].label}`,
          to: `/me/money/deferrals/${row.id}`,
          action: '约定付款',
          kind: '缓缴',
          dueOn: row.term_ends_on,
          overdue: true,
          since: row.created_at,
        },
      ]
    const [next] = openDates(row.dates, row.total_fen, row.outstanding)
    if (!next || next.dueOn > addDays(today, 7)) return []
    return [
      {
        id: row.id,
        title: `付 ${formatYuan(next.amount)}`,
        to: '/me/money',
        action: '看费用',
        kind: '缓缴',
        dueOn: next.dueOn,
        overdue: next.dueOn < today,
        since: row.created_at,
      },
    ]
  })
}

export const menu = (actor: Actor): MenuItem[] => [...moneyMenu(actor), ...budgets.menu(actor)]

const moneyMenu = (actor: Actor): MenuItem[] => {
  // An agent neither sees nor pays what is owed.
  if (actor.role === 'enterprise')
    return actor.agent
      ? []
      : [
          { to: '/me/money', label: '费用', group: '检定校准' },
          { to: '/me/relief-reviews', label: '减免复核', group: '检定校准' },
        ]
  if (actor.role === 'finance')
    return [
      { to: '/books', label: '应收', group: '账' },
      { to: '/payments', label: '到账', group: '账' },
      ...onlineMenu(actor),
      { to: '/relief-reviews', label: '减免复核', group: '减免' },
    ]
  return actor.role === 'regulator' || actor.role === 'admin'
    ? [
        ...simulationMenu(actor),
        { to: '/relief-reviews', label: '减免复核', group: '减免' },
        { to: '/pledges', label: '承诺书核查', group: '减免' },
      ]
    : []
}
