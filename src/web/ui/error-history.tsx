/** Errors with their uncertainty over the years, against the limit of their time; the same numbers as a table. Made on the server. */
import { useId, type ReactNode } from 'react'
import { Link } from 'react-router'
import styles from './charts.module.css'
import { Disclosure } from './disclosure.tsx'

export interface ErrorOn {
  on: string
  error: number
  expanded: number | null
  /** null: nothing was judged that day. */
  limit: number | null
  /** In words, with units. */
  said: { error: string; expanded: string; limit: string; verdict: string }
  verdict: 'fit' | 'open' | 'unfit' | 'none'
  to?: string
}

const height = 220
const pad = 12

export function ErrorHistory({
  caption,
  unit,
  rows,
  download,
}: {
  caption: string
  unit: string
  rows: readonly ErrorOn[]
  download?: ReactNode
}) {
  const title = useId()
  const days = rows.map(({ on }) => Date.parse(on) / 86_400_000)
  const first = Math.min(...days)
  const span = Math.max(1, Math.max(...days) - first)
  const reach =
    Math.max(...rows.map(({ error, expanded, limit }) => Math.max((limit ?? 0) * 1.15, Math.abs(error) + (expanded ?? 0)))) * 1.05 || 1
  const last = rows.findLast(({ limit }) => limit !== null)
  const x = (i: number) => `${rows.length === 1 ? 50 : 4 + (92 * (days[i]! - first)) / span}%`
  const y = (value: number) => pad + (height - 2 * pad) * (0.5 - value / (2 * reach))
  return (
    <figure className={styles.chart}>
      <figcaption className="soft">{caption}</figcaption>
      <svg className={styles.errors} width="100%" height={height + 22} role="img" aria-labelledby={title}>
        <title id={title}>{`${caption}：${rows.length} 次，单位 ${unit}，数字见下面的表`}</title>
        <line className={styles.zero} x1="0" x2="100%" y1={y(0)} y2={y(0)} />
        {rows.map(({ on, error, expanded, limit, verdict }, i) => (
          <g key={`${on}${i}`} className={styles[verdict]}>
            {(limit === null ? [] : [limit, -limit]).map((at) => (
              <g key={at}>
                <line
                  className={styles.limit}
                  x1={i === 0 ? '0' : x(i - 1)}
                  x2={i === rows.length - 1 ? '100%' : x(i)}
                  y1={y(at)}
                  y2={y(at)}
                />
              </g>
            ))}
            {expanded !== null && <line className={styles.whisker} x1={x(i)} x2={x(i)} y1={y(error - expanded)} y2={y(error + expanded)} />}
            {i > 0 && <line className={styles.trend} x1={x(i - 1)} x2={x(i)} y1={y(rows[i - 1]!.error)} y2={y(error)} />}
            {verdict === 'fit' || verdict === 'none' ? (
              <circle cx={x(i)} cy={y(error)} r="5" />
            ) : (
              <svg x={x(i)} y={y(error)} overflow="visible">
                <path d={verdict === 'open' ? 'M0 -6 L6 5 L-6 5 Z' : 'M-5 -5 L5 5 M5 -5 L-5 5'} />
              </svg>
            )}
          </g>
        ))}
        {last !== undefined && (
          <>
            <text x="0" y={y(last.limit!) - 4}>{`允许 +${last.said.limit}`}</text>
            <text x="0" y={y(-last.limit!) + 14}>{`允许 -${last.said.limit}`}</text>
          </>
        )}
        <text x="0" y={height + 16}>
          {rows[0]!.on}
        </text>
        {rows.length > 1 && (
          <text x="100%" y={height + 16} textAnchor="end">
            {rows.at(-1)!.on}
          </text>
        )}
      </svg>
      <Disclosure summary="看数字" open>
        <table className="cards">
          <caption className="hidden">{caption}</caption>
          <thead>
            <tr>
              <th scope="col">日期</th>
              <th scope="col" className="end">
                误差
              </th>
              <th scope="col" className="end">
                不确定度 U
              </th>
              <th scope="col" className="end">
                允许
              </th>
              <th scope="col">判断</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, i) => (
              <tr key={`${row.on}${i}`}>
                <th scope="row">{row.to ? <Link to={row.to}>{row.on}</Link> : row.on}</th>
                <td className="end" data-label="误差">
                  {row.said.error}
                </td>
                <td className="end" data-label="不确定度 U">
                  {row.said.expanded}
                </td>
                <td className="end" data-label="允许">
                  {row.limit === null ? '—' : `±${row.said.limit}`}
                </td>
                <td data-label="判断">{row.said.verdict}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Disclosure>
      {download && <p className="no-print">{download}</p>}
    </figure>
  )
}
