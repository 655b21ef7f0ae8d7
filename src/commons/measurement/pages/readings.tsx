/** The table of readings: on a desk one row a point, on a phone one card. */
import { getUnit } from '../../../core/quantities/units.ts'
import { verdictNames } from '../../../core/metrology/decision-sentence.ts'
import { Badge } from '../../../web/ui/marks.tsx'
import { fieldNames } from '../entered.ts'
import type { Entered, Evaluation } from '../model.ts'
import type { Template } from '../template.ts'
import styles from './bench.module.css'

export const verdictTones = {
  pass: 'good',
  'conditional-pass': 'warn',
  'conditional-fail': 'warn',
  fail: 'bad',
  undetermined: 'warn',
} as const

interface ReadingsProps {
  template: Template
  start: Entered
  evaluation: Evaluation
  service: 'verification' | 'calibration'
  unit: string
}

export function Readings({ template, start, evaluation, service, unit }: ReadingsProps) {
  const { symbol } = getUnit(unit)
  const verifies = service === 'verification'
  const places = template.columns.flatMap((column) => Array.from({ length: template.repeats }, (_, i) => ({ ...column, i })))
  const title = ({ label, i, unit: own }: (typeof places)[number]) =>
    `${label}${template.repeats > 1 ? ` ${i + 1}` : ''}${own ? `（${getUnit(own).symbol}）` : ''}`
  return (
    <section aria-labelledby="readings">
      <h2 id="readings">读数（{symbol}）</h2>
      <div className="table-scroll" tabIndex={0} role="region" aria-label="读数">
        <table className={`cards ${styles.readings}`}>
          <thead>
            <tr>
              <th scope="col">点</th>
              {places.map((place) => (
                <th scope="col" key={`${place.name}${place.i}`}>
                  {title(place)}
                </th>
              ))}
              <th scope="col" className="end">
                误差
              </th>
              <th scope="col" className="end">
                U（k）
              </th>
              {verifies && <th scope="col">允许 ±</th>}
              {verifies && <th scope="col">判定</th>}
            </tr>
          </thead>
          <tbody>
            {start.points.map((point, n) => {
              const result = evaluation.points.find((each) => each.n === n)
              return (
                <tr key={n}>
                  <th scope="row">
                    <input
                      name={fieldNames.at(n)}
                      defaultValue={point.at}
                      inputMode="decimal"
                      autoComplete="off"
                      aria-label={`第 ${n + 1} 点`}
                      className={styles.number}
                    />
                    <input type="hidden" name={fieldNames.label(n)} defaultValue={point.label} />
                    {point.label && <small className="soft">{point.label}</small>}
                  </th>
                  {places.map((place, at) => (
                    <td key={`${place.name}${place.i}`} data-label={title(place)}>
                      <input
                        name={fieldNames.reading(n, place.name, place.i)}
                        defaultValue={point.readings[place.name]?.[place.i] ?? ''}
                        inputMode="decimal"
                        autoComplete="off"
                        data-reading={`${n}/${at}`}
                        aria-label={`第 ${n + 1} 点 ${title(place)}`}
                        className={styles.number}
                      />
                    </td>
                  ))}
                  <td data-label="误差" className="end">
                    <output>{result?.errorText ?? '—'}</output>
                  </td>
                  <td data-label="U（k）" className="end">
                    <output>{result ? `${result.UText}（${result.kText}）` : '—'}</output>
                  </td>
                  {verifies && (
                    <td data-label="允许 ±">
                      <input
                        name={fieldNames.limit(n)}
                        defaultValue={point.limit}
                        placeholder={result?.limit && !result.limit.corrected ? String(result.limit.value) : ''}
                        inputMode="decimal"
                        autoComplete="off"
                        aria-label={`第 ${n + 1} 点 最大允许误差，改动时填写`}
                        className={styles.number}
                      />
                      <small className="soft">{result?.limit?.corrected ? '已改' : '待核实'}</small>
                    </td>
                  )}
                  {verifies && (
                    <td data-label="判定">
                      {result?.verdict ? <Badge tone={verdictTones[result.verdict]}>{verdictNames[result.verdict]}</Badge> : '—'}
                    </td>
                  )}
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      <Checks evaluation={evaluation} />
    </section>
  )
}

export function Checks({ evaluation }: { evaluation: Evaluation }) {
  if (evaluation.checks.length === 0) return null
  return (
    <table className="cards">
      <caption>附加项目：最大的一点</caption>
      <thead>
        <tr>
          <th scope="col">项目</th>
          <th scope="col">在</th>
          <th scope="col" className="end">
            测得
          </th>
          <th scope="col" className="end">
            不大于
          </th>
          <th scope="col">判定</th>
        </tr>
      </thead>
      <tbody>
        {evaluation.checks.map(({ name, label, clause, at, valueText, limitText, verdict }) => (
          <tr key={name}>
            <th scope="row">
              {label} <small className="soft">{clause}</small>
            </th>
            <td data-label="在">{at}</td>
            <td data-label="测得" className="end">
              {valueText}
            </td>
            <td data-label="不大于" className="end">
              {limitText}
            </td>
            <td data-label="判定">
              <Badge tone={verdict === 'fail' ? 'bad' : 'good'}>{verdict === 'fail' ? '不合格' : '合格'}</Badge>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
