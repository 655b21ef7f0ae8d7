import { Facts } from '../../../web/ui/list.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import type { CheckAnswer } from '../check.server.ts'
import { checkTones, verdictsOfCheck } from '../model.ts'
import styles from './answer.module.css'

const shapes = { good: '✓', warn: '!', bad: '✕', info: 'i', neutral: '·' } as const

/** What a check found, in one word and one sentence, and what the paper says. */
export function Answer({ answer }: { answer: CheckAnswer }) {
  const tone = checkTones[answer.verdict]
  return (
    <section aria-label="核对结果" role="status">
      <p className={`${styles.verdict} tone-${tone}`}>
        <span aria-hidden>{shapes[tone]}</span>
        <strong>{verdictsOfCheck[answer.verdict]}</strong>
        {answer.demo && <Badge tone="warn">演示</Badge>}
      </p>
      <p>
        {answer.reason}
        {answer.demo && '它是演示环境出具的，没有法律效力。'}
      </p>
      {answer.signature && answer.signature.length > 0 && (
        <ul aria-label="文件里的电子签名">
          {answer.signature.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      {answer.paper && <Facts items={answer.paper} />}
    </section>
  )
}
