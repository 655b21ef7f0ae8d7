/** The tables of certificates and signing keys. */
import type { Generated } from 'kysely'
import type { Certificate } from './model.ts'

declare module '../../platform/db.server.ts' {
  interface Tables {
    certificates: Omit<Certificate, 'version' | 'assigned'> & { version: Generated<number> }
    signing_keys: Omit<SigningKey, 'version'> & { version: Generated<number> }
  }
}

export interface SigningKey {
  province: string
  id: string
  institution_id: string
  region: string
  owner: string
  /** PKCS #8 PEM, sealed. */
  sealed_key: string
  /** X.509 PEM. */
  certificate: string
  fingerprint: string
  not_before: string
  not_after: string
  revoked_at: string | null
  revoked_reason: string | null
  created_at: string
  version: number
}
