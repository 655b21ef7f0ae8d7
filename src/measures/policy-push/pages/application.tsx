import { Link, redirect, useActionData } from 'react-router'
import { sayActor } from '../../../core/access.ts'
import { formatYuan } from '../../../core/money.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { fullRegionName } from '../../../core/regions.ts'
import { choices } from '../../../core/workflow.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { timeline } from '../../../platform/events.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { DueClock } from '../../../web/ui/clock.tsx'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { Notice } from '../../../web/ui/feedback.tsx'
import { Facts } from '../../../web/ui/list.tsx'
import { When } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { Steps } from '../../../web/ui/steps.tsx'
import { Timeline } from '../../../web/ui/timeline.tsx'
import { takeApplicationStep } from '../commands.server.ts'
import { admit, missing } from '../../../web/admit.server.ts'
import { applicationStates, declineReasons, eventWords, servicePromise, stateTones, type Submission } from '../model.ts'
import { findApplication } from '../queries.server.ts'
import { read, stepForm } from '../schema.ts'
import { workflow } from '../workflow.ts'
import type { Route } from './+types/application.ts'
import { ApplyForm } from './apply-form.tsx'
import { DeclineForm, GrantForm } from './outcome-forms.tsx'

export const meta = ({ loaderData }: Route.MetaArgs) => [{ title: `${loaderData?.row.number ?? '申请'} · 政策申请 · 衡企` }]

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  const own = url.pathname.startsWith('/me/')
  admit(ctx, url, own ? ['enterprise'] : ['regulator', 'admin'])
  const row = await findApplication(ctx, params.id)
  if (!row) throw missing('这份申请')
  const events = await timeline(ctx.db, 'policy-application', row.id)
  const { facts: _, ...submission } = row.as_submitted.at(-1)!
  return {
    own,
    row: { ...row, as_submitted: undefined, place: fullRegionName(row.region) },
    submission,
    rounds: row.as_submitted.length,
    choices: choices(workflow, row, ctx.actor, ctx.now),
    today: shanghaiDate(ctx.now),
    entries: events.map((event) => ({
      at: event.at,
      who: sayActor(event),
      what: eventWords[event.action] ?? event.action,
      detail: (event.detail as { opinion?: string }).opinion,
    })),
  }
}

export async function action({ params, request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  const form = await request.formData()
  const values = { ...Object.fromEntries(form), documents: form.getAll('documents') }
  const input = read(stepForm, values)
  const answer = isRefusal(input) ? input : await takeApplicationStep(ctx, params.id, input)
  const texts = Object.fromEntries([...form].filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
  return isRefusal(answer) ? refused(answer, texts) : redirect(url.pathname)
}

/** Steps that bring something along have a form of their own; the rest are buttons. */
const withForms = new Set(['grant', 'decline', 'resubmit'])

export default function ApplicationPage({ loaderData }: Route.ComponentProps) {
  const { own, row, submission, rounds, choices, today, entries } = loaderData
  const result = useActionData<typeof action>()
  const offered = new Set(choices.map(({ name }) => name as string))
  const under = row.state === 'submitted' || row.state === 'accepted'
  const form = { version: row.version, refusal: result?.refusal, values: result?.values }
  const at = result?.values.step
  return (
    <Page
      title={row.title}
      lead={`${row.number}，${row.org_name}（${row.place}）`}
      state={{ label: applicationStates[row.state], tone: stateTones[row.state] }}
      back={own ? { to: '/me/applications', label: '我的政策申请' } : { to: '/applications', label: '政策申请办理' }}
    >
      {result?.refusal && !withForms.has(String(at)) && (
        <Notice tone="bad" title="没有办成">
          {result.refusal.reason}
        </Notice>
      )}
      {under && (
        <p>
          {servicePromise.source}：<DueClock dueOn={row.due_on} now={today} provisional={row.due_provisional} />
        </p>
      )}
      <Outcome row={row} />
      {offered.has('resubmit') && (
        <section aria-labelledby="again">
          <h2 id="again">补正后再次提交</h2>
          <ApplyForm
            documents={submission.documents}
            refusal={at === 'resubmit' ? result?.refusal : undefined}
            values={result?.values}
            hidden={{ step: 'resubmit', version: row.version }}
            label="再次提交"
            promise="再次提交后，办理时限接着计算，等待补正的时间不计入。"
          />
        </section>
      )}
      {choices.length > 0 && (
        <section aria-labelledby="steps">
          <h2 id="steps">办理</h2>
          {offered.has('grant') && <GrantForm {...form} active={at === 'grant'} />}
          <Steps choices={choices.filter(({ name }) => !withForms.has(name))} version={row.version} />
          {offered.has('decline') && <DeclineForm {...form} active={at === 'decline'} />}
        </section>
      )}
      <section aria-labelledby="submitted">
        <h2 id="submitted">提交的内容{rounds > 1 && `（第 ${rounds} 次提交）`}</h2>
        <Submitted submission={submission} />
      </section>
      <section aria-labelledby="history">
        <h2 id="history">办理经过</h2>
        <Timeline entries={entries} />
      </section>
    </Page>
  )
}

function Outcome({ row }: Pick<Route.ComponentProps['loaderData'], 'row'>) {
  if (row.state === 'granted')
    return (
      <Notice tone="good" title={`已享受 ${formatYuan(BigInt(row.saving_fen ?? 0) as never)}`}>
        {row.decided_at && <When at={row.decided_at} />}，由{row.handled_by_name}确认。
      </Notice>
    )
  if (row.state === 'declined')
    return (
      <Notice tone="warn" title={row.reason_code ? declineReasons[row.reason_code].label : '未通过'}>
        <p>{row.opinion}</p>
        {row.reason_code && <p>{declineReasons[row.reason_code].todo}。</p>}
      </Notice>
    )
  if (row.state === 'returned')
    return (
      <Notice tone="warn" title="请补正">
        <p>{row.opinion}</p>
      </Notice>
    )
  return null
}

const Submitted = ({ submission }: { submission: Omit<Submission, 'facts'> }) => (
  <>
    <Facts
      items={[
        {
          label: '政策',
          value: (
            <Link to={`/policies/${submission.policy.slug}`}>{`${submission.policy.title}（第 ${submission.policy.number} 版）`}</Link>
          ),
        },
        { label: '提交人', value: submission.byName },
        { label: '提交时间', value: <When at={submission.at} /> },
        { label: '判断日期', value: submission.asOf },
        ...(submission.documents.length > 0
          ? [
              {
                label: '已备材料',
                value:
                  submission.documents
                    .filter((d) => d.ready)
                    .map((d) => d.name)
                    .join('、') || '未勾选',
              },
            ]
          : []),
        ...(submission.note ? [{ label: '说明', value: submission.note }] : []),
      ]}
    />
    <Disclosure summary="提交时看到的判断和企业信息">
      <ul>
        {submission.met.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      <Facts
        items={submission.questions.map(({ question, answer, source, asOf }) => ({
          label: question,
          value: `${answer}（${source}${asOf && `，${asOf}`}）`,
        }))}
      />
    </Disclosure>
  </>
)
