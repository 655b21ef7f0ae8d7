/** What can be done with the ticked rows: a plain form, whose boxes stand in the table. */
import { Form, Link } from 'react-router'
import type { Refusal } from '../../../core/refusal.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { Notice } from '../../../web/ui/feedback.tsx'
import { SelectField, TextField, type Option } from '../../../web/ui/fields.tsx'
import { Submit } from '../../../web/ui/form.tsx'
import styles from './instruments.module.css'

/** Id of the form that the boxes belong to. */
export const bulkForm = 'bulk'

interface BulkBarProps {
  steps: readonly Option[]
  typed?: { step: string; opinion: string } | undefined
}

/** Stays at the foot of the window while the list is read. */
export function BulkBar({ steps, typed }: BulkBarProps) {
  return (
    <Form method="post" id={bulkForm} className={`${styles.bulk} no-print`} aria-label="对勾选的器具" noValidate>
      <strong>勾选的器具</strong>
      <Submit label="送检" plain name="intent" value="send-out" />
      <Submit label="打印标签" plain name="intent" value="labels" />
      <Disclosure summary="启用、停用、封存……" open={Boolean(typed?.step || typed?.opinion)}>
        <div className={styles.bulkStep}>
          <SelectField name="step" label="办理" options={steps} empty="请选择" defaultValue={typed?.step} required />
          <TextField name="opinion" label="理由" defaultValue={typed?.opinion} maxLength={500} />
          <Submit label="办理" busyLabel="正在办理" name="intent" value="step" />
        </div>
      </Disclosure>
    </Form>
  )
}

interface BulkOutcomeProps {
  base: string
  result?: {
    refusal?: Refusal | undefined
    outcome?: { label: string; done: string[]; refused: { id: string; code: string; reason: string }[] } | undefined
  }
}

/** What was not done is named, with its reason; what was done is counted. */
export function BulkOutcome({ result, base }: BulkOutcomeProps) {
  if (result?.refusal)
    return (
      <Notice tone="bad" title="没有办成" live>
        {result.refusal.reason}
      </Notice>
    )
  if (!result?.outcome) return null
  const { label, done, refused } = result.outcome
  return (
    <Notice tone="warn" title={`${done.length} 件已办理“${label}”，${refused.length} 件没有办成`} live>
      <ul>
        {[...Map.groupBy(refused, ({ reason }) => reason)].map(([reason, those]) => (
          <li key={reason}>
            {reason}：
            {those.map(({ id, code }, i) => (
              <span key={id}>
                {i > 0 && '、'}
                <Link to={`${base}/${id}`}>{code}</Link>
              </span>
            ))}
          </li>
        ))}
      </ul>
    </Notice>
  )
}
