/** The budget of every point: what contributes how much, and how it was decided. */
import { getUnit } from '../../../core/quantities/units.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { Notice } from '../../../web/ui/feedback.tsx'
import { Submit } from '../../../web/ui/form.tsx'
import type { Evaluation, PointResult } from '../model.ts'
import type { Simulated } from '../monte-carlo.server.ts'
import { sayModel } from '../names.ts'
import styles from './bench.module.css'
import type { Simulating } from './use-simulation.ts'

interface BudgetsProps {
  evaluation: Evaluation
  unit: string
  /** Answered to a plain form. */
  simulated?: Simulated | undefined
  /** Absent: the record is finished, nothing is gone over again. */
  simulating?: Simulating
}

export function Budgets({ evaluation, unit, simulated: posted, simulating }: BudgetsProps) {
  const { symbol } = getUnit(unit)
  const simulation = simulating?.simulation ?? { state: 'idle' }
  const simulated = simulation.state === 'done' ? simulation.simulated : simulation.state === 'idle' ? posted : undefined
  const at = simulation.state === 'running' || simulation.state === 'stopped' ? simulation.n : simulated?.n
  if (evaluation.points.length === 0) return null
  return (
    <section aria-labelledby="budget">
      <h2 id="budget">不确定度</h2>
      {evaluation.rule && <p className="soft">{evaluation.rule}</p>}
      {evaluation.points.map((point) => (
        <Disclosure
          key={point.n}
          open={at === point.n}
          summary={`第 ${point.n + 1} 点 ${point.at} ${symbol}：E = ${point.errorText}，U = ${point.UText}，k = ${point.kText}`}
        >
          {point.said && <p>{point.said}</p>}
          <p className="soft">
            E = {sayModel(point.model)}；u = {Number(point.u.toPrecision(3))} {symbol}；{point.why}。
          </p>
          <Contributions point={point} symbol={symbol} />
          {at === point.n && simulated && (
            <Notice tone={simulated.agrees ? 'good' : 'warn'} title={simulated.agrees ? '与蒙特卡洛法一致' : '与蒙特卡洛法不一致'} live>
              {simulated.sentence}
            </Notice>
          )}
          {at === point.n && simulation.state === 'stopped' && <Notice tone="warn" title={simulation.why} live />}
          {simulating && at === point.n && simulation.state === 'running' ? (
            <Running {...simulation} stop={simulating.stop} />
          ) : (
            simulating && (
              <Submit
                name="intent"
                value={`simulate:${point.n}`}
                label={`用蒙特卡洛法核对第 ${point.n + 1} 点`}
                busyLabel="正在模拟"
                plain
              />
            )
          )}
        </Disclosure>
      ))}
    </section>
  )
}

/** How far it is; it ends before the bar is full once the digits are stable. */
const Running = ({ n, done, most, stop }: { n: number; done: number; most: number; stop: () => void }) => (
  <div className="stack">
    <progress className={styles.progress} aria-label={`第 ${n + 1} 点模拟的进度`} {...(most > 0 && { value: done, max: most })} />
    <span>
      {most > 0 ? `已模拟 ${done.toLocaleString('zh-CN')} 次，最多 ${most.toLocaleString('zh-CN')} 次，稳定了就停` : '正在开始……'}
    </span>
    <button type="button" className="button" onClick={stop}>
      停止
    </button>
  </div>
)

const Contributions = ({ point: { n, lines }, symbol }: { point: PointResult; symbol: string }) => (
  <table className="cards">
    <caption>{`第 ${n + 1} 点各分量的贡献`}</caption>
    <thead>
      <tr>
        <th scope="col">分量</th>
        <th scope="col">怎么评定</th>
        <th scope="col" className="end">
          贡献
        </th>
        <th scope="col" className="end">
          占
        </th>
        <td aria-hidden />
      </tr>
    </thead>
    <tbody>
      {lines.map(({ name, label, type, how, contribution, share }) => (
        <tr key={name}>
          <th scope="row">{`${label}（${type}类）`}</th>
          <td data-label="怎么评定">{how}</td>
          <td data-label="贡献" className="end whole">
            {Number(contribution.toPrecision(2))} {symbol}
          </td>
          <td data-label="占" className="end whole">
            {share.toFixed(1)} %
          </td>
          <td aria-hidden className={`bar-cell ${styles.share}`}>
            <span className="bar-track">{share > 0 && <span className="bar" style={{ width: `${share}%` }} />}</span>
          </td>
        </tr>
      ))}
    </tbody>
  </table>
)
