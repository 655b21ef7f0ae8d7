/** Parts of the review page: what is missing, what the rule would mean, what has changed. */
import { Form } from 'react-router'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { Notice, Stat } from '../../../web/ui/feedback.tsx'
import { isUnchanged, type Changes as Differences } from '../compare.ts'
import { saySource } from '../../matching/index.ts'
import type { DryRun, Example } from '../dry-run.ts'
import type { Gap } from '../publication.ts'
import styles from './review.module.css'

export function Checklist({
  gaps,
  warnings,
  slug,
  editable,
}: {
  gaps: readonly Gap[]
  warnings: readonly string[]
  slug: string
  editable: boolean
}) {
  return (
    <section className={styles.part} aria-labelledby="checklist">
      <h2 id="checklist">发布前检查</h2>
      {gaps.length === 0 ? (
        <Notice tone="good" title="六项卡片、条款依据和解读都已齐备" />
      ) : (
        <Notice tone="warn" title={`还缺 ${gaps.length} 项，补齐后才能发布`}>
          <ul>
            {gaps.map(({ section, field, sentence }) => (
              <li key={`${field}${sentence}`}>{editable ? <a href={`/policies/${slug}/edit#part-${section}`}>{sentence}</a> : sentence}</li>
            ))}
          </ul>
        </Notice>
      )}
      {warnings.length > 0 && (
        <Disclosure summary={`规则有 ${warnings.length} 处值得再看`}>
          <ul>
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Disclosure>
      )}
    </section>
  )
}

type TrialResult = { refused: string } | { run: DryRun; place: string }

/** Asked for by a button, because it goes through every enterprise of the place. */
export function Trial({ slug, place, trial }: { slug: string; place: string; trial: TrialResult | undefined }) {
  return (
    <section className={styles.part} aria-labelledby="trial">
      <h2 id="trial">试算</h2>
      <p>按台账和企业信息，看这一版的适用条件今天会落到哪些企业；不发布、不通知。</p>
      <Form method="get" action={`/policies/${slug}/review#trial`} className="filters" preventScrollReset>
        <label>
          地区
          <input name="place" defaultValue={place} required />
        </label>
        <button type="submit" className="button primary">
          试算
        </button>
      </Form>
      {trial && ('refused' in trial ? <Notice tone="bad" title={trial.refused} /> : <TrialFigures run={trial.run} place={trial.place} />)}
    </section>
  )
}

function TrialFigures({ run, place }: { run: DryRun; place: string }) {
  const { total, eligible, unknown, ineligible, examples, compared, change } = run
  return (
    <>
      <p>
        {place}，{run.asOf}，共 {total} 家。{saySource(run.source)}。{compared < ineligible && `“差一步”从前 ${compared} 家中选出。`}
      </p>
      <div className="stats">
        <Stat value={eligible} unit="家" label="符合" />
        <Stat value={unknown} unit="家" label="待补充" />
        <Stat value={ineligible} unit="家" label="不符合" />
        {change && <Stat value={change.newlyIn} unit="家" label={`比第 ${change.since} 版新增符合`} />}
        {change && <Stat value={change.newlyOut} unit="家" label={`比第 ${change.since} 版不再符合`} />}
      </div>
      <Examples title="符合的例子" examples={examples.eligible} />
      <Examples title="差一步的例子" examples={examples.nearest} />
      <Examples title="待补充的例子" examples={examples.unknown} />
      {change && <Examples title="新增符合的例子" examples={change.inExamples} />}
      {change && <Examples title="不再符合的例子" examples={change.outExamples} />}
    </>
  )
}

const Examples = ({ title, examples }: { title: string; examples: readonly Example[] }) =>
  examples.length === 0 ? null : (
    <>
      <h3>{title}</h3>
      <ul>
        {examples.map(({ orgId, name, region, sentence }) => (
          <li key={orgId}>
            {name}（{region}）{sentence && `：${sentence}`}
          </li>
        ))}
      </ul>
    </>
  )

export function Changes({ changes }: { changes: Differences & { number: number } }) {
  const { number, fields, conditions, benefits, clauses } = changes
  return (
    <section className={styles.part} aria-labelledby="changes">
      <h2 id="changes">与第 {number} 版相比</h2>
      {isUnchanged(changes) && <p>内容没有变化。</p>}
      {conditions.joined && (
        <p>
          条件之间的关系由“{conditions.joined.before}”改为“{conditions.joined.after}”。
        </p>
      )}
      <Differing title="适用条件" {...conditions} />
      <Differing title="给什么" {...benefits} />
      <Differing title="条款" {...clauses} />
      {fields.length > 0 && (
        <table className="cards">
          <caption>其他改动</caption>
          <thead>
            <tr>
              <th scope="col">项目</th>
              <th scope="col">原来</th>
              <th scope="col">现在</th>
            </tr>
          </thead>
          <tbody>
            {fields.map(({ label, before, after }) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                <td data-label="原来">{before || '（空）'}</td>
                <td data-label="现在">{after || '（空）'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

function Differing({ title, added, removed, changed }: { title: string } & Differences['benefits']) {
  if (added.length + removed.length + changed.length === 0) return null
  return (
    <>
      <h3>{title}</h3>
      <ul>
        {added.map((each) => (
          <li key={`+${each}`}>
            新增：<ins>{each}</ins>
          </li>
        ))}
        {removed.map((each) => (
          <li key={`-${each}`}>
            删去：<del>{each}</del>
          </li>
        ))}
        {changed.map(({ before, after }) => (
          <li key={`${before}${after}`}>
            改动：<del>{before}</del> → <ins>{after}</ins>
          </li>
        ))}
      </ul>
    </>
  )
}
