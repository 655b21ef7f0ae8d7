/** How the errors of the same instrument went before, with what is being written as the last, so that a jump is seen at the bench. */
import { verdictNames } from '../../../core/metrology/decision-sentence.ts'
import { getUnit } from '../../../core/quantities/units.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { ErrorHistory } from '../../../web/ui/error-history.tsx'
import type { BenchView } from '../bench.server.ts'
import type { Evaluation } from '../model.ts'
import { overTime, type ErrorOnDay } from '../over-time.ts'

interface HistoryProps {
  earlier: BenchView['history']
  unit: string
  /** The record on the page. */
  now: { on: string; results: Pick<Evaluation, 'unit' | 'points'> }
}

export function History({ earlier, unit, now }: HistoryProps) {
  if (earlier.length === 0) return null
  const points = overTime([...earlier, ...(now.on ? [now] : [])], unit)
  const { symbol } = getUnit(unit)
  return (
    <section aria-labelledby="history">
      <h2 id="history">历次误差</h2>
      <p className="soft">
        以往 {earlier.length} 次：{earlier.map(({ on, number }) => `${on} ${number ?? ''}`).join('；')}。最后一次是这份记录。
      </p>
      {points.length === 0 && <p>这次还没有与以往相同的点。</p>}
      {points.map(({ at, errors }, i) => (
        <Disclosure key={at} open={i === worst(points)} summary={`${at} ${symbol}：${errors.map(({ error }) => plain(error)).join(' → ')}`}>
          <ErrorHistory caption={`${at} ${symbol} 的误差（${symbol}）`} unit={symbol} rows={errors.map((error) => row(error, symbol))} />
        </Disclosure>
      ))}
    </section>
  )
}

const shapes = { pass: 'fit', fail: 'unfit', undetermined: 'open', 'conditional-pass': 'open', 'conditional-fail': 'open' } as const

const row = ({ on, error, expanded, limit, verdict }: ErrorOnDay, symbol: string) => {
  const said = (x: number) => `${plain(x)} ${symbol}`
  return {
    on,
    error,
    expanded,
    limit,
    verdict: verdict ? shapes[verdict] : ('none' as const),
    said: {
      error: said(error),
      expanded: said(Number(expanded.toPrecision(2))),
      limit: limit === null ? '' : said(limit),
      verdict: verdict ? verdictNames[verdict] : '不判定',
    },
  }
}

const plain = (x: number): string => String(Number(x.toPrecision(3)))

/** The point that moved most: of its limit where it has one. */
function worst(points: ReturnType<typeof overTime>): number {
  const moved = points.map(({ errors }) => {
    const [before, last] = [errors.at(-2)!, errors.at(-1)!]
    return Math.abs(last.error - before.error) / (last.limit ?? before.limit ?? 1)
  })
  return moved.indexOf(Math.max(...moved))
}
