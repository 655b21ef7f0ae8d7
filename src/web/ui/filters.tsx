import type { ReactNode } from 'react'
import { Form } from 'react-router'
import type { Option } from './fields.tsx'

/** A GET form: every filter is in the URL and can be sent to a colleague. */
export function Filters({ children, label = '筛选', clear }: { children: ReactNode; label?: string; clear?: ReactNode }) {
  return (
    <Form method="get" className="filters no-print" role="search" aria-label={label}>
      {children}
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
