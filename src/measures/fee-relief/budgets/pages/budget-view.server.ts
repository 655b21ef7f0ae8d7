/** What the page of a budget shows: words and amounts, ready to read. */
import { fen, formatYuan } from '../../../../core/money.ts'
import { shanghaiDate } from '../../../../core/promise-clock.ts'
import { fullRegionName } from '../../../../core/regions.ts'
import { choices } from '../../../../core/workflow.ts'
import type { Ctx } from '../../../../platform/db.server.ts'
import { readTable } from '../../../../web/ui/table-query.ts'
import { meterWord, sayShare } from '../meter.ts'
import { changeStates, type BudgetChange } from '../model.ts'
import { findBudget, listQueued, listUses } from '../queries.server.ts'
import { changeWorkflow, governs, notOwnPolicy } from '../workflow.ts'

const yuan = (amount: bigint) => formatYuan(fen(amount))
const sayBefore = (before: bigint | null) => (before === null ? '没有额度' : yuan(before))

export async function budgetView(ctx: Ctx, id: string, url: URL) {
  const found = await findBudget(ctx, id)
  if (!found) return undefined
  const { budget, changes, months, forecast } = found
  const query = readTable(url, { sorts: [], defaultSort: '-on' })
  const uses = await listUses(ctx, id, query)
  const open = changes.find(({ state }) => state === 'proposed')
  const governed = ctx.actor.role === 'regulator' && governs(ctx.actor, budget.policy_region)
  return {
    id,
    query,
    title: budget.title,
    state: budget.state,
    facts: {
      lead: `${fullRegionName(budget.region)}，${budget.starts_on} 至 ${budget.ends_on}`,
      basis: budget.basis,
      slug: budget.slug,
    },
    sums: {
      amount: budget.state === 'proposed' || budget.state === 'dropped' ? '—' : yuan(budget.amount_fen),
      used: yuan(budget.used_fen),
      left: yuan(budget.amount_fen > budget.used_fen ? budget.amount_fen - budget.used_fen : 0n),
      queued: yuan(budget.queued),
      waiting: budget.waiting,
    },
    meter: {
      word: meterWord(budget.used_fen, budget.amount_fen),
      share: sayShare(budget.used_fen, budget.amount_fen),
      forecast: forecast.said,
    },
    months: months.map(({ month, used }) => ({
      label: month,
      short: `${Number(month.slice(5))} 月`,
      value: Math.max(0, Number(used) / 100),
      said: yuan(used),
    })),
    change: {
      may: governed && budget.state === 'active',
      why: budget.state === 'active' && !governed ? `${notOwnPolicy}。` : null,
      version: budget.version,
      open: open && {
        by: open.proposed_by_name,
        before: sayBefore(open.before_fen),
        after: yuan(open.after_fen),
        basis: open.basis,
        version: open.version,
        steps: choices(changeWorkflow, { ...open, policy_region: budget.policy_region }, ctx.actor, ctx.now),
      },
    },
    queue: (await listQueued(ctx, { budgetId: id, limit: 100 })).map((row) => ({
      id: row.id,
      at: row.at,
      org: row.org_name,
      orderId: row.order_id,
      order: row.order_number,
      since: shanghaiDate(row.created_at),
      left: yuan(row.amount_fen - row.served_fen),
    })),
    uses: {
      total: uses.total,
      rows: uses.rows.map((row) => ({ ...row, key: `${row.orderId}:${row.kind}:${row.on}`, amount: yuan(row.amount) })),
    },
    entries: changes.flatMap(entriesOf),
  }
}

/** Proposed, and decided: each with what was, what is, and by which document. */
function entriesOf(change: BudgetChange) {
  const what = `${sayBefore(change.before_fen)} → ${yuan(change.after_fen)}`
  return [
    { at: change.proposed_at, who: change.proposed_by_name, what: `提出 ${what}`, detail: `依据：${change.basis}` },
    ...(change.decided_at
      ? [
          {
            at: change.decided_at,
            who: change.decided_by_name!,
            what: `${changeStates[change.state]} ${what}`,
            ...(change.opinion && { detail: change.opinion }),
          },
        ]
      : []),
  ]
}
