/** Why a line was relieved as it was, and beside every policy that took nothing off: one click to have it reviewed. */
import { Form, Link } from 'react-router'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import styles from './fee-relief.module.css'
import type { OrderData } from './order-view.server.ts'

type Line = OrderData['lines'][number]

const formOf = (line: Line, slug: string) => `review-${line.id}-${slug}`
const askable = (line: Line) =>
  line.mayReview && line.record
    ? line.record.refused.filter(({ slug }) => !line.reviews.some((each) => each.slug === slug && each.open))
    : []

export function LineWhy({ line, data: { own, role } }: { line: Line; data: OrderData }) {
  const { record } = line
  if (!record || (record.taken.length === 0 && record.refused.length === 0)) return null
  const open = new Set(askable(line).map(({ slug }) => slug))
  return (
    <Disclosure summary={record.taken.length > 0 ? '依据' : '为什么没有减'}>
      <ul>
        {record.taken.map(({ slug, title, article, rateBp, versionNumber }) => (
          <li key={slug}>
            <Link to={`/policies/${slug}`}>
              《{title}》{article}
            </Link>
            ：减 {rateBp / 100}%（{record.decidedOn} 受理时的第 {versionNumber} 版）
          </li>
        ))}
        {record.refused.map(({ slug, title, why, code }) => (
          <li key={slug}>
            <Link to={`/policies/${slug}`}>《{title}》</Link>：{why}
            {own && code === 'FACTS_MISSING' && (
              <>
                。<Link to="/me/profile">去补充企业信息</Link>
              </>
            )}
            {line.reviews
              .filter((each) => each.slug === slug)
              .map(({ id, number, state }) => (
                <div key={id}>
                  <Link to={`${own ? '/me' : ''}/relief-reviews/${id}`}>
                    复核 {number}：{state}
                  </Link>
                </div>
              ))}
            {open.has(slug) && <Ask form={formOf(line, slug)} code={line.code} title={title} finance={role === 'finance'} />}
          </li>
        ))}
      </ul>
    </Disclosure>
  )
}

/** Its form stands beside the table, not in it: the table is a form already. */
const Ask = ({ form, code, title, finance }: { form: string; code: string; title: string; finance: boolean }) => (
  <div className={`${styles.ask} no-print`}>
    <input
      form={form}
      name="note"
      maxLength={200}
      placeholder="想说的一句话（选填）"
      aria-label={`${code} 对《${title}》想说的一句话（选填）`}
    />
    <button form={form} className="button" aria-label={`${code} 对《${title}》${finance ? '重算并提出补减' : '申请复核'}`}>
      {finance ? '重算并提出补减' : '申请复核'}
    </button>
  </div>
)

export const ReviewForms = ({ data: { lines } }: { data: OrderData }) => (
  <>
    {lines.flatMap((line) =>
      askable(line).map(({ slug }) => (
        <Form key={formOf(line, slug)} id={formOf(line, slug)} method="post" hidden>
          <input type="hidden" name="intent" value="review" />
          <input type="hidden" name="lineId" value={line.id} />
          <input type="hidden" name="slug" value={slug} />
        </Form>
      )),
    )}
  </>
)
