import { Link, redirect, useActionData } from 'react-router'
import { profileOf } from '../../../commons/people/index.server.ts'
import { sayActor } from '../../../core/access.ts'
import { fen, formatYuan } from '../../../core/money.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { choices } from '../../../core/workflow.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { timeline } from '../../../platform/events.server.ts'
import { missing } from '../../../web/admit.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { DueClock } from '../../../web/ui/clock.tsx'
import { Notice } from '../../../web/ui/feedback.tsx'
import { ErrorSummary } from '../../../web/ui/form.tsx'
import { Facts } from '../../../web/ui/list.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { Steps } from '../../../web/ui/steps.tsx'
import { Timeline } from '../../../web/ui/timeline.tsx'
import { pledgeStanding } from '../pledges.server.ts'
import { declineReasons, reviewEventWords, reviewOrigins, reviewStates, reviewTones, type ReviewReason } from '../reviews/model.ts'
import { findReview } from '../reviews/queries.server.ts'
import { read, stepForm } from '../reviews/schema.ts'
import { reviewNow, takeStep } from '../reviews/steps.server.ts'
import { reviewWorkflow } from '../reviews/workflow.ts'
import type { Route } from './+types/review.ts'
import { admitReviews } from './money.server.ts'
import { DeclineForm, Found } from './review-parts.tsx'

export const meta = ({ loaderData }: Route.MetaArgs) => [{ title: `减免复核 ${loaderData?.row.number ?? ''} · 衡企` }]

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  const own = await admitReviews(ctx, url)
  const found = await findReview(ctx, params.id)
  if (!found) throw missing('这次复核')
  const { asked, again } = await reviewNow(ctx, found)
  const amount = found.credited_fen ?? found.proposed_fen ?? (again && again.more > 0n ? again.more : null)
  return {
    own,
    row: {
      number: found.number,
      org: found.org_name,
      institution: found.institution_name,
      orderId: found.order_id,
      orderNumber: found.order_number,
      line: found.line_title,
      slug: found.slug,
      policy: found.policy_title,
      why: found.refused_why,
      factsMissing: found.refused_code === 'FACTS_MISSING' && found.decided_at === null,
      origin: reviewOrigins[found.origin],
      state: found.state,
      note: found.note,
      appealNote: found.appeal_note,
      reason: found.reason_code,
      article: found.reason_article,
      opinion: found.opinion,
      dueOn: found.due_on,
      provisional: found.due_provisional,
      version: found.version,
    },
    amount: amount === null ? null : formatYuan(fen(amount)),
    /** The stored re-decision, or the one of this moment for whoever's turn it is. */
    record: found.found ?? again?.found ?? null,
    choices: choices(reviewWorkflow, asked, ctx.actor, ctx.now).filter(({ name }) => name !== 'close'),
    /** What was pledged has changed, or nothing was: finance would find nothing until it is signed. */
    signFirst: own && found.decided_at === null && (await pledgeMissing(ctx)),
    today: shanghaiDate(ctx.now),
    entries: (await timeline(ctx.db, 'relief-review', found.id)).map((event) => {
      const { opinion, amountFen, reason, article } = event.detail as {
        opinion?: string
        amountFen?: number
        reason?: ReviewReason
        article?: string
      }
      return {
        at: event.at,
        who: sayActor(event),
        what: reviewEventWords[event.action] ?? event.action,
        detail:
          [amountFen !== undefined && formatYuan(fen(BigInt(amountFen))), reason && declineReasons[reason].label, article, opinion]
            .filter(Boolean)
            .join('，') || undefined,
      }
    }),
  }
}

async function pledgeMissing(ctx: Ctx): Promise<boolean> {
  const profile = await profileOf(ctx, ctx.actor.org_id)
  return profile !== undefined && (await pledgeStanding(ctx, profile)) === 'missing'
}

export async function action({ params, request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  await admitReviews(ctx, url)
  const form = await request.formData()
  const values = Object.fromEntries([...form].filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
  const input = read(stepForm, values)
  const answer = isRefusal(input) ? input : await takeStep(ctx, params.id, input)
  return isRefusal(answer) ? refused(answer, values) : redirect(url.pathname)
}

export default function ReviewPage({ loaderData }: Route.ComponentProps) {
  const { own, row, amount, record, choices, signFirst, today, entries } = loaderData
  const result = useActionData<typeof action>()
  const declining = choices.some(({ name }) => name === 'decline')
  const active = result?.values.step === 'decline'
  return (
    <Page
      title={`减免复核 ${row.number}`}
      lead={`${own ? row.institution : row.org}，${row.line}`}
      state={{ label: reviewStates[row.state], tone: reviewTones[row.state] }}
      back={{ to: own ? '/me/relief-reviews' : '/relief-reviews', label: '减免复核' }}
    >
      {!active && <ErrorSummary refusal={result?.refusal} />}
      <Outcome row={row} amount={amount} />
      {signFirst && (
        <Notice tone="warn" title="还要签承诺书，才能补减">
          没有签过，或签了以后企业信息有变化。<Link to="/me/money">去“费用”里签</Link>
        </Notice>
      )}
      <Facts
        items={[
          {
            label: '委托单',
            value: <Link to={`${own ? '/me' : ''}/orders/${row.orderId}`}>{row.orderNumber}</Link>,
          },
          { label: '器具', value: row.line },
          { label: '政策', value: <Link to={`/policies/${row.slug}`}>《{row.policy}》</Link> },
          {
            label: '受理时为什么没减',
            value:
              own && row.factsMissing ? (
                <>
                  {row.why}。<Link to="/me/profile">去补充企业信息</Link>
                </>
              ) : (
                row.why
              ),
          },
          { label: '怎么来的', value: row.origin },
          ...(row.note ? [{ label: '说明', value: row.note }] : []),
          ...(row.appealNote ? [{ label: '申诉理由', value: row.appealNote }] : []),
          ...(row.dueOn && row.state !== 'declined'
            ? [{ label: '期限（平台服务承诺）', value: <DueClock dueOn={row.dueOn} now={today} provisional={row.provisional} /> }]
            : []),
        ]}
      />
      {record && <Found record={record} amount={amount} />}
      {choices.length > 0 && (
        <section aria-labelledby="steps">
          <h2 id="steps">办理</h2>
          <Steps choices={choices.filter(({ name }) => name !== 'decline')} version={row.version} />
          {declining && (
            <DeclineForm
              version={row.version}
              refusal={active ? result?.refusal : undefined}
              values={active ? result?.values : undefined}
              open={active}
            />
          )}
        </section>
      )}
      <section aria-labelledby="history">
        <h2 id="history">经过</h2>
        <Timeline entries={entries} />
      </section>
    </Page>
  )
}

function Outcome({ row, amount }: Pick<Route.ComponentProps['loaderData'], 'row' | 'amount'>) {
  if (row.state === 'credited')
    return (
      <Notice tone="good" title={`已补减 ${amount}`}>
        先冲未付的；已经付过的转为预收款，可以抵下一单，也可以退。
      </Notice>
    )
  if (row.state === 'declined' || row.state === 'dismissed')
    return (
      <Notice tone="warn" title={row.reason ? declineReasons[row.reason].label : '没有支持'}>
        <p>
          {row.opinion}
          {row.article && `（依据${row.article}）`}
        </p>
        {row.reason && <p>{declineReasons[row.reason].todo}。</p>}
        {row.state === 'declined' && <p>企业可以在 {row.dueOn} 前向主管部门申诉一次。</p>}
      </Notice>
    )
  if (row.state === 'closed') return <Notice tone="info" title={row.opinion ?? '已终结'} />
  return null
}
