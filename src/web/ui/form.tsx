import { useEffect, useRef, type ReactNode } from 'react'
import { Form, useNavigation } from 'react-router'
import type { Refusal } from '../../core/refusal.ts'

/** A plain form in one column; `replace` keeps the history clean when it is shown again with errors. */
export function FormPage({ children, action, id }: { children: ReactNode; action?: string; id?: string }) {
  return (
    <Form method="post" action={action} id={id} className="form" noValidate>
      {children}
    </Form>
  )
}

/** What was refused, with a link to each field; takes the focus when it appears. */
export function ErrorSummary({ refusal }: { refusal?: Refusal | null }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (refusal) box.current?.focus()
  }, [refusal])
  if (!refusal) return null
  const fields = Object.entries(refusal.fields ?? {})
  return (
    <div ref={box} className="error-summary" role="alert" tabIndex={-1}>
      <strong>{refusal.reason}</strong>
      {fields.length > 0 && (
        <ul>
          {fields.map(([name, reason]) => (
            <li key={name}>
              <a href={`#field-${name}`}>{reason}</a>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

interface SubmitProps {
  label: string
  busyLabel?: string
  danger?: boolean
  /** Not the page's main action. */
  plain?: boolean
  name?: string
  value?: string
  disabledReason?: string
}

export function Submit({ label, busyLabel, danger, plain, name, value, disabledReason }: SubmitProps) {
  const { state, formData } = useNavigation()
  const busy = state !== 'idle' && (!name || formData?.get(name) === value)
  return (
    <div>
      <button
        type="submit"
        name={name}
        value={value}
        className={`button${danger ? ' danger' : plain ? '' : ' primary'}`}
        disabled={busy || Boolean(disabledReason)}
      >
        {busy && busyLabel ? `${busyLabel}……` : label}
      </button>
      {disabledReason && <p className="soft">{disabledReason}</p>}
    </div>
  )
}
