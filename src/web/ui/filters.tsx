import { useId, type ReactNode } from 'react'
import { Form } from 'react-router'
import type { Option } from './fields.tsx'

interface FiltersProps {
  children: ReactNode
  label?: string
  clear?: ReactNode
  /** What is rarely asked for, folded away. */
  more?: { summary: string; open: boolean; fields: ReactNode }
}

/** A GET form: every filter is in the URL and can be sent to a colleague. */
export function Filters({ children, label = '筛选', clear, more }: FiltersProps) {
  return (
    <Form method="get" className="filters no-print" role="search" aria-label={label}>
      {children}
      {more && (
        <details className="disclosure more" open={more.open}>
          <summary>{more.summary}</summary>
          <div>{more.fields}</div>
        </details>
      )}
      <div className="row">
        <button type="submit" className="button primary">
          查找
        </button>
        {clear}
      </div>
    </Form>
  )
}

export function FilterSelect({
  name,
  label,
  options,
  value,
  empty = '全部',
}: {
  name: string
  label: string
  options: readonly Option[]
  value?: string
  empty?: string
}) {
  return (
    <label>
      {label}
      <select name={name} defaultValue={value ?? ''} key={value ?? ''}>
        <option value="">{empty}</option>
        {options.map((o) => (
          <option key={o.value} value={o.value}>
            {o.label}
          </option>
        ))}
      </select>
    </label>
  )
}

export function FilterSearch({
  name = 'q',
  label = '关键词',
  value,
  placeholder,
}: {
  name?: string
  label?: string
  value?: string
  placeholder?: string
}) {
  return (
    <label className="wide">
      {label}
      <input type="search" name={name} defaultValue={value ?? ''} key={value ?? ''} placeholder={placeholder} />
    </label>
  )
}

/** A typed filter that may be wrong: the list is shown without it, and the field says why. */
export function FilterText({
  name,
  label,
  value,
  placeholder,
  error,
  suggestions,
}: {
  name: string
  label: string
  value?: string
  placeholder?: string
  error?: string | undefined
  suggestions?: readonly string[]
}) {
  const id = useId()
  return (
    <label>
      {label}
      <input
        type="text"
        name={name}
        defaultValue={value ?? ''}
        key={value ?? ''}
        placeholder={placeholder}
        list={suggestions && `${id}-list`}
        aria-invalid={error ? true : undefined}
        aria-describedby={error && `${id}-error`}
      />
      {error && (
        <span className="error" id={`${id}-error`}>
          {error}
        </span>
      )}
      {suggestions && (
        <datalist id={`${id}-list`}>
          {suggestions.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
    </label>
  )
}
