import { Link, redirect, useActionData } from 'react-router'
import { isRefusal } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { admit, missing } from '../../../web/admit.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Notice } from '../../../web/ui/feedback.tsx'
import { CheckboxField } from '../../../web/ui/fields.tsx'
import { ErrorSummary } from '../../../web/ui/form.tsx'
import { Facts } from '../../../web/ui/list.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { Steps } from '../../../web/ui/steps.tsx'
import { findLine } from '../../orders/index.server.ts'
import { actAtBench } from '../bench-action.server.ts'
import { benchView } from '../bench.server.ts'
import { recordStates, recordTones } from '../model.ts'
import { BenchForm } from './bench-form.tsx'
import { Finished } from './finished.tsx'
import type { Route } from './+types/record.ts'

export const meta = () => [{ title: '测量记录 · 衡企' }]

const admitted = ['tester', 'approver', 'counter'] as const

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, admitted)
  const view = await benchView(ctx, params.lineId)
  if (!isRefusal(view)) return { ...view, stamp: url.searchParams.get('at') ?? '' }
  const found = await findLine(ctx, params.lineId)
  if (!found) throw missing('这个委托项目')
  throw redirect(`/s/${found.line.token}`)
}

export async function action({ params, request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, admitted)
  const { answer, entered } = await actAtBench(ctx, params.lineId, await request.formData())
  if (isRefusal(answer)) return refused(answer, { entered, simulated: undefined })
  if (answer.simulated) return { refusal: undefined, values: { entered, simulated: answer.simulated } }
  return redirect(answer.renewed ? `${url.pathname}?at=${Date.parse(ctx.now)}` : url.pathname)
}

export default function MeasurementRecord({ loaderData: view }: Route.ComponentProps) {
  const result = useActionData<typeof action>()
  const { line, order, norm, state, editing } = view
  const open = state === 'draft' || state === 'sent-back'
  return (
    <Page
      title={`${line.code} ${line.name}`}
      lead={`${order.org}，${line.service}，${norm.number}`}
      state={{ label: recordStates[open ? 'draft' : state], tone: recordTones[open ? 'draft' : state] }}
      back={{ to: `/s/${line.token}`, label: '样品' }}
    >
      <ErrorSummary refusal={result?.refusal} />
      {view.opinion && (
        <Notice tone="warn" title={`批准人退回：${view.opinion}`}>
          这是第 {view.attempt} 次，从上次填的内容开始；上次的记录原样保存。
        </Notice>
      )}
      <Facts
        items={[
          { label: '出厂编号', value: line.serial ?? '—' },
          { label: '测量范围', value: line.able ?? '—' },
          { label: '准确度', value: line.accuracy ?? '—' },
          {
            label: '依据',
            value: (
              <>
                {norm.number} {norm.title}
                {norm.followed && '（参照）'} {norm.trust !== 'page' && <Badge tone="warn">待核实</Badge>}
              </>
            ),
          },
          ...(view.people.tester && !open ? [{ label: '检测', value: view.people.tester }] : []),
          ...(view.people.checker ? [{ label: '核验', value: view.people.checker }] : []),
          ...(line.certificateNo ? [{ label: '证书编号', value: line.certificateNo }] : []),
        ]}
      />
      {editing && open ? (
        <BenchForm key={view.stamp} view={view} typed={result?.values.entered} simulated={result?.values.simulated} />
      ) : (
        <Finished view={view} />
      )}
      <Steps choices={view.steps} version={view.version} asks={{ check: agreement(view) }} />
      {!open && <Steps choices={view.signing} version={line.version} />}
      {open && !editing && (
        <p className="soft">
          还没有完成。<Link to={`/s/${line.token}`}>回到样品</Link>
        </p>
      )}
    </Page>
  )
}

/** What whoever checks has to say besides, where the tester left U out of account. */
const agreement = ({ entered, norm }: Route.ComponentProps['loaderData']) =>
  entered.judging === 'regulation' && (
    <CheckboxField
      name="agreed"
      label="同意按检定规程评定，不计测量不确定度"
      required
      help={`方法、标准器、环境条件和检定点都符合 ${norm.number}，器具处于正常状态（JJF 1094-2002 5.3.1，款号待核实）。不同意的请批准人退回重做。`}
    />
  )
