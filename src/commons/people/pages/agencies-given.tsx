import { redirect, useActionData } from 'react-router'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { Empty } from '../../../web/ui/feedback.tsx'
import { ErrorSummary } from '../../../web/ui/form.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { listAgencies } from '../agencies/queries.server.ts'
import { agencyScopes } from '../agencies/model.ts'
import { consentProblem, lastDay } from '../agencies/rules.ts'
import { actingMembership, listMemberships } from '../queries.server.ts'
import { agencyRows, giveConsent, takeAgencyStep, typedConsent } from './agencies.server.ts'
import { Agencies } from './agencies.tsx'
import { ConsentForm, type TypedConsent } from './consent-form.tsx'
import type { Route } from './+types/agencies-given.ts'

export const meta = () => [{ title: '代办 · 衡企' }]

export async function loader({ context }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  if (ctx.actor.role !== 'enterprise') throw new Response('这里是企业自己同意的代办，请以企业身份登录。', { status: 403 })
  if (ctx.actor.agent) throw new Response(`代办由${ctx.actor.org_name}自己同意和撤回。`, { status: 403 })
  const today = shanghaiDate(ctx.now)
  const acting = actingMembership(ctx, await listMemberships(ctx))
  const last = lastDay(today)
  return {
    rows: await agencyRows(ctx, await listAgencies(ctx)),
    whyNot: consentProblem(acting, today),
    may: {
      scopes: agencyScopes.filter((scope) => acting?.scope.includes(scope)),
      today,
      last: acting?.endsOn && acting.endsOn < last ? acting.endsOn : last,
    },
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  const form = await request.formData()
  const gives = form.get('step') === 'consent'
  const done = gives ? await giveConsent(ctx, form) : await takeAgencyStep(ctx, form)
  if (!isRefusal(done)) return redirect('/me/agencies')
  const values: { id: string; typed: TypedConsent | undefined } = {
    id: String(form.get('id') ?? ''),
    typed: gives ? typedConsent(form) : undefined,
  }
  return refused(done, values)
}

export default function AgenciesGiven({ loaderData: { rows, whyNot, may } }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  const typed = result?.values.typed
  return (
    <Page title="代办" lead="让企业管家或计量技术机构的人代本单位办理。只在您同意的范围和期限内有效，可以随时撤回。">
      <ErrorSummary refusal={result?.refusal} />
      {whyNot ? (
        <p className="soft">同意一个人代办：{whyNot}。</p>
      ) : (
        <Disclosure summary="同意一个人代办" open={typed !== undefined}>
          <ConsentForm may={may} typed={typed} refusal={typed && result?.refusal} />
        </Disclosure>
      )}
      {rows.length === 0 ? (
        <Empty title="没有代办" hint="本单位没有让外单位的人代办。" />
      ) : (
        <Agencies rows={rows} side="enterprise" refusal={result?.refusal} failed={result?.values.id} />
      )}
    </Page>
  )
}
