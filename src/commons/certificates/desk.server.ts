/** What waits at an approver's desk: withdrawals that another has asked for. At an enterprise's: files that a person must look at. */
import type { Ctx } from '../../platform/db.server.ts'
import type { DeskItem } from '../../web/shell.ts'
import { listIncoming } from './incoming/queries.server.ts'
import { listCertificates } from './queries.server.ts'

export async function desk(ctx: Ctx): Promise<DeskItem[]> {
  if (ctx.actor.role === 'enterprise') return incoming(ctx)
  if (ctx.actor.role !== 'approver') return []
  const { rows } = await listCertificates(ctx, { state: 'withdrawing', pageSize: 50 })
  return rows
    .filter(({ asked_by }) => asked_by !== ctx.actor.id)
    .map((row) => ({
      id: row.id,
      title: `${row.asked_by_name ?? ''}申请撤销 ${row.number}（${row.client_name}）`,
      to: `/certificates/${row.id}`,
      action: '核对',
      kind: '证书',
      since: row.changed_at ?? row.issued_at,
    }))
}

async function incoming(ctx: Ctx): Promise<DeskItem[]> {
  const { rows } = await listIncoming(ctx, { state: 'waiting', pageSize: 50 })
  return rows.map((row) => ({
    id: row.id,
    title: `上传的证书 ${row.number ?? row.name} 还没有记入台账：${row.reason ?? ''}`,
    to: `/me/certificates/incoming/${row.id}`,
    action: '去核对',
    kind: '证书',
    since: row.created_at,
  }))
}
