/** What waits for a regulator: reviews that somebody else submitted, and own drafts, above all returned ones. */
import type { Ctx } from '../../platform/db.server.ts'
import type { DeskItem } from '../../web/shell.ts'
import { listPolicyDesk, type DeskRow } from './queries.server.ts'

export async function desk(ctx: Ctx): Promise<DeskItem[]> {
  if (ctx.actor.role !== 'regulator' && ctx.actor.role !== 'admin') return []
  return (await listPolicyDesk(ctx)).flatMap(toItem)
}

function toItem(row: DeskRow): DeskItem[] {
  const item = { id: row.versionId, title: `${row.title || '（未写标题）'}（第 ${row.number} 版）`, since: row.since }
  if (row.state === 'review') return row.mine ? [] : [{ ...item, kind: '政策审核', action: '审核', to: `/policies/${row.slug}/review` }]
  if (!row.mine) return []
  // A draft that carries an opinion has been sent back.
  return [{ ...item, kind: row.opinion ? '退回修改的政策' : '政策草稿', action: '继续修改', to: `/policies/${row.slug}/edit` }]
}
