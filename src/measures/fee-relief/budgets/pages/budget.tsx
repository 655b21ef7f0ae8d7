import { Form, Link, redirect, useActionData } from 'react-router'
import { parseYuan } from '../../../../core/money.ts'
import { isRefusal, refuse } from '../../../../core/refusal.ts'
import { ctxKey } from '../../../../platform/context.server.ts'
import { admit, missing } from '../../../../web/admit.server.ts'
import { refused } from '../../../../web/refused.server.ts'
import { Columns } from '../../../../web/ui/columns.tsx'
import { Disclosure } from '../../../../web/ui/disclosure.tsx'
import { Empty, Stat } from '../../../../web/ui/feedback.tsx'
import { NumberField, TextArea } from '../../../../web/ui/fields.tsx'
import { FilterSearch, Filters } from '../../../../web/ui/filters.tsx'
import { ErrorSummary, Submit } from '../../../../web/ui/form.tsx'
import { Facts } from '../../../../web/ui/list.tsx'
import { Page } from '../../../../web/ui/page.tsx'
import { Steps } from '../../../../web/ui/steps.tsx'
import { DataTable } from '../../../../web/ui/table.tsx'
import { Timeline } from '../../../../web/ui/timeline.tsx'
import { budgetStates } from '../model.ts'
import { decideChange, proposeChange } from '../set.server.ts'
import type { ChangeStep } from '../workflow.ts'
import type { Route } from './+types/budget.ts'
import { budgetView } from './budget-view.server.ts'
import { MeterBadge } from './meter-view.tsx'
import styles from './budgets.module.css'

export const meta = ({ loaderData }: Route.MetaArgs) => [{ title: `${loaderData?.title ?? ''} 减免额度 · 衡企` }]

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['regulator', 'admin'])
  const view = await budgetView(ctx, params.id, url)
  if (!view) throw missing('这项额度')
  return view
}

export async function action({ params, request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['regulator'])
  const values = Object.fromEntries(await request.formData()) as Record<string, string>
  const version = Number(values.version)
  if (values.step) {
    const done = await decideChange(ctx, params.id, { step: values.step as ChangeStep, opinion: values.opinion ?? '', version })
    return isRefusal(done) ? refused(done, values) : redirect(url.pathname)
  }
  const amount = parseYuan(values.amount ?? '')
  if (isRefusal(amount)) return refused(refuse('invalid', amount.reason, { fields: { amount: amount.reason } }), values)
  const done = await proposeChange(ctx, params.id, { amountFen: amount, basis: values.basis ?? '', version })
  return isRefusal(done) ? refused(done, values) : redirect(url.pathname)
}

export default function BudgetPage({ loaderData }: Route.ComponentProps) {
  const { id, title, state, sums, meter, months, uses, change, entries, facts, query } = loaderData
  type Use = (typeof uses.rows)[number]
  const result = useActionData<typeof action>()
  return (
    <Page
      title={`《${title}》的额度`}
      lead={facts.lead}
      state={{ label: budgetStates[state], tone: state === 'active' ? 'good' : state === 'proposed' ? 'info' : 'neutral' }}
      back={{ to: '/relief-budgets', label: '减免额度' }}
      actions={
        <a href={`/relief-budgets/${id}/uses.csv`} className="button">
          导出使用明细
        </a>
      }
    >
      <ErrorSummary refusal={result?.refusal} />
      <div className={styles.stats}>
        <Stat label="额度" value={sums.amount} />
        <Stat label="已用" value={sums.used} to="#uses" />
        <Stat label="剩余" value={sums.left} />
        <Stat label="排队" value={sums.queued} unit={`${sums.waiting} 笔`} to="#queue" />
      </div>
      {state !== 'proposed' && state !== 'dropped' && (
        <p>
          <MeterBadge word={meter.word} share={meter.share} /> {meter.forecast}
        </p>
      )}
      <Facts
        items={[
          { label: '依据', value: facts.basis },
          { label: '政策', value: <Link to={`/policies/${facts.slug}`}>{title}</Link> },
          { label: '怎么算', value: '受理时减的，减去取消和撤回退回的，加上排队后补减的。' },
        ]}
      />
      <Change change={change} values={result?.values ?? {}} fields={result?.refusal?.fields} />
      {months.length > 0 && <Columns caption="每月使用（元）" heading={['月份', '净使用']} names={['净使用']} columns={months} />}
      <section aria-labelledby="queue">
        <h2 id="queue">排队</h2>
        <Queue rows={loaderData.queue} />
      </section>
      <section aria-labelledby="uses">
        <h2 id="uses">谁用了</h2>
        <Filters>
          <FilterSearch value={query.q} placeholder="企业、委托单号" />
        </Filters>
        <DataTable<Use>
          caption="使用明细"
          rows={uses.rows}
          total={uses.total}
          query={query}
          rowKey={(row) => row.key}
          columns={[
            { key: 'org', label: '企业', render: (row) => row.org },
            { key: 'order', label: '委托单', whole: true, render: (row) => <Link to={`/orders/${row.orderId}`}>{row.order}</Link> },
            { key: 'institution', label: '机构', render: (row) => row.institution },
            { key: 'kind', label: '怎么用的', render: (row) => row.kind },
            { key: 'on', label: '日期', whole: true, render: (row) => row.on },
            { key: 'amount', label: '金额', align: 'end', render: (row) => row.amount },
          ]}
          empty={<Empty title={query.q ? '没有找到' : '还没有人用'} hint={query.q ? '请换个词。' : '受理时减了，就会列在这里。'} />}
        />
      </section>
      <section aria-labelledby="history">
        <h2 id="history">设定和调整</h2>
        <Timeline entries={entries} />
      </section>
    </Page>
  )
}

function Change({
  change,
  values,
  fields,
}: {
  change: Route.ComponentProps['loaderData']['change']
  values: Record<string, string>
  fields: Record<string, string> | undefined
}) {
  if (change.open)
    return (
      <section aria-labelledby="change">
        <h2 id="change">等待批准</h2>
        <p>
          {change.open.by} 提出：{change.open.before} → <strong>{change.open.after}</strong>。依据：{change.open.basis}
        </p>
        <Steps choices={change.open.steps} version={change.open.version} />
      </section>
    )
  if (!change.may) return change.why ? <p className="soft">{change.why}</p> : null
  return (
    <Disclosure summary="调整额度……" open={Boolean(fields?.amount || fields?.basis)}>
      <Form method="post" className="form" noValidate>
        <input type="hidden" name="version" value={change.version} />
        <NumberField
          name="amount"
          label="新的额度"
          required
          suffix="元"
          defaultValue={values.amount}
          {...(fields?.amount && { error: fields.amount })}
          help="由另一位同事批准后生效；增加的部分按先后自动补减给排队的企业。"
        />
        <TextArea
          name="basis"
          label="依据"
          required
          rows={2}
          maxLength={300}
          defaultValue={values.basis}
          {...(fields?.basis && { error: fields.basis })}
        />
        <Submit label="提交批准" busyLabel="正在提交" />
      </Form>
    </Disclosure>
  )
}

function Queue({ rows }: { rows: Route.ComponentProps['loaderData']['queue'] }) {
  if (rows.length === 0) return <Empty title="没有人在排队" hint="额度用完以后，减不了的会在这里按先后排队。" />
  return (
    <div className="table-scroll data" tabIndex={0} role="region" aria-label="排队的">
      <table className="cards">
        <caption className="hidden">排队的</caption>
        <thead>
          <tr>
            <th scope="col">位次</th>
            <th scope="col">企业</th>
            <th scope="col">委托单</th>
            <th scope="col">排队日期</th>
            <th scope="col" className="end">
              还差
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">第 {row.at} 位</th>
              <td data-label="企业">{row.org}</td>
              <td data-label="委托单">
                <Link to={`/orders/${row.orderId}`}>{row.order}</Link>
              </td>
              <td data-label="排队日期">{row.since}</td>
              <td data-label="还差" className="end">
                {row.left}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
