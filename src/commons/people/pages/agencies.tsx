/** One card for each agency: who for whom, what, until when, what was done, and the steps that the reader may take. */
import { Form } from 'react-router'
import type { Refusal } from '../../../core/refusal.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { DateField } from '../../../web/ui/fields.tsx'
import { FormPage, Submit } from '../../../web/ui/form.tsx'
import { Badge, When } from '../../../web/ui/marks.tsx'
import type { AgencyView } from './agencies.server.ts'

interface AgenciesProps {
  rows: readonly AgencyView[]
  side: 'enterprise' | 'agent'
  refusal?: Refusal | undefined
  /** The card whose form was refused: it stays open, with the error beside the field. */
  failed?: string | undefined
}

export const Agencies = ({ rows, side, refusal, failed }: AgenciesProps) =>
  rows.map((row) => (
    <article key={row.id} className="card">
      <div className="row">
        <h2>{side === 'enterprise' ? row.agent : row.orgName}</h2>
        <Badge tone={row.status.tone}>{row.status.label}</Badge>
      </div>
      <p>
        {row.purpose}。可办：{row.scope}，{row.startsOn} 至 {row.endsOn}，由{row.consentedByName}同意
      </p>
      {row.contact && (
        <p>
          联系方式：{row.contact.phone && <a href={`tel:${row.contact.phone}`}>{row.contact.phone}</a>} {row.contact.email}
        </p>
      )}
      {row.usable && side === 'agent' && (
        <Form method="post" action="/seat" reloadDocument>
          <input type="hidden" name="membershipId" value={row.id} />
          <Submit label={`代 ${row.orgName} 办理`} />
        </Form>
      )}
      {row.latest.length === 0 ? (
        <p className="soft">还没有办过什么。</p>
      ) : (
        <Disclosure summary={`办了什么：${row.done}`}>
          <ul>
            {row.latest.map((each, i) => (
              <li key={`${each.at}${i}`}>
                <When at={each.at} /> {each.what}
              </li>
            ))}
          </ul>
        </Disclosure>
      )}
      {row.choices.map((choice) => (
        <Step key={choice.name} row={row} choice={choice} refusal={failed === row.id ? refusal : undefined} />
      ))}
    </article>
  ))

function Step({ row, choice, refusal }: { row: AgencyView; choice: AgencyView['choices'][number]; refusal: Refusal | undefined }) {
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
        {choice.name === 'renew' && (
          <DateField name="endsOn" label="新的截止日期" required defaultValue={row.renewTo} help="含当天，最长一年" error={error} />
        )}
        <Submit
          label={choice.confirm ? `确认${choice.label}` : choice.label}
          name="step"
          value={choice.name}
          danger={choice.name !== 'renew'}
        />
      </FormPage>
    </Disclosure>
  )
}
