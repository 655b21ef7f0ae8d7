import { Link, redirect, useActionData } from 'react-router'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import { choices } from '../../../core/workflow.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { daysBetween } from '../../../web/ui/clock.tsx'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { Notice } from '../../../web/ui/feedback.tsx'
import { Facts } from '../../../web/ui/list.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { Steps } from '../../../web/ui/steps.tsx'
import { Timeline } from '../../../web/ui/timeline.tsx'
import { missingScope } from '../../people/index.server.ts'
import { recordCheck, voidCheck } from '../checks.server.ts'
import { confirmMandatory, setInterval } from '../rulings.server.ts'
import { instrumentStates, intervalSources, stateTones, type InstrumentState, type IntervalSource } from '../model.ts'
import { choicesOf, findInstrument } from '../queries.server.ts'
import { lifeOf, takeInstrumentStep } from '../steps.server.ts'
import { workflow, type InstrumentStep } from '../workflow.ts'
import { CheckForm } from './check-form.tsx'
import { readCheck } from './check-input.ts'
import { admit, admitOwn, missing } from '../../../web/admit.server.ts'
import { History, MandatoryCard, type Failed } from './instrument-parts.tsx'
import { instrumentView } from './instrument-view.server.ts'
import { IntervalAdvice } from './interval-advice.tsx'
import { IntervalSection } from './interval-section.tsx'
import { ValidUntil } from './valid-until.tsx'
import type { Route } from './+types/instrument.ts'
import styles from './instruments.module.css'

export const meta = ({ loaderData }: Route.MetaArgs) => [
  { title: `${loaderData ? `${loaderData.view.row.code} ${loaderData.view.row.name}` : '器具'} · 器具台账 · 衡企` },
]

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  const own = admitOwn(ctx, url)
  const row = await findInstrument(ctx, params.id)
  if (!row) throw missing('这件器具')
  const [view, life, words, scope] = await Promise.all([
    instrumentView(ctx, row),
    lifeOf(ctx, row),
    own ? choicesOf(ctx) : undefined,
    missingScope(ctx, 'ledger'),
  ])
  return {
    own,
    view,
    editable: own && !scope,
    readOnly: own ? scope?.reason : undefined,
    choices: scope ? [] : choices(workflow, life, ctx.actor, ctx.now),
    institutions: words?.institutions ?? [],
    saved: url.searchParams.get('saved'),
  }
}

export async function action({ params, request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const form = await request.formData()
  const values = Object.fromEntries([...form].map(([name, value]) => [name, String(value)])) as Record<string, string>
  const intent = values.intent ?? 'step'
  const answer = await (acts[intent as keyof typeof acts] ?? unknownAct)(ctx, params.id, values)
  return isRefusal(answer) ? refused(answer, values) : redirect(`${url.pathname}?saved=${intent}`)
}

type Act = (ctx: Ctx, id: string, values: Record<string, string>) => Promise<object | Refusal>

const unknownAct: Act = async () => refuse('invalid', '没有这一项操作，请刷新后重试。')

const acts = {
  step: (ctx, id, { step = '', opinion = '', version }) =>
    takeInstrumentStep(ctx, id, { step: step as InstrumentStep, opinion: opinion.slice(0, 500), version: Number(version) }),
  check: async (ctx, id, values) => {
    const input = readCheck(values)
    return isRefusal(input) ? input : recordCheck(ctx, id, input)
  },
  void: (ctx, _, { check = '', reason = '' }) => voidCheck(ctx, check, reason.slice(0, 200)),
  mandatory: async (ctx, id, { verdict, basis = '', version }) =>
    verdict === 'yes' || verdict === 'no'
      ? confirmMandatory(ctx, id, { verdict, basis: basis.slice(0, 200), version: Number(version) })
      : refuse('invalid', '请选择属于还是不属于强制检定。', { fields: { verdict: '请选择' } }),
  interval: async (ctx, id, { months = '', source = '', basis = '', version }) =>
    Object.hasOwn(intervalSources, source)
      ? setInterval(ctx, id, {
          months: Number(months.normalize('NFKC').trim() || Number.NaN),
          source: source as IntervalSource,
          basis: basis.slice(0, 200),
          version: Number(version),
        })
      : refuse('invalid', '请选择周期的依据。', { fields: { source: '请选择依据' } }),
} satisfies Record<string, Act>

const saidOf: Record<string, string> = {
  registered: '已登记入账',
  changed: '修改已保存',
  step: '已办理',
  check: '结果已录入',
  void: '这条记录已作废',
  mandatory: '已确认是否强制检定',
  interval: '周期已保存',
}

/** What comes next in each state; the other steps are folded away. */
const next: Partial<Record<InstrumentState, InstrumentStep>> = {
  stored: 'put-in-use',
  limited: 'put-in-use',
  stopped: 'put-in-use',
  sealed: 'put-in-use',
  sent: 'take-back',
  returned: 'confirm',
  lost: 'find',
}

export default function InstrumentPage({ loaderData }: Route.ComponentProps) {
  const { own, view, editable, readOnly, choices, institutions, saved } = loaderData
  const { row, today, facts, notes, history, entries } = view
  const result = useActionData<typeof action>()
  const failed = (intent: string): Failed => (result?.values.intent === intent ? result : undefined)
  const base = own ? '/me/instruments' : '/instruments'
  return (
    <Page
      title={`${row.code} ${row.name}`}
      state={{ label: instrumentStates[row.state], tone: stateTones[row.state] }}
      lead={own ? undefined : row.org_name}
      back={{ to: base, label: own ? '器具台账' : '辖区计量器具' }}
      actions={
        editable && (
          <span className="row">
            <Link to={`${base}/${row.id}/edit`} className="button">
              修改
            </Link>
            <Link to={`${base}/labels?ids=${row.id}`} className="button">
              打印标签
            </Link>
          </span>
        )
      }
    >
      {saved && saidOf[saved] && !result && <Notice tone="good" title={saidOf[saved]} live />}
      {readOnly && (
        <Notice tone="info" title="您可以查看，不能修改">
          {readOnly}。
        </Notice>
      )}
      {result && !['check', 'interval'].includes(result.values.intent ?? '') && (
        <Notice tone="bad" title="没有办成" live>
          {result.refusal.reason}
        </Notice>
      )}
      <div className={styles.two}>
        <div className="stack">
          <section className="card" aria-labelledby="term">
            <h2 id="term" className="row">
              有效期至 <ValidUntil day={row.valid_until} today={today} state={row.state} />
            </h2>
            {editable && <NextSteps choices={choices} row={row} soon={!row.valid_until || daysBetween(today, row.valid_until) <= 60} />}
          </section>
          <MandatoryCard view={view} editable={editable} failed={failed('mandatory')} />
        </div>
        <section className="card" aria-labelledby="facts">
          <h2 id="facts">基本情况</h2>
          <Facts items={facts} />
          {notes.length > 0 && (
            <ul className={styles.notes}>
              {notes.map((note) => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          )}
        </section>
      </div>
      <section className="stack" aria-labelledby="checks">
        <h2 id="checks">检定、校准记录</h2>
        {editable && (
          <Disclosure summary="录入检定、校准结果" open={failed('check') !== undefined}>
            <CheckForm institutions={institutions} months={row.interval_months} failed={failed('check')} />
          </Disclosure>
        )}
        <p className="no-print row">
          {editable && (
            <Link to={`/me/instruments/${row.id}/certificates/new`} className="button">
              上传证书
            </Link>
          )}
          <Link to={`${base}/${row.id}/errors`}>看误差历史</Link>
        </p>
        <History id={row.id} history={history} brought={view.brought} editable={editable} failed={failed('void')} />
      </section>
      <IntervalSection view={view} editable={editable} failed={failed('interval')} />
      <IntervalAdvice answer={view.advice} version={row.version} editable={editable} />
      <section aria-labelledby="life">
        <h2 id="life">经过</h2>
        {own && (
          <p className="no-print">
            <Link to={`/me/faults?instrument=${row.id}`}>这件器具的故障报告</Link>
          </p>
        )}
        <Timeline entries={entries} />
      </section>
    </Page>
  )
}

interface NextStepsProps {
  choices: Route.ComponentProps['loaderData']['choices']
  row: Route.ComponentProps['loaderData']['view']['row']
  /** It is due, or nobody knows when. */
  soon: boolean
}

function NextSteps({ choices, row, soon }: NextStepsProps) {
  const first = choices.filter(({ name }) => name === next[row.state])
  // 送检 goes through a send-out, so that it is known where it is and when it comes back.
  const others = choices.filter(({ name }) => name !== next[row.state] && name !== 'send')
  return (
    <>
      {choices.some(({ name }) => name === 'send') && (
        <p>
          <Link to={`/me/send-outs/new?ids=${row.id}`} className={`button${soon ? ' primary' : ''}`}>
            安排送检
          </Link>
        </p>
      )}
      <Steps choices={first} version={row.version} />
      {others.length > 0 && (
        <Disclosure summary={`其他步骤：${others.map(({ label }) => label).join('、')}`}>
          <Steps choices={others} version={row.version} />
        </Disclosure>
      )}
    </>
  )
}
