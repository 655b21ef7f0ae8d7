import { useEffect } from 'react'
import { Form, Link, useActionData, useRevalidator } from 'react-router'
import { isRefusal } from '../../../core/refusal.ts'
import { choices } from '../../../core/workflow.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Notice } from '../../../web/ui/feedback.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import { When } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { Steps } from '../../../web/ui/steps.tsx'
import { readTable } from '../../../web/ui/table-query.ts'
import { LinkTabs } from '../../../web/ui/tabs.tsx'
import { missingScope } from '../../people/index.server.ts'
import { workflow } from '../import/import-workflow.ts'
import { importStates, stateTones, verdicts, type Import, type Verdict } from '../import/model.ts'
import { findImport } from '../import/queries.server.ts'
import { sayApply, sayCounts } from '../import/say.ts'
import { shownColumns, shownRows, wordListsFor } from '../import/view.server.ts'
import { admit, missing } from '../../../web/admit.server.ts'
import { ColumnsForm } from './import-columns.tsx'
import { takeAction } from './import-input.server.ts'
import { MendForm, RowTable, SkippedRows } from './import-rows.tsx'
import styles from './imports.module.css'
import type { Route } from './+types/import.ts'

export const meta = () => [{ title: '导入 · 衡企' }]

const order: readonly Verdict[] = ['bad', 'new', 'change', 'same', 'skip']
const pageSize = 20

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const row = await findImport(ctx, params.id)
  if (!row) throw missing('这次导入')
  const query = readTable(url, { sorts: ['row'], defaultSort: 'row', pageSize })
  const tab = order.find((each) => each === query.params.tab) ?? order.find((each) => row.counts[each] > 0) ?? 'new'
  const running = row.state === 'reading' || row.state === 'applying'
  const scope = await missingScope(ctx, 'ledger')
  const page = { limit: pageSize, offset: (query.page - 1) * pageSize }
  const rows = running ? [] : await shownRows(ctx, row, tab, page)
  return {
    row: factsOf(row),
    running,
    readOnly: scope?.reason,
    choices: scope ? [] : choices(workflow, row, ctx.actor, ctx.now).filter(({ name }) => ['apply', 'finish', 'discard'].includes(name)),
    columns: shownColumns(row),
    tab,
    tabs: order.map((value) => ({ value, label: `${verdicts[value]} ${row.counts[value]}`, n: row.counts[value] })),
    query: { ...query, params: { tab } },
    rows,
    lists: wordListsFor(rows),
    again: url.searchParams.has('again'),
    mended: Number(url.searchParams.get('mended') ?? 0),
  }
}

const factsOf = (row: Import) => ({
  id: row.id,
  number: row.number,
  file: row.file_name,
  fileId: row.file_id,
  state: row.state,
  counts: row.counts,
  applied: row.applied,
  read: row.rows_read,
  total: row.rows_total,
  problem: row.problem,
  by: row.started_by_name,
  at: row.created_at,
  version: row.version,
  said: sayCounts(row),
  apply: sayApply(row.counts),
})

export async function action({ params, request, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['enterprise'])
  const form = await request.formData()
  const answer = await takeAction(ctx, params.id, form)
  if (!isRefusal(answer)) return answer
  return refused(answer, Object.fromEntries([...form].map(([name, value]) => [name, String(value)])) as Record<string, string>)
}

export default function ImportPage({ loaderData }: Route.ComponentProps) {
  const { row, running, readOnly, choices: all, columns, tab, tabs, query, rows, lists, again, mended } = loaderData
  const result = useActionData<typeof action>()
  const apply = all.find(({ name }) => name === 'apply')
  const open = row.state === 'preview' && !readOnly
  const typedFor = (intent: string) => (result?.values.intent === intent ? result.values : undefined)
  const here = `/me/instruments/imports/${row.id}`
  return (
    <Page
      title={row.file}
      lead={leadOf(loaderData)}
      state={{ label: importStates[row.state], tone: stateTones[row.state] }}
      back={{ to: '/me/instruments/imports', label: '导入记录' }}
    >
      {running && <Running row={row} />}
      <ErrorSummary refusal={result?.refusal} />
      {again && <Again at={row.at} by={row.by} done={row.state === 'done'} />}
      {mended > 0 && !result && <Notice tone="good" title={`已保存 ${mended} 行的修改，还有 ${row.counts.bad} 行有问题`} live />}
      {row.problem && <Notice tone={row.state === 'failed' ? 'bad' : 'warn'} title={row.problem} />}
      {readOnly && (
        <Notice tone="info" title="您可以查看，不能修改">
          {readOnly}。
        </Notice>
      )}
      {apply && (
        <Form method="post" className="row">
          <input type="hidden" name="step" value="apply" />
          <input type="hidden" name="version" value={row.version} />
          <Submit label={row.apply} busyLabel="正在提交" disabledReason={apply.disabledReason} />
          {row.counts.bad > 0 && !apply.disabledReason && <span className="soft">有问题的 {row.counts.bad} 行先放着，改好后再登记。</span>}
        </Form>
      )}
      {!running && columns && (
        <>
          <ColumnsForm
            key={row.version}
            columns={columns}
            version={row.version}
            typed={typedFor('columns')}
            errors={typedFor('columns') && result?.refusal.fields}
            fixed={!open}
          />
          <LinkTabs
            label="按结果查看"
            tabs={tabs
              .filter(({ n, value }) => n > 0 || value === tab)
              .map(({ value, label }) => ({ to: `?tab=${value}`, label, current: value === tab }))}
          />
          {tab === 'bad' && open && rows.length > 0 ? (
            <MendForm
              rows={rows}
              total={row.counts.bad}
              query={query}
              typed={typedFor('mend')}
              lists={lists}
              download={`${here}/bad.xlsx`}
            />
          ) : tab === 'skip' ? (
            <SkippedRows rows={rows} total={row.counts.skip} query={query} mayChange={open} />
          ) : (
            <RowTable rows={rows} total={row.counts[tab]} query={query} verdict={tab} />
          )}
        </>
      )}
      {row.applied > 0 && (
        <p>
          <Link to="/me/instruments">查看台账</Link>
        </p>
      )}
      {(row.state === 'done' || row.state === 'discarded') && !readOnly && <Repeat />}
      <Steps choices={all.filter(({ name }) => name !== 'apply')} version={row.version} />
      <p className="soft">
        {row.number}，{row.by}上传于 <When at={row.at} />，<a href={`/files/${row.fileId}`}>原文件</a>
      </p>
    </Page>
  )
}

type Shown = Route.ComponentProps['loaderData']

function leadOf({ row }: Shown): string {
  if (row.state === 'reading') return `${row.said}${row.total ? `，共 ${row.total} 行` : ''}。可以先离开，读完会放在您的工作台上。`
  if (row.state === 'applying') return `已登记 ${row.applied} 件。可以先离开，登记完还在这里看。`
  if (row.state === 'preview') return `${row.said}。确认后才登记；列认错了的，先改列的对应。`
  return `${row.said}。`
}

/** Comes back by itself: with scripts every second, without them by the browser. */
function Running({ row }: Pick<Shown, 'row'>) {
  const { revalidate, state } = useRevalidator()
  useEffect(() => {
    if (state !== 'idle') return
    const timer = setTimeout(() => void revalidate(), 1_000)
    return () => clearTimeout(timer)
  }, [revalidate, state])
  const { pending } = row.counts
  const [done, total] = row.state === 'applying' ? [row.applied, row.applied + pending.new + pending.change] : [row.read, row.total]
  return (
    <div role="status" className="stack">
      <noscript>
        <meta httpEquiv="refresh" content="3" />
      </noscript>
      <progress className={styles.progress} aria-label="进度" {...(total ? { value: done, max: total } : {})} />
      <span>
        {row.state === 'applying' ? '正在登记' : '正在读取'}：{done}
        {total ? ` / ${total}` : ''}
      </span>
    </div>
  )
}

const Again = ({ at, by, done }: { at: string; by: string; done: boolean }) => (
  <Notice tone="info" title="这个文件已经上传过">
    {by}于 <When at={at} /> 上传，这里是那一次的结果。{done && '台账后来有变化的，可以在下面再读一遍。'}
  </Notice>
)

const Repeat = () => (
  <Form method="post" className="row">
    <Submit label="按现在的台账再读一遍" busyLabel="正在提交" plain name="intent" value="repeat" />
    <span className="soft">不会重复登记。</span>
  </Form>
)
