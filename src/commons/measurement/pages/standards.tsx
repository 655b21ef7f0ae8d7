import { Link } from 'react-router'
import { daysLeft } from '../../../core/due-day.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { admit } from '../../../web/admit.server.ts'
import { Empty } from '../../../web/ui/feedback.tsx'
import { FilterSearch, FilterSelect, Filters } from '../../../web/ui/filters.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { DataTable } from '../../../web/ui/table.tsx'
import { readTable } from '../../../web/ui/table-query.ts'
import { ahead, sayQuality, sayRange, standardStates, standardTones, type StandardState } from '../standards/model.ts'
import { listStandards, standardSorts } from '../standards/queries.server.ts'
import type { Route } from './+types/standards.ts'

export const meta = () => [{ title: '计量标准器 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['tester', 'approver', 'counter'])
  const query = readTable(url, { sorts: standardSorts, defaultSort: 'valid_until' })
  const state = query.params.state ?? 'in-use'
  const { rows, total } = await listStandards(ctx, {
    ...(state in standardStates && { states: [state as StandardState] }),
    ...(query.q && { q: query.q }),
    sort: query.sort as (typeof standardSorts)[number],
    dir: query.dir,
    page: query.page,
    pageSize: query.pageSize,
  })
  const today = shanghaiDate(ctx.now)
  return {
    query,
    state,
    total,
    mayRegister: ctx.actor.role !== 'counter',
    rows: rows.map((row) => ({
      id: row.id,
      name: row.name,
      serial: row.serial,
      range: sayRange(row),
      quality: sayQuality(row),
      certificate: row.certificate,
      issuedBy: row.issued_by,
      validUntil: row.valid_until,
      // Days that are left, where it matters: time enough to have it calibrated.
      left: row.state === 'in-use' && daysLeft(row.valid_until, today) <= ahead ? daysLeft(row.valid_until, today) : null,
      state: row.state,
    })),
  }
}

export default function Standards({ loaderData: { query, state, total, rows, mayRegister } }: Route.ComponentProps) {
  type Row = (typeof rows)[number]
  return (
    <Page
      title="计量标准器"
      lead="测量记录只能用证书在有效期内、范围和不确定度够的标准器；先到期的排在前面。"
      actions={
        mayRegister && (
          <Link to="/standards/new" className="button primary">
            登记标准器
          </Link>
        )
      }
    >
      <Filters>
        <FilterSearch name="q" label="名称、编号或证书号" value={query.q} />
        <FilterSelect
          name="state"
          label="状态"
          value={state}
          options={[...Object.entries(standardStates).map(([value, label]) => ({ value, label })), { value: 'all', label: '全部' }]}
        />
      </Filters>
      <DataTable
        caption="计量标准器"
        query={query}
        total={total}
        rows={rows}
        rowKey={(row: Row) => row.id}
        empty={<Empty title="没有符合条件的标准器" hint="登记以后，检测台才能选用。" />}
        columns={[
          { key: 'name', label: '名称', sortable: true, render: (row: Row) => <Link to={`/standards/${row.id}`}>{row.name}</Link> },
          { key: 'serial', label: '编号', whole: true, render: (row: Row) => row.serial },
          { key: 'range', label: '范围', whole: true, render: (row: Row) => row.range },
          { key: 'quality', label: '不确定度或等级', render: (row: Row) => row.quality },
          { key: 'certificate', label: '证书', render: (row: Row) => `${row.certificate}（${row.issuedBy}）` },
          {
            key: 'valid_until',
            label: '有效期至',
            sortable: true,
            render: (row: Row) => (
              <>
                {row.validUntil} <Left days={row.left} />
              </>
            ),
          },
          { key: 'state', label: '状态', render: (row: Row) => <Badge tone={standardTones[row.state]}>{standardStates[row.state]}</Badge> },
        ]}
      />
    </Page>
  )
}

const Left = ({ days }: { days: number | null }) =>
  days === null ? null : days < 0 ? (
    <Badge tone="bad">已到期</Badge>
  ) : (
    <Badge tone="warn">{days === 0 ? '今天到期' : `还有 ${days} 天`}</Badge>
  )
