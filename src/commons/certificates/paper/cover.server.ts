/** The first page: who certifies what of whose instrument, the conclusion, and who signed. */
import { drawQr, line, mm, type Pdf } from '../../../platform/pdf.server.ts'
import { qrMatrix } from '../../../platform/qr.ts'
import { certificateKinds, type CertificateContent } from '../content.ts'
import { conclusionLabels, conclusionOf, doneWord } from '../wording.ts'
import { drawSeal } from './seal.server.ts'
import { addPage, bold, ink, left, rule, soft, stroke, width, type Sheet } from './sheet.server.ts'

/** Where the certificate is checked, and the signature of the institution. */
export interface Mark {
  /** `https://…/check/<token>`. */
  checkUrl: string
  /** Typed together with the number, so that numbers cannot be tried one after another. */
  code: string
  signedBy: string
  /** ISO instant. */
  signedAt: string
  /** SHA-256 of the signing certificate, hex. */
  fingerprint: string
  /** SHA-256 of the content as canonical JSON, hex. */
  digest: string
}

export function drawCover(sheet: Sheet, mark: Mark): void {
  const { pdf, content } = sheet
  addPage(sheet)
  const centred = (text: string, y: number, size: number) =>
    line(pdf, text, { x: mm(left), y: mm(y), width: mm(width), size, least: 8, align: 'center' })
  bold(pdf, content.institution.name, { x: mm(left), y: mm(30), width: mm(width), size: 19, least: 12, align: 'center' })
  bold(
    pdf,
    [...certificateKinds[content.kind]].join('　'),
    { x: mm(left), y: mm(46), width: mm(width), size: 30, least: 22, align: 'center' },
    0.8,
  )
  pdf.fillColor(soft)
  if (content.institution.authorisation) centred(`计量授权证书号：${content.institution.authorisation}`, 62, 9.5)
  pdf.fillColor(ink)
  centred(`${content.kind === 'verification-failure' ? '通知书' : '证书'}编号：${content.number}`, 69, 12)
  const y = facts(pdf, content, 82)
  drawQr(pdf, qrMatrix(mark.checkUrl), { x: mm(left + 2), y: mm(222), side: mm(27) })
  pdf.fillColor(soft)
  const small = (text: string, at: number) => line(pdf, text, { x: mm(left), y: mm(at), width: mm(44), size: 8, least: 6.5 })
  small('扫码或登录网站核对真伪', 251)
  small(`校验码：${mark.code}`, 256)
  pdf.fillColor(ink)
  signatures(pdf, content, Math.max(y + 8, 190))
  if (content.demo) drawSeal(pdf, content.institution.name, { x: 166, y: 240 })
}

function facts(pdf: Pdf, content: CertificateContent, from: number): number {
  const { item, client, kind } = content
  const done = doneWord(kind)
  const rows: [string, string][] = [
    [`${kind === 'calibration' ? '委托' : '送检'}单位`, client.name],
    ['单位地址', client.address ?? '—'],
    ['计量器具名称', item.name],
    ['型号 / 规格', item.model ?? '—'],
    ['出厂编号', item.serial ?? '—'],
    ['器具编号', item.code ?? '—'],
    ['制造单位', item.maker ?? '—'],
    ['测量范围 / 准确度', [item.range, item.accuracy].filter(Boolean).join('，') || '—'],
    [`${done}依据`, content.methods.map(({ number, title }) => `${number}《${title}》`).join('；')],
    [conclusionLabels[kind], conclusionOf(content)],
  ]
  let y = from
  for (const [label, value] of rows) {
    const strong = label === conclusionLabels[kind] && kind !== 'calibration'
    line(pdf, label, { x: mm(left + 8), y: mm(y), width: mm(34), size: 11 })
    const options = { width: mm(width - 58), lineGap: 1 }
    pdf.fontSize(11)
    const height = Math.max(6, (pdf.heightOfString(value, options) * 25.4) / 72)
    const put = () => pdf.fontSize(11).text(value, mm(left + 46), mm(y), options)
    if (strong) {
      pdf.save().lineWidth(0.4).strokeColor(ink)
      pdf.addContent('2 Tr')
      put()
      pdf.addContent('0 Tr')
      pdf.restore()
    } else put()
    y += height + 2
    stroke(pdf, y - 1, rule, 0.4, left + 44, left + width - 8)
    y += 1.4
  }
  return y
}

function signatures(pdf: Pdf, content: CertificateContent, y: number): void {
  const { people, dates, kind } = content
  const put = (label: string, value: string, x: number, at: number, wide = 60) =>
    line(pdf, `${label}　${value}`, { x: mm(x), y: mm(at), width: mm(wide), size: 11, least: 8 })
  put('批准人', people.approver, left + 72, y)
  if (people.checker) put('核验员', people.checker, left + 72, y + 9)
  put(kind === 'calibration' ? '校准员' : '检定员', people.tester, left + 72, y + (people.checker ? 18 : 9))
  put(`${doneWord(kind)}日期`, sayDay(dates.performed), left + 72, y + 34, 80)
  put('签发日期', sayDay(dates.issued), left + 72, y + 43, 80)
  if (dates.validUntil) put('有效期至', sayDay(dates.validUntil), left + 72, y + 52, 80)
}

/** `2026 年 11 月 23 日`. */
const sayDay = (day: string) => {
  const [year, month, date] = day.split('-')
  return `${year} 年 ${month} 月 ${date} 日`
}
