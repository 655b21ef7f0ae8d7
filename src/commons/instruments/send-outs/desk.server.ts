/** Batches that wait: to be sent, or to be fetched. */
import { shanghaiDate } from '../../../core/promise-clock.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import type { DeskItem } from '../../../web/shell.ts'
import { listSendOuts } from './queries.server.ts'

export async function desk(ctx: Ctx): Promise<DeskItem[]> {
  if (ctx.actor.role !== 'enterprise') return []
  const today = shanghaiDate(ctx.now)
  const { rows } = await listSendOuts(ctx, { states: ['planned', 'sent'], pageSize: 50 })
  return rows
    .map((row) => ({ row, dueOn: row.state === 'planned' ? row.send_on : row.back_on }))
    .filter(({ row, dueOn }) => row.state === 'planned' || dueOn <= today)
    .map(({ row, dueOn }) => ({
      id: row.id,
      title:
        row.state === 'planned'
          ? `${row.number}：${row.pieces} 件送 ${row.institution}`
          : `${row.number}：${row.open} 件应从 ${row.institution} 取回`,
      to: `/me/send-outs/${row.id}`,
      action: row.state === 'planned' ? '送出' : '取回',
      kind: '送检单',
      dueOn,
      overdue: dueOn < today,
      since: row.created_at,
    }))
}
