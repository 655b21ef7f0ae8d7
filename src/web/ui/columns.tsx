/** Columns over months: a picture for the eye, the same numbers as a table for everybody. Made on the server, without scripts. */
import { useId, type ReactNode } from 'react'
import { Link } from 'react-router'
import styles from './charts.module.css'
import { Disclosure } from './disclosure.tsx'

export interface ColumnValue {
  value: number
  /** In words with its unit: `12 件`, `¥1,200.00`. */
  said?: string | undefined
}

export interface ChartColumn extends ColumnValue {
  label: string
  /** Under the axis where the label is long: `12 月`. */
  short?: string
  /** The records behind the number; followed from the table. */
  to?: string
  second?: ColumnValue
}

interface ColumnsProps {
  caption: string
  /** Of the table: what the columns are, and what the first number is. */
  heading: [string, string]
  columns: readonly ChartColumn[]
  /** The series; the second has a scale and a strip of its own, so that pieces and money are never read on one axis. */
  names: [string, string?]
  download?: ReactNode
  /** The table is shown at once, not folded away. */
  open?: boolean
}

export function Columns({ caption, heading, columns, names, download, open }: ColumnsProps) {
  const [first, second] = names
  const twice = second !== undefined && columns.some((column) => column.second)
  return (
    <figure className={styles.chart}>
      <figcaption className="soft">{caption}</figcaption>
      <Strip caption={caption} name={first} columns={columns} pick={(column) => column} className={styles.first!} axis={!twice} />
      {twice && (
        <Strip
          caption={caption}
          name={second}
          columns={columns}
          pick={(column) => column.second ?? { value: 0 }}
          className={styles.second!}
          axis
        />
      )}
      <Disclosure summary="看数字" open={open}>
        <table>
          <caption className="hidden">{caption}</caption>
          <thead>
            <tr>
              <th scope="col">{heading[0]}</th>
              <th scope="col" className="end">
                {heading[1]}
              </th>
              {twice && (
                <th scope="col" className="end">
                  {second}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {columns.map((column) => (
              <tr key={column.label}>
                <th scope="row">{column.to ? <Link to={column.to}>{column.label}</Link> : column.label}</th>
                <td className="end">{say(column)}</td>
                {twice && <td className="end">{column.second ? say(column.second) : '—'}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </Disclosure>
      {download && <p className="no-print">{download}</p>}
    </figure>
  )
}

const say = ({ value, said }: ColumnValue): string => said ?? String(value)

interface StripProps {
  caption: string
  name: string
  columns: readonly ChartColumn[]
  pick: (column: ChartColumn) => ColumnValue
  className: string
  /** Whether the labels stand under this strip. */
  axis: boolean
}

const height = 120
const head = 20

/** Widths in per cent, heights in pixels: the columns follow the page, the text stays as large as all text. */
function Strip({ caption, name, columns, pick, className, axis }: StripProps) {
  const title = useId()
  const values = columns.map(pick)
  const top = values.reduce((most, each) => (each.value > most.value ? each : most), { value: 0 } as ColumnValue)
  const step = 100 / Math.max(1, columns.length)
  const floor = head + height
  const at = columns[values.indexOf(top)]?.label
  return (
    <>
      <p className={styles.name}>
        <i className={className} aria-hidden /> {name}
        <span className="soft">{top.value > 0 ? `，最多 ${say(top)}（${at}）` : '，都是 0'}</span>
      </p>
      <svg className={styles.columns} width="100%" height={floor + (axis ? 24 : 4)} role="img" aria-labelledby={title}>
        <title id={title}>{`${caption}：${name}${top.value > 0 ? `，最多 ${say(top)}（${at}）` : '，都是 0'}，数字见下面的表`}</title>
        <line x1="0" x2="100%" y1={floor} y2={floor} />
        {columns.map((column, i) => {
          const { value, said } = values[i]!
          const tall = top.value > 0 ? Math.max(value > 0 ? 2 : 0, (height * value) / top.value) : 0
          const short = (said ?? String(value)).replace(/ ?[^\d.,]+$/, '')
          const middle = `${step * (i + 0.5)}%`
          return (
            <g key={column.label}>
              <rect className={className} x={`${step * (i + 0.2)}%`} width={`${step * 0.6}%`} y={floor - tall} height={tall} rx="2" />
              {value > 0 && short.length <= 4 && (
                <text x={middle} y={floor - tall - 5} textAnchor="middle">
                  {short}
                </text>
              )}
              {axis && (
                <text className={i % 2 ? styles.odd : undefined} x={middle} y={floor + 18} textAnchor="middle">
                  {column.short ?? column.label}
                </text>
              )}
            </g>
          )
        })}
      </svg>
    </>
  )
}
