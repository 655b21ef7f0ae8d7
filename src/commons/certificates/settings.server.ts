/** What certificates need to know of the installation; set once, when the platform is put together. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Config } from '../../platform/config.server.ts'
import type { SuiteName } from './keys/suites.server.ts'
import type { TrustedKey } from './dcc/verify.server.ts'

interface Settings {
  publicUrl: string
  demo: boolean
  schemas: string | undefined
  /** What new keys are made for, and new certificates signed with. */
  suite: SuiteName
  /** Certificates of others whose signatures are believed. */
  anchors: readonly TrustedKey[]
}

let settings: Settings | undefined

/** Reads the trusted certificates (`*.crt`, `*.pem`, PEM). Throws when the folder is named and cannot be read. */
export function certifying({
  publicUrl,
  demo,
  dccSchemas,
  dccTrust,
  certificateSignature,
}: Pick<Config, 'publicUrl' | 'demo' | 'dccSchemas' | 'dccTrust' | 'certificateSignature'>): void {
  settings = { publicUrl, demo, schemas: dccSchemas, suite: certificateSignature, anchors: dccTrust ? anchorsIn(dccTrust) : [] }
}

const anchorsIn = (folder: string): TrustedKey[] =>
  readdirSync(folder)
    .filter((name) => /\.(crt|pem)$/.test(name))
    .toSorted()
    .map((name) => ({ certificate: readFileSync(path.join(folder, name), 'utf8'), owner: name.replace(/\.(crt|pem)$/, '') }))

/** Others whose signatures are believed; nobody where nothing was configured. */
export const trustAnchors = (): readonly TrustedKey[] => settings?.anchors ?? []

/** The folder of the schemas of PTB, where there is one. */
export const schemaFolder = (): string | undefined => settings?.schemas
/** Fictional numbers are taken only where everything is. */
export const isDemonstration = (): boolean => settings?.demo ?? false

/** The suite of new keys and new signatures. */
export const signingSuite = (): SuiteName => certificateSettings().suite

export const certificateSettings = (): Settings => {
  if (!settings) throw new Error('certifying() must be called with the configuration before a certificate is issued')
  return settings
}
