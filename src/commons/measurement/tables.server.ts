/** The table of records of measurement. */
import type { Generated } from 'kysely'
import type { MeasurementRecord } from './model.ts'
import './standards/tables.server.ts'

declare module '../../platform/db.server.ts' {
  interface Tables {
    measurement_records: Omit<MeasurementRecord, 'version' | 'assigned'> & { version: Generated<number> }
  }
}
