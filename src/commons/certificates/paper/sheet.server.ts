/** The sheet that a certificate is written on: margins, head and foot of each page, and the place where writing goes on. */
import { line, mm, newPdf, type Pdf } from '../../../platform/pdf.server.ts'
import { certificateKinds, type CertificateContent } from '../content.ts'

export const left = 20
export const width = 170
const top = 23
const bottom = 276

export const ink = '#1a1a1a'
export const soft = '#555555'
export const rule = '#8a8a8a'
export const shade = '#f1f3f5'

export interface Sheet {
  pdf: Pdf
  content: CertificateContent
  /** Millimetres from the upper edge. */
  y: number
}

/** A new document without a page. The day of issue is its only date, so that the same certificate is the same file. */
export function newSheet(content: CertificateContent, checkUrl: string): Sheet {
  const title = `${certificateKinds[content.kind]} ${content.number}`
  const pdf = newPdf({ title, now: `${content.dates.issued}T00:00:00+08:00`, numbered: true })
  // A changed file still says which certificate it was.
  pdf.info.Subject = checkUrl
  return { pdf, content, y: bottom }
}

export function addPage(sheet: Sheet): void {
  const { pdf, content } = sheet
  pdf.addPage()
  if (content.demo) watermark(pdf)
  pdf.fillColor(ink)
  sheet.y = top
}

export const hasRoom = ({ y }: Sheet, height: number): boolean => y + height <= bottom

/** A new page when less than `height` millimetres are left; true when there was one. */
export function makeRoom(sheet: Sheet, height: number): boolean {
  if (hasRoom(sheet, height)) return false
  addPage(sheet)
  return true
}

function watermark(pdf: Pdf): void {
  pdf.save().rotate(-32, { origin: [mm(105), mm(150)] })
  pdf.fillColor('#d9d9d9', 0.55)
  line(pdf, '演示·无效', { x: mm(15), y: mm(132), width: mm(180), size: 84, align: 'center' })
  pdf.restore()
}

/** Puts head and foot on every page, now that it is known how many there are. */
export function numberPages({ pdf, content }: Sheet): void {
  const { count } = pdf.bufferedPageRange()
  for (let i = 0; i < count; i++) {
    pdf.switchToPage(i)
    pdf.fillColor(soft)
    const put = (text: string, x: number, y: number, wide: number, align: 'left' | 'right' | 'center') =>
      line(pdf, text, { x: mm(x), y: mm(y), width: mm(wide), size: 8.5, least: 6, align })
    put(content.institution.name, left, 13, 100, 'left')
    put(`${certificateKinds[content.kind]}编号：${content.number}`, left + 100, 13, width - 100, 'right')
    stroke(pdf, 18.5, '#b3261e', 0.9)
    stroke(pdf, 280, rule, 0.4)
    put([content.institution.address, content.institution.phone].filter(Boolean).join('　'), left, 283, 130, 'left')
    put(`第 ${i + 1} 页 / 共 ${count} 页`, left + 130, 283, width - 130, 'right')
  }
}

export const stroke = (pdf: Pdf, y: number, colour = rule, thick = 0.5, from = left, to = left + width): void => {
  pdf.moveTo(mm(from), mm(y)).lineTo(mm(to), mm(y)).lineWidth(thick).stroke(colour)
}

/** Regular glyphs with a hairline around them: the only weight that is embedded. */
export function bold(pdf: Pdf, text: string, at: Parameters<typeof line>[2], weight = 0.35): void {
  pdf.save().lineWidth(weight).strokeColor(ink).fillColor(ink)
  pdf.addContent('2 Tr')
  line(pdf, text, at)
  pdf.addContent('0 Tr')
  pdf.restore()
  pdf.fillColor(ink)
}

/** A heading of a section, kept together with the first `keep` millimetres below it. */
export function heading(sheet: Sheet, text: string, keep = 16): void {
  makeRoom(sheet, 10 + keep)
  sheet.y += 3
  bold(sheet.pdf, text, { x: mm(left), y: mm(sheet.y), width: mm(width), size: 11, least: 8 })
  sheet.y += 7
}

interface Setting {
  size?: number
  indent?: number
}

const optionsOf = ({ indent = 0 }: Setting) => ({ width: mm(width - indent), lineGap: 2 })

/** Millimetres that a paragraph takes, with the gap below it. */
export function heightOf({ pdf }: Sheet, text: string, setting: Setting = {}): number {
  pdf.fontSize(setting.size ?? 9.5)
  return (pdf.heightOfString(text, optionsOf(setting)) * 25.4) / 72 + 1
}

/** A paragraph as wide as the sheet, with page breaks between paragraphs. */
export function paragraph(sheet: Sheet, text: string, setting: Setting = {}): void {
  const height = heightOf(sheet, text, setting)
  makeRoom(sheet, height - 1)
  sheet.pdf.fillColor(ink).text(text, mm(left + (setting.indent ?? 0)), mm(sheet.y), optionsOf(setting))
  sheet.y += height
}
