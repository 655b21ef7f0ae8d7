import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { Tone } from './marks.tsx'

/** Something to know before going on. `live` announces it to readers that cannot see it appear. */
export function Notice({ tone = 'info', title, live, children }: { tone?: Tone; title: string; live?: boolean; children?: ReactNode }) {
  return (
    <div className={`notice tone-${tone}`} {...(live && { role: 'status' })}>
      <strong>{title}</strong>
      {children && <div>{children}</div>}
    </div>
  )
}

export function Empty({ title, hint, action }: { title: string; hint?: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <strong>{title}</strong>
      {hint && <p>{hint}</p>}
      {action}
    </div>
  )
}

/** A number that opens to the records behind it. */
export function Stat({ value, unit, label, to }: { value: ReactNode; unit?: string; label: string; to?: string }) {
  const content = (
    <>
      <span className="soft">{label}</span>
      <span>
        <b>{value}</b> {unit}
      </span>
    </>
  )
  return to ? (
    <Link to={to} className="stat">
      {content}
    </Link>
  ) : (
    <div className="stat">{content}</div>
  )
}
