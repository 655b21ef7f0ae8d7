/** Firms with an instrument back from elsewhere, and certificates of it from a laboratory that is known and from one that is not. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Actor } from '../../../core/access.ts'
import type { Refusal } from '../../../core/refusal.ts'
import { orThrow } from '../../../core/test-refusal.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { sealing } from '../../../platform/sealed.server.ts'
import { registerInstrument, takeInstrumentStep } from '../../instruments/index.server.ts'
import type { Organisation } from '../../people/index.ts'
import type { CertificateContent } from '../content.ts'
import { signDcc } from '../dcc/sign.server.ts'
import { writeDcc } from '../dcc/write.ts'
import { calibrated } from '../samples.ts'
import { certifying } from '../settings.server.ts'
import { makeKey } from '../x509.server.ts'
import { receiveCertificate, type Received } from './receive.server.ts'

export const now = '2026-11-27T02:00:00.000Z'

/** What is taken of the stage of people. The test hands it in: it lies behind the door of that folder. */
interface Seating {
  organisation(name: string, region: string): Promise<Organisation>
  seat(org: Organisation, name: string, duty: 'manager'): Promise<{ actor: Actor }>
  as(actor: Actor, now: string): Ctx
}

interface Firm {
  ctx: Ctx
  org: Organisation
  actor: Actor
  id: string
  content: CertificateContent
}

export function incomingOf(stage: Seating) {
  sealing({ secret: '测试用的密钥'.repeat(8) })
  const known = makeKey({ owner: '示例·别处校准实验室', notBefore: '2026-01-01T00:00:00.000Z' })
  const trust = mkdtempSync(path.join(tmpdir(), 'hengqi-trust-'))
  writeFileSync(path.join(trust, '示例·别处校准实验室.crt'), known.certificate)
  const settings = (over: { demo?: boolean } = {}) =>
    certifying({
      publicUrl: 'https://example.org',
      demo: over.demo ?? true,
      dccSchemas: undefined,
      dccTrust: trust,
      certificateSignature: 'ecdsa-p256',
    })
  settings()
  let n = 0
  return {
    known,
    settings,
    stranger: makeKey({ owner: '示例·不认识', notBefore: '2026-01-01T00:00:00.000Z' }),
    /** A firm with a caliper that came back, and what a certificate of it says. */
    async firm(): Promise<Firm> {
      const org = await stage.organisation(`量具厂${++n}`, '330110')
      const { actor } = await stage.seat(org, `主管${n}`, 'manager')
      const ctx = stage.as(actor, now)
      const it = orThrow(
        await registerInstrument(ctx, {
          code: `KC-${n}`,
          name: '数显卡尺',
          kind: 'caliper',
          serial: `K-${n}`,
          range: '0～300 mm',
          use: 'other',
          intervalMonths: '12',
        }),
      )
      const before = stage.as(actor, '2026-11-20T02:00:00.000Z')
      orThrow(await takeInstrumentStep(before, it.id, { step: 'send' }))
      orThrow(await takeInstrumentStep(before, it.id, { step: 'take-back' }))
      const content: CertificateContent = {
        ...calibrated,
        number: `BC2026-${String(n).padStart(6, '0')}`,
        institution: { ...calibrated.institution, name: '示例·别处校准实验室' },
        client: { name: org.name },
        item: { name: '数显卡尺', serial: `K-${n}`, code: `KC-${n}` },
        tables: [{ ...calibrated.tables[0]!, rows: calibrated.tables[0]!.rows.slice(0, 3) }],
      }
      return { ctx, org, actor, id: it.id, content }
    },
    signed: (content: CertificateContent, key = known) => signDcc(writeDcc(content), key),
    close: () => rmSync(trust, { recursive: true, force: true }),
  }
}
export type Incoming = ReturnType<typeof incomingOf>

export const bring = (ctx: Ctx, text: string, more: { instrumentId?: string; name?: string } = {}) =>
  receiveCertificate(ctx, {
    name: more.name ?? '证书.xml',
    bytes: Buffer.from(text),
    ...(more.instrumentId && { instrumentId: more.instrumentId }),
  })
export const came = (answer: Received | Refusal) => orThrow(answer).row
