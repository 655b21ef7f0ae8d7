/** The input for one fact, by its type; the same words as when a policy asks for it. */
import { facts as catalogue, type FactId, type FactValue } from '../../../core/eligibility/facts.ts'
import type { Answered } from '../answer.ts'
import { CheckboxField, DateField, NumberField, RadioField, SelectField, TextArea, TextField } from '../../../web/ui/fields.tsx'

interface FactFieldProps {
  fact: FactId
  value: FactValue | undefined
  error?: string | undefined
  /** For facts whose choices the catalogue does not hold (园区、名单), and names for kinds of instruments. */
  options: readonly { value: string; label: string }[]
  /** A ledger as text: 「压力表 12」 a line. */
  ledger: string
  /** What was typed and refused; shown again instead of the value on record. */
  typed?: Answered | undefined
}

export function FactField({ fact, value, error, options, ledger, typed }: FactFieldProps) {
  const entry = catalogue[fact]
  const common = { name: 'value', label: entry.ask, error }
  const text = typed ? (typed.value[0] ?? '') : typeof value === 'string' || typeof value === 'number' ? value : null
  const choices =
    'values' in entry && Object.keys(entry.values).length > 0
      ? Object.entries(entry.values).map(([v, label]) => ({ value: v, label }))
      : options
  switch (entry.type) {
    case 'flag':
      return (
        <RadioField
          {...common}
          required
          options={[
            { value: 'yes', label: '是' },
            { value: 'no', label: '否' },
          ]}
          defaultValue={typed ? text : value === undefined ? null : value ? 'yes' : 'no'}
        />
      )
    case 'number':
      return <NumberField {...common} required suffix={entry.unit} defaultValue={text} />
    case 'date':
      return <DateField {...common} required defaultValue={text} />
    case 'holdings':
      return (
        <>
          <TextArea {...common} required rows={6} defaultValue={typed ? text : ledger} help="每行一种，写名称和件数，如“压力表 12”" />
          <CheckboxField
            name="none"
            label="没有计量器具"
            required
            defaultChecked={typed ? typed.none : ledger === '' && value !== undefined}
          />
        </>
      )
    case 'set':
      return (
        <>
          <RadioField {...common} multiple options={choices} chosen={typed ? typed.value : Array.isArray(value) ? value : []} />
          <CheckboxField
            name="none"
            label="以上都没有"
            required={false}
            defaultChecked={typed ? typed.none : Array.isArray(value) && value.length === 0}
          />
        </>
      )
    case 'enum':
      return <SelectField {...common} required empty="请选择" options={choices} defaultValue={text} />
    case 'code':
      return (
        <TextField
          {...common}
          required
          defaultValue={text}
          help={fact === 'industry' ? '填 GB/T 4754 代码，如 C3484；不知道细类时填大类，如 C34' : '填 6 位行政区划代码'}
        />
      )
  }
}
