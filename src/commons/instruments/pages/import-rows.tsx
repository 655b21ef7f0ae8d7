/** Rows of an import: those to mend as a form, the others as a table. */
import { Form, Link } from 'react-router'
import { Badge } from '../../../web/ui/marks.tsx'
import { Submit } from '../../../web/ui/form.tsx'
import { TextField } from '../../../web/ui/fields.tsx'
import { DataTable, Pager, type Column } from '../../../web/ui/table.tsx'
import type { TableQuery } from '../../../web/ui/table-query.ts'
import type { ShownRow } from '../import/view.server.ts'
import styles from './imports.module.css'

interface RowsProps {
  rows: readonly ShownRow[]
  total: number
  query: TableQuery
}

interface MendProps extends RowsProps {
  /** What was typed and not saved. */
  typed: Record<string, string> | undefined
  lists: Readonly<Record<string, readonly string[]>>
  download: string
}

/** Several rows in one form; a row that is still wrong keeps what was typed. */
export function MendForm({ rows, total, query, typed, lists, download }: MendProps) {
  return (
    <Form method="post" className="stack" noValidate>
      <input type="hidden" name="intent" value="mend" />
      {Object.entries(lists).map(([field, words]) => (
        <datalist key={field} id={`words-${field}`}>
          {words.map((word) => (
            <option key={word} value={word} />
          ))}
        </datalist>
      ))}
      <ol className={styles.rows}>
        {rows.map((row) => (
          <li key={row.row}>
            <h3>
              第 {row.row} 行 {row.code} {row.name}
            </h3>
            {row.about && <p className={`soft ${styles.about}`}>{row.about}</p>}
            {row.notes.map((note) => (
              <p key={note}>{note}</p>
            ))}
            <div className={styles.fields}>
              {row.fields.map(({ field, label, text, reason, list }) => (
                <TextField
                  // What was saved anew is shown anew.
                  key={`${field}-${text}`}
                  name={`r${row.row}.${field}`}
                  label={label}
                  required
                  error={reason}
                  defaultValue={typed?.[`r${row.row}.${field}`] ?? text}
                  list={list}
                />
              ))}
            </div>
            <label className="check">
              <input type="checkbox" name="aside" value={row.row} />
              不导入这一行
            </label>
          </li>
        ))}
      </ol>
      <div className={styles.save}>
        <Submit label="保存修改" busyLabel="正在保存" />
        <a href={download}>下载有问题的行（Excel）</a>
      </div>
      <Pager total={total} query={query} />
    </Form>
  )
}

/** Rows that wait, that are entered, or that stay as they are. */
export function RowTable({ rows, total, query, verdict }: RowsProps & { verdict: string }) {
  const columns: Column<ShownRow>[] = [
    { key: 'row', label: '行', render: (row) => <>第 {row.row} 行</> },
    {
      key: 'code',
      label: '编号',
      render: (row) =>
        row.instrumentId ? (
          <Link to={`/me/instruments/${row.instrumentId}`}>{row.code || '查看'}</Link>
        ) : (
          row.code || <span className="soft">由平台编号</span>
        ),
    },
    {
      key: 'name',
      label: '名称',
      render: (row) => (
        <>
          {row.name} <span className="soft">{row.about}</span>
        </>
      ),
    },
    ...(verdict === 'change' ? [{ key: 'changes', label: '改动', render: Changes }] : []),
    {
      key: 'notes',
      label: '说明',
      render: (row) => (
        <>
          {row.applied && <Badge tone="good">{verdict === 'change' ? '已更新' : '已登记'}</Badge>} {row.mended && <Badge>改过</Badge>}{' '}
          {row.notes.join('；') || (!row.applied && !row.mended && <span className="soft">—</span>)}
        </>
      ),
    },
  ]
  return (
    <DataTable<ShownRow>
      caption="行"
      rows={rows}
      total={total}
      query={query}
      rowKey={(row) => String(row.row)}
      columns={columns}
      empty={<p>没有这样的行。</p>}
    />
  )
}

const Changes = (row: ShownRow) =>
  row.changes.length === 0 ? (
    <span className="soft">—</span>
  ) : (
    <>
      {row.changes.map(({ label, before, after }) => (
        <span key={label} style={{ display: 'block' }}>
          {label}：<del>{before || '空'}</del> → <ins>{after || '空'}</ins>
        </span>
      ))}
    </>
  )

/** Rows that are not entered; those that a person put aside can be taken in again. */
export function SkippedRows({ rows, total, query, mayChange }: RowsProps & { mayChange: boolean }) {
  const some = mayChange && rows.some(({ aside }) => aside)
  return (
    <Form method="post" className="stack" id="take-in">
      <input type="hidden" name="intent" value="take-in" />
      <DataTable<ShownRow>
        caption="不导入的行"
        rows={rows}
        total={total}
        query={query}
        rowKey={(row) => String(row.row)}
        columns={[
          { key: 'row', label: '行', render: (row) => <>第 {row.row} 行</> },
          { key: 'name', label: '内容', render: (row) => [row.code, row.name, row.about].filter(Boolean).join('，') || '—' },
          { key: 'notes', label: '为什么', render: (row) => row.notes.join('；') },
          ...(some
            ? [
                {
                  key: 'back',
                  label: '恢复',
                  render: (row: ShownRow) =>
                    row.aside ? (
                      <label className="check">
                        <input type="checkbox" name="row" value={row.row} />
                        还是导入
                      </label>
                    ) : (
                      <span className="soft">—</span>
                    ),
                },
              ]
            : []),
        ]}
        empty={<p>没有这样的行。</p>}
      />
      {some && <Submit label="恢复勾选的行" plain />}
    </Form>
  )
}
