/** The table of fault reports. */
import type { Generated } from 'kysely'
import type { Fault } from './model.ts'

declare module '../../../platform/db.server.ts' {
  interface Tables {
    instrument_faults: Omit<Fault, 'version' | 'assigned'> & { version: Generated<number> }
  }
}
