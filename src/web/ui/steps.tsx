import type { ReactNode } from 'react'
import { Form } from 'react-router'
import type { Choice } from '../../core/workflow.ts'
import { TextArea } from './fields.tsx'
import { Submit } from './form.tsx'

interface StepsProps {
  choices: readonly Choice<string>[]
  version: number
  action?: string
  /** Fields that a step asks besides, by its name. */
  asks?: Readonly<Record<string, ReactNode>>
}

/** The steps that this person may take now; a disabled one says why. Posts `step`, `opinion` and the `version` that was looked at. */
export function Steps({ choices, version, action, asks }: StepsProps) {
  if (choices.length === 0) return null
  return (
    <section className="steps no-print" aria-label="可以办理的步骤">
      {choices.map((choice) => (
        <StepForm key={choice.name} choice={choice} version={version} action={action} asks={asks?.[choice.name]} />
      ))}
    </section>
  )
}

interface StepFormProps extends Omit<StepsProps, 'choices' | 'asks'> {
  choice: Choice<string>
  asks: ReactNode
}

function StepForm({ choice, version, action, asks }: StepFormProps) {
  const form = (
    <Form method="post" action={action}>
      <input type="hidden" name="step" value={choice.name} />
      <input type="hidden" name="version" value={version} />
      {!choice.disabledReason && asks}
      {choice.confirm && <p>{choice.confirm}</p>}
      {choice.opinion && !choice.disabledReason && (
        <TextArea
          name="opinion"
          label={choice.opinion === 'required' ? '理由' : '意见'}
          required={choice.opinion === 'required'}
          rows={2}
        />
      )}
      <Submit
        label={choice.confirm ? `确认${choice.label}` : choice.label}
        busyLabel="正在办理"
        plain={Boolean(choice.opinion)}
        disabledReason={choice.disabledReason}
      />
    </Form>
  )
  // Opening the details is the first of two deliberate actions, with or without scripts.
  return choice.confirm && !choice.disabledReason ? (
    <details className="disclosure">
      <summary>{choice.label}……</summary>
      {form}
    </details>
  ) : (
    form
  )
}
