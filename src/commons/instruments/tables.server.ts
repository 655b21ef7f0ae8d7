/** The tables of the instrument ledger. */
import type { Generated } from 'kysely'
import type { Check, Instrument } from './model.ts'

declare module '../../platform/db.server.ts' {
  interface Tables {
    instruments: InstrumentRow
    instrument_ranges: RangeRow
    instrument_own_kinds: OwnKindRow
    instrument_checks: CheckRow
    ledger_counts: { province: string; org_id: string; state: string; n: bigint }
    ledger_settings: SettingsRow
  }
}

export type InstrumentRow = Omit<Instrument, 'version' | 'assigned'> & {
  version: Generated<number>
  serial_key: string | null
  import_key: string | null
  search: string
  sort_key: string
}

export interface RangeRow {
  province: string
  instrument_id: string
  n: number
  org_id: string
  /** Kind of quantity: `pressure`. */
  quantity: string
  /** In the base unit of the quantity; null: open. */
  low: string | null
  high: string | null
}

export interface OwnKindRow {
  province: string
  id: string
  org_id: string
  region: string
  name: string
  parent: string | null
  interval_months: number | null
  created_at: string
  version: Generated<number>
}

export type CheckRow = Check & { province: string; org_id: string; region: string; recorded_by: string }

export interface SettingsRow {
  province: string
  org_id: string
  next_code: Generated<number>
  turnaround_workdays: Generated<number>
  reminders: Generated<boolean>
}
