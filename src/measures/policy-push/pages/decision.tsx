import type { Clause } from '../../../commons/policies/index.ts'
import { ClauseRef } from '../../../web/ui/clause.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import { standingWords, type BenefitLine, type TraceLine } from '../match-line.ts'
import { Sentences } from './match-list.tsx'
import styles from './policy-push.module.css'

const marks = { yes: { sign: '✓', word: '符合' }, no: { sign: '✕', word: '暂不符合' }, open: { sign: '？', word: '待补充' } } as const

/** Every condition of the decision with its clause; a sign never stands without its word. */
export function DecisionTree({ line, docNumber }: { line: TraceLine; docNumber: string | null }) {
  return (
    <ul className={styles.tree}>
      <Node line={line} docNumber={docNumber} />
    </ul>
  )
}

function Node({ line, docNumber }: { line: TraceLine; docNumber: string | null }) {
  const { sign, word } = marks[line.truth]
  return (
    <li data-truth={line.truth}>
      <span className={styles.sign} aria-label={word}>
        {sign}
      </span>
      <span>
        {line.text}
        {line.clause && line.parts.length === 0 && <ClauseRef clause={line.clause} docNumber={docNumber} />}
      </span>
      {line.parts.length > 0 && (
        <ul>
          {line.parts.map((part, i) => (
            <Node key={i} line={part} docNumber={docNumber} />
          ))}
        </ul>
      )}
    </li>
  )
}

const tones = { yes: 'good', line: 'info', ask: 'warn', no: 'neutral' } as const

export function Benefits({ list, docNumber }: { list: readonly BenefitLine[]; docNumber: string | null }) {
  return (
    <ul className={styles.benefits}>
      {list.map((each, i) => (
        <li key={i}>
          <p>
            <strong>{each.worth}</strong>，{each.appliesTo} <Badge tone={tones[each.standing]}>{standingWords[each.standing]}</Badge>
          </p>
          <p>{each.detail}</p>
          {each.lines && <p className="soft">适用的器具和服务：{each.lines}</p>}
          {each.pieces !== undefined && <p className="soft">您的台账中最多涉及 {each.pieces} 件</p>}
          {each.asks.length > 0 && <p>还要知道：{each.asks.join(' ')}</p>}
          <Sentences list={each.blockers} docNumber={docNumber} />
          {each.clause && <ClauseRef clause={each.clause} docNumber={docNumber} />}
        </li>
      ))}
    </ul>
  )
}

export const Clauses = ({ list, docNumber }: { list: readonly Clause[]; docNumber: string | null }) => (
  <ul className={styles.sentences}>
    {list.map((clause) => (
      <li key={clause.id}>
        <ClauseRef clause={clause} docNumber={docNumber} />
      </li>
    ))}
  </ul>
)
