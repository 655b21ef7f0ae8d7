/** Tells readers of a policy when its budget is near its end or used up; written only where something changed. */
import { keepBudgetMarks, type MarkedBudget } from '../../../commons/policies/index.server.ts'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { meterWord } from './meter.ts'
import './tables.server.ts'

export async function markBudgets(tx: Ctx): Promise<boolean> {
  const rows = await tx.db
    .selectFrom('relief_budgets')
    .select(['province', 'id', 'policy_id', 'region', 'starts_on', 'ends_on', 'amount_fen', 'used_fen'])
    .where('state', '=', 'active')
    .where('ends_on', '>=', shanghaiDate(tx.now))
    .orderBy('id')
    .execute()
  const wanted = rows.flatMap((row): MarkedBudget[] => {
    const mark = meterWord(row.used_fen, row.amount_fen)
    return mark === 'enough'
      ? []
      : [
          {
            province: row.province,
            id: row.id,
            policyId: row.policy_id,
            region: row.region,
            startsOn: row.starts_on,
            endsOn: row.ends_on,
            mark,
          },
        ]
  })
  return keepBudgetMarks(tx, wanted)
}
