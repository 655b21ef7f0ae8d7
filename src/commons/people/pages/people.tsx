import { redirect, useActionData } from 'react-router'
import { isRefusal } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { ErrorSummary } from '../../../web/ui/form.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { listMemberships } from '../queries.server.ts'
import { delegationRows, takeDelegationStep } from './delegations.server.ts'
import { Delegations } from './delegations.tsx'
import type { Route } from './+types/people.ts'

export const meta = () => [{ title: '人员与授权 · 衡企' }]

export async function loader({ context }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  if (ctx.actor.role !== 'enterprise') throw new Response('这里是企业自己的人员与授权，请以企业身份登录。', { status: 403 })
  return { rows: delegationRows(ctx, await listMemberships(ctx)) }
}

export async function action({ request, context }: Route.ActionArgs) {
  const form = await request.formData()
  const done = await takeDelegationStep(context.get(ctxKey), form)
  return isRefusal(done) ? refused(done, { id: String(form.get('id') ?? '') }) : redirect('/me/people')
}

export default function People({ loaderData: { rows } }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  return (
    <Page title="人员与授权" lead="谁能代表本单位办事、办什么、到什么时候。法定代表人授权管理员，管理员授权经办人。">
      <ErrorSummary refusal={result?.refusal} />
      <Delegations rows={rows} refusal={result?.refusal} failed={result?.values.id} />
    </Page>
  )
}
