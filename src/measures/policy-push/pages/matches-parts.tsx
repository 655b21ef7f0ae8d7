import { Form, Link } from 'react-router'
import type { Refusal } from '../../../core/refusal.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { Notice } from '../../../web/ui/feedback.tsx'
import type { Route } from './+types/matches.ts'
import { MatchList } from './match-list.tsx'
import { QuestionForm } from './question-form.tsx'
import styles from './policy-push.module.css'

/** The question that helps most; one that only settles what is for information does not stand in the way. */
export function Best({ best, refusal }: { best: NonNullable<Route.ComponentProps['loaderData']['best']>; refusal: Refusal | undefined }) {
  const more = best.decides - best.alone
  const gain =
    best.alone > 0
      ? `答完就能让 ${best.alone} 项政策有结论${more > 0 ? `，另有 ${more} 项更近一步` : ''}`
      : `有 ${best.decides} 项政策需要它`
  if (!best.useful && !refusal)
    return (
      <Disclosure summary={`有空可以再答一题：${gain}（仅供参考类）`}>
        <QuestionForm question={best.question} refusal={refusal} />
      </Disclosure>
    )
  return (
    <section aria-labelledby="best" className="card">
      <h2 id="best">先答这一题</h2>
      <p>{gain}。</p>
      <QuestionForm question={best.question} refusal={refusal} />
    </section>
  )
}

export function Changed({ label, now, not, closer }: NonNullable<Route.ComponentProps['loaderData']['answered']>) {
  const none = now.length + not.length + closer === 0
  return (
    <Notice tone="good" title={`已记下“${label}”`}>
      {now.length > 0 && (
        <p>
          现在适用：
          {now.map((each) => (
            <Link key={each.slug} to={`/me/matches/${each.slug}`}>
              《{each.title}》
            </Link>
          ))}
        </p>
      )}
      {not.length > 0 && <p>确定暂不符合：{not.map((each) => `《${each.title}》`).join('')}</p>}
      {closer > 0 && <p>另有 {closer} 项更近一步。</p>}
      {none && <p>目前没有改变任何一项的结论。</p>}
    </Notice>
  )
}

export function NotNow({ lines, asOf }: Pick<Route.ComponentProps['loaderData'], 'lines' | 'asOf'>) {
  const count = lines.not.reduce((sum, group) => sum + group.lines.length, 0)
  if (count + lines.elsewhere === 0) return null
  return (
    <Disclosure summary={`暂不符合的政策和原因（${count + lines.elsewhere}）`}>
      {lines.not.map((group) => (
        <section key={group.reason} aria-label={group.reason}>
          <h3 className={styles.group}>
            {group.reason}（{group.lines.length}）
          </h3>
          <MatchList lines={group.lines} asOf={asOf} />
        </section>
      ))}
      {lines.elsewhere > 0 && (
        <p>
          另有 {lines.elsewhere} 项只适用于其他地区，<Link to="/policies">可在政策库查看</Link>。
        </p>
      )}
    </Disclosure>
  )
}

export function Used({ facts }: Pick<Route.ComponentProps['loaderData'], 'facts'>) {
  if (facts.length === 0) return <p>还没有填报任何信息。</p>
  return (
    <table className="cards">
      <thead>
        <tr>
          <th scope="col">信息</th>
          <th scope="col">内容</th>
          <th scope="col">来源和日期</th>
        </tr>
      </thead>
      <tbody>
        {facts.map((each) => (
          <tr key={each.fact}>
            <th scope="row">{each.label}</th>
            <td>{each.value}</td>
            <td>
              {each.source}，{each.asOf}
              {each.stale && (
                <Form method="post" className={styles.inline}>
                  <input type="hidden" name="intent" value="confirm" />
                  <span>已超过 12 个月，</span>
                  <button type="submit" name="fact" value={each.fact}>
                    仍然是这样
                  </button>
                </Form>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
