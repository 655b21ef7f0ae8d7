/** The form by which an enterprise lets somebody of another organisation act for it. */
import type { Refusal } from '../../../core/refusal.ts'
import { CheckboxField, DateField, RadioField, TextField } from '../../../web/ui/fields.tsx'
import { FormPage, Submit } from '../../../web/ui/form.tsx'
import { consentWording, type AgencyScope } from '../agencies/model.ts'
import { scopeHelp, scopes } from '../model.ts'
import { PersonFields } from './person-fields.tsx'

export interface TypedConsent {
  personNumber?: string
  personName?: string
  scope?: readonly string[]
  purpose?: string
  startsOn?: string
  endsOn?: string
  agreed?: boolean
}

interface ConsentFormProps {
  /** `last`: the latest day that the reader may agree to. */
  may: { scopes: readonly AgencyScope[]; today: string; last: string }
  typed?: TypedConsent | undefined
  refusal?: Refusal | undefined
}

export function ConsentForm({ may, typed = {}, refusal }: ConsentFormProps) {
  const errors = refusal?.fields ?? {}
  return (
    <FormPage>
      <PersonFields typed={typed} errors={errors} />
      <RadioField
        name="scope"
        label="可以代办什么"
        multiple
        help="费用和人员不能代办"
        options={may.scopes.map((value) => ({ value, label: `${scopes[value]}：${scopeHelp[value]}` }))}
        chosen={typed.scope ?? []}
        error={errors.scope}
      />
      <TextField
        name="purpose"
        label="代办事项"
        required
        maxLength={200}
        help="如：帮助建立台账，录入历年证书"
        defaultValue={typed.purpose}
        error={errors.purpose}
      />
      <DateField name="startsOn" label="开始日期" required defaultValue={typed.startsOn ?? may.today} error={errors.startsOn} />
      <DateField
        name="endsOn"
        label="截止日期"
        required
        help={`含当天，不能晚于 ${may.last}`}
        defaultValue={typed.endsOn}
        error={errors.endsOn}
      />
      <CheckboxField name="agreed" label="本单位同意" help={consentWording} required defaultChecked={typed.agreed} error={errors.agreed} />
      <Submit label="同意代办" busyLabel="正在办理" name="step" value="consent" />
    </FormPage>
  )
}
