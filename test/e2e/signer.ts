/** A laboratory elsewhere that signs digital certificates: the platform of the journeys trusts it, the stories sign with its key. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { CertificateContent } from '../../src/commons/certificates/content.ts'
import { signDcc } from '../../src/commons/certificates/dcc/sign.server.ts'
import { writeDcc } from '../../src/commons/certificates/dcc/write.ts'
import { makeKey, type KeyPair } from '../../src/commons/certificates/x509.server.ts'

export const laboratory = '示例·别处校准实验室'
/** One platform of journeys runs at a time on a machine: its port says so. */
const folder = path.join(tmpdir(), 'hengqi-e2e-signer')

/** Makes the key and gives the folder with its certificate, for `DCC_TRUST`. */
export async function trustSigner(): Promise<string> {
  const key = await makeKey({ owner: laboratory, notBefore: new Date(Date.now() - 86_400_000).toISOString() })
  const trust = path.join(folder, 'trust')
  mkdirSync(trust, { recursive: true })
  writeFileSync(path.join(trust, `${laboratory}.crt`), key.certificate)
  writeFileSync(path.join(folder, 'key.json'), JSON.stringify(key), { mode: 0o600 })
  return trust
}

/** A digital certificate of that laboratory. */
export const signedDcc = (content: CertificateContent): Buffer =>
  Buffer.from(signDcc(writeDcc(content), JSON.parse(readFileSync(path.join(folder, 'key.json'), 'utf8')) as KeyPair))
