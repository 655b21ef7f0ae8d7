/** The tables of the books. */
import type { Generated } from 'kysely'
import type { Account } from './chart.ts'
import type { Act, PaymentMethod, PaymentState, PeriodTotals } from './model.ts'

declare module '../../platform/db.server.ts' {
  interface Tables {
    books: { province: string; institution_id: string; region: string; closed_through: string | null }
    charges: ChargeRow
    advances: { province: string; org_id: string; institution_id: string; amount_fen: bigint }
    book_entries: EntryRow
    book_lines: LineRow
    payments: PaymentRow
    book_periods: PeriodRow
  }
}

/** A fee of one order line, or of one surcharge of the order. */
export interface ChargeRow {
  province: string
  id: string
  org_id: string
  region: string
  institution_id: string
  institution_name: string
  order_id: string
  /** Number of the order and what the fee is for, as they were: the book reads without the orders. */
  order_number: string
  line_id: string | null
  title: string
  fee_fen: bigint
  relief_fen: bigint
  outstanding_fen: bigint
  raised_on: string
  due_on: string
  deferral_id: string | null
}

export interface EntryRow {
  province: string
  id: string
  org_id: string
  region: string
  institution_id: string
  act: Act
  source: string
  booked_on: string
  memo: string
  reverses: string | null
  by_id: string
  by_name: string
  created_at: string
}

export interface LineRow {
  province: string
  entry_id: string
  n: number
  org_id: string
  institution_id: string
  account: Account
  charge_id: string | null
  amount_fen: bigint
}

export interface PaymentRow {
  province: string
  id: string
  institution_id: string
  region: string
  method: PaymentMethod
  reference: string
  paid_on: string
  payer: string
  remark: string | null
  amount_fen: bigint
  state: PaymentState
  org_id: string | null
  org_province: string | null
  org_name: string | null
  entry_id: string | null
  recorded_by: string
  recorded_by_name: string
  created_at: string
  matched_at: string | null
  version: Generated<number>
}

export interface PeriodRow {
  province: string
  institution_id: string
  region: string
  month: string
  totals: PeriodTotals
  closed_by: string
  closed_by_name: string
  closed_at: string
}
