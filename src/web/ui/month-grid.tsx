/** One month as a table of days: how many on each, with the way to them. */
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { Tone } from './marks.tsx'
import styles from './charts.module.css'

export interface GridDay {
  count: number
  /** In words: `3 件到期`. */
  said: string
  to: string
  tone: Tone
}

interface MonthGridProps {
  caption: string
  /** `2026-11` */
  month: string
  /** By day `YYYY-MM-DD`; days without an entry have nothing. */
  days: Readonly<Record<string, GridDay>>
  today: string
  /** By day: false is a day off (休), true on a Saturday or Sunday is a working day in exchange (班). */
  workday?: Readonly<Record<string, boolean>>
  download?: ReactNode
}

const weekdays = ['一', '二', '三', '四', '五', '六', '日']

export function MonthGrid({ caption, month, days, today, workday = {}, download }: MonthGridProps) {
  return (
    <div className={styles.chart}>
      <table className={styles.month}>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {weekdays.map((name) => (
              <th key={name} scope="col">
                <span className="hidden">星期</span>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(month).map((week) => (
            <tr key={week.find((day) => day !== null)}>
              {week.map((day, i) => (
                <Cell
                  key={day ?? `blank-${i}`}
                  day={day}
                  weekend={i > 4}
                  entry={day ? days[day] : undefined}
                  today={today}
                  workday={workday}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {download && <p className="no-print">{download}</p>}
    </div>
  )
}

interface CellProps {
  day: string | null
  weekend: boolean
  entry: GridDay | undefined
  today: string
  workday: Readonly<Record<string, boolean>>
}

function Cell({ day, weekend, entry, today, workday }: CellProps) {
  if (day === null) return <td className={styles.blank} />
  const works = workday[day] ?? !weekend
  // A weekend off goes without saying.
  const mark = works ? (weekend ? '班' : null) : weekend ? null : '休'
  const head = (
    <span className={styles.day}>
      {Number(day.slice(8))}
      {mark && <small>{mark}</small>}
      {day === today && <small>今天</small>}
    </span>
  )
  return (
    <td className={works ? undefined : styles.off} aria-current={day === today ? 'date' : undefined}>
      {entry && entry.count > 0 ? (
        <Link to={entry.to} className={`tone-${entry.tone}`}>
          <span className="hidden">
            {day} {entry.said}
          </span>
          <span aria-hidden="true">
            {head}
            <b>{entry.count}</b>
            <small className={styles.said}>{entry.said}</small>
          </span>
        </Link>
      ) : (
        head
      )}
    </td>
  )
}

/** Weeks from Monday; nulls before the first and after the last day. Throws when the month is not one. */
export function weeksOf(month: string): (string | null)[][] {
  const [year = Number.NaN, number = Number.NaN] = month.split('-').map(Number)
  const first = new Date(Date.UTC(year, number - 1, 1))
  if (!/^\d{4}-\d{2}$/.test(month) || first.toISOString().slice(0, 7) !== month) throw new RangeError(`not a month: ${month}`)
  const length = new Date(Date.UTC(year, number, 0)).getUTCDate()
  const before = (first.getUTCDay() + 6) % 7
  const cells = [
    ...Array<null>(before).fill(null),
    ...Array.from({ length }, (_, i) => `${month}-${String(i + 1).padStart(2, '0')}`),
    ...Array<null>((7 - ((before + length) % 7)) % 7).fill(null),
  ]
  return Array.from({ length: cells.length / 7 }, (_, i) => cells.slice(i * 7, i * 7 + 7))
}
