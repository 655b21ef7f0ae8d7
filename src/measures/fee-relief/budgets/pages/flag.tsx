import { Link, redirect, useActionData } from 'react-router'
import { missingScope } from '../../../../commons/people/index.server.ts'
import { sayActor } from '../../../../core/access.ts'
import { fen, formatYuan } from '../../../../core/money.ts'
import { shanghaiDate } from '../../../../core/promise-clock.ts'
import { isRefusal } from '../../../../core/refusal.ts'
import { choices } from '../../../../core/workflow.ts'
import { ctxKey } from '../../../../platform/context.server.ts'
import { timeline } from '../../../../platform/events.server.ts'
import { admit, missing } from '../../../../web/admit.server.ts'
import { refused } from '../../../../web/refused.server.ts'
import { DueClock } from '../../../../web/ui/clock.tsx'
import { ErrorSummary } from '../../../../web/ui/form.tsx'
import { Facts } from '../../../../web/ui/list.tsx'
import { Page } from '../../../../web/ui/page.tsx'
import { Steps } from '../../../../web/ui/steps.tsx'
import { Timeline } from '../../../../web/ui/timeline.tsx'
import { findFlag, stepFlag } from '../flags.server.ts'
import { flagKinds, flagStates, linkKinds, type Flag, type RelatedFacts, type SplittingFacts } from '../model.ts'
import { flagWorkflow, type FlagStep } from '../workflow.ts'
import type { Route } from './+types/flag.ts'

export const meta = () => [{ title: '减免核实事项 · 衡企' }]

const yuan = (text: string) => formatYuan(fen(BigInt(text)))
const words: Record<string, string> = {
  raised: '平台提示',
  taken: '开始办理',
  asked: '要求企业说明',
  explained: '企业说明',
  cleared: '结论：无异常',
  upheld: '结论：有异常',
}

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  const own = url.pathname.startsWith('/me/')
  admit(ctx, url, own ? ['enterprise'] : ['regulator', 'admin'])
  const beyond = own ? await missingScope(ctx, 'money') : undefined
  if (beyond) throw new Response(beyond.reason, { status: 403 })
  const flag = await findFlag(ctx, params.id)
  if (!flag) throw missing('这个核实事项')
  return {
    own,
    today: shanghaiDate(ctx.now),
    title: flagKinds[flag.kind],
    state: flag.state,
    org: flag.org_name,
    policy: { slug: flag.slug, title: flag.title },
    owner: flag.owner_name,
    dueOn: flag.due_on,
    version: flag.version,
    open: flag.ended_at === null,
    outcome: flag.outcome,
    ...saidOf(flag, own),
    steps: choices(flagWorkflow, flag, ctx.actor, ctx.now),
    entries: (await timeline(ctx.db, 'relief-flag', flag.id))
      // Before it was asked, the authority's own steps are its own.
      .filter(({ action }) => !own || action === 'asked' || action === 'explained' || action === 'cleared' || action === 'upheld')
      .map((event) => ({
        at: event.at,
        who: sayActor(event),
        what: words[event.action] ?? event.action,
        detail: (event.detail as { opinion?: string }).opinion,
      })),
  }
}

/** An enterprise reads what concerns itself; names and amounts of others are the authority's. */
function saidOf(
  flag: Flag,
  own: boolean,
): { said: string; rows: { key: string; name: string; note: string; amount: string; to?: string }[] } {
  if (flag.kind === 'splitting') {
    const facts = flag.facts as SplittingFacts
    return {
      said: `在${facts.institution}，${facts.days} 天里 ${facts.orders.length} 张委托单共减 ${yuan(facts.togetherFen)}，单张上限是 ${yuan(facts.capFen)}。`,
      rows: facts.orders.map(({ id, number, acceptedOn, reliefFen }) => ({
        key: id,
        name: number,
        note: `${acceptedOn} 受理`,
        amount: yuan(reliefFen),
        to: `${own ? '/me' : ''}/orders/${id}`,
      })),
    }
  }
  const facts = flag.facts as RelatedFacts
  const said = `${facts.firms.length} 家企业合用这项额度的 ${facts.shareBp / 100}%（${yuan(facts.togetherFen)}，额度 ${yuan(facts.budgetFen)}）。`
  const links = (kinds: readonly (keyof typeof linkKinds)[]) => kinds.map((kind) => linkKinds[kind]).join('、') || '与表中其他企业有关联'
  return own
    ? {
        said: `贵单位与另外 ${facts.firms.length - 1} 家企业（${[...new Set(facts.firms.flatMap((firm) => firm.links))].map((kind) => linkKinds[kind]).join('、')}）合用一项额度的 ${facts.shareBp / 100}%。`,
        rows: [],
      }
    : { said, rows: facts.firms.map((firm) => ({ key: firm.orgId, name: firm.name, note: links(firm.links), amount: yuan(firm.usedFen) })) }
}

export async function action({ params, request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, url.pathname.startsWith('/me/') ? ['enterprise'] : ['regulator'])
  const values = Object.fromEntries(await request.formData()) as Record<string, string>
  const done = await stepFlag(ctx, params.id, {
    step: values.step as FlagStep,
    opinion: values.opinion ?? '',
    version: Number(values.version),
  })
  return isRefusal(done) ? refused(done, values) : redirect(url.pathname)
}

export default function FlagPage({ loaderData }: Route.ComponentProps) {
  const { own, title, state, org, policy, owner, dueOn, today, open, outcome, said, rows, steps, version, entries } = loaderData
  const result = useActionData<typeof action>()
  return (
    <Page
      title={own ? `请说明：${title}` : `${org}：${title}`}
      lead={said}
      state={{ label: flagStates[state], tone: state === 'upheld' ? 'bad' : state === 'cleared' ? 'good' : 'info' }}
      back={own ? { to: '/me/money', label: '费用' } : { to: '/relief-flags', label: '减免核实' }}
    >
      <ErrorSummary refusal={result?.refusal} />
      <Facts
        items={[
          { label: '政策', value: <Link to={`/policies/${policy.slug}`}>{policy.title}</Link> },
          { label: '办理人', value: owner ?? '还没有人办理' },
          ...(open ? [{ label: '期限', value: <DueClock dueOn={dueOn} now={today} /> }] : []),
          ...(outcome ? [{ label: '结论', value: outcome }] : []),
          { label: '已减的', value: '不变。只有人作出结论以后，才另按承诺书核查办理。' },
        ]}
      />
      {rows.length > 0 && (
        <div className="table-scroll data" tabIndex={0} role="region" aria-label="有关的情况">
          <table className="cards">
            <caption className="hidden">有关的情况</caption>
            <thead>
              <tr>
                <th scope="col">{title === '拆单' ? '委托单' : '企业'}</th>
                <th scope="col">情况</th>
                <th scope="col" className="end">
                  减免
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.key}>
                  <th scope="row">{row.to ? <Link to={row.to}>{row.name}</Link> : row.name}</th>
                  <td data-label="情况">{row.note}</td>
                  <td data-label="减免" className="end">
                    {row.amount}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Steps choices={steps} version={version} />
      <section aria-labelledby="history">
        <h2 id="history">经过</h2>
        <Timeline entries={entries} />
      </section>
    </Page>
  )
}
