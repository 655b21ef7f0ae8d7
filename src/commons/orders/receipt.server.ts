/** 样品接收单: what was handed over, and a code for each sample that opens its page. No amount that is owed stands on it. */
import { drawQr, line, mm, newPdf, type Pdf } from '../../platform/pdf.server.ts'
import { qrMatrix } from '../../platform/qr.ts'
import { serviceKinds, type OrderLine } from './model.ts'
import type { OrderPage } from './queries.server.ts'

const left = 18
const width = 174
const rowHeight = 24
const firstRow = 58
const lastRow = 265

/** A4, the samples one below the other; as many pages as it takes. */
export function drawReceipt(
  { order, lines }: Pick<OrderPage, 'order' | 'lines'>,
  { publicUrl, now }: { publicUrl: string; now: string },
): Pdf {
  const pdf = newPdf({ title: `样品接收单 ${order.number}`, now })
  const kept = lines.filter(({ received_at }) => received_at !== null)
  let y = lastRow
  let sheet = 0
  for (const [i, each] of kept.entries()) {
    if (y + rowHeight > lastRow) {
      pdf.addPage()
      sheet++
      head(pdf, order, kept.length, sheet)
      y = firstRow
    }
    drawSample(pdf, each, i + 1, publicUrl, y)
    y += rowHeight
  }
  const foot = (text: string, x: number) => line(pdf, text, { x: mm(x), y: mm(276), width: mm(56), size: 10 })
  foot('送样人：', left)
  foot(`收样人：${order.accepted_by_name ?? ''}`, left + 60)
  foot(`日期：${order.accepted_on ?? ''}`, left + 120)
  pdf.end()
  return pdf
}

function head(pdf: Pdf, order: OrderPage['order'], count: number, sheet: number): void {
  const put = (text: string, y: number, size: number, align: 'left' | 'center' = 'left') =>
    line(pdf, text, { x: mm(left), y: mm(y), width: mm(width), size, least: 7, align })
  put('样品接收单', 16, 18, 'center')
  put(`${order.institution_name}　　${order.number}${sheet > 1 ? `（续 ${sheet - 1}）` : ''}`, 27, 10.5)
  put(`委托单位：${order.org_name}　　联系人：${order.contact}，${order.phone}`, 34, 10.5)
  put(`共 ${count} 件　　受理：${order.accepted_on ?? ''}　　${order.due_on ?? ''} 前完成${order.express ? '　　加急' : ''}`, 41, 10.5)
  put('扫码看这件样品的进度；证书出具后可先在网上下载。', 48, 9)
}

function drawSample(pdf: Pdf, each: OrderLine, n: number, publicUrl: string, y: number): void {
  drawQr(pdf, qrMatrix(`${publicUrl}/s/${each.token}`), { x: mm(left), y: mm(y), side: mm(20) })
  const put = (text: string, dy: number, size: number) =>
    line(pdf, text, { x: mm(left + 26), y: mm(y + dy), width: mm(width - 26), size, least: 7 })
  put(`${n}. ${each.code}　${[each.name, each.model].filter(Boolean).join(' ')}`, 1, 11)
  put(`出厂编号：${each.serial ?? '—'}　　测量范围：${each.able ?? '—'}`, 8, 9)
  put(`${serviceKinds[each.service]}`, 14, 9)
  pdf
    .moveTo(mm(left), mm(y + 22))
    .lineTo(mm(left + width), mm(y + 22))
    .lineWidth(0.4)
    .stroke('#999999')
}
