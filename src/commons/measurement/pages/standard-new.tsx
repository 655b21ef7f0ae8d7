import { redirect, useActionData } from 'react-router'
import { isRefusal, refuse } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { admit } from '../../../web/admit.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { NumberField, TextField } from '../../../web/ui/fields.tsx'
import { ErrorSummary, FormPage, Submit } from '../../../web/ui/form.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { registerStandard } from '../standards/commands.server.ts'
import { standardForm } from '../standards/schema.ts'
import { CertificateFields, certificateIn, fieldOf } from './standard-fields.tsx'
import type { Route } from './+types/standard-new.ts'

export const meta = () => [{ title: '登记标准器 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  admit(context.get(ctxKey), url, ['tester', 'approver'])
  return null
}

export async function action({ request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['tester', 'approver'])
  const values = Object.fromEntries([...(await request.formData())].map(([name, value]) => [name, String(value).trim()]))
  const read = standardForm.safeParse({
    name: values.name,
    serial: values.serial,
    low: values.low ? values.low : null,
    high: values.high ? values.high : null,
    rangeUnit: values.rangeUnit,
    unit: values.unit || values.rangeUnit,
    ...certificateIn(values),
  })
  const answer = read.success
    ? await registerStandard(ctx, read.data)
    : refuse('invalid', '有几处要改。', {
        fields: Object.fromEntries(read.error.issues.map(({ path, message }) => [String(path[0]), message])),
      })
  return isRefusal(answer) ? refused(answer, values) : redirect(`/standards/${answer.id}`)
}

export default function NewStandard() {
  const result = useActionData<typeof action>()
  const props = { values: result?.values ?? {}, errors: result?.refusal.fields ?? {} }
  const field = fieldOf(props)
  return (
    <Page
      title="登记标准器"
      lead="照校准或检定证书填写；以后有了新证书，在它那一页登记。"
      back={{ to: '/standards', label: '计量标准器' }}
      width="narrow"
    >
      <ErrorSummary refusal={result?.refusal} />
      <FormPage>
        <TextField {...field('name', '名称')} required maxLength={60} />
        <TextField {...field('serial', '出厂编号')} required maxLength={40} />
        <NumberField {...field('low', '范围下限')} help="没有下限的留空" />
        <NumberField {...field('high', '范围上限')} help="没有上限的留空" />
        <TextField {...field('rangeUnit', '范围的单位')} required help="如 MPa、mm、kg、℃" />
        <TextField {...field('unit', '不确定度的单位')} help="与范围不同时填写，如 μm；按百分数计的填 %" />
        <CertificateFields {...props} />
        <Submit label="登记" busyLabel="正在登记" />
      </FormPage>
    </Page>
  )
}
