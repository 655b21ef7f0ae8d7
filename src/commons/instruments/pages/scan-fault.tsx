import { Form, Link, redirect, useActionData } from 'react-router'
import { isRefusal } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Notice } from '../../../web/ui/feedback.tsx'
import { TextField } from '../../../web/ui/fields.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { reportByLabel } from '../faults/report.server.ts'
import { mayScan, scan } from '../labels/scan.server.ts'
import type { Route } from './+types/scan-fault.ts'
import { ReportFields } from './report-fields.tsx'
import { readReport } from './report-form.server.ts'
import styles from './scan.module.css'

export { ErrorBoundary } from './scan.tsx'

export const meta = () => [{ title: '报告故障 · 衡企' }, { name: 'robots', content: 'noindex' }]

export const headers = () => ({ 'cache-control': 'no-store' })

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const card = await scan(context.get(ctxKey), params.token)
  if (!mayScan(params.token, card !== undefined)) throw new Response('打开得太频繁了，请一分钟后再试。', { status: 429 })
  if (!card) throw new Response('标签可能已经换过，或网址不完整。请扫描器具上现在的标签，或联系设备管理人员。', { status: 404 })
  const sent = url.searchParams.get('sent') ?? ''
  return { card, token: params.token, sent: /^\S{1,2}-\d{4}-\d{6}$/.test(sent) ? sent : undefined }
}

export async function action({ params, request, context }: Route.ActionArgs) {
  const { values, report } = await readReport(request)
  if (isRefusal(report)) return refused(report, values)
  const done = await reportByLabel(context.get(ctxKey), params.token, report.form, report.photo)
  return isRefusal(done) ? refused(done, values) : redirect(`/i/${params.token}/fault?sent=${encodeURIComponent(done.number)}`)
}

export default function ScanFault({ loaderData: { card, token, sent } }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  const back = { to: `/i/${token}`, label: `${card.code} ${card.name}` }
  if (sent && !result)
    return (
      <Page title="已经报告" lead={`编号 ${sent}。${card.owner}会在 2 个工作日内处理。`} back={back} width="narrow">
        <Notice tone="warn" title="处理好之前请不要使用这件器具">
          如果可能伤到人，请立即停下来，并直接告诉现场负责人。
        </Notice>
      </Page>
    )
  const values = result?.values as Record<string, string> | undefined
  return (
    <Page title="报告故障" lead={`${card.code} ${card.name}，${card.owner}。不用登录，写一句话就行。`} back={back} width="narrow">
      <Form method="post" encType="multipart/form-data" className="form" noValidate>
        <ErrorSummary refusal={result?.refusal} />
        <ReportFields refusal={result?.refusal} values={values} />
        <fieldset className="stack">
          <legend>方便时留个联系方式</legend>
          <p className="soft">
            只在需要向您问清情况时用，只有这家企业看得到，故障处理完就删除（《个人信息保护法》第六条、第四十七条）。不留也可以报告。
          </p>
          <TextField
            name="reporter"
            label="怎么称呼您"
            autoComplete="name"
            maxLength={40}
            defaultValue={values?.reporter}
            error={result?.refusal.fields?.reporter}
          />
          <TextField
            name="contact"
            label="电话"
            autoComplete="tel"
            maxLength={20}
            defaultValue={values?.contact}
            error={result?.refusal.fields?.contact}
          />
        </fieldset>
        <div className={styles.trap} aria-hidden>
          <label>
            请留空 <input name="website" tabIndex={-1} autoComplete="off" />
          </label>
        </div>
        <Submit label="提交" busyLabel="正在提交" />
        <p className="soft">
          <Link to={`/i/${token}`}>不报告了，回到状态页</Link>
        </p>
      </Form>
    </Page>
  )
}
