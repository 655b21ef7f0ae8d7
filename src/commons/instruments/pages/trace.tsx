import { Form, Link, redirect, useActionData } from 'react-router'
import { sayActor } from '../../../core/access.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { choices } from '../../../core/workflow.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { timeline } from '../../../platform/events.server.ts'
import { admit, admitOwn, missing } from '../../../web/admit.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { DueClock } from '../../../web/ui/clock.tsx'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { Empty, Notice } from '../../../web/ui/feedback.tsx'
import { DateField, RadioField, TextArea, TextField } from '../../../web/ui/fields.tsx'
import { ErrorSummary, FormPage, Submit } from '../../../web/ui/form.tsx'
import { Facts } from '../../../web/ui/list.tsx'
import { Badge, When } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { Steps } from '../../../web/ui/steps.tsx'
import { Timeline } from '../../../web/ui/timeline.tsx'
import { missingScope } from '../../people/index.server.ts'
import { read } from '../faults/schema.ts'
import { addUse, judgeUse, removeUse, takeTraceStep } from '../traces/commands.server.ts'
import { eventWords, judgements, lengths, tracePromise, traceStates, traceTones, type TraceUse } from '../traces/model.ts'
import { findTrace, usesOf } from '../traces/queries.server.ts'
import { judgeForm, useForm } from '../traces/schema.ts'
import { workflow, type TraceStep } from '../traces/workflow.ts'
import type { Route } from './+types/trace.ts'
import styles from './instruments.module.css'

export const meta = ({ loaderData }: Route.MetaArgs) => [{ title: `${loaderData?.row.number ?? ''} 追溯评价 · 衡企` }]

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  const own = admitOwn(ctx, url)
  const row = await findTrace(ctx, params.id)
  if (!row) throw missing('这份追溯评价')
  const [uses, events] = [await usesOf(ctx, row), await timeline(ctx.db, workflow.name, row.id)]
  const [ledger, sign] = own ? [await missingScope(ctx, 'ledger'), await missingScope(ctx, 'confirm')] : [undefined, undefined]
  const offered = own && !ledger ? choices(workflow, row, ctx.actor, ctx.now).filter(({ name }) => name !== 'void') : []
  return {
    own,
    row,
    uses,
    editable: own && !ledger && row.state === 'open',
    readOnly: ledger?.reason,
    choices: offered.map((choice) => (sign ? { ...choice, disabledReason: sign.reason } : choice)),
    today: shanghaiDate(ctx.now),
    entries: events.map((event) => {
      const { opinion, what, evidence } = event.detail as { opinion?: string; what?: string; evidence?: string }
      return {
        at: event.at,
        who: sayActor(event),
        what: eventWords[event.action] ?? event.action,
        detail: [what, evidence, opinion].filter(Boolean).join('：') || undefined,
      }
    }),
  }
}

export async function action({ params, request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const values = Object.fromEntries([...(await request.formData())].map(([name, value]) => [name, String(value)]))
  const answer = await take(ctx, params.id, values)
  return isRefusal(answer) ? refused(answer, values) : redirect(url.pathname)
}

async function take(ctx: Ctx, id: string, values: Record<string, string>): Promise<object | Refusal> {
  if (values.intent === 'add') {
    const form = read(useForm, values)
    return isRefusal(form) ? form : addUse(ctx, id, form)
  }
  if (values.intent === 'judge') {
    const form = read(judgeForm, values)
    return isRefusal(form) ? form : judgeUse(ctx, id, form)
  }
  if (values.intent === 'remove') return removeUse(ctx, id, { n: Number(values.n), version: Number(values.version) })
  if (values.step === 'sign' || values.step === 'reopen')
    return takeTraceStep(ctx, id, {
      step: values.step satisfies TraceStep,
      opinion: (values.opinion ?? '').slice(0, lengths.conclusion),
      version: Number(values.version),
    })
  return refuse('invalid', '没有这一项操作，请刷新后重试。')
}

export default function TracePage({ loaderData }: Route.ComponentProps) {
  const { own, row, uses, editable, readOnly, choices, today, entries } = loaderData
  const failed = useActionData<typeof action>()
  const base = own ? '/me' : ''
  return (
    <Page
      title={`${row.instrument_code} ${row.instrument_name} 超差：以前测过的还可信吗？`}
      lead={`追溯评价 ${row.number}：列出这段时间用它测过什么，逐项评价，再签字结案。`}
      state={{ label: traceStates[row.state], tone: traceTones[row.state] }}
      back={{ to: `${base}/traces`, label: '追溯评价' }}
    >
      {failed && !['add', 'judge'].includes(failed.values.intent ?? '') && (
        <Notice tone="bad" title="没有办成" live>
          {failed.refusal.reason}
        </Notice>
      )}
      {readOnly && (
        <Notice tone="info" title="您可以查看，不能办理">
          {readOnly}。
        </Notice>
      )}
      {row.state === 'open' && (
        <p>
          {tracePromise.source}：<DueClock dueOn={row.due_on} now={today} provisional={row.due_provisional} />
        </p>
      )}
      {row.state === 'signed' && (
        <Notice tone="good" title="已签字结案">
          <p>{row.conclusion}</p>
          <p className="soft">
            {row.signed_by_name}，{row.signed_at && <When at={row.signed_at} />}
          </p>
        </Notice>
      )}
      <Facts
        items={[
          {
            label: '器具',
            value: (
              <Link to={`${base}/instruments/${row.instrument_id}`}>
                {row.instrument_code} {row.instrument_name}
              </Link>
            ),
          },
          { label: '发现', value: row.found },
          ...(row.confirmation_id
            ? [{ label: '依据', value: <Link to={`${base}/confirmations/${row.confirmation_id}`}>计量确认</Link> }]
            : []),
          { label: '最后合格', value: row.good_on ?? '没有合格的记录，从开始使用算起' },
          { label: '发现日期', value: row.found_on },
        ]}
      />
      <section className="stack" aria-labelledby="uses">
        <h2 id="uses">
          这段时间用它测过什么（{uses.length - row.unjudged}/{uses.length} 项已评价）
        </h2>
        {uses.length === 0 && (
          <Empty title="还没有列出用途" hint="请补充批次、产品、过程；确实没有用过，也写一项“没有使用”并评价为不受影响。" />
        )}
        <ol className={styles.history}>
          {uses.map((use) => (
            <UseItem key={use.n} use={use} version={row.version} editable={editable} failed={failed} />
          ))}
        </ol>
        {editable && (
          <Disclosure summary="补充一项" open={failed?.values.intent === 'add' || uses.length === 0}>
            <AddForm version={row.version} failed={failed?.values.intent === 'add' ? failed : undefined} />
          </Disclosure>
        )}
      </section>
      {choices.length > 0 && (
        <section aria-labelledby="steps">
          <h2 id="steps">{row.state === 'open' ? '结案' : '重新追溯'}</h2>
          <Steps choices={choices} version={row.version} />
        </section>
      )}
      <section aria-labelledby="history">
        <h2 id="history">经过</h2>
        <Timeline entries={entries} />
      </section>
    </Page>
  )
}

type Failed = { refusal: Refusal; values: Record<string, string> } | undefined

function AddForm({ version, failed }: { version: number; failed: Failed }) {
  const field = (name: string) => ({ name, defaultValue: failed?.values[name], error: failed?.refusal.fields?.[name] })
  return (
    <FormPage>
      <input type="hidden" name="intent" value="add" />
      <input type="hidden" name="version" value={version} />
      <ErrorSummary refusal={failed?.refusal} />
      <TextField
        {...field('what')}
        label="用它测过什么"
        required
        maxLength={lengths.what}
        placeholder="如：3 月至 5 月的泵轴，批次 A21～A36"
      />
      <div className={styles.pair}>
        <DateField {...field('usedFrom')} label="从" />
        <DateField {...field('usedTo')} label="到" />
      </div>
      <Submit label="补充" busyLabel="正在保存" />
    </FormPage>
  )
}

const judgementTones = { unaffected: 'good', recheck: 'info', rework: 'warn', recall: 'bad' } as const

function UseItem({ use, version, editable, failed }: { use: TraceUse; version: number; editable: boolean; failed: Failed }) {
  const own = failed && Number(failed.values.n) === use.n ? failed : undefined
  const span = [use.used_from, use.used_to].some(Boolean) ? `${use.used_from ?? '开始使用'} 至 ${use.used_to ?? '发现'}` : undefined
  return (
    <li>
      <div className="row">
        <strong>{use.what}</strong>
        {use.judgement ? (
          <Badge tone={judgementTones[use.judgement]}>{judgements[use.judgement]}</Badge>
        ) : (
          <Badge tone="warn">待评价</Badge>
        )}
      </div>
      <p className="soft">{[span, use.origin === 'ledger' ? '来自台账' : undefined].filter(Boolean).join('，')}</p>
      {use.evidence && (
        <p>
          {use.evidence} <span className="soft">（{use.judged_by_name}）</span>
        </p>
      )}
      {editable && (
        <Disclosure summary={use.judgement ? '改评价' : '评价'} open={own !== undefined}>
          <FormPage>
            <input type="hidden" name="intent" value="judge" />
            <input type="hidden" name="n" value={use.n} />
            <input type="hidden" name="version" value={version} />
            <ErrorSummary refusal={own?.refusal} />
            <RadioField
              name="judgement"
              label="评价"
              required
              defaultValue={own?.values.judgement ?? use.judgement}
              error={own?.refusal.fields?.judgement}
              options={Object.entries(judgements).map(([value, label]) => ({ value, label }))}
            />
            <TextArea
              name="evidence"
              label="怎么判断的、做了什么"
              required
              rows={2}
              maxLength={lengths.evidence}
              defaultValue={own?.values.evidence ?? use.evidence}
              error={own?.refusal.fields?.evidence}
              placeholder="如：图纸公差 ±0.15 mm，误差 0.03 mm 不影响判断；或：留样 20 件用合格的卡尺复测，全部合格"
            />
            <Submit label="保存评价" busyLabel="正在保存" />
          </FormPage>
          {use.origin === 'typed' && (
            <Form method="post">
              <input type="hidden" name="intent" value="remove" />
              <input type="hidden" name="n" value={use.n} />
              <input type="hidden" name="version" value={version} />
              <Submit label="去掉这一项" plain />
            </Form>
          )}
        </Disclosure>
      )}
    </li>
  )
}
