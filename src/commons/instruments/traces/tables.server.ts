/** The tables of reverse traces. */
import type { Generated } from 'kysely'
import type { Trace, TraceUse } from './model.ts'

declare module '../../../platform/db.server.ts' {
  interface Tables {
    instrument_traces: Omit<Trace, 'version' | 'assigned'> & { version: Generated<number> }
    instrument_trace_uses: TraceUse
  }
}
