import { Form, Link, redirect, useActionData } from 'react-router'
import { findSlipSheet, knownSlips, listDebts, recordSlipSheet } from '../../../commons/accounts/index.server.ts'
import { fen, formatYuan } from '../../../core/money.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { missing } from '../../../web/admit.server.ts'
import { refused } from '../../../web/refused.server.ts'
import { Empty, Notice, Stat } from '../../../web/ui/feedback.tsx'
import { ErrorSummary, Submit } from '../../../web/ui/form.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { DataTable } from '../../../web/ui/table.tsx'
import { readTable } from '../../../web/ui/table-query.ts'
import { likely } from '../match-slip.ts'
import type { Route } from './+types/payments-sheet.ts'
import { admitMoney } from './money.server.ts'
import styles from './fee-relief.module.css'

export const meta = () => [{ title: '银行流水表 · 衡企' }]

const pageSize = 50

export async function loader({ params, context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  await admitMoney(ctx, url, ['finance'])
  const sheet = await findSlipSheet(ctx, params.id)
  if (!sheet) throw missing('这份流水表')
  const query = readTable(url, { sorts: [], defaultSort: 'row' })
  const rows = sheet.rows.slice((query.page - 1) * pageSize, query.page * pageSize)
  const known = await knownSlips(
    ctx,
    rows.map(({ reference }) => reference),
  )
  const { rows: debts } = await listDebts(ctx, { pageSize: 500, sort: 'name', dir: 'asc' })
  return {
    query: { ...query, pageSize },
    name: sheet.file_name,
    state: sheet.state,
    total: sheet.rows.length,
    done: sheet.done_rows,
    recorded: sheet.recorded,
    known: sheet.known,
    skipped: sheet.skipped,
    problems: [...sheet.problems, ...sheet.refused].slice(0, 200),
    rows: rows.map((row) => {
      const before = known.get(row.reference)
      const [first] = likely({ payer: row.payer, remark: row.remark, amount: fen(BigInt(row.amountFen)) }, debts)
      const other = before && (before.amountFen !== row.amountFen || before.paidOn !== row.paidOn)
      return {
        ...row,
        amount: formatYuan(fen(BigInt(row.amountFen))),
        paymentId: before && !other ? before.id : null,
        standing: other ? '流水号已登记，金额或日期不同，不会登记' : before ? '已登记' : '将登记',
        guess: first?.why ? `${first.debt.name}（${first.why}）` : '',
      }
    }),
  }
}

export async function action({ params, context, url }: Route.ActionArgs) {
  const ctx = context.get(ctxKey)
  await admitMoney(ctx, url, ['finance'])
  const recorded = await recordSlipSheet(ctx, params.id)
  return isRefusal(recorded) ? refused(recorded) : redirect(url.pathname)
}

export default function PaymentsSheet({ loaderData: sheet }: Route.ComponentProps) {
  type Row = (typeof sheet.rows)[number]
  const result = useActionData<typeof action>()
  const ended = sheet.state === 'recorded'
  return (
    <Page
      title={sheet.name}
      lead={ended ? '已登记完；去“到账”逐笔认领。' : '先核对再登记；同一流水号只登记一次，重复上传不会记两次。'}
      back={{ to: '/payments', label: '到账' }}
    >
      <ErrorSummary refusal={result?.refusal} />
      <div className={styles.stats}>
        <Stat label="收款" value={sheet.total} unit="行" />
        <Stat label="支出（跳过）" value={sheet.skipped} unit="行" />
        <Stat label="要改的" value={sheet.problems.length} unit="行" />
        <Stat label="已登记" value={sheet.done > 0 ? `${sheet.recorded} 新，${sheet.known} 原有` : '还没有'} />
      </div>
      {sheet.problems.length > 0 && (
        <Notice tone="warn" title="这些行没有登记，改好后再上传">
          <ul>
            {sheet.problems.map(({ row, reason }) => (
              <li key={`${row}${reason}`}>
                第 {row} 行：{reason}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {!ended && sheet.total > 0 && (
        <Form method="post">
          {sheet.done > 0 && (
            <p>
              已办 {sheet.done} / {sheet.total} 行，接着办不会重复。
            </p>
          )}
          <Submit label={sheet.done > 0 ? '接着登记' : `登记 ${sheet.total} 行`} busyLabel="正在登记" />
        </Form>
      )}
      <DataTable<Row>
        caption="收款行"
        rows={sheet.rows}
        total={sheet.total}
        query={sheet.query}
        rowKey={(row) => String(row.row)}
        columns={[
          { key: 'row', label: '行', align: 'end', render: (row) => row.row },
          { key: 'paidOn', label: '日期', whole: true, render: (row) => row.paidOn },
          {
            key: 'payer',
            label: '付款人',
            render: (row) => (row.paymentId ? <Link to={`/payments/${row.paymentId}`}>{row.payer}</Link> : row.payer),
          },
          { key: 'amount', label: '金额', align: 'end', render: (row) => row.amount },
          { key: 'reference', label: '流水号', render: (row) => row.reference },
          { key: 'standing', label: '登记', render: (row) => row.standing },
          { key: 'guess', label: '可能是', render: (row) => row.guess },
        ]}
        empty={<Empty title="没有收款行" hint="这份表里只有支出。" />}
      />
    </Page>
  )
}
