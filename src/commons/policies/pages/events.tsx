import { Form, redirect, useActionData } from 'react-router'
import { isRefusal, type Refusal } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { Notice } from '../../../web/ui/feedback.tsx'
import { DateField, TextField } from '../../../web/ui/fields.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import { Day, When } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { mayDateEvents, setEvent } from '../events.server.ts'
import type { PolicyEvent } from '../model.ts'
import { listEvents } from '../queries.server.ts'
import type { Route } from './+types/events.ts'
import { assertWriter } from './editing.server.ts'

export const meta = () => [{ title: '政策事件日期 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  assertWriter(ctx, url)
  return { events: await listEvents(ctx), mayDate: mayDateEvents(ctx.actor) }
}

export async function action({ request, context }: Route.ActionArgs) {
  const form = await request.formData()
  const value = (name: string) => String(form.get(name) ?? '').trim()
  const values = Object.fromEntries(['id', 'name', 'startsOn', 'endsOn', 'source', 'version'].map((name) => [name, value(name)]))
  const done = await setEvent(context.get(ctxKey), {
    id: value('id'),
    name: value('name'),
    source: value('source'),
    version: Number(value('version')),
    startsOn: value('startsOn') || null,
    endsOn: value('endsOn') || null,
  })
  return isRefusal(done) ? refused(done, values) : redirect('/policies/events')
}

export default function Events({ loaderData: { events, mayDate } }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  const failed = (id: string, version: number) =>
    result && result.values.id === id && version > 0 === Number(result.values.version) > 0 ? result : undefined
  return (
    <Page
      title="政策事件日期"
      lead="有的政策只在某个事件期间有效，例如“疫情防控期间”。起止日期由国家级监管人员或平台管理员按文件录入；没有录入的，匹配结果显示为“待补充”。"
    >
      {events.map((event) => (
        <section key={event.id}>
          <h2>{event.name}</h2>
          <p>
            自 <Day date={event.startsOn} /> 至 <Day date={event.endsOn} />
            。依据：{event.source}
            {event.setByName && (
              <span className="soft">
                （{event.setByName}，<When at={event.setAt} />）
              </span>
            )}
          </p>
          {mayDate && (
            <Disclosure summary="录入或更改日期" open={failed(event.id, 1) !== undefined}>
              <EventForm event={event} result={failed(event.id, 1)} />
            </Disclosure>
          )}
        </section>
      ))}
      {events.length === 0 && <Notice title="还没有政策提到事件">在适用条件中用到事件之前，先在这里登记。</Notice>}
      {mayDate && (
        <Disclosure summary="登记新的事件" open={failed(result?.values.id ?? '', 0) !== undefined}>
          <EventForm result={failed(result?.values.id ?? '', 0)} />
        </Disclosure>
      )}
    </Page>
  )
}

function EventForm({ event, result }: { event?: PolicyEvent; result: { refusal: Refusal; values: Record<string, string> } | undefined }) {
  const values: Record<string, string | null | undefined> = result?.values ?? { ...event, version: String(event?.version ?? 0) }
  const errors = result?.refusal.fields ?? {}
  const field = (name: string) => ({ name, defaultValue: values[name] ?? '', error: errors[name] })
  return (
    <Form method="post" className="form" noValidate>
      <ErrorSummary refusal={result?.refusal} />
      <input type="hidden" name="version" value={event?.version ?? 0} />
      {event ? (
        <input type="hidden" name="id" value={event.id} />
      ) : (
        <TextField {...field('id')} label="编号" required help="小写字母、数字和连字符，如 flood-2026" />
      )}
      <TextField {...field('name')} label="名称" required />
      <DateField {...field('startsOn')} label="开始日期" />
      <DateField {...field('endsOn')} label="结束日期（含）" help="还没有结束的留空" />
      <TextField {...field('source')} label="依据" required help="宣布起止的文件、文号" />
      <p className="soft">保存后立即用于匹配，结果有变化的企业会收到通知。</p>
      <Submit label="保存日期" busyLabel="正在保存" />
    </Form>
  )
}
