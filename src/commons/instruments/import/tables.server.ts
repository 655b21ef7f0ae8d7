/** The tables of imports. */
import type { Generated } from 'kysely'
import type { Import, ImportRow } from './model.ts'

declare module '../../../platform/db.server.ts' {
  interface Tables {
    instrument_imports: Omit<Import, 'version' | 'assigned'> & { bytes_done: Generated<bigint>; version: Generated<number> }
    instrument_import_rows: ImportRow & {
      province: string
      import_id: string
      org_id: string
      mended: Generated<boolean>
      draft: Generated<unknown>
    }
  }
}
