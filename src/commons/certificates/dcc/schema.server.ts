/** Validation against the schemas of PTB, where the installation has them (DCC_SCHEMAS); the product ships none. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { XmlDocument, XmlValidateError, XsdValidator } from 'libxml2-wasm'
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs'
import type { Refusal } from '../../../core/refusal.ts'
import { malformed } from './tree.ts'

let registered = false

/** Undefined when it is valid, or when there is no folder for its version. The document was parsed by `readDcc` before: no DOCTYPE, no depth. */
export function schemaProblem(xml: string, version: string, folder: string | undefined): Refusal | undefined {
  const file = folder && path.join(folder, `v${version}`, 'dcc.xsd')
  if (!file || !existsSync(file)) return undefined
  // Schemas import each other from the same folder; nothing is fetched from outside.
  registered ||= xmlRegisterFsInputProviders()
  using schema = XmlDocument.fromBuffer(readFileSync(file), { url: file })
  using validator = XsdValidator.fromDoc(schema)
  using document = XmlDocument.fromString(xml)
  try {
    validator.validate(document)
    return undefined
  } catch (error) {
    if (!(error instanceof XmlValidateError)) throw error
    return malformed(`不符合 DCC ${version} 的模式（${error.message.split('\n')[0]!.slice(0, 200)}）`)
  }
}
