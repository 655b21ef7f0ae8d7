/** The public check: by number and code, by the token in the QR code, or by the file itself. It says no more than the paper does. */
import { createHash, timingSafeEqual, X509Certificate } from 'node:crypto'
import { shanghaiDate } from '../../core/promise-clock.ts'
import { sayInstant } from '../../core/say-instant.ts'
import { isRefusal } from '../../core/refusal.ts'
import type { Ctx } from '../../platform/db.server.ts'
import { limiter } from '../../platform/rate.server.ts'
import { certificateKinds } from './content.ts'
import { fingerprintOf } from './x509.server.ts'
import { verifyAt } from './dcc/instant.server.ts'
import type { Verified } from './dcc/verify.server.ts'
import { doubtOf } from './keys/model.ts'
import { findKey, keyOfCertificate } from './keys/queries.server.ts'
import type { Certificate, CheckVerdict } from './model.ts'
import { embeddedIn, embeddedProblem, sayEmbedded } from './pades/check.server.ts'
import { trustAnchors } from './settings.server.ts'
import { conclusionLabels, conclusionOf } from './wording.ts'
import './tables.server.ts'

export interface CheckAnswer {
  verdict: CheckVerdict
  /** One sentence: why, and what to do. */
  reason: string
  /** What the signature inside the file says, sentence by sentence; only where a PDF was brought. */
  signature?: string[]
  /** What the paper says; nothing for what is not known here. */
  paper?: { label: string; value: string }[]
  demo?: boolean
}

/** Those who check are not told apart: what is known has a measure of its own, everything unknown shares one, so that guessing is slow. */
const known = limiter(60, 60)
const guesses = limiter(300, 60)
const files = limiter(60, 60)

/** False: too often, try again in a minute. */
export const mayCheck = (key: string, answer: CheckAnswer): boolean =>
  answer.verdict === 'unknown' ? guesses.take('unknown') : known.take(key)
export const mayCheckFile = (): boolean => files.take('file')

const unknownNumber: CheckAnswer = {
  verdict: 'unknown',
  reason: '没有这个编号，或校验码不对。请核对首页上的证书编号和校验码（二维码下方）；仍不一致的，请向证书上的机构核实。',
}

/** The same answer for a wrong number and a wrong code. */
export async function checkNumber(ctx: Ctx, number: string, code: string): Promise<CheckAnswer> {
  const rows = await ctx.db.selectFrom('certificates').selectAll().where('number', '=', number.trim().toUpperCase()).limit(1_000).execute()
  const found = rows.find((row) => same(plainCode(row.code), plainCode(code)))
  return found ? answerFor(ctx, found as Certificate) : unknownNumber
}

/** As people type it: without the dash, O for 0, I and L for 1. */
const plainCode = (code: string) =>
  code
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
const same = (a: string, b: string) => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

export async function checkToken(ctx: Ctx, token: string): Promise<CheckAnswer | undefined> {
  const row = await ctx.db.selectFrom('certificates').selectAll().where('token', '=', token).executeTakeFirst()
  return row && answerFor(ctx, row as Certificate)
}

/** By the SHA-256 of the bytes as issued; a digital certificate also by its signature, so that others' are told too. */
export async function checkFile(ctx: Ctx, bytes: Uint8Array): Promise<CheckAnswer> {
  const digest = createHash('sha256').update(bytes).digest('hex')
  const row = await ctx.db
    .selectFrom('certificates')
    .selectAll()
    .where((eb) => eb.or([eb('pdf_sha256', '=', digest), eb('xml_sha256', '=', digest)]))
    .executeTakeFirst()
  const text = Buffer.from(bytes).toString('latin1')
  const isPdf = text.startsWith('%PDF')
  if (row) {
    const answer = await answerFor(ctx, row as Certificate)
    return isPdf ? { ...answer, signature: sayEmbedded(await embeddedIn(ctx, bytes)) } : answer
  }
  return isPdf ? checkPaper(ctx, bytes, text) : checkDigital(ctx, Buffer.from(bytes).toString('utf8'))
}

/** The address of the check stands in the file as well: a changed file still says which certificate it was. */
async function checkPaper(ctx: Ctx, bytes: Uint8Array, text: string): Promise<CheckAnswer> {
  const embedded = await embeddedIn(ctx, bytes)
  const problem = embeddedProblem(embedded)
  const [, token] = /\/check\/([A-Za-z0-9_-]{22})(?![A-Za-z0-9_-])/.exec(text) ?? []
  const row = token && (await ctx.db.selectFrom('certificates').select('number').where('token', '=', token).executeTakeFirst())
  if (problem) return { verdict: 'altered', reason: row ? `这个文件自称是 ${row.number}。${problem}` : problem }
  if (row)
    return {
      verdict: 'altered',
      reason: `这个文件自称是 ${row.number}，但和出具的文件不一致：出具之后被改动、另存或压缩过。请用原始文件，或按编号和校验码核对。`,
    }
  if (embedded.signature.standing === 'foreign')
    return {
      verdict: 'unknown',
      reason: '这个 PDF 里有电子签名，但不是本平台登记的机构签的，本平台不能判断它的真假。请向签名的机构核实。',
    }
  return {
    verdict: 'unknown',
    reason: '这个 PDF 不是本平台出具的原始文件：可能是扫描件、别处出具的，或被改动过。请按首页的编号和校验码核对。',
  }
}

async function checkDigital(ctx: Ctx, xml: string): Promise<CheckAnswer> {
  const key = await carriedKey(ctx, xml)
  const trusted = [
    ...trustAnchors(),
    ...(key ? [{ certificate: key.certificate, owner: key.owner, ...(key.compromised_at && { revokedAt: key.compromised_at }) }] : []),
  ]
  const verified = verifyAt(xml, { trusted, at: ctx.now })
  if (isRefusal(verified)) {
    const altered = key !== undefined || verified.code === 'DCC_ALTERED' || verified.code === 'DCC_WRAPPED'
    return { verdict: altered ? 'altered' : 'unknown', reason: verified.reason }
  }
  if (key && verified.signer.certificate === key.certificate)
    return {
      verdict: 'altered',
      reason: '签名有效，但和出具的文件不是逐字节相同：可能被另存过，或不在出具的记录里。请用下载的原始文件。',
    }
  return {
    verdict: verified.late ? 'late' : 'elsewhere',
    reason: verified.late
      ? `这份数字证书由 ${verified.signer.owner} 签名。${verified.late}。`
      : `这份数字证书由 ${verified.signer.owner} 签名，按现在（${sayInstant(ctx.now)}）判断签名有效、没有改动；它不是本平台出具的，是否撤销请向该机构核实。`,
    paper: paperOfDigital(verified),
  }
}

/** Whose key the file says it was signed with, when it is one of ours. */
async function carriedKey(ctx: Ctx, xml: string) {
  const carried = carriedCertificate(xml)
  return carried && findKey(ctx, fingerprintOf(carried))
}

/** The X.509 certificate (PEM) that the file brings along: says which key it claims, proves nothing by itself. */
export function carriedCertificate(xml: string): string | undefined {
  const [, carried] = /<(?:\w+:)?X509Certificate>([\sA-Za-z0-9+/=]{100,8000})</.exec(xml) ?? []
  try {
    return carried && new X509Certificate(Buffer.from(carried, 'base64')).toString()
  } catch {
    return undefined
  }
}

async function answerFor(ctx: Ctx, row: Certificate): Promise<CheckAnswer> {
  const paper = paperOf(row)
  const { demo } = row.content
  switch (row.state) {
    case 'withdrawn':
      return { verdict: 'withdrawn', reason: `这份证书已由出具机构撤销，不能再使用。原因：${row.reason ?? ''}`, paper, demo }
    case 'amended': {
      const next = await ctx.db
        .selectFrom('certificates')
        .select('number')
        .where('province', '=', row.province)
        .where('id', '=', row.replaced_by!)
        .executeTakeFirst()
      return { verdict: 'amended', reason: `这份证书已被 ${next?.number ?? ''} 代替，请使用新的。原因：${row.reason ?? ''}`, paper, demo }
    }
    default: {
      const key = await keyOfCertificate(ctx, row)
      const doubt = key && doubtOf(key, row.issued_at)
      if (doubt) return { verdict: 'doubtful', reason: `${doubt}。`, paper, demo }
      return row.valid_until && row.valid_until < shanghaiDate(ctx.now)
        ? { verdict: 'expired', reason: `这份证书是真的，但有效期到 ${row.valid_until} 为止，请重新送检。`, paper, demo }
        : { verdict: 'genuine', reason: '这份证书由本平台登记的机构出具，内容如下；请与手上的证书逐项核对。', paper, demo }
    }
  }
}

const paperOf = ({ content }: Certificate) =>
  [
    ['证书', certificateKinds[content.kind]],
    ['证书编号', content.number],
    ['出具机构', content.institution.name],
    [content.kind === 'calibration' ? '委托单位' : '送检单位', content.client.name],
    ['计量器具', [content.item.name, content.item.model].filter(Boolean).join(' ')],
    ['出厂编号', content.item.serial],
    ['器具编号', content.item.code],
    ['完成日期', content.dates.performed],
    ['签发日期', content.dates.issued],
    ['有效期至', content.dates.validUntil],
    [conclusionLabels[content.kind], conclusionOf(content)],
  ].flatMap(([label, value]) => (value ? [{ label: label!, value }] : []))

const paperOfDigital = ({ certificate }: Verified) =>
  [
    ['证书编号', certificate.identifier],
    ['出具机构', certificate.laboratory.name],
    ['委托单位', certificate.customer.name],
    ['计量器具', [certificate.item.name, certificate.item.model].filter(Boolean).join(' ')],
    ['完成日期', certificate.performed],
    ['签发日期', certificate.issued],
  ].flatMap(([label, value]) => (value ? [{ label: label!, value }] : []))
