/** The form by which somebody gives a colleague a delegation; offers only what the reader may give. */
import type { Refusal } from '../../../core/refusal.ts'
import { DateField, RadioField } from '../../../web/ui/fields.tsx'
import { FormPage, Submit } from '../../../web/ui/form.tsx'
import { duties, scopeHelp, scopes, type Duty, type Scope } from '../model.ts'
import { PersonFields } from './person-fields.tsx'

export interface Grantable {
  duties: readonly Duty[]
  scopes: readonly Scope[]
  /** The giver's own last day: nothing may last longer. */
  endsOn: string | null
  today: string
}

/** What was typed and refused, to be corrected. */
export interface TypedGrant {
  personNumber?: string
  personName?: string
  duty?: string
  scope?: readonly string[]
  startsOn?: string
  endsOn?: string
}

export function GrantForm({ may, typed = {}, refusal }: { may: Grantable; typed?: TypedGrant; refusal?: Refusal | undefined }) {
  const errors = refusal?.fields ?? {}
  const only = may.duties.length === 1 ? may.duties[0] : undefined
  return (
    <FormPage>
      <PersonFields typed={typed} errors={errors} />
      <RadioField
        name="duty"
        label="职务"
        required
        options={may.duties.map((value) => ({ value, label: duties[value] }))}
        defaultValue={typed.duty ?? only ?? null}
        error={errors.duty}
      />
      <RadioField
        name="scope"
        label="可以办什么"
        multiple
        help={may.duties.includes('manager') ? '经办人不能有“人员”范围' : undefined}
        options={may.scopes.map((value) => ({ value, label: `${scopes[value]}：${scopeHelp[value]}` }))}
        chosen={typed.scope ?? []}
        error={errors.scope}
      />
      <DateField name="startsOn" label="开始日期" required defaultValue={typed.startsOn ?? may.today} error={errors.startsOn} />
      <DateField
        name="endsOn"
        label="截止日期"
        required
        help={may.endsOn ? `含当天；不能晚于您自己的 ${may.endsOn}` : '含当天；授权须写明期限（《民法典》第一百六十五条）'}
        defaultValue={typed.endsOn}
        error={errors.endsOn}
      />
      <Submit label="授权" busyLabel="正在授权" name="step" value="grant" />
    </FormPage>
  )
}
