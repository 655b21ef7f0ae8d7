import { redirect, useActionData } from 'react-router'
import { isRefusal, refuse } from '../../../core/refusal.ts'
import { choices } from '../../../core/workflow.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { admit, missing } from '../../../web/admit.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { ErrorSummary, FormPage, Submit } from '../../../web/ui/form.tsx'
import { Facts } from '../../../web/ui/list.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { Steps } from '../../../web/ui/steps.tsx'
import { recalibrateStandard, withdrawStandard } from '../standards/commands.server.ts'
import { sayQuality, sayRange, standardStates, standardTones } from '../standards/model.ts'
import { findStandard } from '../standards/queries.server.ts'
import { recalibrationForm } from '../standards/schema.ts'
import { workflow } from '../standards/workflow.ts'
import { CertificateFields, certificateIn } from './standard-fields.tsx'
import type { Route } from './+types/standard.ts'

export const meta = () => [{ title: '标准器 · 衡企' }]

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['tester', 'approver', 'counter'])
  const row = await findStandard(ctx, params.id)
  if (!row) throw missing('这台标准器')
  const steps = choices(workflow, row, ctx.actor, ctx.now)
  return {
    row: { ...row, range: sayRange(row), said: sayQuality(row) },
    steps: steps.filter(({ name }) => name === 'withdraw'),
    mayRecalibrate: steps.some(({ name }) => name === 'recalibrate'),
  }
}

export async function action({ params, request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['tester', 'approver'])
  const values = Object.fromEntries([...(await request.formData())].map(([name, value]) => [name, String(value).trim()]))
  const run = async () => {
    if (values.step === 'withdraw')
      return withdrawStandard(ctx, params.id, { version: Number(values.version), opinion: values.opinion ?? '' })
    const read = recalibrationForm.safeParse({ ...certificateIn(values), version: values.version })
    return read.success
      ? recalibrateStandard(ctx, params.id, read.data)
      : refuse('invalid', '有几处要改。', {
          fields: Object.fromEntries(read.error.issues.map(({ path, message }) => [String(path[0]), message])),
        })
  }
  const answer = await run()
  return isRefusal(answer) ? refused(answer, values) : redirect(`/standards/${answer.id}`)
}

export default function StandardPage({ loaderData: { row, steps, mayRecalibrate } }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  return (
    <Page
      title={`${row.name} ${row.serial}`}
      lead={`第 ${row.n} 份证书`}
      state={{ label: standardStates[row.state], tone: standardTones[row.state] }}
      back={{ to: '/standards', label: '计量标准器' }}
      width="narrow"
    >
      <ErrorSummary refusal={result?.refusal} />
      <Facts
        items={[
          { label: '范围', value: row.range },
          { label: '不确定度或等级', value: row.said },
          { label: '证书编号', value: row.certificate },
          { label: '出证机构', value: row.issued_by },
          { label: '有效期', value: `${row.valid_from} 至 ${row.valid_until}` },
          { label: '登记', value: row.recorded_by_name },
          ...(row.reason ? [{ label: '停用原因', value: row.reason }] : []),
        ]}
      />
      {mayRecalibrate && (
        <Disclosure summary="登记新证书" open={Boolean(result && result.values.step !== 'withdraw')}>
          <p className="soft">原来的证书保留，用它做过的记录不变。</p>
          <FormPage>
            <input type="hidden" name="version" value={row.version} />
            <CertificateFields values={result?.values ?? {}} errors={result?.refusal.fields ?? {}} />
            <Submit label="登记新证书" busyLabel="正在登记" />
          </FormPage>
        </Disclosure>
      )}
      <Steps choices={steps} version={row.version} />
    </Page>
  )
}
