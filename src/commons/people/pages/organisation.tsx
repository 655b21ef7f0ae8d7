import { ctxKey } from '../../../platform/context.server.ts'
import { timeline } from '../../../platform/events.server.ts'
import { facts as catalogue, type FactId } from '../../../core/eligibility/facts.ts'
import { Facts } from '../../../web/ui/list.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { Timeline } from '../../../web/ui/timeline.tsx'
import { profileOf } from '../queries.server.ts'
import { profileView } from './profile-view.server.ts'
import type { Route } from './+types/organisation.ts'

export const meta = () => [{ title: '企业 · 衡企' }]

export async function loader({ params, context }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  const missing = new Response('没有这家企业，或不在您的辖区。', { status: 404 })
  if (!/^[0-9a-f-]{36}$/.test(params.id) || (ctx.actor.role !== 'regulator' && ctx.actor.role !== 'admin')) throw missing
  const profile = await profileOf(ctx, params.id)
  if (!profile) throw missing
  const events = await timeline(ctx.db, 'profile', params.id)
  return {
    ...profileView(profile),
    events: events.map(({ at, actor_name, detail }) => ({
      at,
      who: actor_name,
      what: `更新${(detail as { facts: { fact: FactId }[] }).facts.map(({ fact }) => catalogue[fact].label).join('、')}`,
    })),
  }
}

export default function OrganisationPage({ loaderData: { org, facts, size, events } }: Route.ComponentProps) {
  const known = facts.filter((each) => each.said !== null)
  return (
    <Page title={org.name} lead={`${org.uscc ?? '没有统一社会信用代码'}，${org.region}，规模：${size.said}`} back={{ to: '/organisations', label: '辖区企业' }}>
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
    </Page>
  )
}
