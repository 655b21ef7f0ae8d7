import { Link, redirect, useActionData } from 'react-router'
import { missingScope } from '../../people/index.server.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal, refuse } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Empty, Notice } from '../../../web/ui/feedback.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { DataTable, type Column } from '../../../web/ui/table.tsx'
import { readTable } from '../../../web/ui/table-query.ts'
import { instrumentKinds } from '../../../core/instrument-kinds.ts'
import { instrumentStates, stateTones } from '../model.ts'
import { choicesOf, instrumentSorts, listInstruments, type InstrumentSort } from '../queries.server.ts'
import { readIds, readRegister, registerStages } from '../register-query.ts'
import { stepMany } from '../steps.server.ts'
import { workflow, type InstrumentStep } from '../workflow.ts'
import { admit, admitOwn } from '../../../web/admit.server.ts'
import { BulkBar, bulkForm, BulkOutcome } from './register-bulk.tsx'
import { Counts, RegisterFilters } from './register-filters.tsx'
import { ledgerCounts, rowsOf, type RegisterRow } from './register-view.server.ts'
import { ValidUntil } from './valid-until.tsx'
import styles from './instruments.module.css'
import type { Route } from './+types/register.ts'

export const meta = () => [{ title: '器具台账 · 衡企' }]

const pageSize = 50
const mostShown = 10_000
/** 送检 has a page of its own; what undoes or ends something is done one by one. */
const bulkSteps = [
  'put-in-use',
  'store',
  'stop',
  'seal',
  'limit',
  'take-back',
  'confirm',
  'scrap',
] as const satisfies readonly InstrumentStep[]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  const own = admitOwn(ctx, url)
  const query = readTable(url, { sorts: instrumentSorts, defaultSort: 'code', pageSize })
  // Said once, not carried along by sorting and paging.
  for (const name of ['did', 'n']) delete query.params[name]
  const { asked, problems } = readRegister(url.searchParams)
  const page = { sort: query.sort as InstrumentSort, dir: query.dir, page: query.page, pageSize }
  const [found, counts, choices, scope] = await Promise.all([
    listInstruments(ctx, { ...asked, ...page }),
    ledgerCounts(ctx),
    choicesOf(ctx),
    missingScope(ctx, 'ledger'),
  ])
  return {
    own,
    query,
    problems,
    counts,
    choices: { ...choices, kinds: instrumentKinds.map(({ name }) => name), stages: registerStages },
    total: Math.min(found.total, mostShown),
    capped: found.capped,
    rows: await rowsOf(ctx, found.rows),
    today: shanghaiDate(ctx.now),
    readOnly: scope?.reason,
    steps: bulkSteps.map((value) => ({ value, label: workflow.steps[value].label })),
    done: doneOf(url.searchParams),
  }
}

/** What the last bulk step did, told from the address. */
function doneOf(params: URLSearchParams): { label: string; n: number } | undefined {
  const step = params.get('did') ?? ''
  const n = Number(params.get('n'))
  return Object.hasOwn(workflow.steps, step) && n > 0 ? { label: workflow.steps[step as InstrumentStep].label, n } : undefined
}

export async function action({ request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const form = await request.formData()
  const ids = readIds(new URLSearchParams(form.getAll('ids').map((id) => ['ids', String(id)])))
  const intent = String(form.get('intent') ?? '')
  const step = String(form.get('step') ?? '')
  const opinion = String(form.get('opinion') ?? '').trim()
  const values = { step, opinion }
  if (ids.length === 0) return refused(refuse('invalid', '还没有勾选器具，请先在列表里勾选。'), values)
  if (intent === 'send-out') return redirect(`/me/send-outs/new?ids=${ids.join(',')}`)
  if (intent === 'labels') return redirect(`/me/instruments/labels?ids=${ids.join(',')}`)
  if (!(bulkSteps as readonly string[]).includes(step)) return refused(refuse('invalid', '请选择要办理的步骤。'), values)
  const answer = await stepMany(ctx, ids, step as InstrumentStep, opinion)
  if (isRefusal(answer)) return refused(answer, values)
  if (answer.refused.length > 0)
    return { refusal: undefined, values, outcome: { label: workflow.steps[step as InstrumentStep].label, ...answer } }
  const back = new URLSearchParams(url.search)
  back.set('did', step)
  back.set('n', String(answer.done.length))
  return redirect(`${url.pathname}?${back}`)
}

export default function Register({ loaderData }: Route.ComponentProps) {
  const { own, query, problems, counts, choices, total, capped, rows, today, readOnly, steps, done } = loaderData
  const result = useActionData<typeof action>()
  const base = own ? '/me/instruments' : '/instruments'
  const narrowed = query.q !== '' || Object.keys(query.params).length > 0
  const shown = exportQuery(query)
  return (
    <Page
      title={own ? '器具台账' : '辖区计量器具'}
      lead={<Counts {...counts} base={base} />}
      actions={
        own && (
          <span className="row">
            <Link to={`${base}/new`} className="button primary">
              登记器具
            </Link>
            <Link to={`${base}/imports/new`} className="button">
              导入 Excel
            </Link>
          </span>
        )
      }
    >
      {own && (
        <nav className="row no-print" aria-label="台账">
          <Link to={`${base}/due`}>待检与到期</Link>
          <Link to={`${base}/places`}>状态按地点</Link>
          <Link to={`${base}/labels`}>标签</Link>
          <Link to={`${base}/audit-pack`}>审核包</Link>
          <Link to={`${base}/kinds`}>种类与设置</Link>
        </nav>
      )}
      {readOnly && (
        <Notice tone="info" title="您可以查看，不能修改">
          {readOnly}。
        </Notice>
      )}
      {done && !result && <Notice tone="good" title={`${done.n} 件已办理“${done.label}”`} live />}
      <BulkOutcome result={result} base={base} />
      {(counts.held > 0 || narrowed) && (
        <RegisterFilters
          query={query}
          problems={problems}
          choices={choices}
          own={own}
          clear={narrowed && <Link to={base}>清空条件</Link>}
        />
      )}
      <DataTable<RegisterRow>
        caption={own ? '本单位的计量器具' : '本辖区的计量器具'}
        rows={rows}
        total={total}
        capped={capped}
        query={query}
        dense
        rowKey={(row) => row.id}
        columns={columnsOf(base, own, today)}
        {...(own && !readOnly && { selection: { form: bulkForm, name: 'ids', label: (row: RegisterRow) => `${row.code} ${row.name}` } })}
        empty={
          own && !narrowed ? (
            <NothingYet base={base} />
          ) : (
            <Empty title="没有符合条件的器具" hint="可以清空条件再查；报废、丢失的在“状态：全部”里。" />
          )
        }
      />
      {own && !readOnly && total > 0 && (
        <BulkBar steps={steps} typed={result?.values} key={rows.map(({ id, state }) => id + state).join()} />
      )}
      {own && total > 0 && (
        <p className="no-print">
          导出上面列出的 {total} 件：<a href={`${base}/export.xlsx${shown}`}>Excel</a> <a href={`${base}/export.csv${shown}`}>CSV</a>
        </p>
      )}
    </Page>
  )
}

/** The same list as a file: everything of the query but the page. */
function exportQuery({ q, sort, dir, params }: Route.ComponentProps['loaderData']['query']): string {
  const all = { ...params, ...(q && { q }), sort: `${dir === 'desc' ? '-' : ''}${sort}` }
  return `?${new URLSearchParams(all)}`
}

const columnsOf = (base: string, own: boolean, today: string): Column<RegisterRow>[] => [
  {
    key: 'code',
    label: '编号',
    sortable: true,
    render: (row) => (
      <Link className={styles.nowrap} to={`${base}/${row.id}`}>
        {row.code}
      </Link>
    ),
  },
  {
    key: 'name',
    label: '名称、型号',
    sortable: true,
    render: (row) => (
      <>
        {row.name} {row.model && <span className="soft">{row.model}</span>}
        {row.mandatory !== 'no' && (
          <>
            {' '}
            <Badge tone={row.mandatory === 'yes' ? 'info' : 'warn'}>{row.mandatory === 'yes' ? '强检' : '待判定'}</Badge>
          </>
        )}
      </>
    ),
  },
  ...(own ? [] : [{ key: 'owner', label: '企业', render: (row: RegisterRow) => row.owner }]),
  { key: 'able', label: '测量范围、准确度', render: (row) => row.able || <span className="soft">—</span> },
  {
    key: 'place',
    label: '地点、保管人',
    sortable: true,
    render: (row) => [row.place, row.keeper].filter(Boolean).join('，') || <span className="soft">—</span>,
  },
  {
    key: 'state',
    label: '状态',
    sortable: true,
    render: (row) => <Badge tone={stateTones[row.state]}>{instrumentStates[row.state]}</Badge>,
  },
  {
    key: 'valid_until',
    label: '有效期至',
    sortable: true,
    render: (row) => <ValidUntil day={row.validUntil} today={today} state={row.state} />,
  },
]

const NothingYet = ({ base }: { base: string }) => (
  <Empty
    title="台账里还没有器具"
    hint="已有 Excel 台账的，导入最快：先看预览，有问题的行会逐行说明。只有几件的，直接登记。"
    action={
      <p className="row" style={{ justifyContent: 'center' }}>
        <Link to={`${base}/imports/new`} className="button primary">
          导入 Excel
        </Link>
        <Link to={`${base}/new`} className="button">
          登记一件
        </Link>
        <a href={`${base}/template.xlsx`}>下载模板</a>
      </p>
    }
  />
)
