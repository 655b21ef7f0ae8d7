import { redirect, useActionData } from 'react-router'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { ErrorSummary } from '../../../web/ui/form.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { personNumber } from '../model.ts'
import { actingMembership, listMemberships } from '../queries.server.ts'
import { authorityProblem, grantableDuties } from '../rules.ts'
import { delegationRows, giveDelegation, takeDelegationStep, typedGrant } from './delegations.server.ts'
import { Delegations } from './delegations.tsx'
import { GrantForm, type TypedGrant } from './grant-form.tsx'
import type { Route } from './+types/people.ts'

export const meta = () => [{ title: '人员与授权 · 衡企' }]

export async function loader({ context }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  if (ctx.actor.role !== 'enterprise') throw new Response('这里是企业自己的人员与授权，请以企业身份登录。', { status: 403 })
  if (ctx.actor.agent) throw new Response(`代办不含人员与授权，这里由${ctx.actor.org_name}自己办理。`, { status: 403 })
  const all = await listMemberships(ctx)
  const today = shanghaiDate(ctx.now)
  const acting = actingMembership(ctx, all)
  const duties = grantableDuties(acting, today)
  const scopes = (acting?.scope ?? []).filter((scope) => duties.includes('manager') || scope !== 'people')
  return {
    rows: await delegationRows(ctx, all),
    number: personNumber(ctx.actor.id),
    may: { duties, scopes, endsOn: acting?.endsOn ?? null, today },
    whyNot: duties.length > 0 ? undefined : authorityProblem(acting, 'clerk', today),
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  const form = await request.formData()
  const grants = form.get('step') === 'grant'
  const done = grants ? await giveDelegation(ctx, form) : await takeDelegationStep(ctx, form)
  if (!isRefusal(done)) return redirect('/me/people')
  const values: { id: string; typed: TypedGrant | undefined } = {
    id: String(form.get('id') ?? ''),
    typed: grants ? typedGrant(form) : undefined,
  }
  return refused(done, values)
}

export default function People({ loaderData: { rows, number, may, whyNot } }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  const typed = result?.values.typed
  return (
    <Page title="人员与授权" lead="谁能代表本单位办事、办什么、到什么时候。法定代表人授权管理员，管理员授权经办人。">
      <ErrorSummary refusal={result?.refusal} />
      <p>
        您的个人编号：<strong>{number}</strong>
        <span className="soft">。别的单位要授权给您时，把它和姓名告诉对方。</span>
      </p>
      {may.duties.length > 0 ? (
        <Disclosure summary="授权一位同事" open={typed !== undefined}>
          <GrantForm may={may} typed={typed} refusal={typed && result?.refusal} />
        </Disclosure>
      ) : (
        <p className="soft">授权一位同事：{whyNot}</p>
      )}
      <Delegations rows={rows} refusal={result?.refusal} failed={result?.values.id} />
    </Page>
  )
}
