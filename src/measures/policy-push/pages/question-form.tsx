import { Form } from 'react-router'
import type { Refusal } from '../../../core/refusal.ts'
import { CheckboxField, DateField, NumberField, RadioField, SelectField, TextArea } from '../../../web/ui/fields.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import type { Question } from '../question.server.ts'

/** One question, one answer, one button. `to`: the page that takes the answer. */
export function QuestionForm({ question, refusal, to }: { question: Question; refusal?: Refusal | undefined; to?: string }) {
  return (
    <Form method="post" {...(to && { action: to })} className="form" noValidate>
      <ErrorSummary refusal={refusal} />
      <input type="hidden" name="intent" value="answer" />
      <input type="hidden" name="fact" value={question.fact} />
      <Answer question={question} error={refusal?.fields?.value ?? refusal?.fields?.[question.fact]} />
      <Submit label="提交答案，马上重新判断" busyLabel="正在重新判断" />
    </Form>
  )
}

function Answer({ question, error }: { question: Question; error: string | undefined }) {
  const common = { name: 'value', label: question.question, error, ...(question.current && { help: `现在记录的是：${question.current}` }) }
  switch (question.kind) {
    case 'yes-no':
      return (
        <RadioField
          {...common}
          required
          options={[
            { value: 'yes', label: '是' },
            { value: 'no', label: '否' },
          ]}
        />
      )
    case 'number':
      return <NumberField {...common} {...(question.unit && { suffix: question.unit })} required />
    case 'date':
      return <DateField {...common} required />
    case 'ledger':
      return (
        <>
          <TextArea {...common} required help="每行一种，写名称和件数，如“压力表 12”" />
          <CheckboxField name="none" label="没有计量器具" />
        </>
      )
    case 'many':
      return (
        <>
          <RadioField {...common} multiple options={question.options} />
          <CheckboxField name="none" label="以上都没有" />
        </>
      )
    case 'one':
      return question.options.length <= 6 ? (
        <RadioField {...common} required options={question.options} />
      ) : (
        <SelectField {...common} empty="请选择" options={question.options} required />
      )
  }
}
