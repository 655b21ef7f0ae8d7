import { Form, Link, redirect, useActionData } from 'react-router'
import { addDays } from '../../../core/eligibility/calendar-day.ts'
import { addMonths } from '../../../core/due-day.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal, refuse } from '../../../core/refusal.ts'
import { choices } from '../../../core/workflow.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { admit, missing } from '../../../web/admit.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { DueClock } from '../../../web/ui/clock.tsx'
import { DateField, FileField, SelectField, TextField } from '../../../web/ui/fields.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import { Facts } from '../../../web/ui/list.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { Steps } from '../../../web/ui/steps.tsx'
import { fileIn, readForm } from '../../files/index.server.ts'
import { attachCertificate, cancelLine, certificateLimits, findLineByToken, resultForm } from '../../orders/index.server.ts'
import { lineConclusions, lineStates, lineTones, lineWorkflow, serviceKinds } from '../../orders/index.ts'
import { approve, sendBack } from '../approve.server.ts'
import { recordStates } from '../model.ts'
import { recordOf } from '../queries.server.ts'
import { templateFor } from '../templates/index.ts'
import { recordTyped } from '../typed.server.ts'
import type { Route } from './+types/sample.ts'

export const meta = () => [{ title: '样品 · 衡企' }]

const admitted = ['enterprise', 'counter', 'tester', 'approver', 'finance', 'regulator', 'admin'] as const

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, admitted)
  const found = await findLineByToken(ctx, params.token)
  if (!found) throw missing('这件样品')
  const { line, order } = found
  const verifies = line.service === 'mandatory-verification' || line.service === 'voluntary-verification'
  const steps = choices(lineWorkflow, line, ctx.actor, ctx.now)
  const today = shanghaiDate(ctx.now)
  const serving = templateFor(line.kind, line.service)
  const record = await recordOf(ctx, line.id)
  // What was typed in before there was a template is signed as it is.
  const benched = serving !== undefined && (record !== undefined || !line.certificate_no)
  const onBench = ['tester', 'approver', 'counter'].includes(ctx.actor.role)
  return {
    today,
    bench:
      benched && onBench && line.received_at
        ? { to: `/bench/${line.id}/record`, norm: serving.norm.number, state: record ? recordStates[record.state] : '还没有填写' }
        : null,
    usualUntil: addDays(addMonths(today, 12), -1),
    verifies,
    calibrates: line.service === 'calibration',
    line: {
      id: line.id,
      code: line.code,
      name: [line.name, line.model].filter(Boolean).join(' '),
      serial: line.serial,
      able: line.able,
      accuracy: line.accuracy,
      service: serviceKinds[line.service],
      state: line.state,
      finding: line.finding,
      doneOn: line.done_on,
      conclusion: line.conclusion && lineConclusions[line.conclusion],
      certificateNo: line.certificate_no,
      validUntil: line.valid_until,
      tester: line.tester_name,
      approver: line.approver_name,
      hasFile: line.file_id !== null,
      version: line.version,
    },
    order: { id: order.id, number: order.number, org: order.org_name, dueOn: order.due_on, provisional: order.due_provisional },
    own: ctx.actor.role === 'enterprise',
    mayRecord: !benched && steps.some(({ name }) => name === 'record') && order.state === 'accepted',
    mayAttach:
      !benched &&
      (ctx.actor.role === 'tester' || ctx.actor.role === 'approver') &&
      (line.state === 'tested' || (line.state === 'approved' && !line.file_id)),
    steps:
      order.state === 'accepted' || order.state === 'ready'
        ? steps.filter(({ name }) => name === 'cancel' || (!benched && (name === 'send-back' || name === 'approve')))
        : [],
  }
}

export async function action({ params, request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, admitted)
  const found = await findLineByToken(ctx, params.token)
  if (!found) throw missing('这件样品')
  const form = await readForm(request, certificateLimits.bytes)
  if (isRefusal(form)) return refused(form)
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const values = Object.fromEntries([...form].filter(([, value]) => typeof value === 'string')) as Record<string, string>
  const { id } = found.line
  const step = { version: Number(text('version')), opinion: text('opinion') }
  const run = async () => {
    switch (text('intent') || text('step')) {
      case 'record': {
        const read = resultForm.safeParse({
          doneOn: text('doneOn'),
          conclusion: text('conclusion'),
          certificateNo: text('certificateNo'),
          version: text('version'),
          ...(text('validUntil') && { validUntil: text('validUntil') }),
          ...(text('finding') && { finding: text('finding') }),
        })
        if (!read.success)
          return refuse('invalid', '有几处要改。', {
            fields: Object.fromEntries(read.error.issues.map(({ path, message }) => [String(path[0]), message])),
          })
        return recordTyped(ctx, id, read.data)
      }
      case 'attach': {
        const file = fileIn(form, 'file')
        return attachCertificate(ctx, id, {
          name: file?.name ?? '',
          bytes: file ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array(),
        })
      }
      case 'send-back':
        return sendBack(ctx, id, step)
      case 'approve':
        return approve(ctx, id, step)
      case 'cancel':
        return cancelLine(ctx, id, step)
      default:
        return refuse('invalid', '没有这一步。')
    }
  }
  const answer = await run()
  return isRefusal(answer) ? refused(answer, values) : redirect(url.pathname)
}

export default function Sample({
  loaderData: { bench, line, order, own, mayRecord, mayAttach, steps, today, usualUntil, verifies, calibrates },
}: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  const values: Record<string, string> = result?.values ?? {}
  const fields = result?.refusal?.fields
  const field = (name: string, label: string) => ({
    name,
    label,
    defaultValue: values[name],
    ...(fields?.[name] && { error: fields[name] }),
  })
  return (
    <Page
      title={`${line.code} ${line.name}`}
      lead={`${order.org}，${line.service}`}
      state={{ label: lineStates[line.state], tone: lineTones[line.state] }}
      back={{ to: own ? `/me/orders/${order.id}` : `/orders/${order.id}`, label: `委托单 ${order.number}` }}
      width="narrow"
    >
      <ErrorSummary refusal={result?.refusal} />
      <Facts
        items={[
          { label: '出厂编号', value: line.serial ?? '—' },
          { label: '测量范围', value: line.able ?? '—' },
          { label: '准确度', value: line.accuracy ?? '—' },
          ...(order.dueOn ? [{ label: '期限', value: <DueClock dueOn={order.dueOn} now={today} provisional={order.provisional} /> }] : []),
          ...(line.doneOn
            ? [
                { label: '检测日期', value: line.doneOn },
                { label: '结论', value: line.conclusion ?? '—' },
                { label: '证书编号', value: line.certificateNo ?? '—' },
                { label: '有效期至', value: line.validUntil ?? '—' },
                { label: '检测', value: line.tester ?? '—' },
              ]
            : []),
          ...(line.approver ? [{ label: '批准', value: line.approver }] : []),
          ...(line.finding ? [{ label: '说明', value: line.finding }] : []),
          ...(line.doneOn && !bench ? [{ label: '证书文件', value: line.hasFile ? '已上传' : '还没有上传' }] : []),
        ]}
      />
      {bench && (
        <section aria-labelledby="bench">
          <h2 id="bench">测量记录</h2>
          <p>
            {bench.norm}，{bench.state}。结果、不确定度和证书都由记录得出。
          </p>
          <Link to={bench.to} className="button primary">
            {line.state === 'received' ? '到检测台填写' : line.state === 'tested' ? '看测量记录，核验或审核' : '看测量记录'}
          </Link>
        </section>
      )}
      {mayRecord && (
        <section aria-labelledby="record">
          <h2 id="record">录入结果</h2>
          <Form method="post" className="form" noValidate encType="multipart/form-data">
            <input type="hidden" name="version" value={line.version} />
            <DateField {...field('doneOn', '检测日期')} required defaultValue={values.doneOn || today} />
            <SelectField
              {...field('conclusion', '结论')}
              required
              defaultValue={values.conclusion || (calibrates ? 'none' : '')}
              empty="请选择"
              options={Object.entries(lineConclusions)
                .filter(([value]) => (verifies ? value !== 'none' : calibrates ? value === 'none' : true))
                .map(([value, label]) => ({ value, label }))}
            />
            <TextField {...field('certificateNo', '证书编号')} required maxLength={40} />
            {!calibrates && (
              <DateField {...field('validUntil', '有效期至')} defaultValue={values.validUntil || usualUntil} help="不合格的留空" />
            )}
            <TextField {...field('finding', '说明')} maxLength={300} />
            <Submit name="intent" value="record" label="提交审核" busyLabel="正在提交" />
          </Form>
        </section>
      )}
      {mayAttach && (
        <Form method="post" className="form" encType="multipart/form-data">
          <FileField
            name="file"
            label={line.hasFile ? '换一份证书文件（PDF）' : '证书文件（PDF）'}
            accept=".pdf,application/pdf"
            required
            {...(fields?.file && { error: fields.file })}
          />
          <Submit name="intent" value="attach" label="上传" busyLabel="正在上传" plain />
        </Form>
      )}
      {!own && <Steps choices={steps} version={line.version} />}
      {own && line.state === 'approved' && (
        <p>
          <Link to={`/me/orders/${order.id}`}>去下载证书</Link>
        </p>
      )}
    </Page>
  )
}
