/** 有效期至 with how far it is: the word, the shape and the colour say the same. */
import { daysBetween } from '../../../web/ui/clock.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import { dueStates, type InstrumentState } from '../model.ts'
import styles from './instruments.module.css'

interface ValidUntilProps {
  day: string | null
  /** `YYYY-MM-DD` */
  today: string
  state: InstrumentState
}

/** For what is stopped, sealed, lost or scrapped no time runs: only the date is told. */
export function ValidUntil({ day, today, state }: ValidUntilProps) {
  const runs = (dueStates as readonly InstrumentState[]).includes(state)
  if (!day) return runs ? <Badge tone="warn">未知有效期</Badge> : <span className="soft">—</span>
  if (!runs) return <time dateTime={day}>{day}</time>
  const left = daysBetween(today, day)
  return (
    <>
      <time dateTime={day}>{day}</time> {left > 30 ? <small className={`soft ${styles.nowrap}`}>{left} 天后</small> : <Near left={left} />}
    </>
  )
}

function Near({ left }: { left: number }) {
  if (left < 0) return <Badge tone="bad">▲ 逾期 {-left} 天</Badge>
  return <Badge tone="warn">◆ {left === 0 ? '今天到期' : `${left} 天后`}</Badge>
}
