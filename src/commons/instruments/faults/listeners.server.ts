/** The enterprise hears of each report once. */
import { platform } from '../../../core/access.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import type { EventRow } from '../../../platform/events.server.ts'
import type { Listener } from '../../../platform/jobs.server.ts'
import { send } from '../../messages/index.server.ts'
import './tables.server.ts'
import { workflow } from './workflow.ts'

export const listeners: readonly Listener[] = [{ name: 'instrument-fault.tell', on: [`${workflow.name}.reported`], handle: tellEnterprise }]

async function tellEnterprise(ctx: Ctx, event: EventRow): Promise<void> {
  const fault = await ctx.db
    .selectFrom('instrument_faults')
    .select(['province', 'org_id', 'region', 'number', 'description', 'due_on', 'file_id'])
    .where('id', '=', event.subject_id)
    .executeTakeFirst()
  // Whoever reports it from the instrument's page need not be told.
  if (!fault || event.actor_role === 'enterprise') return
  await send(
    { ...ctx, actor: platform },
    {
      province: fault.province,
      orgId: fault.org_id,
      region: fault.region,
      role: 'enterprise',
      template: 'instrument-fault.reported',
      subject: workflow.name,
      subjectId: event.subject_id,
      title: `有人报告故障：${event.title ?? ''}`,
      body: `${fault.description}${fault.file_id ? '（附照片）' : ''}。请在 ${fault.due_on} 前处理。`,
      actionLabel: '去处理',
      actionUrl: `/me/faults/${event.subject_id}`,
      number: fault.number,
      dedupe: `${workflow.name}:${event.subject_id}`,
    },
  )
}
