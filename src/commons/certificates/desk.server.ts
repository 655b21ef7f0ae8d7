/** What waits at an approver's desk: withdrawals that another has asked for. */
import type { Ctx } from '../../platform/db.server.ts'
import type { DeskItem } from '../../web/shell.ts'
import { listCertificates } from './queries.server.ts'

export async function desk(ctx: Ctx): Promise<DeskItem[]> {
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
