import { Form, Link, redirect, useActionData } from 'react-router'
import { sayActor } from '../../../core/access.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { formatRanges } from '../../../core/quantities/quantity.ts'
import { isRefusal, refuse } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { timeline } from '../../../platform/events.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { CheckboxField, TextField } from '../../../web/ui/fields.tsx'
import { Notice } from '../../../web/ui/feedback.tsx'
import { Submit } from '../../../web/ui/form.tsx'
import { Facts } from '../../../web/ui/list.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { Timeline } from '../../../web/ui/timeline.tsx'
import { instrumentStates, stateTones } from '../model.ts'
import { cancelSendOut, sendBatch, takeBack } from '../send-outs/commands.server.ts'
import { sendOutStates, sendOutTones } from '../send-outs/model.ts'
import { findSendOut } from '../send-outs/queries.server.ts'
import type { Route } from './+types/send-out.ts'
import { admit, missing } from '../../../web/admit.server.ts'
import styles from './send-outs.module.css'

export const meta = ({ loaderData }: Route.MetaArgs) => [{ title: `${loaderData?.row.number ?? '送检单'} · 衡企` }]

const eventWords: Record<string, string> = {
  planned: '安排送检',
  sent: '送出',
  'taken-back': '取回',
  closed: '全部取回',
  cancelled: '取消',
}

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const found = await findSendOut(ctx, params.id)
  if (!found) throw missing('这张送检单')
  const events = await timeline(ctx.db, 'send-out', found.row.id)
  return {
    row: found.row,
    today: shanghaiDate(ctx.now),
    lines: found.lines.map((line) => ({ ...line, able: formatRanges(line.ranges), ranges: undefined })),
    entries: events.map((event) => {
      const { codes, opinion } = event.detail as { codes?: string[]; opinion?: string }
      return { at: event.at, who: sayActor(event), what: eventWords[event.action] ?? event.action, detail: codes?.join('、') ?? opinion }
    }),
  }
}

export async function action({ params, request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const form = await request.formData()
  const intent = String(form.get('intent') ?? '')
  const answer =
    intent === 'send'
      ? await sendBatch(ctx, params.id, form.get('useSpares') === 'on')
      : intent === 'take-back'
        ? await takeBack(ctx, params.id, form.getAll('ids').map(String))
        : intent === 'cancel'
          ? await cancelSendOut(ctx, params.id, String(form.get('opinion') ?? ''))
          : refuse('invalid', '没有这一步。')
  return isRefusal(answer) ? refused(answer, {}) : redirect(url.pathname)
}

export default function SendOutPage({ loaderData: { row, lines, entries, today } }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  const spares = lines.filter(({ substitute_id }) => substitute_id).length
  const out = lines.filter(({ returned_at }) => returned_at === null)
  const late = row.state === 'sent' && row.back_on < today
  return (
    <Page
      title={`送检单 ${row.number}`}
      lead={`${lines.length} 件送 ${row.institution}`}
      state={{ label: sendOutStates[row.state], tone: sendOutTones[row.state] }}
      back={{ to: '/me/send-outs', label: '送检单' }}
    >
      {result?.refusal && (
        <Notice tone="bad" title="没有办成" live>
          {result.refusal.reason}
        </Notice>
      )}
      {late && <Notice tone="warn" title={`应于 ${row.back_on} 取回，还有 ${out.length} 件没取`} />}
      <Facts
        items={[
          { label: '送出日期', value: row.send_on },
          { label: '取回日期', value: row.back_on },
          { label: '安排人', value: row.planned_by_name },
          ...(row.site ? [{ label: '地点或联系人', value: row.site }] : []),
          ...(row.note ? [{ label: '备注', value: row.note }] : []),
        ]}
      />
      <Form method="post" id="lines">
        <div className="table-scroll data" tabIndex={0} role="region" aria-label="送检的器具">
          <table className="cards">
            <caption className="hidden">送检的器具</caption>
            <thead>
              <tr>
                {row.state === 'sent' && <th scope="col">取回</th>}
                <th scope="col">编号</th>
                <th scope="col">名称、型号</th>
                <th scope="col">出厂编号</th>
                <th scope="col">测量范围</th>
                <th scope="col">状态</th>
                <th scope="col">备用</th>
              </tr>
            </thead>
            <tbody>
              {lines.map((line) => (
                <tr key={line.id}>
                  {row.state === 'sent' && (
                    <td data-label="取回">
                      {line.returned_at === null ? (
                        <input type="checkbox" name="ids" value={line.id} aria-label={`取回 ${line.code}`} />
                      ) : (
                        '已取回'
                      )}
                    </td>
                  )}
                  <th scope="row">
                    <Link to={`/me/instruments/${line.id}`}>{line.code}</Link>
                  </th>
                  <td data-label="名称、型号">{[line.name, line.model].filter(Boolean).join(' ')}</td>
                  <td data-label="出厂编号">{line.serial ?? '—'}</td>
                  <td data-label="测量范围">{line.able || '—'}</td>
                  <td data-label="状态">
                    <Badge tone={stateTones[line.state]}>{instrumentStates[line.state]}</Badge>
                  </td>
                  <td data-label="备用">{line.substitute_code ?? (line.gap_reason ? `没有备用：${line.gap_reason}` : '不需要')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {row.state === 'sent' && <Submit name="intent" value="take-back" label="勾选的已取回" busyLabel="正在登记" />}
      </Form>
      {row.state === 'planned' && (
        <section aria-labelledby="steps" className="no-print">
          <h2 id="steps">办理</h2>
          <Form method="post" className="form">
            {spares > 0 && <CheckboxField name="useSpares" label={`同时启用 ${spares} 件备用器具`} />}
            <Submit name="intent" value="send" label="送出" busyLabel="正在办理" />
          </Form>
          <Disclosure summary="取消这一单……">
            <Form method="post" className="form">
              <TextField name="opinion" label="原因" maxLength={200} />
              <Submit name="intent" value="cancel" label="确认取消" plain />
            </Form>
          </Disclosure>
        </section>
      )}
      <div className={styles.sign}>
        <span>送检人：</span>
        <span>收样人：</span>
        <span>日期：</span>
      </div>
      <section aria-labelledby="history" className="no-print">
        <h2 id="history">经过</h2>
        <Timeline entries={entries} />
      </section>
    </Page>
  )
}
