/** Simulations that have come to an end lately, for the office that asked; and where simulations and savings are found. */
import type { Actor } from '../../core/access.ts'
import type { Ctx } from '../../platform/db.server.ts'
import type { DeskItem, MenuItem } from '../../web/shell.ts'
import { simulationStates } from './simulation-model.ts'
import { listSimulations } from './simulation-queries.server.ts'

/** Days for which a result stands on the desk of whoever asked. */
const fresh = 3

export async function simulationDesk(ctx: Ctx): Promise<DeskItem[]> {
  const since = new Date(Date.parse(ctx.now) - fresh * 86_400_000).toISOString()
  const { rows } = await listSimulations(ctx, { pageSize: 20 })
  return rows
    .filter(({ asked_by, state, finished_at }) => asked_by === ctx.actor.id && state !== 'cancelled' && (finished_at ?? ctx.now) >= since)
    .map((row) => ({
      id: row.id,
      title: `${row.title}：${simulationStates[row.state]}`,
      to: `/simulations/${row.id}`,
      action: row.state === 'running' ? '看进度' : '看结果',
      kind: '政策模拟',
      since: row.finished_at ?? row.created_at,
    }))
}

export const simulationMenu = ({ role }: Actor): MenuItem[] =>
  role === 'regulator'
    ? [
        { to: '/relief', label: '减免成效', group: '减免' },
        { to: '/simulations', label: '政策模拟', group: '减免' },
      ]
    : []
