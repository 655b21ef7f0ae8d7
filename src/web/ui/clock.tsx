import { Badge } from './marks.tsx'

/** Calendar days from one date to another, both `YYYY-MM-DD`. */
export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)

/** A promise with its date: word, shape and colour together. `now` is today's date. */
export function DueClock({ dueOn, now, provisional, state }: { dueOn: string; now: string; provisional?: boolean; state?: string }) {
  const left = daysBetween(now, dueOn)
  const [mark, word, tone] =
    left < 0
      ? (['▲', `已逾期 ${-left} 天`, 'bad'] as const)
      : left <= 1
        ? (['◆', left === 0 ? '今天到期' : '明天到期', 'warn'] as const)
        : (['●', `还有 ${left} 天`, 'good'] as const)
  return (
    <span className="clock">
      <Badge tone={tone}>
        {mark} {state ?? word}
      </Badge>
      <span className="soft">
        应于 {dueOn} 前办结{provisional && '（次年放假安排未公布，日期为暂定）'}
      </span>
    </span>
  )
}
