/** A finished record, as the second tester and the approver read it. */
import { verdictNames } from '../../../core/metrology/decision-sentence.ts'
import { getUnit } from '../../../core/quantities/units.ts'
import { Empty } from '../../../web/ui/feedback.tsx'
import { Facts } from '../../../web/ui/list.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import type { BenchView } from '../bench.server.ts'
import { judgings, seenWords } from '../model.ts'
import { sayQuality } from '../standards/model.ts'
import { templateById } from '../templates/index.ts'
import { Budgets } from './budgets.tsx'
import { History } from './history.tsx'
import { Checks, verdictTones } from './readings.tsx'

export function Finished({ view }: { view: BenchView }) {
  const { results, entered, standard, unit, service } = view
  const template = templateById(view.templateId)!
  if (!results || !standard) return <Empty title="记录还没有完成" hint="检测员完成以后，这里是读数、不确定度和判定。" />
  const verifies = service === 'verification'
  return (
    <>
      <Facts
        items={[
          { label: '检测日期', value: entered.doneOn },
          ...template.ambient.map(({ name, label, unit: code }) => ({
            label,
            value: `${entered.conditions[name] ?? '—'} ${getUnit(code).symbol}`,
          })),
          {
            label: '标准器',
            value: `${standard.name} ${standard.serial}，${standard.range}，${sayQuality(standard)}，证书 ${standard.certificate}（${standard.issuedBy}），${standard.validUntil} 到期`,
          },
          ...template.parameters.map(({ name, label, unit: code }) => ({
            label,
            value: [entered.parameters[name] || '—', code && getUnit(code === 'instrument' ? unit : code).symbol].filter(Boolean).join(' '),
          })),
          ...(verifies ? template.seen.map(({ name, label }) => ({ label, value: seenWords[entered.seen[name] || 'ok'] })) : []),
          { label: '核对依据', value: entered.verified ? '检测员已对照现行规程核对' : '没有核对' },
          ...(verifies ? [{ label: '判定规则', value: sayJudging(view) }] : []),
          ...(entered.limitSource ? [{ label: '允许误差的出处', value: entered.limitSource }] : []),
        ]}
      />
      <section aria-labelledby="results">
        <h2 id="results">结果（{getUnit(unit).symbol}）</h2>
        <div className="table-scroll" tabIndex={0} role="region" aria-label="结果">
          <table className="cards">
            <thead>
              <tr>
                <th scope="col">点</th>
                <th scope="col">读数</th>
                <th scope="col" className="end">
                  误差
                </th>
                <th scope="col" className="end">
                  U（k）
                </th>
                {verifies && <th scope="col">允许</th>}
                {verifies && <th scope="col">判定</th>}
              </tr>
            </thead>
            <tbody>
              {results.points.map((point) => (
                <tr key={point.n}>
                  <th scope="row">
                    {point.at} {point.label}
                  </th>
                  <td data-label="读数">
                    {template.columns
                      .map(({ name, label }) => `${label} ${(entered.points[point.n]?.readings[name] ?? []).join('、')}`)
                      .join('；')}
                  </td>
                  <td data-label="误差" className="end">
                    {point.errorText}
                  </td>
                  <td data-label="U（k）" className="end">
                    {point.UText}（{point.kText}）
                  </td>
                  {verifies && (
                    <td data-label="允许">
                      ±{point.limit?.value}
                      {point.limit?.corrected && <small className="soft">（检测员改动）</small>}
                    </td>
                  )}
                  {verifies && (
                    <td data-label="判定">
                      {point.verdict && <Badge tone={verdictTones[point.verdict]}>{verdictNames[point.verdict]}</Badge>}
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <Checks evaluation={results} />
      </section>
      <Budgets evaluation={results} unit={unit} />
      <History earlier={view.history} unit={unit} now={{ on: entered.doneOn, results }} />
    </>
  )
}

/** With whoever agreed: a checked record by the regulation is one that was agreed to. */
const sayJudging = ({ entered: { judging = 'third' }, people }: BenchView): string =>
  judging === 'regulation'
    ? `${judgings[judging]}（${people.checker ? `核验员${people.checker}已同意` : '待核验员同意'}）`
    : judgings[judging]
