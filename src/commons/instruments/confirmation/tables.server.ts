/** The table of confirmations. */
import type { Generated } from 'kysely'
import type { InstrumentConfirmation } from './model.ts'

declare module '../../../platform/db.server.ts' {
  interface Tables {
    instrument_confirmations: Omit<InstrumentConfirmation, 'version' | 'assigned'> & { version: Generated<number> }
  }
}
