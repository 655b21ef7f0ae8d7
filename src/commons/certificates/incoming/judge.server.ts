/** Whether a file that somebody brings may be believed, and as what. Data come only from bytes that were signed, or from our own record. */
import { createHash, X509Certificate } from 'node:crypto'
import { isRefusal, refuse, type Refusal } from '../../../core/refusal.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { carriedCertificate, checkFile } from '../check.server.ts'
import { digitalOf, type DigitalCertificate } from '../dcc/model.ts'
import { schemaProblem } from '../dcc/schema.server.ts'
import { verifyAt } from '../dcc/instant.server.ts'
import { doubtOf } from '../keys/model.ts'
import { findKey, keyOfCertificate } from '../keys/queries.server.ts'
import type { Certificate } from '../model.ts'
import { isDemonstration, schemaFolder, trustAnchors } from '../settings.server.ts'
import { bearsOwnSignature, fingerprintOf } from '../x509.server.ts'
import { isDemo } from './reading.ts'
import '../tables.server.ts'

export type Judged =
  | { standing: 'paper'; sha256: string }
  | {
      standing: 'verified' | 'expired' | 'unverified'
      sha256: string
      signer: string
      digital: DigitalCertificate
      /** What cannot be said of the signature at this instant. */
      late?: string | undefined
    }

const no = (reason: string, code: string) => refuse('invalid', `${reason}。`, { code, fields: { file: reason } })
/** The reason stands at the file field as well. */
const atFile = (refusal: Refusal): Refusal => ({ ...refusal, fields: { file: refusal.reason.replace(/。$/, '') } })

/** Altered, withdrawn, replaced, wrongly wrapped, revoked or no certificate at all: refused with the reason. */
export async function judgeCertificate(ctx: Ctx, bytes: Uint8Array): Promise<Judged | Refusal> {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const own = await ctx.db
    .selectFrom('certificates')
    .selectAll()
    .where((eb) => eb.or([eb('pdf_sha256', '=', sha256), eb('xml_sha256', '=', sha256)]))
    .executeTakeFirst()
  if (own) return judgeOwn(ctx, own as Certificate, sha256)
  if (Buffer.from(bytes.subarray(0, 5)).toString('latin1') === '%PDF-')
    return (await changedOwn(ctx, bytes)) ?? { standing: 'paper', sha256 }
  const xml = Buffer.from(bytes).toString('utf8')
  const carried = carriedCertificate(xml)
  const judged =
    carried && (await findKey(ctx, fingerprintOf(carried))) ? await changedOwn(ctx, bytes) : judgeDigital(xml, carried, ctx.now)
  if (!judged) return no('这份数字证书用本平台机构的密钥签名，却不在出具的记录里', 'CERTIFICATE_ALTERED')
  return isRefusal(judged) ? atFile(judged) : { ...judged, sha256 }
}

/** A changed file that calls itself one of ours: the public check says in which way. */
async function changedOwn(ctx: Ctx, bytes: Uint8Array): Promise<Refusal | undefined> {
  const { verdict, reason } = await checkFile(ctx, bytes)
  return verdict === 'altered' ? no(reason.replace(/。$/, ''), 'CERTIFICATE_ALTERED') : undefined
}

/** Issued here: the record says more than the file. What was withdrawn or replaced is not used any more. */
async function judgeOwn(ctx: Ctx, row: Certificate, sha256: string): Promise<Judged | Refusal> {
  if (row.org_id !== ctx.actor.org_id)
    return no(`这份证书是出具给“${row.client_name}”的，不是本单位的，不能记入本单位的台账`, 'OTHER_CLIENT')
  if (row.state === 'withdrawn') return no(`${row.number} 已由出具机构撤销，不能再使用。原因：${row.reason ?? ''}`, 'CERTIFICATE_WITHDRAWN')
  if (row.state === 'amended') {
    const next = await ctx.db
      .selectFrom('certificates')
      .select('number')
      .where('province', '=', row.province)
      .where('id', '=', row.replaced_by!)
      .executeTakeFirst()
    return no(`${row.number} 已被 ${next?.number ?? '新的证书'} 代替，请上传新的证书`, 'CERTIFICATE_AMENDED')
  }
  const key = await keyOfCertificate(ctx, row)
  const doubt = key && doubtOf(key, row.issued_at)
  if (doubt) return no(`${row.number}：${doubt}`, 'KEY_REVOKED')
  return { standing: 'verified', sha256, signer: row.content.institution.name, digital: digitalOf(row.content) }
}

type Digital = Omit<Exclude<Judged, { standing: 'paper' }>, 'sha256'>

/** By a known institution; else by the key in the file itself, which shows only that nothing was changed since somebody signed it. For the instant of the upload: nothing is judged again later. */
function judgeDigital(xml: string, carried: string | undefined, at: string): Digital | Refusal {
  const known = verifyAt(xml, { trusted: trustAnchors(), at })
  const stranger = isRefusal(known) && known.code === 'DCC_UNTRUSTED' ? carried : undefined
  if (stranger && isTampered(stranger)) return no('签名里的证书被改动过，不能采信', 'DCC_ALTERED')
  const verified = stranger ? verifyAt(xml, { trusted: [{ certificate: stranger, owner: '' }], at }) : known
  if (isRefusal(verified)) return verified
  const { certificate: digital, signer, late } = verified
  const strange = schemaProblem(xml, digital.version, schemaFolder())
  if (strange) return strange
  if (isDemo(digital) && !isDemonstration()) return no('这是演示用的证书，写明“演示·无效”，不能记入台账', 'CERTIFICATE_DEMO')
  const standing = stranger ? 'unverified' : late ? 'expired' : 'verified'
  return { standing, signer: stranger ? digital.laboratory.name : signer.owner, digital, late }
}

/** It does not bear its own signature any more, holds a key that we know under another certificate, or a key that is none. */
function isTampered(pem: string): boolean {
  try {
    const certificate = new X509Certificate(pem)
    if (certificate.checkIssued(certificate) && !bearsOwnSignature(pem)) return true
    return trustAnchors().some((each) => new X509Certificate(each.certificate).publicKey.equals(certificate.publicKey))
  } catch {
    // A changed byte inside the key: it can no longer be read as one.
    return true
  }
}
