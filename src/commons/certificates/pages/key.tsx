import { Form, redirect, useActionData } from 'react-router'
import { sayActor } from '../../../core/access.ts'
import { isRefusal, refuse } from '../../../core/refusal.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { choices } from '../../../core/workflow.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { timeline } from '../../../platform/events.server.ts'
import { admit, missing } from '../../../web/admit.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { Notice } from '../../../web/ui/feedback.tsx'
import { DateField, TextArea } from '../../../web/ui/fields.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import { Facts } from '../../../web/ui/list.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { Steps } from '../../../web/ui/steps.tsx'
import { Timeline } from '../../../web/ui/timeline.tsx'
import { renewKey, revokeKey } from '../keys/change.server.ts'
import { asProtected, keyEventWords, keyStates, keyTones, renewWithin } from '../keys/model.ts'
import { findOwnKey } from '../keys/queries.server.ts'
import { suiteOf } from '../keys/suites.server.ts'
import { workflow } from '../keys/workflow.ts'
import type { Route } from './+types/key.ts'

export const meta = () => [{ title: '签名密钥 · 衡企' }]

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['approver', 'regulator', 'admin'])
  const row = await findOwnKey(ctx, params.id)
  if (!row) throw missing('这把签名密钥')
  const steps = choices(workflow, asProtected(row), ctx.actor, ctx.now)
  const until = shanghaiDate(row.not_after)
  const left = Math.floor((Date.parse(row.not_after) - Date.parse(ctx.now)) / 86_400_000)
  return {
    title: `签名密钥 ${row.fingerprint.slice(0, 8)}`,
    owner: row.owner,
    state: row.state,
    version: row.version,
    today: shanghaiDate(ctx.now),
    ending: row.state === 'active' && left < renewWithin ? (left < 0 ? `已于 ${until} 到期` : `还有 ${left} 天到期`) : undefined,
    facts: [
      { label: '算法', value: suiteOf(row.certificate)?.label ?? '—' },
      { label: '指纹（SHA-256）', value: row.fingerprint.replace(/.{8}(?=.)/g, '$& ') },
      { label: '有效期', value: `${shanghaiDate(row.not_before)} 至 ${until}` },
      { label: '签发证书', value: `${row.signed} 份` },
      ...(row.revoked_at
        ? [
            { label: '吊销', value: `${shanghaiDate(row.revoked_at)}，${row.revoked_by_name ?? '平台'}` },
            { label: '原因', value: row.revoked_reason ?? '' },
            { label: '从哪一天起不能采信', value: `${shanghaiDate(row.compromised_at!)}，涉及证书 ${row.doubted} 份` },
          ]
        : []),
    ],
    certificate: row.certificate,
    steps: steps.filter(({ name }) => name === 'renew'),
    mayRevoke: steps.some(({ name }) => name === 'revoke'),
    entries: (await timeline(ctx.db, workflow.name, row.id)).map((event) => ({
      at: event.at,
      who: sayActor(event),
      what: keyEventWords[event.action] ?? event.action,
      detail: (event.detail as { reason?: string }).reason,
    })),
  }
}

export async function action({ params, request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['approver', 'admin'])
  const values = Object.fromEntries([...(await request.formData())].map(([name, value]) => [name, String(value).trim()]))
  const version = Number(values.version)
  const run = () => {
    if (values.step === 'renew') return renewKey(ctx, params.id, { version })
    if (values.step === 'revoke')
      return revokeKey(ctx, params.id, { version, opinion: (values.opinion ?? '').slice(0, 300), since: values.since ?? '' })
    return refuse('invalid', '没有这一步。')
  }
  const answer = await run()
  return isRefusal(answer) ? refused(answer, values) : redirect(`/certificates/keys/${answer.id}`)
}

export default function KeyPage({ loaderData: page }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  const typed: Record<string, string> = result?.values ?? {}
  const errors = result?.refusal.fields ?? {}
  return (
    <Page
      title={page.title}
      lead={page.owner}
      state={{ label: keyStates[page.state], tone: keyTones[page.state] }}
      back={{ to: '/certificates/keys', label: '签名密钥' }}
      width="narrow"
    >
      <ErrorSummary refusal={result?.refusal} />
      {page.ending && (
        <Notice tone="warn" title={page.ending}>
          到期以后签发时自动建立新的；现在换新，可以先把新的公钥证书发给对方。签过的证书不受影响。
        </Notice>
      )}
      <Facts items={page.facts} />
      <Disclosure summary="公钥证书（X.509），给要自己核对签名的人">
        <pre tabIndex={0} className="code">
          {page.certificate}
        </pre>
      </Disclosure>
      <Steps choices={page.steps} version={page.version} />
      {page.mayRevoke && (
        <details className="disclosure" open={typed.step === 'revoke'}>
          <summary>{workflow.steps.revoke.label}……</summary>
          <p>{workflow.steps.revoke.confirm}</p>
          <Form method="post" className="form" noValidate>
            <input type="hidden" name="step" value="revoke" />
            <input type="hidden" name="version" value={page.version} />
            <DateField
              name="since"
              label="从哪一天起不能采信"
              required
              defaultValue={typed.since ?? page.today}
              help="密钥可能被别人拿到的那一天；之前签的照样有效。没有泄露、只是不用了的，请用“换新”"
              error={errors.since}
            />
            <TextArea
              name="opinion"
              label="吊销原因"
              required
              rows={2}
              defaultValue={typed.opinion ?? ''}
              {...(errors.opinion && { error: errors.opinion })}
            />
            <Submit label="确认吊销" busyLabel="正在吊销" danger />
          </Form>
        </details>
      )}
      <h2>经过</h2>
      <Timeline entries={page.entries} />
    </Page>
  )
}
