/** One card for each delegation: who, what, until when, and the steps that the reader may take. */
import type { Refusal } from '../../../core/refusal.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { DateField } from '../../../web/ui/fields.tsx'
import { FormPage, Submit } from '../../../web/ui/form.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import { duties, scopes } from '../model.ts'
import type { DelegationRow } from './delegations.server.ts'

interface DelegationsProps {
  rows: readonly DelegationRow[]
  refusal?: Refusal | undefined
  /** The card whose form was refused: it stays open, with the error beside the field. */
  failed?: string | undefined
}

export function Delegations({ rows, refusal, failed }: DelegationsProps) {
  return rows.map((row) => (
    <article key={row.id} className="card">
      <div className="row">
        <h2>{row.personName}</h2>
        <Badge tone={row.state === 'ended' ? 'neutral' : row.expired ? 'warn' : 'good'}>
          {row.state === 'ended' ? '已终止' : row.expired ? '已到期' : '有效'}
        </Badge>
      </div>
      <p>
        {duties[row.duty]}，{row.startsOn} 至 {row.endsOn ?? '终止为止'}，可办：{row.scope.map((scope) => scopes[scope]).join('、') || '无'}
        {row.grantedByName && `，由${row.grantedByName}授权`}
      </p>
      {row.expired && row.state === 'active' && <p>可以续期的人：{row.renewers}</p>}
      {row.choices.map((choice) => (
        <Step key={choice.name} row={row} choice={choice} refusal={failed === row.id ? refusal : undefined} />
      ))}
    </article>
  ))
}

function Step({ row, choice, refusal }: { row: DelegationRow; choice: DelegationRow['choices'][number]; refusal: Refusal | undefined }) {
  if (choice.disabledReason)
    return (
      <p className="soft">
        {choice.label}：{choice.disabledReason}
      </p>
    )
  const error = choice.name === 'renew' ? refusal?.fields?.endsOn : undefined
  return (
    <Disclosure summary={choice.label} open={error !== undefined}>
      <FormPage>
        <input type="hidden" name="id" value={row.id} />
        <input type="hidden" name="version" value={row.version} />
        {choice.confirm && <p>{choice.confirm}</p>}
        {choice.name === 'renew' && <DateField name="endsOn" label="新的截止日期" required error={error} />}
        <Submit
          label={choice.confirm ? `确认${choice.label}` : choice.label}
          name="step"
          value={choice.name}
          danger={choice.name === 'end'}
        />
      </FormPage>
    </Disclosure>
  )
}
