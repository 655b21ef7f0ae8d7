/** What things are made of, row by row: one bar split by kind, with every number in words beside it. */
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { Tone } from './marks.tsx'
import styles from './charts.module.css'

export interface StackedPart {
  key: string
  label: string
  value: number
  tone: Tone
  /** The records behind the number. */
  to?: string
}

export interface StackedRow {
  label: string
  to?: string
  parts: readonly StackedPart[]
}

interface StackedProps {
  caption: string
  /** What the rows are: 地点. */
  heading: string
  rows: readonly StackedRow[]
  /** A number with its unit; without it, the bare number. */
  say?: (value: number) => string
  /** A link that downloads the same numbers. */
  download?: ReactNode
}

/** Bars share one scale, so that a long one is a big one. Parts of one tone differ by their hatching; the legend names them all. */
export function Stacked({ caption, heading, rows, say = String, download }: StackedProps) {
  const totals = rows.map(({ parts }) => parts.reduce((sum, part) => sum + part.value, 0))
  const most = Math.max(1, ...totals)
  const legend = legendOf(rows)
  return (
    <div className={styles.chart}>
      <table className={styles.stacked}>
        <caption>
          {caption}
          <span className={styles.legend}>
            {legend.map(({ key, label, tone, hatch }) => (
              <span key={key}>
                <i className={segment(tone, hatch)} aria-hidden /> {label}
              </span>
            ))}
          </span>
        </caption>
        <thead>
          <tr>
            <th scope="col">{heading}</th>
            <th scope="col" className="end">
              合计
            </th>
            <th scope="col">构成</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={row.label}>
              <th scope="row" className={row.label.length <= 10 ? 'whole' : undefined}>
                {row.to ? <Link to={row.to}>{row.label}</Link> : row.label}
              </th>
              <td className="end">{say(totals[i]!)}</td>
              <td>
                <span className={styles.track} aria-hidden>
                  {row.parts.map((part) =>
                    part.value === 0 ? null : (
                      <i
                        key={part.key}
                        className={segment(part.tone, legend.find(({ key }) => key === part.key)?.hatch ?? 0)}
                        style={{ width: `${(100 * part.value) / most}%` }}
                      />
                    ),
                  )}
                </span>
                <span className={styles.parts}>
                  {row.parts.map((part) =>
                    part.value === 0 ? null : (
                      <span key={part.key}>
                        {part.to ? (
                          <Link to={part.to}>
                            {part.label} {say(part.value)}
                          </Link>
                        ) : (
                          `${part.label} ${say(part.value)}`
                        )}
                      </span>
                    ),
                  )}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {download && <p className="no-print">{download}</p>}
    </div>
  )
}

const hatches = ['plain', 'striped', 'dotted', 'checked'] as const
const segment = (tone: Tone, hatch: number): string => [styles.segment, styles[tone], styles[hatches[hatch % hatches.length]!]].join(' ')

/** Each kind that occurs, once; the second of the same tone is hatched, the third dotted. */
function legendOf(rows: readonly StackedRow[]): (StackedPart & { hatch: number })[] {
  const legend: (StackedPart & { hatch: number })[] = []
  for (const part of rows.flatMap(({ parts }) => parts)) {
    if (part.value === 0 || legend.some(({ key }) => key === part.key)) continue
    legend.push({ ...part, hatch: legend.filter(({ tone }) => tone === part.tone).length })
  }
  return legend
}
