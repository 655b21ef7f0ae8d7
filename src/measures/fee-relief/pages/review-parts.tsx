/** Parts of the page of a review: what the re-decision found, and the no with its reason. */
import { Form, Link } from 'react-router'
import type { LineReliefRecord } from '../../../commons/orders/index.ts'
import type { Refusal } from '../../../core/refusal.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { SelectField, TextArea, TextField } from '../../../web/ui/fields.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import { declineReasons } from '../reviews/model.ts'
import { reviewWorkflow } from '../reviews/workflow.ts'

export const Found = ({ record, amount }: { record: LineReliefRecord; amount: string | null }) => (
  <section aria-labelledby="found">
    <h2 id="found">重算</h2>
    <p>
      按 {record.decidedOn} 受理那天的规则、现在的企业信息和承诺书：
      {amount ? (
        <>
          比已经减的多 <strong>{amount}</strong>
        </>
      ) : (
        '没有可以补减的'
      )}
      。受理时的决定照旧保留在委托单里。
    </p>
    <ul>
      {record.taken.map(({ slug, title, article, rateBp, versionNumber }) => (
        <li key={slug}>
          <Link to={`/policies/${slug}`}>
            《{title}》{article}
          </Link>
          ：减 {rateBp / 100}%（第 {versionNumber} 版）
        </li>
      ))}
      {record.refused.map(({ slug, title, why }) => (
        <li key={slug}>
          <Link to={`/policies/${slug}`}>《{title}》</Link>：{why}
        </li>
      ))}
    </ul>
  </section>
)

interface Props {
  version: number
  refusal: Refusal | undefined
  values: Record<string, string> | undefined
  /** It was refused, so it stands open with its values. */
  open: boolean
}

export const DeclineForm = ({ version, refusal, values, open }: Props) => (
  <Disclosure summary={`${reviewWorkflow.steps.decline.label}……`} open={open}>
    <Form method="post" className="form" noValidate>
      <ErrorSummary refusal={refusal} />
      <input type="hidden" name="step" value="decline" />
      <input type="hidden" name="version" value={version} />
      <SelectField
        name="reason"
        label="原因"
        required
        empty="请选择"
        options={Object.entries(declineReasons).map(([value, { label }]) => ({ value, label }))}
        defaultValue={values?.reason}
        error={refusal?.fields?.reason}
      />
      <TextField
        name="article"
        label="依据的条款"
        help="文件和条，如：某文件 第三条"
        required
        maxLength={100}
        defaultValue={values?.article}
        error={refusal?.fields?.article}
      />
      <TextArea
        name="opinion"
        label="理由"
        help="写给企业看：哪一条不符合，可以怎么办"
        required
        rows={3}
        defaultValue={values?.opinion}
        error={refusal?.fields?.opinion}
      />
      <Submit label={reviewWorkflow.steps.decline.label} busyLabel="正在提交" danger />
    </Form>
  </Disclosure>
)
