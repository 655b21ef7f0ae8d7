/** Fault reports that wait for the enterprise. */
import type { Ctx } from '../../../platform/db.server.ts'
import type { DeskItem } from '../../../web/shell.ts'
import { listFaults } from './queries.server.ts'

export async function desk(ctx: Ctx): Promise<DeskItem[]> {
  if (ctx.actor.role !== 'enterprise') return []
  const { rows } = await listFaults(ctx, { state: 'open', pageSize: 50 })
  return rows.map((row) => ({
    id: row.id,
    title: `${row.instrument_code} ${row.instrument_name}：${row.description}`,
    to: `/me/faults/${row.id}`,
    action: row.state === 'reported' ? '去处理' : '继续处理',
    kind: '器具故障',
    dueOn: row.due_on,
    provisional: row.due_provisional,
    overdue: row.overdue,
    since: row.created_at,
  }))
}
