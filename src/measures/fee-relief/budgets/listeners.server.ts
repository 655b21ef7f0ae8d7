/** What moves budgets by itself: room that comes back, room that is added, those in line, marks for readers, checks. */
import type { Listener, Schedule } from '../../../platform/jobs.server.ts'
import { checkOrder } from './checks.server.ts'
import { markBudgets } from './marks.server.ts'
import { giveBack, serveQueue, turnBudgets } from './serve.server.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import type { EventRow } from '../../../platform/events.server.ts'
import './tables.server.ts'

export const listeners: readonly Listener[] = [
  { name: 'fee-relief.budget-back', on: ['book-entry.cancelled', 'book-entry.relief-withdrawn'], handle: giveBack },
  { name: 'fee-relief.budget-serve', on: ['relief-budget.changed', 'relief-queue.queued'], handle: serve },
  { name: 'fee-relief.budget-checks', on: ['order.accepted'], handle: checkOrder },
  {
    name: 'fee-relief.budget-marks',
    on: ['order.accepted', 'relief-budget.*', 'relief-queue.*', 'book-entry.cancelled', 'book-entry.relief-withdrawn'],
    handle: markBudgets,
  },
]

async function serve(tx: Ctx, event: EventRow): Promise<void> {
  const { policy_id } =
    (event.subject === 'relief-budget'
      ? await tx.db.selectFrom('relief_budgets').select('policy_id').where('id', '=', event.subject_id).executeTakeFirst()
      : await tx.db.selectFrom('relief_queue').select('policy_id').where('id', '=', event.subject_id).executeTakeFirst()) ?? {}
  if (policy_id) await serveQueue(tx, [policy_id])
}

export const schedules: readonly Schedule[] = [
  {
    name: 'relief-budgets-turn',
    cron: '20 0 * * *',
    run: async (ctx) => {
      await turnBudgets(ctx)
    },
  },
]
