import { ctxKey } from '../../../platform/context.server.ts'
import { Empty } from '../../../web/ui/feedback.tsx'
import { Filters, FilterSearch, FilterSelect } from '../../../web/ui/filters.tsx'
import { Badge, When } from '../../../web/ui/marks.tsx'
import { Page } from '../../../web/ui/page.tsx'
import { DataTable } from '../../../web/ui/table.tsx'
import { readTable } from '../../../web/ui/table-query.ts'
import { messageStates, stateOf, type MessageState } from '../model.ts'
import { listMessages } from '../queries.server.ts'
import type { Route } from './+types/log.ts'

export const meta = () => [{ title: '消息记录 · 衡企' }]

export async function loader({ url, context }: Route.LoaderArgs) {
  const ctx = context.get(ctxKey)
  if (ctx.actor.role !== 'regulator' && ctx.actor.role !== 'admin') throw new Response('消息记录由监管人员查看。', { status: 403 })
  const query = readTable(url, { sorts: ['at'], defaultSort: '-at' })
  const state = query.params.state && Object.hasOwn(messageStates, query.params.state) ? (query.params.state as MessageState) : undefined
  return { query, state, ...(await listMessages(ctx, { ...query, state })) }
}

const tones = { unread: 'info', opened: 'neutral', acted: 'good', dismissed: 'neutral' } as const

export default function Log({ loaderData: { rows, total, query, state } }: Route.ComponentProps) {
  return (
    <Page title="消息记录" lead="平台向本辖区企业发出的每一条消息，以及是否已读、已办。">
      <Filters>
        <FilterSearch value={query.q} placeholder="企业名称或消息标题" />
        <FilterSelect
          name="state"
          label="状态"
          value={state}
          options={Object.entries(messageStates).map(([value, label]) => ({ value, label }))}
        />
      </Filters>
      <DataTable
        caption="消息记录"
        rows={rows}
        total={total}
        query={query}
        rowKey={(row) => row.id}
        empty={<Empty title="没有符合条件的消息" hint="可以清空筛选条件再查。" />}
        columns={[
          { key: 'title', label: '消息', render: (row) => row.title },
          { key: 'org', label: '发给', render: (row) => row.orgName },
          { key: 'at', label: '发出', render: (row) => <When at={row.createdAt} /> },
          { key: 'state', label: '状态', render: (row) => <Badge tone={tones[stateOf(row)]}>{messageStates[stateOf(row)]}</Badge> },
        ]}
      />
    </Page>
  )
}
