/** Issues a certificate: one record, from it a PDF and a digital certificate, both signed; in the caller's transaction. */
import { createHash, randomBytes, randomInt } from 'node:crypto'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { isRefusal, refuse, type Refusal } from '../../core/refusal.ts'
import { inTx, jsonb, type Ctx } from '../../platform/db.server.ts'
import { announce, canonical, nextNumber } from '../../platform/events.server.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { storeFile } from '../files/index.server.ts'
import { certificateKinds, type CertificateContent, type CertificateDraft } from './content.ts'
import { signDcc } from './dcc/sign.server.ts'
import { writeDcc } from './dcc/write.ts'
import { suiteOf } from './keys/suites.server.ts'
import { signerOf, type Signer } from './keys/signer.server.ts'
import { certificateNumber, type Certificate } from './model.ts'
import { signPdf } from './pades/sign.server.ts'
import { drawCertificate, type Mark } from './pdf.server.ts'
import { contentProblem } from './problem.ts'
import { certificateSettings } from './settings.server.ts'
import './tables.server.ts'

export interface Issuing {
  draft: CertificateDraft
  /** The enterprise that it is for. */
  org: { province: string; id: string; region: string }
  orderId?: string | undefined
  lineId?: string | undefined
}

/**
 * By an approver of the institution, who signs it. The number comes from a gap-free sequence per institution and year: it is only used up
 * when the transaction commits. Refuses what contradicts itself, with the article. What is owed is not asked: 欠费不欠服务.
 */
export const issueCertificate = (ctx: Ctx, issuing: Issuing): Promise<Certificate | Refusal> => inTx(ctx, (tx) => issue(tx, issuing))

/** As `issueCertificate`, in place of another. */
export async function issue(
  tx: Ctx,
  issuing: Issuing,
  replaced?: { id: string; number: string; reason: string },
): Promise<Certificate | Refusal> {
  const { actor } = tx
  if (actor.role !== 'approver') return refuse('forbidden', '证书由机构的授权签字人批准签发。')
  const { draft } = issuing
  if (draft.institution.name !== actor.org_name)
    return refuse('invalid', `证书上的机构“${draft.institution.name}”不是您所在的机构“${actor.org_name}”。`, {
      fields: { 'institution.name': '不是您所在的机构' },
    })
  if (draft.people.approver !== actor.name)
    return refuse('invalid', `批准人须是签发的本人（${actor.name}），证书上写的是“${draft.people.approver}”。`, {
      fields: { 'people.approver': '须是签发的本人' },
    })
  const issued = shanghaiDate(tx.now)
  const province = actor.region.slice(0, 2)
  const content: CertificateContent = {
    ...draft,
    number: '待编号',
    demo: certificateSettings().demo,
    dates: { ...draft.dates, issued },
    ...(replaced && { replaces: { number: replaced.number, reason: replaced.reason } }),
  }
  const problem = contentProblem(content)
  if (problem) return problem
  const signer = await signerOf(tx, { province, id: actor.org_id, region: actor.region, name: actor.org_name })
  if (isRefusal(signer)) return signer
  const year = Number(issued.slice(0, 4))
  content.number = certificateNumber(draft.kind, year, await nextNumber(tx, province, `certificate:${actor.org_id}`, year))
  return write(tx, issuing, content, signer, replaced?.id)
}

/** No letter that is taken for a number (Crockford). */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const newCode = () => Array.from({ length: 8 }, (_, i) => (i === 4 ? '-' : '') + alphabet[randomInt(alphabet.length)]).join('')

async function write(
  tx: Ctx,
  issuing: Issuing,
  content: CertificateContent,
  signer: Signer,
  replaces?: string,
): Promise<Certificate | Refusal> {
  const { actor } = tx
  const id = uuidv7()
  const text = canonical(content)
  const token = randomBytes(16).toString('base64url')
  const mark: Mark = {
    checkUrl: `${certificateSettings().publicUrl}/check/${token}`,
    code: newCode(),
    signedBy: actor.name,
    signedAt: tx.now,
    fingerprint: signer.fingerprint,
    digest: createHash('sha256').update(text).digest('hex'),
  }
  const pdf = await keep(
    tx,
    issuing,
    id,
    `${certificateKinds[content.kind]} ${content.number}.pdf`,
    'pdf',
    await signPdf(await drawCertificate(content, mark), signer),
  )
  if (isRefusal(pdf)) return pdf
  const xml = await keep(
    tx,
    issuing,
    id,
    `${certificateKinds[content.kind]} ${content.number}.xml`,
    'xml',
    Buffer.from(signDcc(writeDcc(content), signer)),
  )
  if (isRefusal(xml)) return xml
  const row: Omit<Certificate, 'version' | 'assigned'> = {
    province: issuing.org.province,
    id,
    org_id: issuing.org.id,
    region: issuing.org.region,
    institution_id: actor.org_id,
    institution_province: actor.region.slice(0, 2),
    institution_region: actor.region,
    kind: content.kind,
    number: content.number,
    state: 'issued',
    order_id: issuing.orderId ?? null,
    line_id: issuing.lineId ?? null,
    client_name: content.client.name,
    item_name: content.item.name,
    item_serial: content.item.serial ?? null,
    issued_on: content.dates.issued,
    valid_until: content.dates.validUntil ?? null,
    content,
    digest: mark.digest,
    signature: suiteOf(signer.certificate)!.sign(Buffer.from(text), signer.privateKey, 'der').toString('base64'),
    key_id: signer.id,
    token,
    code: mark.code,
    pdf_file_id: pdf.id,
    pdf_sha256: pdf.sha256,
    xml_file_id: xml.id,
    xml_sha256: xml.sha256,
    issued_by: actor.id,
    issued_by_name: actor.name,
    issued_at: tx.now,
    asked_by: null,
    asked_by_name: null,
    reason: null,
    changed_by_name: null,
    changed_at: null,
    replaces: replaces ?? null,
    replaced_by: null,
  }
  await tx.db
    .insertInto('certificates')
    .values({ ...row, content: jsonb(content) })
    .execute()
  await tellCertificate(tx, row, 'issued', { number: content.number, kind: content.kind, digest: mark.digest, replaces })
  return { ...row, version: 1 }
}

const keep = (tx: Ctx, { org }: Issuing, id: string, name: string, type: 'pdf' | 'xml', bytes: Uint8Array) =>
  storeFile(tx, { org, subject: 'certificate', subjectId: id, name, bytes, allow: [type], maxBytes: 20_000_000 })

export const tellCertificate = (
  tx: Ctx,
  row: Pick<Certificate, 'id' | 'province' | 'region' | 'org_id' | 'number'>,
  action: string,
  detail: Record<string, unknown>,
) =>
  announce(tx, {
    subject: 'certificate',
    subjectId: row.id,
    action,
    province: row.province,
    region: row.region,
    orgId: row.org_id,
    title: row.number,
    detail,
  })
