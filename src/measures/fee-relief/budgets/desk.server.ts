/** What waits for budgets' sake: changes for a second person, budgets near their end, items to look at or to answer. */
import type { Actor } from '../../../core/access.ts'
import { missingScope } from '../../../commons/people/index.server.ts'
import { fen, formatYuan } from '../../../core/money.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { regionName } from '../../../core/regions.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import type { DeskItem, MenuItem } from '../../../web/shell.ts'
import { listFlags } from './flags.server.ts'
import { meterWord, meterWords, sayShare } from './meter.ts'
import { flagKinds, flagStates } from './model.ts'
import { listBudgets } from './queries.server.ts'
import { governs } from './workflow.ts'

export async function desk(ctx: Ctx): Promise<DeskItem[]> {
  if (ctx.actor.role === 'enterprise') return ctx.actor.agent || (await missingScope(ctx, 'money')) ? [] : flagged(ctx)
  return ctx.actor.role === 'regulator' ? [...(await budgets(ctx)), ...(await flagged(ctx))] : []
}

async function budgets(ctx: Ctx): Promise<DeskItem[]> {
  const { rows } = await listBudgets(ctx, { pageSize: 100 })
  const open = rows.filter((row) => row.open && governs(ctx.actor, row.policy_region))
  const proposals = open.map((row) => ({
    id: row.id,
    title: `《${row.title}》${regionName(row.region)}的额度${row.state === 'proposed' ? '设立' : '调整'}`,
    to: `/relief-budgets/${row.id}`,
    action: '去办理',
    kind: '减免额度',
    since: row.created_at,
  }))
  const tight = rows.flatMap((row): DeskItem[] => {
    const word = meterWord(row.used_fen, row.amount_fen)
    if (row.state !== 'active' || row.open || word === 'enough' || !governs(ctx.actor, row.policy_region)) return []
    const queued = row.waiting > 0 ? `，排队 ${formatYuan(fen(row.queued))}` : ''
    return [
      {
        id: row.id,
        title: `《${row.title}》${regionName(row.region)}的额度${meterWords[word]}：已用 ${sayShare(row.used_fen, row.amount_fen)}${queued}`,
        to: `/relief-budgets/${row.id}`,
        action: '看额度',
        kind: '减免额度',
        since: row.created_at,
      },
    ]
  })
  return [...proposals, ...tight]
}

async function flagged(ctx: Ctx): Promise<DeskItem[]> {
  const today = shanghaiDate(ctx.now)
  const own = ctx.actor.role === 'enterprise'
  const { rows } = await listFlags(ctx, { open: true, pageSize: 50 })
  return rows
    .filter(({ state, due_on }) => (own ? state === 'asked' : state !== 'asked' || due_on < today))
    .map((row) => ({
      id: row.id,
      title: own
        ? `请说明：${flagKinds[row.kind]}（《${row.title}》）`
        : `${row.org_name}：${flagKinds[row.kind]}，${flagStates[row.state]}`,
      to: `${own ? '/me' : ''}/relief-flags/${row.id}`,
      action: own ? '去说明' : '核实',
      kind: '减免核实',
      dueOn: row.due_on,
      overdue: row.due_on < today,
      since: row.created_at,
    }))
}

export const menu = ({ role }: Actor): MenuItem[] =>
  role === 'regulator' || role === 'admin'
    ? [
        { to: '/relief-budgets', label: '减免额度', group: '减免' },
        { to: '/relief-flags', label: '减免核实', group: '减免' },
      ]
    : []
