/** Imports that wait for somebody: to be confirmed, or with rows left to mend. */
import type { Ctx } from '../../../platform/db.server.ts'
import type { DeskItem } from '../../../web/shell.ts'
import { listImports } from './queries.server.ts'

export async function desk(ctx: Ctx): Promise<DeskItem[]> {
  if (ctx.actor.role !== 'enterprise') return []
  const { rows } = await listImports(ctx, { states: ['preview'], pageSize: 20 })
  return rows.map(({ id, file_name, counts: { pending, bad }, touched_at }) => {
    const ready = pending.new + pending.change
    const parts = [ready > 0 && `${ready} 件可以登记`, bad > 0 && `${bad} 行有问题`].filter(Boolean)
    return {
      id,
      title: `导入“${file_name}”：${parts.join('，') || '待确认'}`,
      to: `/me/instruments/imports/${id}`,
      action: ready > 0 ? '确认登记' : '改好剩下的行',
      kind: '台账导入',
      since: touched_at,
    }
  })
}
