import { Link, redirect, useActionData } from 'react-router'
import { sayActor } from '../../../core/access.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { choices } from '../../../core/workflow.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { timeline } from '../../../platform/events.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { DueClock } from '../../../web/ui/clock.tsx'
import { Notice } from '../../../web/ui/feedback.tsx'
import { TextArea } from '../../../web/ui/fields.tsx'
import { FormPage, Submit } from '../../../web/ui/form.tsx'
import { Facts } from '../../../web/ui/list.tsx'
import { Badge, When } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { Steps } from '../../../web/ui/steps.tsx'
import { Timeline } from '../../../web/ui/timeline.tsx'
import { missingScope } from '../../people/index.server.ts'
import { stopForFault, takeFaultStep } from '../faults/commands.server.ts'
import { eventWords, faultPromise, faultSources, faultStates, faultTones, openStates } from '../faults/model.ts'
import { findFault } from '../faults/queries.server.ts'
import { read, stepForm } from '../faults/schema.ts'
import { workflow } from '../faults/workflow.ts'
import { instrumentStates, stateTones } from '../model.ts'
import { workflow as instrumentWorkflow } from '../workflow.ts'
import type { Route } from './+types/fault.ts'
import { admit, missing } from '../../../web/admit.server.ts'
import styles from './scan.module.css'

export const meta = ({ loaderData }: Route.MetaArgs) => [{ title: `${loaderData?.row.number ?? '故障'} · 故障报告 · 衡企` }]

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const row = await findFault(ctx, params.id)
  if (!row) throw missing('这份故障报告')
  const [events, scope] = [await timeline(ctx.db, workflow.name, row.id), await missingScope(ctx, 'ledger')]
  const open = (openStates as readonly string[]).includes(row.state)
  return {
    row,
    open,
    readOnly: scope?.reason,
    choices: scope ? [] : choices(workflow, row, ctx.actor, ctx.now),
    mayStop: !scope && open && (instrumentWorkflow.steps.stop.from as readonly string[]).includes(row.instrument_state),
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
  admit(ctx, url, ['enterprise'])
  const values = Object.fromEntries([...(await request.formData())].map(([name, value]) => [name, String(value)]))
  const answer = await take(ctx, params.id, values)
  return isRefusal(answer) ? refused(answer, values) : redirect(url.pathname)
}

/** 停用这件器具 is a step of the instrument that takes the report along; the others are steps of the report. */
async function take(ctx: Ctx, id: string, values: Record<string, string>) {
  if (values.step === 'stop') return stopForFault(ctx, id, Number(values.version))
  const input = read(stepForm, values)
  return isRefusal(input) ? input : takeFaultStep(ctx, id, input)
}

/** The two that end it share one text: what came of it. */
const closes = (step: string | undefined) => step === 'resolve' || step === 'dismiss'

export default function FaultPage({ loaderData: { row, open, readOnly, choices, mayStop, today, entries } }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  return (
    <Page
      title={`${row.instrument_code} ${row.instrument_name}：${row.description}`}
      lead={`${row.number}，${faultSources[row.source]}，${row.instrument_place ?? '没有写地点'}`}
      state={{ label: faultStates[row.state], tone: faultTones[row.state] }}
      back={{ to: '/me/faults', label: '故障报告' }}
    >
      {result?.refusal && (
        <Notice tone="bad" title="没有办成" live>
          {result.refusal.reason}
        </Notice>
      )}
      {readOnly && (
        <Notice tone="info" title="您可以查看，不能处理">
          {readOnly}。
        </Notice>
      )}
      {open ? (
        <p>
          {faultPromise.source}：<DueClock dueOn={row.due_on} now={today} provisional={row.due_provisional} />
        </p>
      ) : (
        <Notice tone={faultTones[row.state]} title={faultStates[row.state]}>
          <p>{row.outcome}</p>
          <p className="soft">
            {row.handled_by_name}，{row.closed_at && <When at={row.closed_at} />}
          </p>
        </Notice>
      )}
      <section aria-labelledby="report" className="stack">
        <h2 id="report">报告的内容</h2>
        <Facts
          items={[
            {
              label: '器具',
              value: (
                <>
                  <Link to={`/me/instruments/${row.instrument_id}`}>
                    {row.instrument_code} {row.instrument_name}
                  </Link>{' '}
                  <Badge tone={stateTones[row.instrument_state]}>{instrumentStates[row.instrument_state]}</Badge>
                </>
              ),
            },
            { label: '哪里不对', value: row.description },
            { label: '报告时间', value: <When at={row.created_at} /> },
            ...(row.reporter || row.contact
              ? [
                  {
                    label: '报告人',
                    value: (
                      <>
                        {row.reporter} {row.contact && <a href={`tel:${row.contact.replace(/[^+\d]/g, '')}`}>{row.contact}</a>}
                        <span className="soft">（只用于问清情况，处理完就删除）</span>
                      </>
                    ),
                  },
                ]
              : []),
          ]}
        />
        {row.file_id && (
          <p>
            <a href={`/files/${row.file_id}`}>
              <img src={`/files/${row.file_id}`} alt="报告人拍的照片" className={styles.photo} loading="lazy" />
            </a>
          </p>
        )}
      </section>
      {mayStop && (
        <section className="card stack" aria-labelledby="stop">
          <h2 id="stop">先停用</h2>
          <p>不能确定读数可靠时先停用：扫码的人会看到“停止使用”，修好后再启用。</p>
          <FormPage>
            <input type="hidden" name="step" value="stop" />
            <input type="hidden" name="version" value={row.version} />
            <Submit label="停用这件器具" busyLabel="正在停用" danger name="intent" value="stop" />
          </FormPage>
        </section>
      )}
      {choices.length > 0 && (
        <section aria-labelledby="steps" className="stack">
          <h2 id="steps">处理</h2>
          <Steps choices={choices.filter(({ name }) => !closes(name))} version={row.version} />
          {choices.some(({ name }) => closes(name)) && (
            <FormPage>
              <input type="hidden" name="version" value={row.version} />
              <TextArea
                name="opinion"
                label="结果"
                required
                rows={3}
                maxLength={500}
                placeholder="如：更换指针后示值正常，已送检"
                help={(row.reporter || row.contact) && '办结后，报告人的称呼和电话会删除，不能恢复。'}
                defaultValue={result?.values.opinion}
                error={result && closes(result.values.step) ? result.refusal.fields?.opinion : undefined}
              />
              <div className="row">
                <Submit label="已解决" busyLabel="正在办理" plain={row.state === 'reported'} name="step" value="resolve" />
                <Submit label="不是故障" busyLabel="正在办理" plain name="step" value="dismiss" />
              </div>
            </FormPage>
          )}
        </section>
      )}
      <section aria-labelledby="history">
        <h2 id="history">经过</h2>
        <Timeline entries={entries} />
      </section>
    </Page>
  )
}
