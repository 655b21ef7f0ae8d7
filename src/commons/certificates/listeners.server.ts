/** The enterprise hears when a certificate that it holds is no longer the one to use. */
import { platform } from '../../core/access.ts'
import type { Ctx } from '../../platform/db.server.ts'
import type { EventRow } from '../../platform/events.server.ts'
import type { Listener } from '../../platform/jobs.server.ts'
import { send } from '../messages/index.server.ts'
import { findCertificate } from './queries.server.ts'

export const listeners: readonly Listener[] = [
  { name: 'certificates.tell', on: ['certificate.amended', 'certificate.withdrawn'], handle: tellEnterprise },
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
