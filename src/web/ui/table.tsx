import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { tableHref, type TableQuery } from './table-query.ts'

export interface Column<Row> {
  key: string
  label: string
  sortable?: boolean
  align?: 'end'
  render: (row: Row) => ReactNode
}

interface DataTableProps<Row> {
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  total: number
  query: TableQuery
  rowKey: (row: Row) => string
  empty: ReactNode
}

/** Sorting, filtering and paging happen on the server and live in the URL; on a phone each row becomes a card. */
export function DataTable<Row>({ caption, columns, rows, total, query, rowKey, empty }: DataTableProps<Row>) {
  if (total === 0) return <>{empty}</>
  return (
    <>
      <div className="table-scroll data" tabIndex={0} role="region" aria-label={caption}>
        <table className="cards">
          <caption className="hidden">{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <Heading key={column.key} column={column} query={query} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={rowKey(row)}>
                {columns.map((column, i) =>
                  i === 0 ? (
                    <th key={column.key} scope="row">
                      {column.render(row)}
                    </th>
                  ) : (
                    <td key={column.key} data-label={column.label} className={column.align}>
                      {column.render(row)}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Pager total={total} query={query} />
    </>
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

export function Pager({ total, query }: { total: number; query: TableQuery }) {
  const last = Math.max(1, Math.ceil(total / query.pageSize))
  const from = (query.page - 1) * query.pageSize + 1
  const shown = [...new Set([1, query.page - 1, query.page, query.page + 1, last])].filter((n) => n >= 1 && n <= last)
  return (
    <nav className="pager no-print" aria-label="分页">
      <span className="soft">
        共 {total} 条{last > 1 && `，第 ${from}–${Math.min(total, query.page * query.pageSize)} 条`}
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
