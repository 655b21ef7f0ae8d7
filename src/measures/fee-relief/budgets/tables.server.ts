/** The tables of budgets. */
import type { Generated, GeneratedAlways } from 'kysely'
import type { Budget, BudgetChange, Flag, Queued, UseKind } from './model.ts'

declare module '../../../platform/db.server.ts' {
  interface Tables {
    relief_budgets: Omit<Budget, 'version' | 'assigned' | 'institution_id' | 'amount_fen' | 'used_fen'> & {
      amount_fen: Generated<bigint>
      used_fen: Generated<bigint>
      version: Generated<number>
    }
    relief_budget_changes: Omit<BudgetChange, 'version' | 'assigned' | 'institution_id'> & { version: Generated<number> }
    relief_budget_uses: UseRow
    relief_queue: Omit<Queued, 'version' | 'assigned' | 'place' | 'served_fen'> & {
      place: GeneratedAlways<bigint>
      served_fen: Generated<bigint>
      version: Generated<number>
    }
    relief_flags: Omit<Flag, 'version' | 'assigned' | 'institution_id'> & { version: Generated<number> }
  }
}

export interface UseRow {
  province: string
  id: string
  budget_id: string
  org_id: string
  region: string
  institution_id: string
  order_id: string
  line_id: string
  slug: string
  kind: UseKind
  amount_fen: bigint
  used_on: string
  source: string
  created_at: string
}
