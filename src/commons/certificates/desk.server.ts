/** What waits at an approver's desk: withdrawals that another has asked for, a signing key that ends soon or is missing. At an enterprise's: files that a person must look at. */
import { shanghaiDate } from '../../core/promise-clock.ts'
import type { Ctx } from '../../platform/db.server.ts'
import type { DeskItem } from '../../web/shell.ts'
import { renewWithin } from './keys/model.ts'
import { listKeys } from './keys/queries.server.ts'
import { listIncoming } from './incoming/queries.server.ts'
import { listCertificates } from './queries.server.ts'

export async function desk(ctx: Ctx): Promise<DeskItem[]> {
  if (ctx.actor.role === 'enterprise') return incoming(ctx)
  if (ctx.actor.role !== 'approver') return []
  const { rows } = await listCertificates(ctx, { state: 'withdrawing', pageSize: 50 })
  const withdrawals = rows
    .filter(({ asked_by }) => asked_by !== ctx.actor.id)
    .map((row) => ({
      id: row.id,
      title: `${row.asked_by_name ?? ''}申请撤销 ${row.number}（${row.client_name}）`,
      to: `/certificates/${row.id}`,
      action: '核对',
      kind: '证书',
      since: row.changed_at ?? row.issued_at,
    }))
  return [...withdrawals, ...(await keys(ctx))]
}

async function keys(ctx: Ctx): Promise<DeskItem[]> {
  const { rows } = await listKeys(ctx, { pageSize: 50 })
  const [newest] = rows
  if (!newest) return []
  const item = { action: '去办理', kind: '签名密钥' }
  if (newest.state === 'revoked')
    return [{ ...item, id: newest.id, title: '签名密钥已吊销，不能签发证书', to: '/certificates/keys', since: newest.revoked_at! }]
  const soon = new Date(Date.parse(newest.not_after) - renewWithin * 86_400_000).toISOString()
  if (newest.state !== 'active' || ctx.now < soon) return []
  const title = `签名密钥有效期到 ${shanghaiDate(newest.not_after)}，请换新`
  return [{ ...item, id: newest.id, title, to: `/certificates/keys/${newest.id}`, since: soon }]
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
