/** Errors with their uncertainty against what is permitted: a picture for the eye beside the table of the same numbers. Made on the server. */
import { useId } from 'react'
import styles from './charts.module.css'

export interface ToleranceRow {
  /** At which value: `25 mm`. */
  label: string
  error: number
  expanded: number
  limit: number
  /** Kept free at either end of what is permitted; 0: none. */
  guard: number
  verdict: 'fit' | 'open' | 'unfit'
}

const rowHeight = 28
const head = 22

/** Every row on its own scale of the limit, so that points with different limits stand under each other: ±100 % is the limit. */
export function Tolerance({ caption, rows }: { caption: string; rows: readonly ToleranceRow[] }) {
  const title = useId()
  const reach = Math.min(3, Math.max(1.3, ...rows.map(({ error, expanded, limit }) => (Math.abs(error) + expanded) / limit + 0.1)))
  const x = (part: number) => 50 + (Math.max(-reach, Math.min(reach, part)) / reach) * 50
  const at = (part: number) => `${x(part)}%`
  const height = head + rows.length * rowHeight + 4
  return (
    <div className={styles.tolerance}>
      <ul aria-hidden style={{ paddingTop: head }}>
        {rows.map((row, i) => (
          <li key={`${row.label}${i}`} style={{ height: rowHeight, lineHeight: `${rowHeight}px` }}>
            {row.label}
          </li>
        ))}
      </ul>
      <svg width="100%" height={height} role="img" aria-labelledby={title}>
        <title id={title}>{caption}</title>
        <rect className={styles.permitted} x={at(-1)} width={`${x(1) - x(-1)}%`} y={head} height={height - head} />
        {rows.map(({ label, error, expanded, limit, guard, verdict }, i) => {
          const middle = head + rowHeight * (i + 0.5)
          const [e, u, g] = [error / limit, expanded / limit, Math.min(1, guard / limit)]
          return (
            <g key={`${label}${i}`} className={styles[verdict]}>
              {guard > 0 &&
                [-1, 1 - g].map((from) => (
                  <rect
                    key={from}
                    className={styles.guard}
                    x={at(from)}
                    width={`${x(from + g) - x(from)}%`}
                    y={middle - rowHeight / 2}
                    height={rowHeight}
                  />
                ))}
              <line className={styles.whisker} x1={at(e - u)} x2={at(e + u)} y1={middle} y2={middle} />
              {[e - u, e + u].map((end) => (
                <line key={end} className={styles.whisker} x1={at(end)} x2={at(end)} y1={middle - 5} y2={middle + 5} />
              ))}
              {verdict === 'fit' ? (
                <circle cx={at(e)} cy={middle} r="5" />
              ) : (
                <svg x={at(e)} y={middle} overflow="visible">
                  <path d={verdict === 'open' ? 'M0 -6 L6 5 L-6 5 Z' : 'M-5 -5 L5 5 M5 -5 L-5 5'} />
                </svg>
              )}
            </g>
          )
        })}
        {[-1, 0, 1].map((part) => (
          <g key={part}>
            <line className={part === 0 ? styles.zero : styles.limit} x1={at(part)} x2={at(part)} y1={head - 4} y2={height} />
            <text x={at(part)} y={head - 8} textAnchor="middle">
              {part === 0 ? '0' : part < 0 ? '－允许' : '＋允许'}
            </text>
          </g>
        ))}
      </svg>
    </div>
  )
}
