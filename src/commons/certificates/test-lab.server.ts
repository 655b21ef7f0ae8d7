/** An institution that issues certificates to a firm: the stage of the tests of certificates and keys. */
import { platform, type Actor, type Role } from '../../core/access.ts'
import { orThrow } from '../../core/test-refusal.ts'
import type { Ctx, Database } from '../../platform/db.server.ts'
import { sealing } from '../../platform/sealed.server.ts'
import { readWhole } from '../files/index.server.ts'
import { createOrganisation } from '../people/index.server.ts'
import type { CertificateContent, CertificateDraft } from './content.ts'
import { correctedDraft } from './correct.ts'
import { issueCertificate } from './issue.server.ts'
import type { SuiteName } from './keys/suites.server.ts'
import type { Certificate } from './model.ts'
import { passed } from './samples.ts'
import { certifying } from './settings.server.ts'

export const monday = '2026-11-24T02:00:00.000Z'

/** Certificates are signed like this from here on. */
export const signing = (certificateSignature: SuiteName = 'ecdsa-p256') =>
  certifying({ publicUrl: 'https://example.org', demo: true, dccSchemas: undefined, dccTrust: undefined, certificateSignature })

export async function labOf(database: Database) {
  const as = (actor: Actor, now = monday): Ctx => ({ db: database.db, actor, now })
  sealing({ secret: '测试用的密钥'.repeat(8) })
  signing()
  const org = async (name: string, kind: 'enterprise' | 'metrology-institution', region: string) =>
    orThrow(await createOrganisation(as(platform), { kind, name, uscc: null, region }))
  const client = await org('示例·东湾精工阀门厂', 'enterprise', '330109')
  const lab = await org(passed.institution.name, 'metrology-institution', '330100')
  const elsewhere = await org('示例·别处计量院', 'metrology-institution', '330200')
  const actor = (n: number, name: string, role: Role, of: typeof lab): Actor => ({
    id: `00000000-0000-7000-8000-00000000000${n}`,
    name,
    role,
    org_id: of.id,
    org_name: of.name,
    region: of.region,
  })
  const firm = { province: client.province, id: client.id, region: client.region }
  const approver = actor(2, passed.people.approver, 'approver', lab)
  const draftOf = (content: CertificateContent, signer = approver): CertificateDraft => correctedDraft(content, {}, signer.name)
  const issuing = (now = monday, content: CertificateContent = passed) =>
    issueCertificate(as(approver, now), { draft: draftOf(content), org: firm })
  return {
    as,
    firm,
    approver,
    draftOf,
    issuing,
    owner: actor(1, '示例·老板', 'enterprise', client),
    /** Of the same institution. */
    other: actor(3, '示例·孙批', 'approver', lab),
    outsider: actor(4, '示例·外人', 'approver', elsewhere),
    issue: async (now = monday, content: CertificateContent = passed): Promise<Certificate> => orThrow(await issuing(now, content)),
    async bytesOf(row: Certificate, type: 'pdf' | 'xml') {
      const id = type === 'pdf' ? row.pdf_file_id : row.xml_file_id
      return readWhole(as(platform), await database.db.selectFrom('files').selectAll().where('id', '=', id).executeTakeFirstOrThrow())
    },
  }
}
export type Lab = Awaited<ReturnType<typeof labOf>>
