/** What orders do elsewhere: instruments leave and come back in the ledger, the enterprise hears what it can do now. */
import type { Ctx } from '../../platform/db.server.ts'
import type { EventRow } from '../../platform/events.server.ts'
import type { Listener } from '../../platform/jobs.server.ts'
import { followOrder } from '../instruments/index.server.ts'
import { send } from '../messages/index.server.ts'
import type { Order } from './model.ts'
import { findOrder } from './queries.server.ts'

export const listeners: readonly Listener[] = [
  { name: 'orders.ledger', on: ['order.accepted', 'order.handed-back'], handle: followLedger },
  {
    name: 'orders.tell',
    on: [
      'order.accepted',
      'order.refused',
      'order.ready',
      'order.late',
      'order.line-cancelled',
      'order.paused',
      'order.visit-booked',
      'order.visit-moved',
    ],
    handle: tellEnterprise,
  },
]

async function followLedger(ctx: Ctx, event: EventRow): Promise<void> {
  const found = await findOrder(ctx, event.subject_id)
  // On-site work leaves every instrument where it is.
  if (!found || found.order.mode === 'on-site') return
  const { order, lines } = found
  const handed = event.action === 'handed-back' ? ((event.detail as { lineIds?: string[] }).lineIds ?? []) : undefined
  const ids = lines
    .filter(({ id, state }) => (handed ? handed.includes(id) : state !== 'cancelled'))
    .flatMap(({ instrument_id }) => instrument_id ?? [])
  const org = { province: order.province, id: order.org_id, name: order.org_name, region: order.region }
  await followOrder(ctx, org, ids, handed ? 'take-back' : 'send', `委托单 ${order.number}，${order.institution_name}`)
}

interface Said {
  title: string
  body: string
  number: string
  actionLabel: string
}

async function tellEnterprise(ctx: Ctx, event: EventRow): Promise<void> {
  const found = await findOrder(ctx, event.subject_id)
  if (!found) return
  const { order } = found
  const detail = event.detail as { opinion?: string; what?: string; lines?: number; missing?: number; certificates?: number }
  const said = words(order, event.action, detail)
  if (!said) return
  await send(ctx, {
    province: order.province,
    orgId: order.org_id,
    region: order.region,
    role: 'enterprise',
    template: `order-${event.action}`,
    subject: 'order',
    subjectId: order.id,
    ...said,
    actionUrl: `/me/orders/${order.id}`,
    dedupe: `order:${event.id}`,
  })
}

function words(
  order: Order,
  action: string,
  detail: { opinion?: string; what?: string; lines?: number; missing?: number; certificates?: number },
): Said | undefined {
  const about = `${order.number}，${order.institution_name}`
  switch (action) {
    case 'accepted':
      return {
        title: `已受理 ${detail.lines ?? 0} 件，${order.due_on ?? ''} 前完成`,
        body: `${about}。减免已按今天的政策算好，之后政策变了也不改。${detail.missing ? `有 ${detail.missing} 件没有收到样品，没有受理。` : ''}`,
        number: order.due_on ?? '',
        actionLabel: '看明细',
      }
    case 'refused':
      return { title: '委托没有被受理', body: `${about}：${detail.opinion ?? ''}`, number: order.number, actionLabel: '看原因' }
    case 'ready':
      return {
        title: `${detail.certificates ?? 0} 份证书已出，可以取回`,
        body: `${about}。证书可以先在网上下载，有没有付清都不影响。`,
        number: `${detail.certificates ?? 0} 份`,
        actionLabel: '下载证书',
      }
    case 'late':
      return {
        title: `检测要延期${order.late_until ? `到 ${order.late_until}` : ''}`,
        body: `${about}：${detail.opinion ?? ''}`,
        number: order.late_until ?? order.number,
        actionLabel: '看进度',
      }
    case 'line-cancelled':
      return {
        title: `${detail.what ?? '一项'} 不做了`,
        body: `${about}：${detail.opinion ?? ''}。这一项不收费。`,
        number: '1 项',
        actionLabel: '看明细',
      }
    case 'paused':
      return {
        title: '检测在等您',
        body: `${about}：${detail.opinion ?? ''}。等待的时间不算机构的办理期限。`,
        number: order.number,
        actionLabel: '去处理',
      }
    case 'visit-booked':
    case 'visit-moved':
      return { title: `上门时间：${detail.what ?? ''}`, body: about, number: detail.what?.slice(0, 16) ?? '', actionLabel: '看明细' }
    default:
      return undefined
  }
}
