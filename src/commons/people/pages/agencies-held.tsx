import { redirect, useActionData } from 'react-router'
import { isRefusal } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Empty } from '../../../web/ui/feedback.tsx'
import { ErrorSummary } from '../../../web/ui/form.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { isAgentRole } from '../agencies/model.ts'
import { listAgencies } from '../agencies/queries.server.ts'
import { whoMayBeAgent } from '../agencies/rules.ts'
import { personNumber } from '../model.ts'
import { agencyRows, takeAgencyStep } from './agencies.server.ts'
import { Agencies } from './agencies.tsx'
import type { Route } from './+types/agencies-held.ts'

export const meta = () => [{ title: '我的代办 · 衡企' }]

export async function loader({ context }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  if (ctx.actor.agent) throw redirect('/desk')
  if (!isAgentRole(ctx.actor.role)) throw new Response(`${whoMayBeAgent}。`, { status: 403 })
  return { rows: await agencyRows(ctx, await listAgencies(ctx)), number: personNumber(ctx.actor.id) }
}

export async function action({ request, context }: Route.ActionArgs) {
  const form = await request.formData()
  const done = await takeAgencyStep(context.get(ctxKey), form)
  return isRefusal(done) ? refused(done, { id: String(form.get('id') ?? '') }) : redirect('/agencies')
}

export default function AgenciesHeld({ loaderData: { rows, number } }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  return (
    <Page title="我的代办" lead="企业同意您代办的事。切换到“代某企业办理”后，每一步都记为您代该企业所办。">
      <ErrorSummary refusal={result?.refusal} />
      <p>
        您的个人编号：<strong>{number}</strong>
        <span className="soft">。企业同意代办时，请把它和姓名告诉对方。</span>
      </p>
      {rows.length === 0 ? (
        <Empty title="还没有企业让您代办" hint="企业的法定代表人或管理员在“代办”中同意后，会出现在这里。" />
      ) : (
        <Agencies rows={rows} side="agent" refusal={result?.refusal} failed={result?.values.id} />
      )}
    </Page>
  )
}
