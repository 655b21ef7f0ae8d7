/** Reactions to events and to the calendar: match again whom it may concern. */
import { send } from '../../commons/messages/index.server.ts'
import { listPolicies, settingOf } from '../../commons/policies/index.server.ts'
import { addDays } from '../../core/eligibility/calendar-day.ts'
import { facts as catalogue, type FactId } from '../../core/eligibility/facts.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { inTx, type Ctx } from '../../platform/db.server.ts'
import type { Refusal } from '../../core/refusal.ts'
import type { EventRow } from '../../platform/events.server.ts'
import type { Listener, Schedule } from '../../platform/jobs.server.ts'
import { findApplication } from './queries.server.ts'
import { rematchEnterprise, rematchPolicies, type Rematched } from './rematch.server.ts'
import { tellStep } from './tell.ts'
import { dependsOnEvent, mayTurn } from './term.ts'

const policyCauses: Readonly<Record<string, string>> = {
  published: '新发布的政策',
  superseded: '政策有了新版本',
  ended: '发文机关已废止这项政策',
}

export const listeners: readonly Listener[] = [
  // First, so that somebody new hears once of all policies and not of each.
  {
    name: 'policy-push.profile',
    on: ['profile.changed', 'organisation.registered'],
    handle: (ctx, event) => rematchEnterprise(ctx, event.org_id ?? event.subject_id, { words: profileCause(event), key: event.id }),
  },
  {
    name: 'policy-push.policy',
    on: ['policy.published', 'policy.superseded', 'policy.ended'],
    handle: (ctx, event) => rematchPolicies(ctx, [event.subject_id], { words: policyCause(event), key: event.id }),
  },
  {
    name: 'policy-push.event',
    on: ['policy-event.*'],
    handle: async (ctx, event) =>
      rematchPolicies(ctx, await policiesWithEvent(ctx, event.subject_id), {
        words: `${event.title ?? '政策所说的期间'}的起止日期有更新`,
        key: event.id,
      }),
  },
  {
    name: 'policy-push.application',
    on: ['policy-application.accepted', 'policy-application.returned', 'policy-application.granted', 'policy-application.declined'],
    handle: tellApplicant,
  },
]

/** Every step of the authority is told to the enterprise, with what it can do now. */
async function tellApplicant(ctx: Ctx, event: EventRow): Promise<void> {
  const row = await findApplication(ctx, event.subject_id)
  if (!row) return
  const told = tellStep(row, event.action)
  const { province, org_id: orgId, region, id } = row
  await send(ctx, {
    province,
    orgId,
    region,
    role: 'enterprise',
    subject: 'policy-application',
    subjectId: id,
    ...told,
    dedupe: `policy-application:${event.id}`,
  })
}

const detailOf = (event: EventRow, key: string): unknown => (event.detail as Record<string, unknown> | null)?.[key]

function policyCause(event: EventRow): string {
  const number = detailOf(event, 'number')
  if (event.action === 'published' && typeof number === 'number' && number > 1) return '政策有了新版本'
  return policyCauses[event.action] ?? '政策有变化'
}

function profileCause(event: EventRow): string {
  if (event.subject === 'organisation') return '登记完成'
  const fact = detailOf(event, 'fact')
  return typeof fact === 'string' && fact in catalogue ? `${catalogue[fact as FactId].label}已更新` : '企业信息已更新'
}

async function policiesWithEvent(ctx: Ctx, eventId: string): Promise<string[]> {
  const { rows } = await listPolicies(ctx, { pageSize: Number.MAX_SAFE_INTEGER })
  return rows.filter(({ content }) => dependsOnEvent(content, eventId)).map(({ policyId }) => policyId)
}

/** Days looked back, so that nothing is missed when the platform stood still for some nights; a repeated look changes nothing. */
const lookBack = 7

/** Policies whose window, own dates or event began or ended lately, and those with an age condition. */
export async function rematchTurning(ctx: Ctx): Promise<Rematched | Refusal> {
  const today = shanghaiDate(ctx.now)
  const { events } = await settingOf(ctx, today)
  const { rows } = await listPolicies(ctx, { pageSize: Number.MAX_SAFE_INTEGER })
  const turning = rows.filter(({ content }) => mayTurn(content, events, addDays(today, -lookBack), today)).map(({ policyId }) => policyId)
  return inTx(ctx, (tx) => rematchPolicies(tx, turning, { words: `${today} 起办理期有变化`, key: `day:${today}` }))
}

export const schedules: readonly Schedule[] = [{ name: 'policy-push-turning', cron: '10 0 * * *', run: rematchTurning }]
