/** The table of certificates that come as files. */
import type { Generated } from 'kysely'
import type { IncomingCertificate } from './model.ts'

declare module '../../../platform/db.server.ts' {
  interface Tables {
    incoming_certificates: Omit<IncomingCertificate, 'version' | 'assigned'> & { version: Generated<number> }
  }
}
