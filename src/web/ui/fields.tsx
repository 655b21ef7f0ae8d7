/** Native inputs: they work before and without scripts, and every keyboard and reader knows them. */
import { useId, type ReactNode } from 'react'

interface FieldProps {
  name: string
  label: string
  help?: ReactNode
  error?: string
  required?: boolean
}

interface InputProps extends FieldProps {
  defaultValue?: string | number | null
  suffix?: string
  autoComplete?: string
  placeholder?: string
  list?: string
  maxLength?: number
}

/** Id, described-by and error state, the same for every kind of input. */
function useField({ name, help, error }: FieldProps) {
  const id = useId()
  const describedBy = [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(' ') || undefined
  return { id, input: { id, name, 'aria-describedby': describedBy, 'aria-invalid': error ? (true as const) : undefined } }
}

function Frame({ id, name, label, help, error, required, children }: FieldProps & { id: string; children: ReactNode }) {
  return (
    <div className={`field${error ? ' wrong' : ''}`} id={error ? `field-${name}` : undefined}>
      <label htmlFor={id}>
        {label}
        {!required && <small className="soft">（选填）</small>}
      </label>
      {help && (
        <span className="help" id={`${id}-help`}>
          {help}
        </span>
      )}
      {error && (
        <span className="error" id={`${id}-error`}>
          {error}
        </span>
      )}
      {children}
    </div>
  )
}

function Input({ type, inputMode, ...props }: InputProps & { type: string; inputMode?: 'numeric' | 'decimal' }) {
  const { id, input } = useField(props)
  const { defaultValue, suffix, autoComplete, placeholder, list, maxLength, required } = props
  const element = (
    <input
      {...input}
      type={type}
      defaultValue={defaultValue ?? ''}
      required={required}
      {...{ inputMode, autoComplete, placeholder, list, maxLength }}
    />
  )
  return (
    <Frame {...props} id={id}>
      {suffix ? (
        <span className="with-suffix">
          {element}
          <span>{suffix}</span>
        </span>
      ) : (
        element
      )}
    </Frame>
  )
}

export const TextField = ({ type = 'text', ...props }: InputProps & { type?: 'text' | 'password' | 'email' | 'search' | 'url' }) => (
  <Input {...props} type={type} />
)

/** A text input with a numeric keyboard: a number input loses what cannot be read as a number. */
export const NumberField = (props: InputProps) => <Input {...props} type="text" inputMode="decimal" />

export const DateField = (props: InputProps) => <Input {...props} type="date" />

export function TextArea({ rows = 4, ...props }: InputProps & { rows?: number }) {
  const { id, input } = useField(props)
  return (
    <Frame {...props} id={id}>
      <textarea
        {...input}
        rows={rows}
        defaultValue={props.defaultValue ?? ''}
        required={props.required}
        maxLength={props.maxLength}
        placeholder={props.placeholder}
      />
    </Frame>
  )
}

/** A file; the form needs `encType="multipart/form-data"`. `accept` only sorts what is offered: what comes is judged by its content. */
export function FileField({ accept, multiple, ...props }: FieldProps & { accept?: string; multiple?: boolean }) {
  const { id, input } = useField(props)
  return (
    <Frame {...props} id={id}>
      <input {...input} type="file" accept={accept} multiple={multiple} required={props.required} />
    </Frame>
  )
}

export interface Option {
  value: string
  label: string
}

export function SelectField({ options, empty, ...props }: InputProps & { options: readonly Option[]; empty?: string }) {
  const { id, input } = useField(props)
  return (
    <Frame {...props} id={id}>
      <select {...input} defaultValue={props.defaultValue ?? ''} required={props.required}>
        {empty !== undefined && <option value="">{empty}</option>}
        {options.map((o) => (
          <option key={o.value} value={o.value}>
            {o.label}
          </option>
        ))}
      </select>
    </Frame>
  )
}

/** One of several (`radio`) or some of several (`multiple`). */
export function RadioField({
  options,
  multiple,
  chosen,
  ...props
}: InputProps & { options: readonly Option[]; multiple?: boolean; chosen?: readonly string[] }) {
  const { id, input } = useField(props)
  const selected = chosen ?? (props.defaultValue === null || props.defaultValue === undefined ? [] : [String(props.defaultValue)])
  return (
    <div className={`field${props.error ? ' wrong' : ''}`} id={props.error ? `field-${props.name}` : undefined}>
      <fieldset aria-describedby={input['aria-describedby']}>
        <legend>{props.label}</legend>
        {props.help && (
          <p className="help" id={`${id}-help`}>
            {props.help}
          </p>
        )}
        {props.error && (
          <p className="error" id={`${id}-error`}>
            {props.error}
          </p>
        )}
        <div className="options">
          {options.map((o) => (
            <label key={o.value} className="check">
              <input
                type={multiple ? 'checkbox' : 'radio'}
                name={props.name}
                value={o.value}
                defaultChecked={selected.includes(o.value)}
                required={props.required && !multiple}
              />
              {o.label}
            </label>
          ))}
        </div>
      </fieldset>
    </div>
  )
}

export function CheckboxField({ defaultChecked, value = 'on', ...props }: FieldProps & { defaultChecked?: boolean; value?: string }) {
  const { id, input } = useField(props)
  return (
    <div className={`field${props.error ? ' wrong' : ''}`} id={props.error ? `field-${props.name}` : undefined}>
      <label className="check" htmlFor={id}>
        <input {...input} type="checkbox" value={value} defaultChecked={defaultChecked} required={props.required} />
        {props.label}
      </label>
      {props.help && (
        <span className="help" id={`${id}-help`}>
          {props.help}
        </span>
      )}
      {props.error && (
        <span className="error" id={`${id}-error`}>
          {props.error}
        </span>
      )}
    </div>
  )
}
