/** What waits for this person, and the pages of this measure in the menu. */
import type { Actor } from '../../core/access.ts'
import type { Ctx } from '../../platform/db.server.ts'
import type { DeskItem, MenuItem } from '../../web/shell.ts'
import { facts as catalogue } from '../../core/eligibility/facts.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { matchesFor } from './matches.server.ts'
import { listApplications, type ApplicationRow } from './queries.server.ts'

export async function desk(ctx: Ctx): Promise<DeskItem[]> {
  if (ctx.actor.role === 'enterprise') return [...(await returned(ctx)), ...(await questions(ctx))]
  return ctx.actor.role === 'regulator' ? waiting(ctx) : []
}

async function returned(ctx: Ctx): Promise<DeskItem[]> {
  const { rows } = await listApplications(ctx, { state: 'returned', pageSize: 50 })
  return rows.map((row) => ({
    id: row.id,
    title: `${row.title}：${row.opinion ?? '请补正'}`,
    to: `/me/applications/${row.id}`,
    action: '去补正',
    kind: '政策申请退回',
    since: row.pauses.at(-1)?.from ?? row.created_at,
  }))
}

/** One line for all questions: the most useful one is asked on the page itself. */
async function questions(ctx: Ctx): Promise<DeskItem[]> {
  const matches = await matchesFor(ctx)
  const [first] = matches?.grouped.questions ?? []
  if (!first) return []
  const title = `回答“${catalogue[first.fact].label}”，能让 ${first.decides} 项政策更快有结论`
  return [{ id: first.fact, title, to: '/me/matches', action: '去回答', kind: '政策匹配', since: ctx.now }]
}

async function waiting(ctx: Ctx): Promise<DeskItem[]> {
  const [submitted, accepted] = [await listApplications(ctx, byDue('submitted')), await listApplications(ctx, byDue('accepted'))]
  return [...submitted.rows, ...accepted.rows].map((row) => toItem(row, shanghaiDate(ctx.now)))
}

const byDue = (state: 'submitted' | 'accepted') => ({ state, sort: 'due_on', dir: 'asc', pageSize: 50 }) as const

const toItem = (row: ApplicationRow, today: string): DeskItem => ({
  id: row.id,
  title: `${row.org_name}：${row.title}`,
  to: `/applications/${row.id}`,
  action: row.state === 'submitted' ? '受理' : '办理',
  kind: '政策申请',
  dueOn: row.due_on,
  provisional: row.due_provisional,
  overdue: row.due_on < today,
  since: row.created_at,
})

export const menu = ({ role }: Actor): MenuItem[] => {
  if (role === 'enterprise')
    return [
      { to: '/me/matches', label: '现在能用的政策', group: '政策' },
      { to: '/me/applications', label: '我的申请', group: '政策' },
    ]
  if (role === 'regulator')
    return [
      { to: '/applications', label: '政策申请办理', group: '政策' },
      { to: '/awareness', label: '政策知晓情况', group: '政策' },
    ]
  return role === 'admin' ? [{ to: '/applications', label: '政策申请', group: '政策' }] : []
}
