/**
 * What must not be readable in a copy of the database (telephone numbers): AES-256-GCM under a key derived from the platform's SECRET.
 * The key is set once, when the platform is put together (docs/decisions/0007-sealed-columns.md).
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

let key: Buffer | undefined

/** Sets the key of this process. Another SECRET cannot open what this one sealed. */
export function sealing({ secret }: { secret: string }): void {
  key = Buffer.from(hkdfSync('sha256', secret, '', 'hengqi sealed columns v1', 32))
}

const keyOf = (): Buffer => {
  if (!key) throw new Error('sealing() must be called with the configuration before anything is sealed')
  return key
}

/** `about` names the row and column (`person:<id>:phone`): a sealed text that was copied elsewhere does not open there. */
export function seal(text: string, about: string): string {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keyOf(), iv).setAAD(Buffer.from(about))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return ['v1', ...[iv, cipher.getAuthTag(), sealed].map((part) => part.toString('base64url'))].join('.')
}

/** Undefined when it was sealed elsewhere, under another SECRET, or changed. */
export function unseal(sealed: string, about: string): string | undefined {
  const [version, ...parts] = sealed.split('.')
  const [iv, tag, body] = parts.map((part) => Buffer.from(part, 'base64url'))
  if (version !== 'v1' || iv?.length !== 12 || tag?.length !== 16 || !body) return undefined
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(), iv).setAAD(Buffer.from(about)).setAuthTag(tag)
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
  } catch (error) {
    if (!key) throw error
    return undefined
  }
}
