import { redirect, useActionData } from 'react-router'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal, refuse } from '../../../core/refusal.ts'
import { choices } from '../../../core/workflow.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { DateField } from '../../../web/ui/fields.tsx'
import { ErrorSummary, FormPage, Submit } from '../../../web/ui/form.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { endMembership, renewMembership } from '../commands.server.ts'
import { duties, scopes } from '../model.ts'
import { actingMembership, listMemberships } from '../queries.server.ts'
import { isExpired, sayRenewers, whoCanRenew } from '../rules.ts'
import { workflow } from '../workflow.ts'
import type { Route } from './+types/people.ts'

export const meta = () => [{ title: '人员与授权 · 衡企' }]

export async function loader({ context }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  if (ctx.actor.role !== 'enterprise') throw new Response('这里是企业自己的人员与授权，请以企业身份登录。', { status: 403 })
  const today = shanghaiDate(ctx.now)
  const all = await listMemberships(ctx)
  const acting = actingMembership(ctx, all)
  return {
    today,
    rows: all.map((each) => ({
      ...each,
      expired: isExpired(each, today),
      renewers: sayRenewers(whoCanRenew(each, all, today)),
      choices: choices(workflow, { state: each.state, org_id: each.orgId, region: each.region, person_id: each.personId, duty: each.duty, scope: each.scope, acting }, ctx.actor, ctx.now),
    })),
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  const form = await request.formData()
  const id = String(form.get('id') ?? '')
  const version = Number(form.get('version'))
  if (!/^[0-9a-f-]{36}$/.test(id)) return refused(refuse('missing', '没有这项授权'))
  const done = form.get('step') === 'end' ? await endMembership(ctx, id, { version }) : await renewMembership(ctx, id, { endsOn: String(form.get('endsOn') ?? ''), version })
  return isRefusal(done) ? refused(done) : redirect('/me/people')
}

export default function People({ loaderData: { rows } }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  return (
    <Page title="人员与授权" lead="谁能代表本单位办事、办什么、到什么时候。法定代表人授权管理员，管理员授权经办人。">
      <ErrorSummary refusal={result?.refusal} />
      {rows.map((row) => (
        <article key={row.id} className="card">
          <div className="row">
            <h2>{row.personName}</h2>
            <Badge tone={row.state === 'ended' ? 'neutral' : row.expired ? 'warn' : 'good'}>{row.state === 'ended' ? '已终止' : row.expired ? '已到期' : '有效'}</Badge>
          </div>
          <p>
            {duties[row.duty]}，{row.startsOn} 至 {row.endsOn ?? '终止为止'}，可办：{row.scope.map((scope) => scopes[scope]).join('、') || '无'}
            {row.grantedByName && `，由${row.grantedByName}授权`}
          </p>
          {row.expired && row.state === 'active' && <p>可以续期的人：{row.renewers}</p>}
          {row.choices.map((choice) =>
            choice.disabledReason ? (
              <p key={choice.name} className="soft">
                {choice.label}：{choice.disabledReason}
              </p>
            ) : (
              <Disclosure key={choice.name} summary={choice.label}>
                <FormPage>
                  <input type="hidden" name="id" value={row.id} />
                  <input type="hidden" name="version" value={row.version} />
                  {choice.confirm && <p>{choice.confirm}</p>}
                  {choice.name === 'renew' && <DateField name="endsOn" label="新的截止日期" required error={result?.refusal.fields?.endsOn} />}
                  <Submit label={choice.confirm ? `确认${choice.label}` : choice.label} name="step" value={choice.name} danger={choice.name === 'end'} />
                </FormPage>
              </Disclosure>
            ),
          )}
        </article>
      ))}
    </Page>
  )
}
