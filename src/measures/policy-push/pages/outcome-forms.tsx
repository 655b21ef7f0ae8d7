import { Form } from 'react-router'
import type { Refusal } from '../../../core/refusal.ts'
import { NumberField, SelectField, TextArea } from '../../../web/ui/fields.tsx'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import { declineReasons } from '../model.ts'
import { workflow } from '../workflow.ts'

interface Props {
  version: number
  refusal: Refusal | undefined
  values: Record<string, string> | undefined
  /** This form was the one that was refused, so it stands open with its values. */
  active: boolean
}

export const GrantForm = ({ version, refusal, values, active }: Props) => (
  <Disclosure summary={workflow.steps.grant.label} open>
    <Form method="post" className="form" noValidate>
      <ErrorSummary refusal={active ? refusal : undefined} />
      <Hidden step="grant" version={version} />
      <NumberField
        name="saving"
        label="企业享受的金额"
        suffix="元"
        help="减免、补助或少付的金额，最多两位小数；没有金额的填 0"
        required
        defaultValue={active ? values?.saving : undefined}
        error={active ? refusal?.fields?.saving : undefined}
      />
      <TextArea name="opinion" label="办理意见" defaultValue={active ? values?.opinion : undefined} />
      <p className="soft">{workflow.steps.grant.confirm}</p>
      <Submit label={workflow.steps.grant.label} busyLabel="正在确认" />
    </Form>
  </Disclosure>
)

export const DeclineForm = ({ version, refusal, values, active }: Props) => (
  <Disclosure summary={workflow.steps.decline.label} open={active}>
    <Form method="post" className="form" noValidate>
      <ErrorSummary refusal={active ? refusal : undefined} />
      <Hidden step="decline" version={version} />
      <SelectField
        name="reason"
        label="原因"
        required
        empty="请选择"
        options={Object.entries(declineReasons).map(([value, { label }]) => ({ value, label }))}
        defaultValue={active ? values?.reason : undefined}
        error={active ? refusal?.fields?.reason : undefined}
      />
      <TextArea
        name="opinion"
        label="意见"
        help="写明哪一条不符合、依据哪一款、企业可以怎么办"
        required
        defaultValue={active ? values?.opinion : undefined}
        error={active ? refusal?.fields?.opinion : undefined}
      />
      <p className="soft">{workflow.steps.decline.confirm}</p>
      <Submit label={workflow.steps.decline.label} busyLabel="正在提交" danger />
    </Form>
  </Disclosure>
)

const Hidden = ({ step, version }: { step: string; version: number }) => (
  <>
    <input type="hidden" name="step" value={step} />
    <input type="hidden" name="version" value={version} />
  </>
)
