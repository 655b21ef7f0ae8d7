/** Draws labels onto sheets. */
import { drawQr, line, mm, newPdf, roomIn, type Pdf } from '../../../platform/pdf.server.ts'
import { qrMatrix } from '../../../platform/qr.ts'
import { labelUrl, type LabelContent } from './content.ts'
import { placeOf, type LabelFormat } from './formats.ts'

export interface LabelSheets {
  format: LabelFormat
  /** Place of the first label on the first sheet, from 1. */
  start: number
  publicUrl: string
  /** ISO instant. */
  now: string
}

/** A document that fills itself while it is read; it stops when the reader goes away, and breaks off when the labels do. */
export function drawLabels(labels: Iterable<LabelContent> | AsyncIterable<LabelContent>, sheets: LabelSheets): Pdf {
  const { format, start, now } = sheets
  const pdf = newPdf({ title: '计量器具标签', now, size: format.page })
  const fill = async () => {
    let [n, sheet] = [0, -1]
    for await (const label of labels) {
      const place = placeOf(format, n++, start)
      if (place.sheet !== sheet) {
        if (!(await roomIn(pdf))) return
        pdf.addPage()
        sheet = place.sheet
      }
      drawLabel(pdf, label, sheets, place)
    }
    if (sheet < 0) pdf.addPage()
    pdf.end()
  }
  fill().catch((error: unknown) => (pdf as unknown as { destroy(error: unknown): void }).destroy(error))
  return pdf
}

/** Code and words side by side, and below them, over the whole width, until when it may be used. */
function drawLabel(pdf: Pdf, label: LabelContent, { format, publicUrl }: LabelSheets, at: { x: number; y: number }): void {
  const { pad, code } = format
  const [left, top] = [mm(at.x + pad), mm(at.y + pad)]
  const [width, height] = [mm(format.width - 2 * pad), mm(format.height - 2 * pad)]
  const matrix = qrMatrix(labelUrl(publicUrl, label.token))
  const side = mm(code)
  drawQr(pdf, matrix, { x: left, y: top, side })
  // The quiet zone lies between code and words; to the other sides the padding has it.
  const text = { x: left + side + (side / matrix.length) * 4, width: width - side - (side / matrix.length) * 4 }
  const scale = Math.min(1.25, side / mm(20))
  const sizes = { code: 10.5 * scale, name: 9 * scale, able: 7 * scale }
  const leading = (side - sizes.code - sizes.name - 2 * sizes.able) / 5
  let y = top
  const put = (words: string, size: number, least: number) => {
    line(pdf, words, { ...text, y, size, least })
    y += size + leading * 1.25
  }
  put(label.code, sizes.code, 5.5)
  put(label.name, sizes.name, 5.5)
  for (const words of [label.model, label.able].filter((text) => text !== '')) put(words, sizes.able, 5)
  drawFoot(pdf, label, { x: left, y: top + side, width, height: height - side })
}

function drawFoot(pdf: Pdf, { validUntil, state }: LabelContent, box: { x: number; y: number; width: number; height: number }): void {
  const size = Math.min(9.5, box.height * 0.62)
  const y = box.y + box.height - size * 1.3
  const stateWidth = Math.min(box.width * 0.34, pdf.fontSize(size).widthOfString(state))
  line(pdf, `有效期至 ${validUntil ?? '未登记'}`, { x: box.x, y, width: box.width - stateWidth - size * 0.6, size, least: 5 })
  line(pdf, state, { x: box.x + box.width - stateWidth, y, width: stateWidth + 0.1, size, least: 5, align: 'right' })
}
