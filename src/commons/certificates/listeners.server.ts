/** The enterprise hears when a certificate that it holds is no longer the one to use, or its key is not believed any more. */
import { platform } from '../../core/access.ts'
import type { Ctx } from '../../platform/db.server.ts'
import type { EventRow } from '../../platform/events.server.ts'
import type { Listener } from '../../platform/jobs.server.ts'
import { send } from '../messages/index.server.ts'
import { doubtOf } from './keys/model.ts'
import { findCertificate } from './queries.server.ts'

export const listeners: readonly Listener[] = [
  { name: 'certificates.tell', on: ['certificate.amended', 'certificate.withdrawn'], handle: tellEnterprise },
  { name: 'certificates.doubt', on: ['signing-key.revoked'], handle: tellHolders },
]

async function tellEnterprise(ctx: Ctx, event: EventRow): Promise<void> {
  const row = await findCertificate({ ...ctx, actor: platform }, event.subject_id)
  if (!row) return
  const amended = event.action === 'amended'
  await send(ctx, {
    province: row.province,
    orgId: row.org_id,
    region: row.region,
    role: 'enterprise',
    template: `certificate-${event.action}`,
    subject: 'certificate',
    subjectId: row.id,
    title: amended ? `证书 ${row.number} 已更正，请用新的` : `证书 ${row.number} 已撤销，不能再用`,
    body: `${row.item_name}${row.item_serial ? `（${row.item_serial}）` : ''}。原因：${row.reason ?? ''}。`,
    number: row.number,
    actionLabel: amended ? '看新证书' : '看原因',
    actionUrl: `/me/certificates/${(amended && row.replaced_by) || row.id}`,
    dedupe: `certificate:${event.id}`,
  })
}

/** Everyone who holds a certificate in force that the key signed since it may have been in other hands. */
async function tellHolders(ctx: Ctx, event: EventRow): Promise<void> {
  const key = await ctx.db.selectFrom('signing_keys').selectAll().where('id', '=', event.subject_id).executeTakeFirst()
  if (!key?.compromised_at) return
  const rows = await ctx.db
    .selectFrom('certificates')
    .select(['id', 'province', 'org_id', 'region', 'number', 'item_name', 'item_serial', 'issued_at'])
    .where('key_id', '=', key.id)
    .where('issued_at', '>=', key.compromised_at)
    .where('state', 'in', ['issued', 'withdrawing'])
    .execute()
  for (const row of rows)
    await send(ctx, {
      province: row.province,
      orgId: row.org_id,
      region: row.region,
      role: 'enterprise',
      template: 'certificate-doubtful',
      subject: 'certificate',
      subjectId: row.id,
      title: `证书 ${row.number} 的签名密钥已吊销，请向机构核实`,
      body: `${row.item_name}${row.item_serial ? `（${row.item_serial}）` : ''}。${doubtOf(key, row.issued_at) ?? ''}。`,
      number: row.number,
      actionLabel: '看证书',
      actionUrl: `/me/certificates/${row.id}`,
      dedupe: `certificate:${event.id}:${row.id}`,
    })
}
