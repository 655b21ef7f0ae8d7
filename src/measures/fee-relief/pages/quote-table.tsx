/** A quote line by line: service, list price, relief with its rule, what is left to pay, and why nothing more is taken off. */
import { Link } from 'react-router'
import { Badge } from '../../../web/ui/marks.tsx'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import type { QuoteView } from './quote-view.ts'

export function QuoteTable({ quote, values }: { quote: QuoteView; values: Record<string, string> }) {
  return (
    <>
      <div className="table-scroll data" tabIndex={0} role="region" aria-label="逐件价钱">
        <table className="cards">
          <caption className="hidden">逐件价钱</caption>
          <thead>
            <tr>
              <th scope="col">器具</th>
              <th scope="col">做什么，依据</th>
              <th scope="col" className="end">
                标价
              </th>
              <th scope="col" className="end">
                减免
              </th>
              <th scope="col" className="end">
                应付
              </th>
              <th scope="col">减免依据</th>
            </tr>
          </thead>
          <tbody>
            {quote.lines.map((line) => (
              <tr key={line.key}>
                <th scope="row">
                  {line.code} {line.name}
                  {line.problem && <Badge tone="bad">▲ {line.problem}</Badge>}
                </th>
                <td data-label="做什么，依据">
                  {line.service}
                  <br />
                  <small className="soft">{line.basis}</small>
                  {line.note && (
                    <small>
                      <Badge tone="warn">待核实</Badge> {line.note}
                    </small>
                  )}
                  {line.choices.length > 0 && (
                    <select
                      name={`item-${line.key}`}
                      aria-label={`${line.code} 的规格`}
                      defaultValue={values[`item-${line.key}`] || line.choices.find(({ chosen }) => chosen)?.code}
                    >
                      {line.choices.map(({ code, label }) => (
                        <option key={code} value={code}>
                          {label}
                        </option>
                      ))}
                    </select>
                  )}
                </td>
                <td data-label="标价" className="end">
                  {line.fee}
                </td>
                <td data-label="减免" className="end">
                  {line.relief}
                </td>
                <td data-label="应付" className="end">
                  <strong>{line.toPay}</strong>
                </td>
                <td data-label="减免依据">
                  {line.taken.map(({ slug, text }) => (
                    <Link key={slug} to={`/policies/${slug}`}>
                      {text}
                    </Link>
                  ))}
                  {line.taken.length === 0 && line.refused.length === 0 && <span className="soft">—</span>}
                  {line.refused.length > 0 && (
                    <Disclosure summary={line.taken.length > 0 ? '别的政策为什么没用上' : '为什么没有减'}>
                      <ul>
                        {line.refused.map(({ slug, text }) => (
                          <li key={slug}>
                            <Link to={`/policies/${slug}`}>{text}</Link>
                          </li>
                        ))}
                      </ul>
                    </Disclosure>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            {quote.extras.map(({ label, basis, fee }) => (
              <tr key={label}>
                <th scope="row" colSpan={4}>
                  {label} <small className="soft">{basis}</small>
                </th>
                <td className="end" data-label="应付">
                  {fee}
                </td>
                <td />
              </tr>
            ))}
            <tr>
              <th scope="row" colSpan={2}>
                合计
              </th>
              <td className="end" data-label="标价">
                {quote.fee}
              </td>
              <td className="end" data-label="减免">
                {quote.relief}
              </td>
              <td className="end" data-label="应付">
                <strong>{quote.toPay}</strong>
              </td>
              <td />
            </tr>
          </tfoot>
        </table>
      </div>
      <p className="soft">
        按{quote.list}计价；受理后 {quote.workdays} 个工作日内完成。
      </p>
    </>
  )
}
