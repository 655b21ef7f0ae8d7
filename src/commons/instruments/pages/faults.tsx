import { Form, Link, redirect, useActionData } from 'react-router'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { DueClock } from '../../../web/ui/clock.tsx'
import { Disclosure } from '../../../web/ui/disclosure.tsx'
import { Empty } from '../../../web/ui/feedback.tsx'
import { Filters, FilterSelect } from '../../../web/ui/filters.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import { Badge, When } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { DataTable } from '../../../web/ui/table.tsx'
import { readTable } from '../../../web/ui/table-query.ts'
import { faultSources, faultStates, faultTones, openStates, type FaultState } from '../faults/model.ts'
import { faultSorts, listFaults, type FaultSort } from '../faults/queries.server.ts'
import { reportFault } from '../faults/report.server.ts'
import { findInstrument } from '../queries.server.ts'
import type { Route } from './+types/faults.ts'
import { admit, missing } from '../../../web/admit.server.ts'
import { ReportFields } from './report-fields.tsx'
import { readReport } from './report-form.server.ts'

export const meta = () => [{ title: '故障报告 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const query = readTable(url, { sorts: faultSorts, defaultSort: 'due_on', pageSize: 20 })
  const of = url.searchParams.get('instrument')
  const instrument = of ? await findInstrument(ctx, of) : undefined
  if (of && !instrument) throw missing('这件器具')
  const state = stateOf(url.searchParams.get('state')) ?? (instrument ? 'all' : 'open')
  const { rows, total } = await listFaults(ctx, {
    state: state === 'all' ? undefined : state,
    instrumentId: instrument?.id,
    sort: query.sort as FaultSort,
    dir: query.dir,
    page: query.page,
    pageSize: query.pageSize,
  })
  return {
    query,
    state,
    total,
    today: shanghaiDate(ctx.now),
    instrument: instrument && { id: instrument.id, code: instrument.code, name: instrument.name },
    // Names and telephones stay on the report's own page.
    rows: rows.map((row) => ({ ...row, reporter: null, contact: null })),
  }
}

const stateOf = (text: string | null): FaultState | 'open' | 'all' | undefined =>
  text && (text in faultStates || text === 'open' || text === 'all') ? (text as FaultState) : undefined

export async function action({ request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const { values, report } = await readReport(request)
  if (isRefusal(report)) return refused(report, values)
  const done = await reportFault(ctx, url.searchParams.get('instrument') ?? '', report.form, report.photo)
  return isRefusal(done) ? refused(done, values) : redirect(`/me/faults/${done.id}`)
}

export default function Faults({ loaderData: { query, state, rows, total, today, instrument } }: Route.ComponentProps) {
  type Row = (typeof rows)[number]
  const result = useActionData<typeof action>()
  const open = (row: Row) => (openStates as readonly FaultState[]).includes(row.state)
  return (
    <Page
      title={instrument ? `${instrument.code} ${instrument.name}：故障报告` : '故障报告'}
      lead="扫码的人报告的故障，最早该处理的在前。处理完，报告人的联系方式就删除。"
      back={instrument && { to: `/me/instruments/${instrument.id}`, label: `${instrument.code} ${instrument.name}` }}
    >
      <Filters>
        {instrument && <input type="hidden" name="instrument" value={instrument.id} />}
        <FilterSelect
          name="state"
          label="状态"
          value={state}
          empty={instrument ? '全部' : '没有处理完的'}
          options={[
            { value: 'open', label: '没有处理完的' },
            { value: 'all', label: '全部' },
            ...Object.entries(faultStates).map(([value, label]) => ({ value, label })),
          ]}
        />
      </Filters>
      {instrument && (
        <Disclosure summary="报告这件器具的故障" open={result !== undefined}>
          <Form method="post" encType="multipart/form-data" className="form" noValidate>
            <ErrorSummary refusal={result?.refusal} />
            <ReportFields refusal={result?.refusal} values={result?.values as Record<string, string> | undefined} />
            <Submit label="报告" busyLabel="正在提交" />
          </Form>
        </Disclosure>
      )}
      <DataTable<Row>
        caption="故障报告"
        rows={rows}
        total={total}
        query={query}
        rowKey={(row) => row.id}
        columns={[
          { key: 'number', label: '编号', sortable: true, render: (row) => <Link to={`/me/faults/${row.id}`}>{row.number}</Link> },
          { key: 'instrument', label: '器具', render: (row) => `${row.instrument_code} ${row.instrument_name}` },
          { key: 'place', label: '地点', render: (row) => row.instrument_place ?? '—' },
          { key: 'description', label: '哪里不对', render: (row) => row.description },
          { key: 'state', label: '状态', render: (row) => <Badge tone={faultTones[row.state]}>{faultStates[row.state]}</Badge> },
          {
            key: 'due_on',
            label: '处理时限',
            sortable: true,
            render: (row) => (open(row) ? <DueClock dueOn={row.due_on} now={today} provisional={row.due_provisional} /> : '—'),
          },
          {
            key: 'created_at',
            label: '报告时间',
            sortable: true,
            render: (row) => (
              <>
                <When at={row.created_at} /> <span className="soft">{faultSources[row.source]}</span>
              </>
            ),
          },
        ]}
        empty={
          <Empty
            title={state === 'open' ? '没有要处理的故障' : '没有故障报告'}
            hint="给器具贴上标签，发现问题的人扫一扫就能报告。"
            action={<Link to="/me/instruments/labels">打印标签</Link>}
          />
        }
      />
    </Page>
  )
}
