import { Form } from 'react-router'
import type { Refusal } from '../../../core/refusal.ts'
import { CheckboxField, RadioField, TextArea } from '../../../web/ui/fields.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'

interface Props {
  documents: readonly { name: string; once?: true }[]
  refusal: Refusal | undefined
  values: Record<string, string> | undefined
  /** Hidden fields of the form: the intent, or the step and its lock. */
  hidden: Record<string, string | number>
  label: string
  promise: string
}

/** What is sent along with an application: which papers are ready, a note, and that it is true. */
export function ApplyForm({ documents, refusal, values, hidden, label, promise }: Props) {
  return (
    <Form method="post" className="form" noValidate>
      <ErrorSummary refusal={refusal} />
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {documents.length > 0 && (
        <RadioField
          name="documents"
          label="已经备好的材料"
          help="办理时带齐；没备齐也可以先提交"
          multiple
          options={documents.map(({ name, once }) => ({ value: name, label: once ? `${name}（首次提交后免交）` : name }))}
        />
      )}
      <TextArea
        name="note"
        label="补充说明"
        help="需要受理机关知道的情况，最多 1000 字"
        defaultValue={values?.note}
        error={refusal?.fields?.note}
      />
      <CheckboxField name="truthful" required label="所填企业信息属实，随申请一并提交" error={refusal?.fields?.truthful} />
      <p className="soft">{promise}</p>
      <Submit label={label} busyLabel="正在提交" />
    </Form>
  )
}
