import { redirect, useActionData } from 'react-router'
import { sayActor } from '../../../core/access.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { timeline } from '../../../platform/events.server.ts'
import { facts as catalogue, type FactId } from '../../../core/eligibility/facts.ts'
import { refused } from '../../../web/refused.server.ts'
import { ErrorSummary } from '../../../web/ui/form.tsx'
import { Facts } from '../../../web/ui/list.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { Timeline } from '../../../web/ui/timeline.tsx'
import { membershipsOf, profileOf } from '../queries.server.ts'
import { delegationRows, takeDelegationStep } from './delegations.server.ts'
import { Delegations } from './delegations.tsx'
import { profileView } from './profile-view.server.ts'
import type { Route } from './+types/organisation.ts'

export const meta = () => [{ title: '企业 · 衡企' }]

export async function loader({ params, context }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  const missing = new Response('没有这家企业，或不在您的辖区。', { status: 404 })
  if (ctx.actor.role !== 'regulator' && ctx.actor.role !== 'admin') throw missing
  const profile = await profileOf(ctx, params.id)
  if (!profile) throw missing
  const events = await timeline(ctx.db, 'profile', params.id)
  return {
    ...profileView(profile),
    // Who acts for a firm is the firm's own affair; the administrator helps where nobody in it can.
    delegations:
      ctx.actor.role === 'admin' ? await delegationRows(ctx, await membershipsOf(ctx, profile.org.province, profile.org.id)) : null,
    events: events.map((event) => ({
      at: event.at,
      who: sayActor(event),
      what: `更新${(event.detail as { facts: { fact: FactId }[] }).facts.map(({ fact }) => catalogue[fact].label).join('、')}`,
    })),
  }
}

export async function action({ params, request, context }: Route.ActionArgs) {
  const form = await request.formData()
  const done = await takeDelegationStep(context.get(ctxKey), form)
  return isRefusal(done) ? refused(done, { id: String(form.get('id') ?? '') }) : redirect(`/organisations/${params.id}`)
}

export default function OrganisationPage({ loaderData: { org, facts, size, events, delegations } }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  const known = facts.filter((each) => each.said !== null)
  return (
    <Page
      title={org.name}
      lead={`${org.uscc ?? '没有统一社会信用代码'}，${org.region}，规模：${size.said}`}
      back={{ to: '/organisations', label: '辖区企业' }}
    >
      <ErrorSummary refusal={result?.refusal} />
      <Facts
        items={known.map((each) => ({
          label: each.label,
          value: (
            <>
              {each.said}{' '}
              <small className="soft">
                {each.source}，{each.asOf}
              </small>{' '}
              {each.stale && <Badge tone="warn">超过 12 个月</Badge>}
            </>
          ),
        }))}
      />
      <p className="soft">未知 {facts.length - known.length} 项。</p>
      <h2>信息变更</h2>
      <Timeline entries={events} />
      {delegations && delegations.length > 0 && (
        <>
          <h2>人员与授权</h2>
          <Delegations rows={delegations} refusal={result?.refusal} failed={result?.values.id} />
        </>
      )}
    </Page>
  )
}
