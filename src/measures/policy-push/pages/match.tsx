import { Link, redirect, useActionData } from 'react-router'
import { enterpriseResults, results, statuses } from '../../../commons/policies/index.ts'
import { isIsoDate } from '../../../core/eligibility/calendar-day.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal, type Refusal } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { Notice } from '../../../web/ui/feedback.tsx'
import { Badge, Trust } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { applyForPolicy } from '../commands.server.ts'
import { admit, missing } from '../../../web/admit.server.ts'
import { explainFor, followPolicy, subjectOf, type Explained } from '../matches.server.ts'
import { servicePromise } from '../model.ts'
import { questionAbout } from '../question.server.ts'
import { findOwnApplication } from '../queries.server.ts'
import { applicationProblem } from '../rules.ts'
import { applicationForm, read } from '../schema.ts'
import { termOf } from '../term.ts'
import { openStates, workflow } from '../workflow.ts'
import type { Route } from './+types/match.ts'
import { ApplyForm } from './apply-form.tsx'
import { AsOf } from './as-of.tsx'
import { Benefits, DecisionTree } from './decision.tsx'
import { Sentences } from './match-list.tsx'
import { QuestionForm } from './question-form.tsx'
import styles from './policy-push.module.css'

export const meta = ({ loaderData }: Route.MetaArgs) => [{ title: `${loaderData?.content.title ?? '政策'} · 是否适合我 · 衡企` }]

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const wanted = url.searchParams.get('as-of')
  const today = shanghaiDate(ctx.now)
  const asOf = isIsoDate(wanted) ? wanted : today
  const [subject, found] = [await subjectOf(ctx, asOf), await followPolicy(ctx, params.slug, asOf)]
  if (!subject || !found) throw missing('这项政策')
  const mine = await explainFor(ctx, found.current, subject)
  const next = found.successor && (await explainFor(ctx, found.successor, subject))
  const [ask] = mine.line.asks
  const problem = applicationProblem(mine.judged, ctx.actor)
  return {
    asOf,
    today,
    content: found.current.content,
    status: found.status,
    inForce: found.inForce,
    lastDay: termOf(found.current.content).to,
    mine: shown(mine),
    next: next && { title: next.line.title, ...shown(next) },
    question: found.inForce && mine.line.result === 'unknown' && ask ? questionAbout(ask.fact, subject.profile) : undefined,
    application: await findOwnApplication(ctx, found.current.policyId),
    cannotApply: problem?.reason,
    why: mine.judged.why,
  }
}

/** The decision itself stays on the server: only its sentences are sent. */
const shown = ({ line, trace, benefits }: Explained) => ({ line, trace, benefits })

export async function action({ params, request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const form = await request.formData()
  const values = { ...Object.fromEntries(form), documents: form.getAll('documents'), slug: params.slug }
  const input = read(applicationForm, values)
  const answer = isRefusal(input) ? input : await applyForPolicy(ctx, input)
  return isRefusal(answer) ? refused(answer, { note: String(form.get('note') ?? '') }) : redirect(`/me/applications/${answer.id}`)
}

export default function Match({ loaderData }: Route.ComponentProps) {
  const { asOf, today, content, status, inForce, lastDay, mine, next, question, application, cannotApply, why } = loaderData
  const result = useActionData<typeof action>()
  const { line } = mine
  const running = application && (openStates as readonly string[]).includes(application.state)
  return (
    <Page
      title={content.title}
      lead={inForce ? `${enterpriseResults[line.result]}。${content.card.oneLine}` : content.card.oneLine}
      state={
        inForce
          ? { label: results[line.force], tone: line.result === 'eligible' && line.force !== 'guidance' ? 'good' : 'neutral' }
          : { label: statuses[status], tone: 'warn' }
      }
      back={{ to: `/me/matches${asOf === today ? '' : `?as-of=${asOf}`}`, label: '现在能用的政策' }}
    >
      <p className="row">
        {content.confidence !== 'high' && <Trust confidence={content.confidence} />}
        {line.closing && inForce && <Badge tone="warn">{`${line.lastDay} 截止`}</Badge>}
        <Link to={`/policies/${line.slug}`}>看政策全文页</Link>
      </p>
      {inForce && line.result !== 'ineligible' && (
        <p className="soft">
          {results[line.force]}：{why}。
        </p>
      )}
      {!inForce && <NotInForce status={statuses[status]} lastDay={lastDay} asOf={asOf} next={next} />}
      {question && asOf === today && (
        <section aria-labelledby="ask" className="card">
          <h2 id="ask">还差这一项</h2>
          <QuestionForm question={question} to="/me/matches" />
        </section>
      )}
      {line.steps.length > 0 && inForce && (
        <section aria-labelledby="step">
          <h2 id="step">怎样会变成符合</h2>
          <Sentences list={line.steps} docNumber={content.docNumber} />
        </section>
      )}
      <section aria-labelledby="why">
        <h2 id="why">逐条判断（按 {asOf}）</h2>
        <DecisionTree line={mine.trace} docNumber={content.docNumber} />
      </section>
      {mine.benefits.length > 0 && (
        <section aria-labelledby="gives">
          <h2 id="gives">给什么</h2>
          <Benefits list={mine.benefits} docNumber={content.docNumber} />
        </section>
      )}
      <section aria-labelledby="how">
        <h2 id="how">怎么办</h2>
        <p>{content.card.how}</p>
        {content.steps.length > 0 && (
          <ol>
            {content.steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
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
      <section aria-labelledby="apply">
        <h2 id="apply">申请</h2>
        {running ? (
          <Notice tone="info" title={`已有一份申请：${application.number}，${workflow.states[application.state]}`}>
            <Link to={`/me/applications/${application.id}`}>查看办理进度</Link>
          </Notice>
        ) : !inForce ? (
          <p>现在不受理申请。</p>
        ) : cannotApply ? (
          <p>{cannotApply}</p>
        ) : asOf !== today ? (
          <p>
            申请按今天的情况提交，<Link to={`/me/matches/${line.slug}`}>回到今天</Link>。
          </p>
        ) : (
          <Apply {...loaderData} refusal={result?.refusal} values={result?.values} />
        )}
      </section>
      <AsOf asOf={asOf} />
    </Page>
  )
}

type Applying = Pick<Route.ComponentProps['loaderData'], 'content' | 'mine'> & {
  refusal: Refusal | undefined
  values: Record<string, string> | undefined
}

/** What applies by itself needs no application; one may still be made, where the counter does not grant it. */
function Apply({ content, mine, refusal, values }: Applying) {
  const form = (
    <ApplyForm
      documents={content.documents}
      refusal={refusal}
      values={values}
      hidden={{ intent: 'apply' }}
      label="提交申请"
      promise={`${servicePromise.limit}内办结（${servicePromise.source}），进度可随时查看，也可以撤回。`}
    />
  )
  if (mine.line.force !== 'apply') return form
  return (
    <>
      <p>直接适用，不必申请。{content.card.how}。</p>
      <Disclosure summary="窗口没有照办，或想留下办理记录的，也可以提交申请" open={refusal !== undefined}>
        {form}
      </Disclosure>
    </>
  )
}

function NotInForce({
  status,
  lastDay,
  asOf,
  next,
}: { status: string; lastDay: string | undefined; asOf: string } & Pick<Route.ComponentProps['loaderData'], 'next'>) {
  const title = lastDay && lastDay < asOf ? `已于 ${lastDay} 截止，不再提供` : `${status}，按 ${asOf} 不在执行中`
  return (
    <Notice tone="warn" title={title}>
      {next ? (
        <>
          <p>
            接续的政策：<Link to={`/me/matches/${next.line.slug}`}>《{next.title}》</Link>，对您的结论是“
            {enterpriseResults[next.line.result]}”。
          </p>
          <DecisionTree line={next.trace} docNumber={next.line.docNumber} />
        </>
      ) : (
        <p>没有查到接续的政策。已经办成的不受影响。</p>
      )}
    </Notice>
  )
}
