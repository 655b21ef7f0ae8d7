/** The tables of certificates and signing keys. */
import type { Generated } from 'kysely'
import type { SigningKey } from './keys/model.ts'
import type { Certificate } from './model.ts'

declare module '../../platform/db.server.ts' {
  interface Tables {
    certificates: Omit<Certificate, 'version' | 'assigned'> & { version: Generated<number> }
    signing_keys: Omit<SigningKey, 'version'> & { version: Generated<number> }
  }
}
