import { Form, Link, redirect, useActionData } from 'react-router'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { addWorkdays, isWorkday } from '../../../core/work-calendar.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Empty, Notice } from '../../../web/ui/feedback.tsx'
import { DateField, TextField } from '../../../web/ui/fields.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { settingsOf } from '../own-kinds.server.ts'
import { choicesOf, findInstrument } from '../queries.server.ts'
import { readIds } from '../register-query.ts'
import { planSendOut } from '../send-outs/commands.server.ts'
import { piecesFor } from '../send-outs/queries.server.ts'
import { plan, rotation, type Cover } from '../send-outs/rotation.ts'
import type { Route } from './+types/send-out-new.ts'
import { admit } from '../../../web/admit.server.ts'
import styles from './send-outs.module.css'

export const meta = () => [{ title: '安排送检 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const today = shanghaiDate(ctx.now)
  const ids = readIds(url.searchParams)
  const { turnaroundWorkdays } = await settingsOf(ctx)
  const sendOn = isWorkday(today) ? today : addWorkdays(today, 1).date
  const backOn = addWorkdays(sendOn, turnaroundWorkdays).date
  const pieces = await piecesFor(ctx, ids)
  const wanted = pieces.filter(({ id }) => ids.includes(id) && pieces.length > 0)
  const covers = rotation(pieces, new Set(wanted.map(({ id }) => id)), backOn)
  const { batches, rest } = plan(
    pieces,
    wanted.map(({ id }) => id),
    backOn,
  )
  const first = wanted[0] && (await findInstrument(ctx, wanted[0].id))
  return {
    sendOn,
    backOn,
    turnaroundWorkdays,
    institutions: (await choicesOf(ctx)).institutions,
    institution: first?.last_institution ?? '',
    lines: wanted.map(({ id, code, name, place, point, state }) => ({ id, code, name, place, point, state, cover: covers.get(id)! })),
    batches,
    rest: rest.length,
  }
}

export async function action({ request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const form = await request.formData()
  const text = (name: string) => String(form.get(name) ?? '')
  const reasons = Object.fromEntries(
    [...form].flatMap(([name, value]) => (name.startsWith('gap-') ? [[name.slice(4), String(value)]] : [])),
  )
  const values = {
    institution: text('institution'),
    site: text('site'),
    sendOn: text('sendOn'),
    backOn: text('backOn'),
    note: text('note'),
    ...Object.fromEntries(Object.entries(reasons).map(([id, reason]) => [`gap-${id}`, reason])),
  } as Record<string, string>
  const answer = await planSendOut(ctx, {
    ids: form.getAll('ids').map(String),
    institution: values.institution!,
    site: values.site,
    sendOn: values.sendOn!,
    backOn: values.backOn!,
    note: values.note,
    gapReasons: reasons,
  })
  return isRefusal(answer) ? refused(answer, values) : redirect(`/me/send-outs/${answer.id}`)
}

const words: Record<Cover['verdict'], { tone: 'good' | 'warn' | 'bad' | 'info'; label: string }> = {
  free: { tone: 'good', label: '● 可以送' },
  covered: { tone: 'good', label: '● 有备用' },
  unknown: { tone: 'warn', label: '◆ 备用不确定' },
  gap: { tone: 'bad', label: '▲ 会没表用' },
}

export default function NewSendOut({ loaderData }: Route.ComponentProps) {
  const { sendOn, backOn, turnaroundWorkdays, institutions, institution, lines, batches, rest } = loaderData
  const result = useActionData<typeof action>()
  const values: Record<string, string> = result?.values ?? {}
  const fields = result?.refusal.fields
  const gaps = lines.filter(({ cover }) => cover.verdict === 'gap').length
  if (lines.length === 0)
    return (
      <Page title="安排送检" back={{ to: '/me/instruments/due', label: '待检与到期' }}>
        <Empty
          title="还没有选器具"
          hint="从待检清单里打包，或在台账里勾选后点“送检”。"
          action={<Link to="/me/instruments/due">去看待检清单</Link>}
        />
      </Page>
    )
  return (
    <Page
      title={`安排 ${lines.length} 件送检`}
      lead={gaps === 0 ? '送走以后，每个使用点都还有可用的或备用的。' : `有 ${gaps} 件送走后使用点会没有可用的，请看建议。`}
      back={{ to: '/me/instruments/due', label: '待检与到期' }}
    >
      <ErrorSummary refusal={result?.refusal} />
      {(batches.length > 1 || rest > 0) && (
        <Notice tone="warn" title={batches.length > 1 ? `建议分 ${batches.length} 批，前一批取回再送后一批` : '有的现在送不了'}>
          <ul>
            {batches.map((ids, i) => (
              <li key={ids[0]}>
                <Link to={`?ids=${ids.join(',')}`}>{`第 ${i + 1} 批：${ids.length} 件`}</Link>
              </li>
            ))}
            {rest > 0 && <li>{rest} 件怎么排都会让使用点没有可用的：先备一件，或写明理由后送。</li>}
          </ul>
        </Notice>
      )}
      <Form method="post" className="form" noValidate>
        <ul className={styles.lines}>
          {lines.map((line) => (
            <li key={line.id}>
              <input type="hidden" name="ids" value={line.id} />
              <div>
                <strong>{line.code}</strong> {line.name}
                <small className="soft"> {[line.place, line.point].filter(Boolean).join('，')}</small>
              </div>
              <div>
                <Badge tone={words[line.cover.verdict].tone}>{words[line.cover.verdict].label}</Badge> <span>{line.cover.why}</span>
              </div>
              {line.cover.verdict === 'gap' && (
                <TextField
                  name={`gap-${line.id}`}
                  label={`仍要送 ${line.code} 的理由`}
                  required
                  defaultValue={values[`gap-${line.id}`]}
                  error={fields?.[`gap-${line.id}`]}
                  maxLength={200}
                />
              )}
            </li>
          ))}
        </ul>
        <TextField
          name="institution"
          label="送到哪家机构"
          required
          defaultValue={values.institution ?? institution}
          error={fields?.institution}
          list="institutions"
        />
        <datalist id="institutions">
          {institutions.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <TextField name="site" label="地点或联系人" defaultValue={values.site} />
        <DateField name="sendOn" label="送出日期" required defaultValue={values.sendOn ?? sendOn} error={fields?.sendOn} />
        <DateField
          name="backOn"
          label="取回日期"
          required
          help={`按 ${turnaroundWorkdays} 个工作日推算，可改`}
          defaultValue={values.backOn ?? backOn}
          error={fields?.backOn}
        />
        <TextField name="note" label="备注" defaultValue={values.note} maxLength={200} />
        <Submit label={`生成送检单（${lines.length} 件）`} busyLabel="正在生成" />
      </Form>
    </Page>
  )
}
