/** The table of reference standards. */
import type { Generated } from 'kysely'
import type { Standard } from './model.ts'

declare module '../../../platform/db.server.ts' {
  interface Tables {
    reference_standards: Omit<Standard, 'version' | 'assigned' | 'institution_id'> & { version: Generated<number>; recorded_by: string }
  }
}
