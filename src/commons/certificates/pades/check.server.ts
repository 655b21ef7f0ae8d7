/** What the public check says of the signature inside a PDF, in sentences. */
import { shanghaiDate } from '../../../core/promise-clock.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { findKey } from '../keys/queries.server.ts'
import type { SigningKey } from '../keys/model.ts'
import { suiteOf } from '../keys/suites.server.ts'
import { fingerprintOf } from '../x509.server.ts'
import { claimedKeys, verifyPdf, type PdfSignature } from './verify.server.ts'

export interface Embedded {
  signature: PdfSignature
  /** On the platform's list; nothing for a signature of somebody else. */
  key: SigningKey | undefined
}

/** The signature is judged with the key on the platform's list, never with the one that the file brings along. */
export async function embeddedIn(ctx: Ctx, bytes: Uint8Array): Promise<Embedded> {
  const listed: SigningKey[] = []
  for (const certificate of claimedKeys(bytes).slice(0, 5)) {
    const key = await findKey(ctx, fingerprintOf(certificate))
    if (key) listed.push(key)
  }
  const signature = verifyPdf(bytes, (carried) => listed.find(({ certificate }) => carried.includes(certificate))?.certificate)
  const named = 'key' in signature ? signature.key : undefined
  return { signature, key: listed.find(({ certificate }) => certificate === named) }
}

/** For a file that is on record as issued. */
export function sayEmbedded({ signature, key }: Embedded): string[] {
  if (signature.standing === 'none') return ['文件里没有电子签名（出具时还没有这一项），以上按出具的记录逐字节核对。']
  if (signature.standing !== 'good' || !key) return []
  const ended = { active: '', retired: '，已换新，不再签发', revoked: `，已于 ${key.revoked_at ? shanghaiDate(key.revoked_at) : ''} 吊销` }[
    key.state
  ]
  return [
    `文件里有电子签名（PAdES 基本级 B-B，${suiteOf(key.certificate)?.label ?? ''}）：覆盖整个文件，有效，签名之后没有改动。`,
    `签名的是${key.owner}的密钥，在本平台的名单里（指纹 ${key.fingerprint.slice(0, 16)}…，有效期 ${shanghaiDate(key.not_before)} 至 ${shanghaiDate(key.not_after)}${ended}）。`,
    '签名没有第三方时间戳，密钥也不是经许可的电子认证服务机构发的：签发时间以本平台的记录为准，别的软件会显示签名人未知。',
  ]
}

/** Why a file that is not on record is not as issued, as its signature tells; nothing when it says nothing of our keys. */
export function embeddedProblem({ signature, key }: Embedded): string | undefined {
  const whose = key && `（${key.owner}）`
  switch (signature.standing) {
    case 'appended':
      return `电子签名${whose}之后，文件又被添加了 ${signature.added} 个字节（批注、另存或拼接），不是出具的文件；签名时的那一部分没有改动。请用下载的原始文件。`
    case 'broken':
      return key && `${signature.reason}${whose}。请用下载的原始文件，或按编号和校验码核对。`
    case 'good':
      return `电子签名${whose}有效，但这个文件不在出具的记录里，不能采信；请按编号和校验码核对，或向该机构核实。`
    default:
      return undefined
  }
}
