/** What waits at a bench: verifications of colleagues to be checked, standards whose certificates run out. */
import { addDays } from '../../core/eligibility/calendar-day.ts'
import { shanghaiDate } from '../../core/promise-clock.ts'
import type { Ctx } from '../../platform/db.server.ts'
import type { DeskItem } from '../../web/shell.ts'
import { listToCheck } from './queries.server.ts'
import { ahead } from './standards/model.ts'
import { listStandards } from './standards/queries.server.ts'

export async function desk(ctx: Ctx): Promise<DeskItem[]> {
  if (ctx.actor.role !== 'tester') return []
  const today = shanghaiDate(ctx.now)
  const records = await listToCheck(ctx)
  const { rows } = await listStandards(ctx, { states: ['in-use'], pageSize: 50 })
  return [
    ...records.map((row) => ({
      id: row.id,
      title: `${row.name}，${row.org_name}，${row.tester_name}检定`,
      to: `/bench/${row.line_id}/record`,
      action: '核验',
      kind: '核验',
      ...(row.due_on && { dueOn: row.due_on, overdue: row.due_on < today }),
      since: row.completed_at ?? row.created_at,
    })),
    ...rows
      .filter(({ valid_until }) => valid_until <= addDays(today, ahead))
      .map((row) => ({
        id: row.id,
        title: `${row.name} ${row.serial}：证书${row.valid_until < today ? '已到期' : '快到期'}`,
        to: `/standards/${row.id}`,
        action: '送校',
        kind: '标准器',
        dueOn: row.valid_until,
        overdue: row.valid_until < today,
        since: row.created_at,
      })),
  ]
}
