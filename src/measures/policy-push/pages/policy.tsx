import { Link } from 'react-router'
import {
  budgetMarkWords,
  cardFields,
  enterpriseResults,
  forces,
  levels,
  results,
  statuses,
  topics,
  type Card,
} from '../../../commons/policies/index.ts'
import { budgetMarks, listEvents, namesFor } from '../../../commons/policies/index.server.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { sayRule } from '../../../core/eligibility/sentence.ts'
import { regionName } from '../../../core/regions.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { Notice } from '../../../web/ui/feedback.tsx'
import { Facts } from '../../../web/ui/list.tsx'
import { Badge, Trust, When } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { missing } from '../../../web/admit.server.ts'
import { conditionLines, listedBenefit } from '../match-line.ts'
import { explainFor, followPolicy, subjectOf } from '../matches.server.ts'
import { statusTones } from '../model.ts'
import { isClosing } from '../term.ts'
import type { Route } from './+types/policy.ts'
import { Clauses } from './decision.tsx'
import { Sentences } from './match-list.tsx'
import { historyOf, Versions } from './policy-versions.tsx'
import styles from './policy-push.module.css'

export const meta = ({ loaderData }: Route.MetaArgs) => [
  { title: `${loaderData?.content.title ?? '政策'} · 衡企` },
  { name: 'description', content: loaderData?.content.card.oneLine ?? '' },
]

export async function loader({ params, context }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  const today = shanghaiDate(ctx.now)
  const found = await followPolicy(ctx, params.slug, today)
  if (!found) throw missing('这项政策')
  const { content } = found.current
  const names = namesFor(content.clauses, await listEvents(ctx))
  const subject = ctx.actor.role === 'enterprise' ? await subjectOf(ctx, today) : undefined
  const mine = subject && found.inForce ? (await explainFor(ctx, found.current, subject)).line : undefined
  return {
    content,
    status: found.status,
    closing: found.inForce && isClosing(content, today),
    budgets: (await budgetMarks(ctx, { on: today, slug: found.current.slug })).map(
      ({ region, mark }) => `${region === content.regionCode ? '' : `${regionName(region)}：`}${budgetMarkWords[mark]}`,
    ),
    number: found.current.number,
    versionId: found.current.versionId,
    publishedAt: found.current.publishedAt,
    ended: found.current.endedAt && { at: found.current.endedAt, opinion: found.current.opinion },
    demo: found.current.demo,
    successor: found.successor && { slug: found.successor.slug, title: found.successor.content.title },
    conditions: conditionLines(content.rule, content, names),
    benefits: content.benefits.map((benefit) => ({
      ...listedBenefit(benefit, content),
      conditions: benefit.rule && sayRule(benefit.rule, names),
    })),
    versions: found.page.versions.filter((v) => v.state !== 'draft' && v.state !== 'review').map(historyOf),
    mine: mine && { result: mine.result, force: mine.force, asks: mine.asks.map(({ label }) => label) },
    visitor: ctx.actor.role === 'visitor',
    inForce: found.inForce,
  }
}

export default function Policy({ loaderData }: Route.ComponentProps) {
  const { content, status, closing, conditions, benefits, successor, ended, demo } = loaderData
  return (
    <Page
      title={content.title}
      lead={`${content.issuer}${content.docNumber ? `，${content.docNumber}` : '，文号待核实'}`}
      state={{ label: statuses[status], tone: statusTones[status] }}
      back={{ to: '/policies', label: '政策库' }}
    >
      <p className="row">
        <Trust confidence={content.confidence} />
        <Badge>{forces[content.force]}</Badge>
        {closing && <Badge tone="warn">即将截止</Badge>}
        {loaderData.budgets.map((said) => (
          <Badge key={said} tone="warn">
            {said}
          </Badge>
        ))}
        {demo && <Badge tone="info">演示内容</Badge>}
      </p>
      {(ended || successor) && (
        <Notice tone="warn" title={ended ? '这项政策已废止' : '这项政策有接续的政策'}>
          {ended && ended.opinion && <p>{ended.opinion}</p>}
          {successor && (
            <p>
              接续的政策：<Link to={`/policies/${successor.slug}`}>《{successor.title}》</Link>
            </p>
          )}
        </Notice>
      )}
      <CardOf card={content.card} />
      <Verdict {...loaderData} />
      <section aria-labelledby="who">
        <h2 id="who">条件</h2>
        <p className="soft">点条款号看依据。</p>
        <Sentences list={conditions} docNumber={content.docNumber} />
      </section>
      <section aria-labelledby="gives">
        <h2 id="gives">给什么</h2>
        <ul className={styles.benefits}>
          {benefits.map((benefit, i) => (
            <li key={i}>
              <p>
                <strong>{benefit.worth}</strong>，{benefit.appliesTo}
              </p>
              <p>{benefit.detail}</p>
              {benefit.conditions && <p className="soft">适用于：{benefit.conditions}</p>}
              {benefit.clause && <Clauses list={[benefit.clause]} docNumber={content.docNumber} />}
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="how">
        <h2 id="how">怎么办</h2>
        {content.steps.length > 0 ? (
          <ol>
            {content.steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        ) : (
          <p>{content.card.how}</p>
        )}
        {content.documents.length > 0 && (
          <>
            <h3 className={styles.group}>要准备的材料</h3>
            <ul>
              {content.documents.map(({ name, once }) => (
                <li key={name}>
                  {name}
                  {once && '（首次提交后免交）'}
                </li>
              ))}
            </ul>
          </>
        )}
      </section>
      <Interpretation {...content.interpretation} />
      <section aria-labelledby="source">
        <h2 id="source">来源和版本</h2>
        <SourceOf {...loaderData} />
      </section>
    </Page>
  )
}

const CardOf = ({ card }: { card: Card }) => (
  <dl className={styles.six} aria-label="政策卡片">
    {(Object.keys(cardFields) as (keyof Card)[]).map((key) => (
      <div key={key} className={key === 'oneLine' ? styles.wide : undefined}>
        <dt>{cardFields[key]}</dt>
        <dd>{card[key]}</dd>
      </div>
    ))}
  </dl>
)

type Data = Route.ComponentProps['loaderData']

function Verdict({ mine, visitor, content, inForce }: Data) {
  if (!inForce) return null
  if (mine)
    return (
      <Notice
        tone={mine.result === 'eligible' ? 'good' : 'info'}
        title={`对您的企业：${enterpriseResults[mine.result]}${mine.result === 'eligible' ? `，${results[mine.force]}` : ''}`}
      >
        <p>
          {mine.asks.length > 0 && `还差：${mine.asks.join('、')}。`}
          <Link to={`/me/matches/${content.slug}`}>看逐条判断和依据</Link>
        </p>
      </Notice>
    )
  return visitor ? (
    <p className="no-print">
      <Link to={`/sign-in?to=${encodeURIComponent(`/me/matches/${content.slug}`)}`} className="button primary">
        登录后看是否适合我
      </Link>
    </p>
  ) : null
}

function Interpretation({ questions, example, notFor }: Data['content']['interpretation']) {
  return (
    <section aria-labelledby="read">
      <h2 id="read">解读</h2>
      {questions.map(({ q, a }) => (
        <div key={q}>
          <h3 className={styles.group}>{q}</h3>
          <p>{a}</p>
        </div>
      ))}
      {example && (
        <>
          <h3 className={styles.group}>举个例子</h3>
          <p>{example}</p>
        </>
      )}
      {notFor.length > 0 && (
        <>
          <h3 className={styles.group}>不适用于</h3>
          <ul>
            {notFor.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

function SourceOf({ content, versions, versionId, publishedAt, number }: Data) {
  const { source } = content
  return (
    <>
      <Facts
        items={[
          {
            label: '来源',
            value: source.url ? (
              <a href={source.url} rel="noreferrer">
                {new URL(source.url).hostname}
              </a>
            ) : (
              (source.ref ?? '没有公开网址')
            ),
          },
          { label: '来源日期', value: source.date ?? '未写明' },
          { label: '可信', value: <Trust confidence={content.confidence} /> },
          { label: '层级和地区', value: `${levels[content.level]}，${content.regionName}` },
          { label: '主题', value: topics[content.topic] },
          { label: '有效期', value: `${content.effectiveFrom ?? '未写明'} 至 ${content.effectiveTo ?? '未写明'}` },
          {
            label: '版本',
            value: (
              <>
                第 {number} 版，
                <When at={publishedAt} /> 发布，<code>{versionId}</code>
              </>
            ),
          },
          ...(content.notes ? [{ label: '说明', value: content.notes }] : []),
        ]}
      />
      <Disclosure summary={`全部条款（${content.clauses.length}）`}>
        <ul className={styles.sentences}>
          {content.clauses.map((clause) => (
            <li key={clause.id}>
              {clause.article ?? '条款号待核实'}：{clause.text}
              <small className="soft">（{clause.quoted ? '原文' : '据来源转述，非原文'}）</small>
            </li>
          ))}
        </ul>
      </Disclosure>
      {versions.length > 1 && <Versions versions={versions} />}
    </>
  )
}
