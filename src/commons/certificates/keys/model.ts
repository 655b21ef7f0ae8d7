/** Words and types of signing keys, and what a revoked one means for what it signed. */
import { shanghaiDate } from '../../../core/promise-clock.ts'
import type { Protected } from '../../../core/access.ts'

/** `retired`: another took its place; what it signed stays good. */
export const keyStates = { active: '有效', retired: '已换新', revoked: '已吊销' } as const
export type KeyState = keyof typeof keyStates
export const keyTones = { active: 'good', retired: 'neutral', revoked: 'bad' } as const

export interface SigningKey {
  province: string
  id: string
  institution_id: string
  region: string
  owner: string
  state: KeyState
  /** PKCS #8 PEM, sealed. */
  sealed_key: string
  /** X.509 PEM. */
  certificate: string
  fingerprint: string
  not_before: string
  not_after: string
  revoked_at: string | null
  revoked_reason: string | null
  revoked_by_name: string | null
  /** The instant from which others may have had the key: what it signed before is good, what it signed since is not. */
  compromised_at: string | null
  created_at: string
  version: number
}

/** As the step table and `visible` see it: the institution's own row. */
export const asProtected = <T extends Pick<SigningKey, 'institution_id'>>(key: T): T & Pick<Protected, 'org_id'> => ({
  ...key,
  org_id: key.institution_id,
})

export const keyEventWords: Readonly<Record<string, string>> = { created: '建立', renewed: '换新', revoked: '吊销' }

/** Days before its end at which a key should be renewed. */
export const renewWithin = 60

/** Why a certificate of this instant is not believed on the strength of its key; nothing when it is. A sentence without full stop. */
export function doubtOf(
  { owner, compromised_at: since, revoked_reason: reason }: Pick<SigningKey, 'owner' | 'compromised_at' | 'revoked_reason'>,
  signedAt: string,
): string | undefined {
  if (!since || signedAt < since) return undefined
  return `${owner}的这把签名密钥已吊销，${shanghaiDate(since)} 起签的不能采信（原因：${reason ?? ''}）；这一份签于 ${shanghaiDate(signedAt)}，请向该机构核实或换领`
}
