/** The clause a condition comes from; opens in place, with or without scripts. */
export interface ClauseText {
  article: string | null
  text: string
  quoted: boolean
}

export function ClauseRef({ clause, docNumber }: { clause?: ClauseText | null; docNumber?: string | null }) {
  if (!clause) return null
  return (
    <details className="clause">
      <summary>〔{clause.article ?? '条款号待核实'}〕</summary>
      <blockquote>
        <small className="soft">
          {docNumber ?? '文号待核实'}
          {clause.article && ` ${clause.article}`}，{clause.quoted ? '原文' : '据来源转述，非原文'}
        </small>
        <div>{clause.text}</div>
      </blockquote>
    </details>
  )
}
