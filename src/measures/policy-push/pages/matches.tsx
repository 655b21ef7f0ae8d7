import { redirect, useActionData } from 'react-router'
import { results } from '../../../commons/policies/index.ts'
import { recordFact } from '../../../commons/people/index.server.ts'
import { isIsoDate } from '../../../core/eligibility/calendar-day.ts'
import { facts as catalogue, type FactId } from '../../../core/eligibility/facts.ts'
import { formatYuan } from '../../../core/money.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { Empty, Notice, Stat } from '../../../web/ui/feedback.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { readAnswer } from '../../../commons/people/index.ts'
import { dismissMatch, restoreMatch, type dismissReasons } from '../commands.server.ts'
import { admit } from '../../../web/admit.server.ts'
import { linesOf, matchesFor } from '../matches.server.ts'
import { whatChanged } from '../matching.ts'
import { listingsAsked, questionAbout, sayRecorded } from '../question.server.ts'
import { grantedThisYear } from '../queries.server.ts'
import { answerForm, dismissForm, slugParams } from '../schema.ts'
import type { Route } from './+types/matches.ts'
import { AsOf } from './as-of.tsx'
import { MatchList } from './match-list.tsx'
import { Best, Changed, NotNow, Used } from './matches-parts.tsx'
import styles from './policy-push.module.css'

export const meta = () => [{ title: '现在能用的政策 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const wanted = url.searchParams.get('as-of')
  const today = shanghaiDate(ctx.now)
  const matches = await matchesFor(ctx, isIsoDate(wanted) ? wanted : today)
  if (!matches) throw new Response('没有找到本企业的信息，请联系平台管理员。', { status: 404 })
  const { profile, grouped, asOf, judged } = matches
  const [first] = grouped.questions
  return {
    asOf,
    today,
    org: profile.org.name,
    lines: await linesOf(ctx, matches),
    best: first && {
      ...first,
      useful: grouped.ask.some(({ force, decision }) => force !== 'guidance' && decision.ask.includes(first.fact)),
      question: questionAbout(first.fact, profile, listingsAsked(judged)),
    },
    facts: profile.stored.map(({ fact, value, source, asOf }) => ({
      fact,
      label: catalogue[fact].label,
      value: sayRecorded(fact, value),
      source,
      asOf,
      stale: profile.stale.includes(fact),
    })),
    granted: await grantedThisYear(ctx),
    answered: changedBy(url.searchParams, judged),
  }
}

/** What the last answer did, told from the address; only what is still true is said. */
function changedBy(query: URLSearchParams, judged: readonly { policy: { slug: string; content: { title: string } }; result: string }[]) {
  const fact = query.get('answered')
  if (!fact || !(fact in catalogue)) return undefined
  const titles = (key: string, result: string) => {
    const slugs = new Set((query.get(key) ?? '').split(','))
    return judged
      .filter((j) => slugs.has(j.policy.slug) && j.result === result)
      .map(({ policy }) => ({ slug: policy.slug, title: policy.content.title }))
  }
  return {
    label: catalogue[fact as FactId].label,
    now: titles('now', 'eligible'),
    not: titles('not', 'ineligible'),
    closer: Number(query.get('closer')) || 0,
  }
}

export async function action({ request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const form = await request.formData()
  const outcome = await acts[String(form.get('intent')) as keyof typeof acts]?.(ctx, form)
  const answer = outcome ?? refuse('invalid', '没有这一项操作，请刷新后重试。')
  return typeof answer === 'string' ? redirect(answer) : refused(answer, Object.fromEntries(form) as Record<string, string>)
}

/** Each gives the page to go to, or why not. */
const acts = {
  async answer(ctx: Ctx, form: FormData): Promise<string | Refusal> {
    const parsed = answerForm.safeParse(Object.fromEntries(form))
    if (!parsed.success) return refuse('invalid', '没有这一项企业信息，请刷新后重试。')
    const { fact } = parsed.data
    const value = readAnswer(fact, { value: form.getAll('value').map(String), none: form.has('none') })
    return isRefusal(value) ? value : record(ctx, fact, value, '企业填报')
  },
  async confirm(ctx: Ctx, form: FormData): Promise<string | Refusal> {
    const stored = (await matchesFor(ctx))?.profile.stored.find(({ fact }) => fact === form.get('fact'))
    return stored ? record(ctx, stored.fact, stored.value, stored.source) : refuse('missing', '没有这一项企业信息，请刷新后重试。')
  },
  async dismiss(ctx: Ctx, form: FormData): Promise<string | Refusal> {
    const parsed = dismissForm.safeParse(Object.fromEntries(form))
    if (!parsed.success) return refuse('invalid', '请选择放到一边的原因。')
    return (await dismissMatch(ctx, parsed.data as { slug: string; reason: keyof typeof dismissReasons })) ?? '/me/matches'
  },
  async restore(ctx: Ctx, form: FormData): Promise<string | Refusal> {
    const parsed = slugParams.safeParse(Object.fromEntries(form))
    return parsed.success ? ((await restoreMatch(ctx, parsed.data.slug)) ?? '/me/matches') : refuse('invalid', '没有这项政策。')
  },
}

async function record(ctx: Ctx, fact: FactId, value: Parameters<typeof recordFact>[1]['value'], source: string): Promise<string | Refusal> {
  const before = await matchesFor(ctx)
  const done = await recordFact(ctx, { orgId: ctx.actor.org_id, fact, value, source, asOf: shanghaiDate(ctx.now) })
  if (isRefusal(done)) return done
  const after = await matchesFor(ctx)
  const changed = whatChanged(before?.judged ?? [], after?.judged ?? [])
  const query = new URLSearchParams({
    answered: fact,
    now: changed.now.join(','),
    not: changed.not.join(','),
    closer: String(changed.closer.length),
  })
  return `/me/matches?${query}`
}

export default function Matches({ loaderData }: Route.ComponentProps) {
  const { asOf, today, org, lines, best, granted, answered, facts } = loaderData
  const refusal = useActionData<typeof action>()?.refusal
  const now = lines.now.apply.length + lines.now['apply-for'].length
  const stale = facts.filter((each) => each.stale)
  return (
    <Page title="现在能用的政策" lead={`${org}，按 ${asOf} 判断。每一项都写明依据条款；信息有变化时会重新判断。`}>
      {answered && <Changed {...answered} />}
      {refusal && !refusal.fields && (
        <Notice tone="bad" title="没有办成">
          {refusal.reason}
        </Notice>
      )}
      <div className="stats">
        <Stat value={String(now)} unit="项" label="现在适用" to="#now" />
        <Stat value={String(lines.ask.length)} unit="项" label="再补充信息就知道" to="#ask" />
        <Stat
          value={formatYuan(granted.savingFen as never)}
          unit=""
          label={`${granted.year} 年已享受（${granted.count} 件）`}
          to="/me/applications?state=granted"
        />
      </div>
      {best && asOf === today && <Best best={best} refusal={refusal} />}
      <section aria-labelledby="now">
        <h2 id="now">现在适用</h2>
        {now + lines.now.guidance.length === 0 && (
          <Empty
            title="现在没有确定适用的政策"
            hint={best ? '先回答上面的问题，答案会让一些政策有结论。' : '有新政策与您有关时，会在消息里告诉您。'}
          />
        )}
        {(Object.keys(results) as (keyof typeof results)[]).map((force) =>
          force === 'guidance' || lines.now[force].length === 0 ? null : (
            <section key={force} aria-label={results[force]}>
              <h3 className={styles.group}>
                {results[force]}（{lines.now[force].length}）
              </h3>
              <MatchList lines={lines.now[force]} asOf={asOf} aside="dismiss" />
            </section>
          ),
        )}
        {lines.now.guidance.length > 0 && (
          <Disclosure summary={`${results.guidance}（${lines.now.guidance.length}）`}>
            <p className="soft">来源待核实，或由各地自行决定；列出来供您联系咨询，不作为减免依据。</p>
            <MatchList lines={lines.now.guidance} asOf={asOf} aside="dismiss" />
          </Disclosure>
        )}
      </section>
      {lines.ask.length > 0 && (
        <section aria-labelledby="ask">
          <h2 id="ask">再补充信息就知道（{lines.ask.length}）</h2>
          <MatchList lines={lines.ask} asOf={asOf} aside="dismiss" />
        </section>
      )}
      {lines.awaiting.length > 0 && (
        <Disclosure summary={`办理时判断或等平台确认，现在不用您做什么（${lines.awaiting.length}）`}>
          <MatchList lines={lines.awaiting} asOf={asOf} />
        </Disclosure>
      )}
      <NotNow lines={lines} asOf={asOf} />
      {lines.dismissed.length > 0 && (
        <Disclosure summary={`已放到一边（${lines.dismissed.length}）`}>
          <MatchList lines={lines.dismissed} asOf={asOf} aside="restore" />
        </Disclosure>
      )}
      <Disclosure
        summary={`判断用到的企业信息（${facts.length} 项${stale.length > 0 ? `，${stale.length} 项请确认` : ''}）`}
        open={stale.length > 0}
      >
        <Used facts={facts} />
      </Disclosure>
      <AsOf asOf={asOf} />
    </Page>
  )
}
