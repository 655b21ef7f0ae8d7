/** 间隔建议: what each method says, the errors over time, and the form that takes the advice over. */
import { Form } from 'react-router'
import { getUnit } from '../../../core/quantities/units.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { Submit } from '../../../web/ui/form.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import { practice, type Advice, type AdviceAnswer } from '../interval/advice.ts'

interface IntervalAdviceProps {
  answer: AdviceAnswer
  version: number
  editable: boolean
}

export function IntervalAdvice({ answer, version, editable }: IntervalAdviceProps) {
  if ('none' in answer) return <p className="soft">间隔建议：{answer.none}</p>
  const { advice } = answer
  const { current, months, staircase, chart } = advice
  const basis = [`阶梯法：${staircase.why}`, chart && `控制图法：${chart.why}`].filter(Boolean).join('；')
  return (
    <section aria-labelledby="advice">
      <h3 id="advice">间隔建议：{months === current ? `保持 ${current} 个月` : `${current} → ${months} 个月`}</h3>
      <ul>
        <li>
          阶梯法：{staircase.why}，{staircase.months} 个月
        </li>
        {chart && (
          <li>
            控制图法：{chart.why}，{chart.months} 个月
          </li>
        )}
      </ul>
      {chart && <ErrorChart chart={chart} />}
      <p className="soft">
        方法：{practice.source}。延长、缩短的倍数是通行做法 <Badge tone="warn">待核实</Badge>，由您决定是否采用。
      </p>
      {editable && months !== current && (
        <Form method="post">
          <input type="hidden" name="intent" value="interval" />
          <input type="hidden" name="version" value={version} />
          <input type="hidden" name="months" value={months} />
          <input type="hidden" name="source" value="advice" />
          <input type="hidden" name="basis" value={basis.slice(0, 200)} />
          <Submit label={`采用 ${months} 个月`} busyLabel="正在保存" plain />
        </Form>
      )}
    </section>
  )
}

const width = 320
const height = 120

function ErrorChart({ chart: { points, unit } }: { chart: NonNullable<Advice['chart']> }) {
  const symbol = getUnit(unit).symbol
  const most = Math.max(...points.map(({ error, uncertainty, limit }) => Math.max(limit, Math.abs(error) + uncertainty))) * 1.1
  const first = Date.parse(points[0]!.on)
  const span = Date.parse(points.at(-1)!.on) - first || 1
  const x = (on: string) => 10 + ((Date.parse(on) - first) / span) * (width - 20)
  const y = (value: number) => height / 2 - (value / most) * (height / 2 - 6)
  const limit = points.at(-1)!.limit
  return (
    <>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label="历次误差与允许误差，数字见下表"
        style={{ maxWidth: '28rem', width: '100%' }}
      >
        {[limit, 0, -limit].map((value) => (
          <line
            key={value}
            x1="0"
            x2={width}
            y1={y(value)}
            y2={y(value)}
            stroke={value === 0 ? 'var(--line-strong)' : 'var(--bad)'}
            strokeDasharray={value === 0 ? undefined : '4 3'}
          />
        ))}
        {points.map(({ on, error, uncertainty }) => (
          <g key={on} stroke="var(--accent)">
            <line x1={x(on)} x2={x(on)} y1={y(error - uncertainty)} y2={y(error + uncertainty)} />
            <circle cx={x(on)} cy={y(error)} r="3" fill="var(--accent)" />
          </g>
        ))}
      </svg>
      <Disclosure summary="历次误差的数字">
        <table>
          <thead>
            <tr>
              <th scope="col">日期</th>
              <th scope="col" className="end">
                误差（{symbol}）
              </th>
              <th scope="col" className="end">
                不确定度
              </th>
              <th scope="col" className="end">
                允许误差
              </th>
            </tr>
          </thead>
          <tbody>
            {points.map((point) => (
              <tr key={point.on}>
                <th scope="row">{point.on}</th>
                <td className="end">{plain(point.error)}</td>
                <td className="end">{plain(point.uncertainty)}</td>
                <td className="end">±{plain(point.limit)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Disclosure>
    </>
  )
}

const plain = (value: number): string => String(Number(value.toPrecision(6)))
