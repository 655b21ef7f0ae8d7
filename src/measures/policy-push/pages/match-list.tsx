import { Form, Link } from 'react-router'
import { budgetMarkWords, results } from '../../../commons/policies/index.ts'
import { ClauseRef } from '../../../web/ui/clause.tsx'
import { Badge, Trust } from '../../../web/ui/marks.tsx'
import type { MatchLine, Sentence } from '../match-line.ts'
import styles from './policy-push.module.css'

interface Props {
  lines: readonly MatchLine[]
  asOf: string
  /** Offers that may be put aside; `restore` for those that were. */
  aside?: 'dismiss' | 'restore'
}

/** Each policy in a few lines: what it gives, until when, how to take it, and under which clause. */
export function MatchList({ lines, asOf, aside }: Props) {
  return (
    <ul className={styles.matches}>
      {lines.map((line) => (
        <li key={line.slug}>
          <h3>
            <Link to={`/me/matches/${line.slug}?as-of=${asOf}`}>{line.title}</Link>
          </h3>
          <p className="row">
            {line.result === 'eligible' && <Badge tone={line.force === 'guidance' ? 'neutral' : 'good'}>{results[line.force]}</Badge>}
            {line.confidence !== 'high' && <Trust confidence={line.confidence} />}
            {line.closing && <Badge tone="warn">即将截止</Badge>}
            {line.budget && <Badge tone="warn">{budgetMarkWords[line.budget]}</Badge>}
          </p>
          <p>{line.oneLine}</p>
          <dl className={styles.brief}>
            {line.worth.length > 0 && <Brief label="给什么" text={line.worth.join('；')} />}
            {line.pieces !== undefined && <Brief label="涉及器具" text={`台账中最多 ${line.pieces} 件，下单时逐件判断`} />}
            <Brief label="何时止" text={line.lastDay ?? line.until} />
            {line.result !== 'ineligible' && <Brief label="怎么办" text={line.how} />}
            {line.asks.length > 0 && <Brief label="还差" text={line.asks.map(({ label }) => label).join('、')} />}
          </dl>
          <Sentences list={line.blockers} docNumber={line.docNumber} />
          <Sentences list={line.steps} docNumber={line.docNumber} />
          {line.result !== 'ineligible' &&
            line.clauses.map((clause) => <ClauseRef key={clause.id} clause={clause} docNumber={line.docNumber} />)}
          {aside && <Aside line={line} aside={aside} />}
        </li>
      ))}
    </ul>
  )
}

const Brief = ({ label, text }: { label: string; text: string }) => (
  <div>
    <dt>{label}</dt>
    <dd>{text}</dd>
  </div>
)

export const Sentences = ({ list, docNumber }: { list: readonly Sentence[]; docNumber: string | null }) =>
  list.length === 0 ? null : (
    <ul className={styles.sentences}>
      {list.map(({ text, clause }, i) => (
        <li key={i}>
          {text}
          {clause && <ClauseRef clause={clause} docNumber={docNumber} />}
        </li>
      ))}
    </ul>
  )

const reasons = { irrelevant: '与我无关', done: '已经享受或办过', later: '现在不需要' }

function Aside({ line, aside }: { line: MatchLine; aside: 'dismiss' | 'restore' }) {
  if (aside === 'restore')
    return (
      <Form method="post" className={styles.aside}>
        <input type="hidden" name="intent" value="restore" />
        <button type="submit" name="slug" value={line.slug}>
          放回列表
        </button>
      </Form>
    )
  return (
    <details className={styles.aside}>
      <summary>先放到一边</summary>
      <Form method="post">
        <input type="hidden" name="intent" value="dismiss" />
        <input type="hidden" name="slug" value={line.slug} />
        {Object.entries(reasons).map(([value, label]) => (
          <button key={value} type="submit" name="reason" value={value}>
            {label}
          </button>
        ))}
      </Form>
    </details>
  )
}
