import { Link } from 'react-router'
import { shanghaiDate } from '../../../../core/promise-clock.ts'
import { ctxKey } from '../../../../platform/context.server.ts'
import { admit } from '../../../../web/admit.server.ts'
import { DueClock } from '../../../../web/ui/clock.tsx'
import { Empty } from '../../../../web/ui/feedback.tsx'
import { Badge } from '../../../../web/ui/marks.tsx'
import { Page } from '../../../../web/ui/page.tsx'
import { DataTable } from '../../../../web/ui/table.tsx'
import { readTable } from '../../../../web/ui/table-query.ts'
import { listFlags } from '../flags.server.ts'
import { flagKinds, flagStates } from '../model.ts'
import type { Route } from './+types/flags.ts'

export const meta = () => [{ title: '减免核实 · 衡企' }]

export async function loader({ context, url }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  admit(ctx, url, ['regulator', 'admin'])
  const query = readTable(url, { sorts: [], defaultSort: 'due_on' })
  const { rows, total } = await listFlags(ctx, { page: query.page })
  return {
    query,
    total,
    today: shanghaiDate(ctx.now),
    rows: rows.map(({ id, org_name, kind, title, state, owner_name, due_on, outcome }) => ({
      id,
      org: org_name,
      kind: flagKinds[kind],
      title,
      state,
      owner: owner_name ?? '还没有人办理',
      dueOn: due_on,
      outcome,
    })),
  }
}

export default function Flags({ loaderData: { query, total, rows, today } }: Route.ComponentProps) {
  type Row = (typeof rows)[number]
  return (
    <Page title="减免核实" lead="平台发现的值得看一眼的情况。只提示，不自动拒绝、不收回：已减的在有人作出结论之前不变。">
      <DataTable<Row>
        caption="减免核实事项"
        rows={rows}
        total={total}
        query={query}
        rowKey={(row) => row.id}
        columns={[
          { key: 'org', label: '企业', render: (row) => <Link to={`/relief-flags/${row.id}`}>{row.org}</Link> },
          { key: 'kind', label: '情况', render: (row) => row.kind },
          { key: 'title', label: '政策', render: (row) => row.title },
          { key: 'owner', label: '办理人', render: (row) => row.owner },
          {
            key: 'state',
            label: '进度',
            render: (row) => (
              <>
                <Badge tone={row.state === 'upheld' ? 'bad' : row.state === 'cleared' ? 'good' : 'info'}>{flagStates[row.state]}</Badge>{' '}
                {row.outcome ?? <DueClock dueOn={row.dueOn} now={today} />}
              </>
            ),
          },
        ]}
        empty={<Empty title="没有要核实的" hint="关联企业合用一份额度超过两成，或一家在七天内几张单合起来超过单张上限，会列在这里。" />}
      />
    </Page>
  )
}
