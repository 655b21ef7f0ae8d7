/** The budget of every point: what contributes how much, and how it was decided. */
import { getUnit } from '../../../core/quantities/units.ts'
import { Bars } from '../../../web/ui/bars.tsx'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { Notice } from '../../../web/ui/feedback.tsx'
import { Submit } from '../../../web/ui/form.tsx'
import type { Evaluation } from '../model.ts'
import type { Simulated } from '../monte-carlo.server.ts'

interface BudgetsProps {
  evaluation: Evaluation
  unit: string
  simulated?: Simulated | undefined
  mayWork?: boolean
}

export function Budgets({ evaluation, unit, simulated, mayWork }: BudgetsProps) {
  const { symbol } = getUnit(unit)
  if (evaluation.points.length === 0) return null
  return (
    <section aria-labelledby="budget">
      <h2 id="budget">不确定度</h2>
      {evaluation.rule && <p className="soft">{evaluation.rule}</p>}
      {simulated && (
        <Notice tone={simulated.agrees ? 'good' : 'warn'} title={simulated.agrees ? '与蒙特卡洛法一致' : '与蒙特卡洛法不一致'} live>
          {simulated.sentence}
        </Notice>
      )}
      {evaluation.points.map((point) => (
        <Disclosure
          key={point.n}
          open={simulated?.n === point.n}
          summary={`第 ${point.n + 1} 点 ${point.at} ${symbol}：E = ${point.errorText}，U = ${point.UText}，k = ${point.kText}`}
        >
          {point.said && <p>{point.said}</p>}
          <p className="soft">
            E = {point.model}；u = {Number(point.u.toPrecision(3))} {symbol}；{point.why}。
          </p>
          <Bars
            caption={`第 ${point.n + 1} 点各分量的贡献`}
            heading={['分量', '贡献']}
            max={100}
            bars={point.lines.map(({ label, type, how, contribution, share }) => ({
              label: `${label}（${type}类）`,
              value: share,
              said: `${share.toFixed(1)} %，${Number(contribution.toPrecision(3))} ${symbol}；${how}`,
            }))}
          />
          {mayWork && (
            <Submit name="intent" value={`simulate:${point.n}`} label={`用蒙特卡洛法核对第 ${point.n + 1} 点`} busyLabel="正在模拟" plain />
          )}
        </Disclosure>
      ))}
    </section>
  )
}
