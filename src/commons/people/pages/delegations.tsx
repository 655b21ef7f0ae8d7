/** One card for each delegation: who, what, until when, and the steps that the reader may take. */
import { Form } from 'react-router'
import type { Refusal } from '../../../core/refusal.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { DateField } from '../../../web/ui/fields.tsx'
import { FormPage, Submit } from '../../../web/ui/form.tsx'
import { Badge, When } from '../../../web/ui/marks.tsx'
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
      {row.contact && (
        <p>
          联系方式：{row.contact.phone && <a href={`tel:${row.contact.phone}`}>{row.contact.phone}</a>} {row.contact.email}
        </p>
      )}
      {row.ends && (
        <p>
          这项授权{row.ends}
          {row.asked && (
            <>
              ，本人已于 <When at={row.asked} /> 请求续期
            </>
          )}
          。可以续期的人：{row.renewers}
        </p>
      )}
      {row.mayAsk && <OneClick row={row} step="ask" label="请他们续期" />}
      {row.renewTo && <OneClick row={row} step="renew" label={`续期到 ${row.renewTo}`} endsOn={row.renewTo} />}
      {row.choices.map((choice) => (
        <Step key={choice.name} row={row} choice={choice} refusal={failed === row.id ? refusal : undefined} />
      ))}
    </article>
  ))
}

/** Everything is in the button's words; no field to fill. */
function OneClick({ row, step, label, endsOn }: { row: DelegationRow; step: 'ask' | 'renew'; label: string; endsOn?: string }) {
  return (
    <Form method="post">
      <input type="hidden" name="id" value={row.id} />
      <input type="hidden" name="version" value={row.version} />
      {endsOn && <input type="hidden" name="endsOn" value={endsOn} />}
      <Submit label={label} busyLabel="正在办理" name="step" value={step} />
    </Form>
  )
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
    <Disclosure summary={choice.name === 'renew' && row.renewTo ? '续期到别的日期' : choice.label} open={error !== undefined}>
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
