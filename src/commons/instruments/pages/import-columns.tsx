/** Which column says what: as it was guessed, to be corrected. */
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { SelectField } from '../../../web/ui/fields.tsx'
import { FormPage, Submit } from '../../../web/ui/form.tsx'
import type { ShownColumns } from '../import/view.server.ts'
import styles from './imports.module.css'

interface ColumnsProps {
  columns: ShownColumns
  version: number
  typed: Record<string, string> | undefined
  errors: Record<string, string> | undefined
  /** Only to look at. */
  fixed: boolean
}

export function ColumnsForm({ columns: { headerRow, heads, columns, fields, taken, left }, version, typed, errors, fixed }: ColumnsProps) {
  const doubtful = columns.filter((column) => column.doubtful)
  const named = columns.some(({ field }) => field === 'name' || field === 'kind')
  const labels = new Map(fields.map(({ value, label }) => [value as string, label]))
  const summary = `列的对应：用上 ${taken} 列${left.length > 0 ? `，没有用上：${left.slice(0, 6).join('、')}${left.length > 6 ? '等' : ''}` : ''}`
  if (fixed)
    return (
      <Disclosure summary={summary}>
        <ul>
          {columns.map(({ at, header, field }) => (
            <li key={at}>
              {header}：{labels.get(field) ?? '不导入'}
            </li>
          ))}
        </ul>
      </Disclosure>
    )
  return (
    <Disclosure summary={summary} open={doubtful.length > 0 || !named || typed !== undefined}>
      <FormPage>
        <input type="hidden" name="intent" value="columns" />
        <input type="hidden" name="version" value={version} />
        {doubtful.length > 0 && (
          <p>{[...new Set(doubtful.map((column) => column.doubtful))].map((label) => `有几列都像是“${label}”，请选一列。`).join('')}</p>
        )}
        {!named && <p>没有认出器具名称是哪一列，请指明；表头不在第一行的，请先选对表头。</p>}
        <SelectField
          name="headerRow"
          label="表头在哪一行"
          required
          defaultValue={typed?.headerRow ?? String(headerRow)}
          error={errors?.headerRow}
          options={[
            { value: '0', label: '没有表头' },
            ...heads.map(({ row, text }) => ({ value: String(row), label: `第 ${row} 行：${text}` })),
            ...(heads.some(({ row }) => row === headerRow) || headerRow === 0
              ? []
              : [{ value: String(headerRow), label: `第 ${headerRow} 行` }]),
          ]}
          help="换了行的，先按那一行重新认，再改下面的对应。"
        />
        <div className={styles.columns}>
          {columns.map(({ at, header, sample, field, doubtful: like }) => (
            <SelectField
              key={`${at}-${field}`}
              name={`column-${at}`}
              label={header}
              required
              help={[sample && `例：${sample}`, like && `像是“${like}”`].filter(Boolean).join('；')}
              error={errors?.[`column-${at}`]}
              defaultValue={typed?.[`column-${at}`] ?? field}
              empty="不导入"
              options={fields}
            />
          ))}
        </div>
        <Submit label="按这样对应，重新判断" busyLabel="正在提交" plain />
      </FormPage>
    </Disclosure>
  )
}
