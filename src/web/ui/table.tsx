import { useEffect, useState, type ReactNode } from 'react'
import { Link } from 'react-router'
import { tableHref, type TableQuery } from './table-query.ts'

export interface Column<Row> {
  key: string
  label: string
  sortable?: boolean
  align?: 'end'
  /** Never broken over lines: a date, a number of a document. */
  whole?: boolean
  render: (row: Row) => ReactNode
}

/** Rows that can be ticked for a form elsewhere on the page: each box posts the key of its row. */
export interface Selection<Row> {
  /** Id of the form. */
  form: string
  name: string
  label: (row: Row) => string
}

interface DataTableProps<Row> {
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  total: number
  /** There are more than `total`: the count stopped there. */
  capped?: boolean
  query: TableQuery
  rowKey: (row: Row) => string
  empty: ReactNode
  selection?: Selection<Row>
  /** Many rows are compared: less room between them. */
  dense?: boolean
}

/** Sorting, filtering and paging happen on the server and live in the URL; on a phone each row becomes a card. */
export function DataTable<Row>({ caption, columns, rows, total, capped, query, rowKey, empty, selection, dense }: DataTableProps<Row>) {
  if (total === 0) return <>{empty}</>
  return (
    <>
      <div className="table-scroll data" tabIndex={0} role="region" aria-label={caption}>
        <table className={dense ? 'cards dense' : 'cards'}>
          <caption className="hidden">{caption}</caption>
          <thead>
            <tr>
              {selection && (
                <td className="pick">
                  <PickAll selection={selection} />
                </td>
              )}
              {columns.map((column) => (
                <Heading key={column.key} column={column} query={query} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={rowKey(row)}>
                {selection && (
                  <td className="pick">
                    <label>
                      <input type="checkbox" name={selection.name} value={rowKey(row)} form={selection.form} />
                      <span className="hidden">选择 {selection.label(row)}</span>
                    </label>
                  </td>
                )}
                {columns.map((column, i) =>
                  i === 0 ? (
                    <th key={column.key} scope="row" className={column.whole ? 'whole' : undefined}>
                      {column.render(row)}
                    </th>
                  ) : (
                    <td key={column.key} data-label={column.label} className={classOf(column)}>
                      {column.render(row)}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Pager total={total} capped={capped} query={query} />
    </>
  )
}

const classOf = ({ align, whole }: { align?: 'end'; whole?: boolean }) =>
  align || whole ? [align && 'end figure', whole && 'whole'].filter(Boolean).join(' ') : undefined

/** Ticks every row of this page. Only with scripts, and so only shown with them. */
function PickAll<Row>({ selection }: { selection: Selection<Row> }) {
  const [ready, setReady] = useState(false)
  useEffect(() => setReady(true), [])
  if (!ready) return null
  const pick = (checked: boolean) => {
    const form = document.getElementById(selection.form)
    if (!(form instanceof HTMLFormElement)) return
    for (const box of form.elements) if (box instanceof HTMLInputElement && box.name === selection.name) box.checked = checked
  }
  return (
    <label>
      <input type="checkbox" onChange={(event) => pick(event.currentTarget.checked)} />
      <span className="hidden">选择本页全部</span>
    </label>
  )
}

function Heading<Row>({ column, query }: { column: Column<Row>; query: TableQuery }) {
  const current = query.sort === column.key
  const next = current && query.dir === 'asc' ? `-${column.key}` : column.key
  return (
    <th scope="col" className={column.align} aria-sort={current ? (query.dir === 'asc' ? 'ascending' : 'descending') : undefined}>
      {column.sortable ? (
        <Link to={tableHref(query, { sort: next })} preventScrollReset>
          {column.label}
          {current ? (query.dir === 'asc' ? ' ↑' : ' ↓') : ''}
        </Link>
      ) : (
        column.label
      )}
    </th>
  )
}

export function Pager({ total, capped, query }: { total: number; capped?: boolean; query: TableQuery }) {
  const last = Math.max(1, Math.ceil(total / query.pageSize))
  const from = (query.page - 1) * query.pageSize + 1
  const shown = [...new Set([1, query.page - 1, query.page, query.page + 1, last])].filter((n) => n >= 1 && n <= last)
  return (
    <nav className="pager no-print" aria-label="分页">
      <span className="soft">
        共 {total} 条{capped && '以上'}
        {last > 1 && `，第 ${from}–${Math.min(total, query.page * query.pageSize)} 条`}
      </span>
      {last > 1 && (
        <ul>
          {shown.map((n, i) => (
            <li key={n}>
              {i > 0 && n - shown[i - 1]! > 1 && <span aria-hidden>… </span>}
              {n === query.page ? (
                <span aria-current="page">{n}</span>
              ) : (
                <Link to={tableHref(query, { page: String(n) })} aria-label={`第 ${n} 页`}>
                  {n}
                </Link>
              )}
            </li>
          ))}
        </ul>
      )}
    </nav>
  )
}
