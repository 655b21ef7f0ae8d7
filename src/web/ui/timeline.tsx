import type { ReactNode } from 'react'
import { When } from './marks.tsx'

export interface TimelineEntry {
  at: string
  who: string
  what: string
  detail?: ReactNode
}

/** What happened, in order: when, who, what, why. */
export function Timeline({ entries }: { entries: readonly TimelineEntry[] }) {
  return (
    <ol className="timeline">
      {entries.map((entry, i) => (
        <li key={`${entry.at}${i}`}>
          <strong>{entry.what}</strong>
          <div className="soft">
            {entry.who}，<When at={entry.at} />
          </div>
          {entry.detail && <div>{entry.detail}</div>}
        </li>
      ))}
    </ol>
  )
}
