/** Certificates that wait to be confirmed, and traces that wait for a signature. */
import type { Ctx } from '../../../platform/db.server.ts'
import type { DeskItem } from '../../../web/shell.ts'
import { listTraces } from '../traces/queries.server.ts'
import { listUnconfirmed } from './queries.server.ts'

export async function desk(ctx: Ctx): Promise<DeskItem[]> {
  if (ctx.actor.role !== 'enterprise') return []
  const waiting = await listUnconfirmed(ctx)
  const { rows } = await listTraces(ctx, { state: 'open', pageSize: 50 })
  return [
    ...waiting.map((row) => ({
      id: row.check_id,
      title: `${row.code} ${row.name}：${row.done_on} 的校准证书还没有确认`,
      to: row.draft_id ? `/me/confirmations/${row.draft_id}` : `/me/instruments/${row.instrument_id}/checks/${row.check_id}/confirm`,
      action: row.draft_id ? '签字' : '作计量确认',
      kind: '计量确认',
      since: row.created_at,
    })),
    ...rows.map((row) => ({
      id: row.id,
      title: `${row.instrument_code} ${row.instrument_name} 超差：${row.unjudged > 0 ? `还有 ${row.unjudged} 项没有评价` : '可以签字结案'}`,
      to: `/me/traces/${row.id}`,
      action: row.unjudged > 0 ? '去评价' : '去签字',
      kind: '追溯评价',
      dueOn: row.due_on,
      provisional: row.due_provisional,
      overdue: row.overdue,
      since: row.created_at,
    })),
  ]
}
