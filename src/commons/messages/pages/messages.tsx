import { Form, redirect, useActionData } from 'react-router'
import { isRefusal } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Empty } from '../../../web/ui/feedback.tsx'
import { ErrorSummary } from '../../../web/ui/form.tsx'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { Badge, When } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { Pager } from '../../../web/ui/table.tsx'
import { readTable } from '../../../web/ui/table-query.ts'
import { dismissMessage, openMessage } from '../commands.server.ts'
import { dismissReasons, messageStates, stateOf } from '../model.ts'
import { listMessages } from '../queries.server.ts'
import type { Route } from './+types/messages.ts'

export const meta = () => [{ title: '消息 · 衡企' }]

export async function loader({ url, context }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  if (ctx.actor.role !== 'enterprise') throw new Response('这里是企业收到的消息；监管人员请看“消息记录”。', { status: 403 })
  const query = readTable(url, { sorts: ['at'], defaultSort: '-at' })
  return { query, ...(await listMessages(ctx, query)) }
}

export async function action({ request, context }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  const form = await request.formData()
  const id = String(form.get('id') ?? '')
  if (form.get('do') === 'dismiss') {
    const done = await dismissMessage(ctx, id, String(form.get('reason') ?? ''))
    return isRefusal(done) ? refused(done) : redirect('/me/messages')
  }
  const message = await openMessage(ctx, id)
  return isRefusal(message) ? refused(message) : redirect(message.actionUrl)
}

const tones = { unread: 'info', opened: 'neutral', acted: 'good', dismissed: 'neutral' } as const

export default function Messages({ loaderData: { rows, total, query } }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  return (
    <Page title="消息" lead="每条消息只说一件事，点开就到要办的地方。没有要办的事，平台不会打扰您。">
      <ErrorSummary refusal={result?.refusal} />
      {total === 0 && <Empty title="还没有消息" hint="有新政策适用，或申请有结果时，会在这里告诉您。" />}
      {rows.map((message) => {
        const state = stateOf(message)
        return (
          <article key={message.id} className="card">
            <div className="row">
              <Badge tone={tones[state]}>{messageStates[state]}</Badge>
              {message.number && <strong>{message.number}</strong>}
              <span className="soft">
                <When at={message.createdAt} />
              </span>
            </div>
            <h2>{message.title}</h2>
            <p>{message.body}</p>
            <Form method="post">
              <input type="hidden" name="id" value={message.id} />
              <button type="submit" className="button primary" name="do" value="open">
                {message.actionLabel}
              </button>
            </Form>
            {state !== 'acted' && state !== 'dismissed' && (
              <Disclosure summary="不再提醒">
                <Form method="post" className="row">
                  <input type="hidden" name="id" value={message.id} />
                  <label>
                    原因{' '}
                    <select name="reason" required>
                      {Object.entries(dismissReasons).map(([value, label]) => (
                        <option key={value} value={value}>
                          {label}
                        </option>
                      ))}
                    </select>
                  </label>
                  <button type="submit" className="button" name="do" value="dismiss">
                    不再提醒
                  </button>
                </Form>
              </Disclosure>
            )}
          </article>
        )
      })}
      {total > 0 && <Pager total={total} query={query} />}
    </Page>
  )
}
