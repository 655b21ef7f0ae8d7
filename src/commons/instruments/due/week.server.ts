/** 本周计量: what is due, what waits, what it saves; nothing due, nothing shown. */
import { addDays } from '../../../core/eligibility/calendar-day.ts'
import { fen, formatYuan } from '../../../core/money.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { daysLeft, sendBy } from '../../../core/due-day.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import type { DeskCard, DeskItem } from '../../../web/shell.ts'
import { countsByState } from '../queries.server.ts'
import { countUnconfirmed } from '../confirmation/queries.server.ts'
import { settingsOf } from '../own-kinds.server.ts'
import { sendable } from './bundle.ts'
import { dueItems, forecast } from './due.server.ts'

/** Absent when nothing is due within 30 days, at the laboratory or waiting to be confirmed. */
export async function card(ctx: Ctx): Promise<DeskCard | undefined> {
  if (ctx.actor.role !== 'enterprise') return undefined
  const today = shanghaiDate(ctx.now)
  const due = await dueItems(ctx, addDays(today, 30))
  const states = await countsByState(ctx)
  const within = (most: number) =>
    due.filter(({ validUntil }) => daysLeft(validUntil, today) >= 0 && daysLeft(validUntil, today) <= most).length
  const overdue = due.filter(({ validUntil }) => validUntil < today).length
  const figures = [
    { label: '已逾期', n: overdue, to: '/me/instruments/due?stage=overdue' },
    { label: '7 天内到期', n: within(7), to: '/me/instruments/due?stage=d7' },
    { label: '30 天内到期', n: within(30), to: '/me/instruments/due?stage=due30' },
    { label: '送检中', n: states.sent ?? 0, to: '/me/instruments?state=sent' },
    { label: '已取回待确认', n: states.returned ?? 0, to: '/me/instruments?state=returned' },
    { label: '校准证书待确认', n: await countUnconfirmed(ctx), to: '/me/confirmations' },
  ].filter(({ n }) => n > 0)
  if (figures.length === 0) return undefined
  const end = addDays(today, 6)
  const saved = fen((await forecast(ctx)).items.filter(({ dueOn }) => dueOn <= end).reduce((sum, { off }) => sum + off, 0n))
  const waiting = due.filter(sendable).length
  return {
    title: '本周计量',
    figures: [
      ...figures.map(({ label, n, to }) => ({ label, value: String(n), unit: '件', to })),
      ...(saved > 0n ? [{ label: '本周到期的可少付', value: formatYuan(saved), to: '/me/instruments/forecast' }] : []),
    ],
    ...(waiting > 0 && { action: { label: `看 ${waiting} 件怎么送最省事`, to: '/me/instruments/due' } }),
  }
}

/** What waits: overdue mandatory ones first, then what must go this week, then what came back. One line each, none for nothing. */
export async function desk(ctx: Ctx): Promise<DeskItem[]> {
  if (ctx.actor.role !== 'enterprise') return []
  const today = shanghaiDate(ctx.now)
  const { turnaroundWorkdays } = await settingsOf(ctx)
  const due = (await dueItems(ctx, addDays(today, 60))).filter(sendable)
  const overdue = due.filter(({ validUntil, mandatory }) => validUntil < today && mandatory === 'yes')
  const week = due.filter(({ validUntil }) => validUntil >= today && sendBy(validUntil, turnaroundWorkdays) <= addDays(today, 6))
  const returned = (await countsByState(ctx)).returned ?? 0
  const line = (id: string, title: string, to: string, action: string, dueOn?: string): DeskItem => ({
    id,
    title,
    to,
    action,
    kind: '计量器具',
    since: ctx.now,
    ...(dueOn && { dueOn, overdue: dueOn < today }),
  })
  return [
    ...(overdue.length > 0
      ? [
          line(
            'due-overdue',
            `${overdue.length} 件强制检定器具已逾期，逾期不得使用（《计量法》第九条）`,
            '/me/instruments/due?stage=overdue',
            '去送检',
            overdue[0]!.validUntil,
          ),
        ]
      : []),
    ...(week.length > 0
      ? [line('due-week', `${week.length} 件要在本周送出，才能在到期前取回`, '/me/instruments/due', '打包送检', week[0]!.validUntil)]
      : []),
    ...(returned > 0
      ? [line('due-returned', `${returned} 件已取回，等录入结果并确认可用`, '/me/instruments?state=returned', '去确认')]
      : []),
  ]
}
