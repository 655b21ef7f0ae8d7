import { Link } from 'react-router'
import { fen, formatYuan } from '../../../core/money.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { ctxKey } from '../../../platform/context.server.ts'
import { admit } from '../../../web/admit.server.ts'
import { DueClock } from '../../../web/ui/clock.tsx'
import { Empty } from '../../../web/ui/feedback.tsx'
import { FilterSearch, FilterSelect, Filters } from '../../../web/ui/filters.tsx'
import { Badge } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { DataTable } from '../../../web/ui/table.tsx'
import { readTable } from '../../../web/ui/table-query.ts'
import { orderStates, orderTones, type OrderState } from '../model.ts'
import { listOrders, orderSorts } from '../queries.server.ts'
import type { Route } from './+types/orders.ts'

export const meta = () => [{ title: '委托单 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  const own = url.pathname.startsWith('/me/')
  admit(ctx, url, own ? ['enterprise'] : ['counter', 'tester', 'approver', 'finance', 'regulator', 'admin'])
  const query = readTable(url, { sorts: orderSorts, defaultSort: '-created_at' })
  const state = Object.hasOwn(orderStates, query.params.state ?? '') ? (query.params.state as OrderState) : undefined
  const { rows, total } = await listOrders(ctx, { ...query, sort: query.sort as never, ...(state && { states: [state] }) })
  return {
    own,
    query,
    total,
    state: state ?? '',
    today: shanghaiDate(ctx.now),
    rows: rows.map((row) => ({
      id: row.id,
      number: row.number,
      with: own ? row.institution_name : row.org_name,
      institution: row.institution_name,
      state: row.state,
      lines: row.lines,
      done: row.done,
      express: row.express,
      onSite: row.mode === 'on-site',
      placedOn: row.created_at.slice(0, 10),
      dueOn: row.state === 'accepted' ? row.due_on : null,
      provisional: row.due_provisional,
      toPay: formatYuan(fen(row.fee - row.relief)),
      relief: row.relief > 0n ? formatYuan(fen(row.relief)) : null,
    })),
  }
}

export default function Orders({ loaderData: { own, query, total, rows, state, today } }: Route.ComponentProps) {
  type Row = (typeof rows)[number]
  return (
    <Page
      title={own ? '我的委托' : '委托单'}
      lead={own ? '送了什么、减了多少、到哪一步、什么时候能取。' : '按期限办理；减免由平台按政策算定，不用手工核减。'}
      actions={
        own ? (
          <Link to="/me/orders/new" className="button primary">
            委托检定校准
          </Link>
        ) : undefined
      }
    >
      <Filters clear={query.q || state ? <Link to="?">清除</Link> : undefined}>
        <FilterSearch value={query.q} placeholder={own ? '单号、机构、器具' : '单号、企业、器具'} />
        <FilterSelect
          name="state"
          label="状态"
          value={state}
          options={Object.entries(orderStates).map(([value, label]) => ({ value, label }))}
        />
      </Filters>
      <DataTable<Row>
        caption="委托单"
        rows={rows}
        total={total}
        query={query}
        rowKey={(row) => row.id}
        columns={[
          {
            key: 'number',
            label: '单号',
            sortable: true,
            render: (row) => (
              <>
                <Link to={own ? `/me/orders/${row.id}` : `/orders/${row.id}`}>{row.number}</Link>{' '}
                {row.express && <Badge tone="warn">加急</Badge>} {row.onSite && <Badge tone="info">上门</Badge>}
              </>
            ),
          },
          { key: own ? 'institution' : 'org_name', label: own ? '机构' : '企业', sortable: !own, render: (row) => row.with },
          {
            key: 'lines',
            label: '件数',
            align: 'end',
            render: (row) => (row.state === 'accepted' ? `${row.done}/${row.lines}` : row.lines),
          },
          { key: 'toPay', label: '应付', align: 'end', render: (row) => (row.relief ? `${row.toPay}（已减 ${row.relief}）` : row.toPay) },
          { key: 'created_at', label: '下单', sortable: true, whole: true, render: (row) => row.placedOn },
          {
            key: 'due_on',
            label: '期限',
            sortable: true,
            render: (row) => (row.dueOn ? <DueClock dueOn={row.dueOn} now={today} provisional={row.provisional} /> : '—'),
          },
          { key: 'state', label: '状态', render: (row) => <Badge tone={orderTones[row.state]}>{orderStates[row.state]}</Badge> },
        ]}
        empty={
          <Empty
            title={query.q || state ? '没有找到' : '还没有委托单'}
            hint={own ? '从到期的器具里选，先看价钱再下单。' : '企业下单以后会列在这里。'}
            action={own ? <Link to="/me/orders/new">委托检定校准</Link> : undefined}
          />
        }
      />
    </Page>
  )
}
