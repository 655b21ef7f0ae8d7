import { Link, redirect, useActionData } from 'react-router'
import { sayActor } from '../../../core/access.ts'
import { formatValue } from '../../../core/quantities/quantity.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { timeline } from '../../../platform/events.server.ts'
import { admit, admitOwn, missing } from '../../../web/admit.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Notice } from '../../../web/ui/feedback.tsx'
import { RadioField, TextArea, TextField } from '../../../web/ui/fields.tsx'
import { ErrorSummary, FormPage, Submit } from '../../../web/ui/form.tsx'
import { Facts } from '../../../web/ui/list.tsx'
import { Badge, When, type Tone } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { Timeline } from '../../../web/ui/timeline.tsx'
import { Tolerance } from '../../../web/ui/tolerance.tsx'
import { missingScope } from '../../people/index.server.ts'
import { signConfirmation } from '../confirmation/commands.server.ts'
import { percent } from '../confirmation/decide.ts'
import {
  confirmationStates,
  confirmationTones,
  eventWords,
  needSources,
  pointVerdicts,
  ruleNames,
  strength,
  type JudgedPoint,
  type Need,
} from '../confirmation/model.ts'
import { findConfirmation } from '../confirmation/queries.server.ts'
import { readSign } from '../confirmation/read-form.ts'
import { workflow } from '../confirmation/workflow.ts'
import { confirmations, instrumentStates, type Confirmation } from '../model.ts'
import { listTraces } from '../traces/queries.server.ts'
import type { Route } from './+types/confirmation.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => [{ title: `${loaderData?.row.instrument_code ?? ''} 计量确认 · 衡企` }]

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  const own = admitOwn(ctx, url)
  const row = await findConfirmation(ctx, params.id)
  if (!row) throw missing('这份计量确认')
  const [events, scope, traces] = [
    await timeline(ctx.db, workflow.name, row.id),
    own ? ((await missingScope(ctx, 'ledger')) ?? (await missingScope(ctx, 'confirm'))) : undefined,
    (await listTraces(ctx, { instrumentId: row.instrument_id, pageSize: 50 })).rows,
  ]
  const trace = traces.find(({ check_id, state }) => check_id === row.check_id && state !== 'voided')
  return {
    own,
    row,
    mayNot: scope?.reason,
    trace: trace && { id: trace.id, number: trace.number, open: trace.state === 'open' },
    entries: events.map((event) => ({ at: event.at, who: sayActor(event), what: eventWords[event.action] ?? event.action })),
  }
}

export async function action({ params, request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const values = Object.fromEntries([...(await request.formData())].map(([name, value]) => [name, String(value)]))
  const form = readSign(values)
  const done = isRefusal(form) ? form : await signConfirmation(ctx, params.id, form)
  return isRefusal(done) ? refused(done, values) : redirect(url.pathname)
}

const tones: Record<Confirmation, Tone> = { fit: 'good', limited: 'warn', unfit: 'bad' }
const pointTones = { fit: 'good', open: 'warn', unfit: 'bad' } as const

const sayNeed = (need: Need): string =>
  need.kind === 'absolute'
    ? `±${formatValue({ value: need.limit, unit: need.unit })}`
    : need.kind === 'reading'
      ? `±${need.percent}%（读数）`
      : `±${need.percent}%（量程 ${formatValue({ value: need.span, unit: need.unit })}）`

export default function ConfirmationPage({ loaderData: { own, row, mayNot, trace, entries } }: Route.ComponentProps) {
  const { decision } = row
  const base = own ? '/me' : ''
  const shown = row.verdict ?? decision.verdict
  // No error is beyond the limit: what cannot be told is not said as if it were known.
  const unsure = !row.verdict && shown === 'unfit' && decision.points[decision.worst]?.verdict === 'open'
  return (
    <Page
      title={`${row.instrument_code} ${row.instrument_name}：${row.verdict ? '' : unsure ? '说不准，只能确认为' : '可确认为'}${confirmations[shown]}`}
      lead={`计量确认，${row.done_on} 校准${row.certificate_no ? `，证书 ${row.certificate_no}` : ''}${row.institution ? `，${row.institution}` : ''}`}
      state={{ label: confirmationStates[row.state], tone: confirmationTones[row.state] }}
      back={{ to: `${base}/instruments/${row.instrument_id}`, label: `${row.instrument_code} ${row.instrument_name}` }}
    >
      <Notice
        tone={unsure ? 'warn' : tones[shown]}
        title={row.verdict ? `已确认：${confirmations[row.verdict]}` : unsure ? '说不准是否满足使用要求' : confirmations[shown]}
      >
        {decision.sentences.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        {row.range_note && <p>限用：{row.range_note}</p>}
      </Notice>
      {trace && (
        <Notice tone={trace.open ? 'bad' : 'good'} title={trace.open ? '误差超过要求，要追溯以前测过的' : '追溯评价已结案'}>
          <Link to={`${base}/traces/${trace.id}`}>追溯评价 {trace.number}</Link>
        </Notice>
      )}
      <section className="stack" aria-labelledby="compare">
        <h2 id="compare">怎么比的</h2>
        <Tolerance
          caption={`各校准点的误差和不确定度与允许误差相比：${decision.points.map((point) => `${atOf(point)} ${pointVerdicts[point.verdict]}`).join('，')}`}
          rows={decision.points.map((point) => ({
            label: atOf(point),
            error: Number(point.error),
            expanded: Number(point.expanded),
            limit: Number(point.limit),
            guard: Number(point.guard),
            verdict: point.verdict,
          }))}
        />
        <p className="soft">横线是不确定度的范围，虚线是允许误差，灰色一带是保护带：误差要落在保护带以内才算满足。</p>
        <PointsTable points={decision.points} />
        <Facts
          items={[
            {
              label: '使用要求',
              value: `${sayNeed(row.need)}，依据：${needSources[row.need_source]}${row.need_note ? `，${row.need_note}` : ''}`,
            },
            { label: '规则', value: ruleNames[decision.rule] },
            { label: '包含因子', value: `k=${decision.k}` },
            { label: '数据状态', value: row.results.asFound ? '送去时的状态' : '调整、修理以后' },
            { label: '填写', value: row.prepared_by_name },
            ...(row.signed_at
              ? [
                  {
                    label: '签字',
                    value: (
                      <>
                        {row.signed_by_name}，{<When at={row.signed_at} />}
                        {row.opinion ? `：${row.opinion}` : ''}
                      </>
                    ),
                  },
                ]
              : []),
          ]}
        />
      </section>
      {own && row.state === 'draft' && <Sign row={row} mayNot={mayNot} />}
      <section aria-labelledby="history">
        <h2 id="history">经过</h2>
        <Timeline entries={entries} />
      </section>
    </Page>
  )
}

const atOf = ({ at, atUnit }: JudgedPoint): string => formatValue({ value: at, unit: atUnit })

const figures = ['误差', '不确定度 U', '允许', '保护带']

function PointsTable({ points }: { points: readonly JudgedPoint[] }) {
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label="各校准点">
      <table className="dense cards">
        <caption className="hidden">各校准点的误差、不确定度和判断</caption>
        <thead>
          <tr>
            {['校准值', ...figures, '超出的可能'].map((label) => (
              <th key={label} scope="col" className="end">
                {label}
              </th>
            ))}
            <th scope="col">判断</th>
          </tr>
        </thead>
        <tbody>
          {points.map((point, i) => (
            <tr key={`${point.at}${i}`}>
              <th scope="row" className="end">
                {atOf(point)}
              </th>
              {[point.error, point.expanded, `±${point.limit}`, point.guard].map((value, n) => (
                <td key={n} className="end" data-label={figures[n]}>
                  {value}
                </td>
              ))}
              <td className="end" data-label="超出的可能">
                {percent(point.beyond)}
              </td>
              <td data-label="判断">
                <Badge tone={pointTones[point.verdict]}>{pointVerdicts[point.verdict]}</Badge>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** What may be signed is never stronger than what was found. */
function Sign({ row, mayNot }: Pick<Route.ComponentProps['loaderData'], 'row' | 'mayNot'>) {
  const failed = useActionData<typeof action>()
  const errors = failed?.refusal.fields ?? {}
  const values: Record<string, string | undefined> = failed?.values ?? {}
  const { verdict, usable } = row.decision
  const offered = strength.slice(strength.indexOf(verdict))
  const range =
    usable && `${formatValue({ value: usable.from, unit: usable.unit })} 到 ${formatValue({ value: usable.to, unit: usable.unit })}`
  const next =
    row.instrument_state === 'returned'
      ? '签字后，这件器具随结论转为在用、限用或停用。'
      : `这件器具现在“${instrumentStates[row.instrument_state]}”；签为限用或不满足的，随即限用或停用。`
  return (
    <section className="card stack" aria-labelledby="sign">
      <h2 id="sign">签字</h2>
      <p>{next}</p>
      <FormPage>
        <ErrorSummary refusal={failed?.refusal} />
        <input type="hidden" name="version" value={row.version} />
        <RadioField
          name="verdict"
          label="结论"
          required
          defaultValue={values.verdict ?? verdict}
          error={errors.verdict}
          options={offered.map((value) => ({ value, label: confirmations[value] }))}
          help={verdict === 'fit' ? undefined : '可以签得更严，不能签得更松。'}
        />
        {verdict !== 'unfit' && (
          <TextField
            name="rangeNote"
            label="限用的范围和用途"
            maxLength={200}
            defaultValue={values.rangeNote ?? (verdict === 'limited' && range ? `只用 ${range}` : '')}
            error={errors.rangeNote}
            help="签“限用”时填写。"
          />
        )}
        <TextArea name="opinion" label="意见" rows={2} maxLength={300} defaultValue={values.opinion} error={errors.opinion} />
        <Submit label="签字确认" busyLabel="正在签字" disabledReason={mayNot} />
      </FormPage>
      <p>
        <Link to={`/me/instruments/${row.instrument_id}/checks/${row.check_id}/confirm`}>要求或数据填错了，返回修改</Link>
      </p>
    </section>
  )
}
