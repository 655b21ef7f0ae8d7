/** What waits at each desk. None of it says whether anything is owed. */
import { shanghaiDate } from '../../core/promise-clock.ts'
import type { Ctx } from '../../platform/db.server.ts'
import type { DeskItem } from '../../web/shell.ts'
import type { OrderState } from './model.ts'
import { listOrders, listWork, type OrderRow, type WorkRow } from './queries.server.ts'

export async function desk(ctx: Ctx): Promise<DeskItem[]> {
  const today = shanghaiDate(ctx.now)
  const orders = async (
    states: OrderState[],
    item: (row: OrderRow) => Pick<DeskItem, 'title' | 'to' | 'action' | 'since'> & { dueOn?: string },
  ) =>
    (await listOrders(ctx, { states, sort: 'created_at', dir: 'asc', pageSize: 50 })).rows.map((row) => ({
      id: row.id,
      kind: '委托单',
      ...item(row),
    }))
  switch (ctx.actor.role) {
    case 'enterprise':
      return orders(['ready'], (row) => ({
        title: `${row.number}：${row.lines} 件可从 ${row.institution_name} 取回`,
        to: `/me/orders/${row.id}`,
        action: '看证书',
        since: row.ready_at ?? row.created_at,
      }))
    case 'counter':
      return [
        ...(await orders(['placed'], (row) => ({
          title: `${row.org_name}：${row.lines} 件${row.express ? '，加急' : ''}`,
          to: `/orders/${row.id}`,
          action: '受理',
          since: row.created_at,
          dueOn: row.wanted_on,
        }))),
        ...(await orders(['ready'], (row) => ({
          title: `${row.org_name}：${row.number} 待取回`,
          to: `/orders/${row.id}`,
          action: '交还',
          since: row.ready_at ?? row.created_at,
        }))),
      ]
    case 'tester':
    case 'approver': {
      const tester = ctx.actor.role === 'tester'
      const { rows } = await listWork(ctx, { state: tester ? 'received' : 'tested', pageSize: 500 })
      // An order is worked off as one; its list opens behind it.
      return [...Map.groupBy(rows, ({ order_id }) => order_id).values()].map((lines) => {
        const [row] = lines as [WorkRow]
        const name = `${row.name}${row.model ? ` ${row.model}` : ''}`
        return {
          id: lines.length === 1 ? row.id : row.order_id,
          title: `${lines.length === 1 ? name : `${row.number}：${name}等 ${lines.length} 件`}，${row.org_name}${row.express ? '，加急' : ''}`,
          to: lines.length === 1 ? `/s/${row.token}` : `${tester ? '/bench' : '/review'}?q=${encodeURIComponent(row.number)}`,
          action: tester ? '检测' : '审核',
          kind: tester ? '检测' : '审核',
          ...(row.due_on && { dueOn: row.due_on, overdue: row.due_on < today, provisional: row.due_provisional }),
          since: row.received_at ?? row.approved_at ?? ctx.now,
        }
      })
    }
    default:
      return []
  }
}
