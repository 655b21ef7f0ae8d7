/** A certificate on paper: A4, in Chinese. The same content and mark are the same bytes, until it is signed (`pades/`). */
import { sayInstant } from '../../core/say-instant.ts'
import { getUnit } from '../../core/quantities/units.ts'
import { line, mm, type Pdf } from '../../platform/pdf.server.ts'
import {
  certificateKinds,
  columnsOf,
  resultColumns,
  verdictWords,
  type CertificateContent,
  type ResultColumn,
  type ResultTable,
} from './content.ts'
import { drawPlace } from './pades/sign.server.ts'
import { drawCover, type Mark } from './paper/cover.server.ts'
import { drawGrid, type GridColumn } from './paper/grid.server.ts'
import {
  addPage,
  bold,
  hasRoom,
  heading,
  heightOf,
  ink,
  left,
  makeRoom,
  newSheet,
  numberPages,
  paragraph,
  rule,
  soft,
  width,
  type Sheet,
} from './paper/sheet.server.ts'
import { conclusionLabels, conclusionOf, doneWord, notesOf } from './wording.ts'

export type { Mark } from './paper/cover.server.ts'

/** The whole document as bytes, with an empty place for the signature. */
export async function drawCertificate(content: CertificateContent, mark: Mark): Promise<Buffer> {
  const sheet = newSheet(content, mark.checkUrl)
  drawCover(sheet, mark)
  addPage(sheet)
  basis(sheet)
  results(sheet)
  ending(sheet)
  signature(sheet, mark)
  numberPages(sheet)
  sheet.pdf.switchToPage(0)
  drawPlace(sheet.pdf, { by: content.institution.name, reason: `签发${certificateKinds[content.kind]}`, at: mark.signedAt })
  sheet.pdf.end()
  return bytesOf(sheet.pdf)
}

async function bytesOf(pdf: Pdf): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of pdf as unknown as AsyncIterable<Buffer>) pieces.push(piece)
  return Buffer.concat(pieces)
}

const symbol = (unit: string) => getUnit(unit).symbol

function basis(sheet: Sheet): void {
  const { content } = sheet
  const done = doneWord(content.kind)
  heading(sheet, `一、${done}使用的计量标准`)
  drawGrid(
    sheet,
    [
      { label: '名称', weight: 4.5, align: 'left' },
      { label: '编号', weight: 2.6, align: 'left' },
      { label: '测量范围', weight: 3.9, align: 'left' },
      { label: '不确定度 / 准确度等级', weight: 7, align: 'left' },
      { label: '证书编号', weight: 4.6, align: 'left' },
      { label: '有效期至', weight: 3.2, align: 'center' },
    ],
    content.standards.map((each) => [
      each.name,
      each.serial ?? '—',
      each.range ?? '—',
      each.uncertainty,
      each.certificate,
      each.validUntil,
    ]),
  )
  heading(sheet, `二、${done}地点与环境条件`)
  paragraph(sheet, `地点：${content.place.address}${content.place.where === 'customer' ? '（客户现场）' : ''}`)
  const ambient = content.conditions.map(({ name, value, unit }) => `${name} ${value} ${symbol(unit)}`)
  if (ambient.length > 0) paragraph(sheet, `环境条件：${ambient.join('；')}`)
  const { received, performedFrom, performed } = content.dates
  paragraph(
    sheet,
    `${received ? `收样日期：${received}　　` : ''}${done}日期：${performedFrom === performed ? performed : `${performedFrom} 至 ${performed}`}`,
  )
}

function results(sheet: Sheet): void {
  const { content } = sheet
  heading(sheet, `三、${doneWord(content.kind)}结果`)
  if (content.inspections.length > 0) {
    const judged = content.kind !== 'calibration'
    drawGrid(
      sheet,
      [
        { label: '项目', weight: 3, align: 'left' },
        { label: '情况', weight: 6, align: 'left' },
        ...(judged ? [{ label: '判定', weight: 2, align: 'center' } as const] : []),
      ],
      content.inspections.map(({ title, finding, verdict }) => [
        title,
        finding,
        ...(judged ? [verdict ? verdictWords[verdict] : '—'] : []),
      ]),
    )
  }
  for (const [i, table] of content.tables.entries()) drawResults(sheet, table, i + 1)
}

/** U stands behind the error as in the guides; one unit for all columns but k. */
function drawResults(sheet: Sheet, table: ResultTable, n: number): void {
  makeRoom(sheet, 30)
  bold(sheet.pdf, `${n}. ${table.title}（${table.quantity === table.title ? '' : `${table.quantity}，`}${symbol(table.unit)}）`, {
    x: mm(left),
    y: mm(sheet.y),
    width: mm(width),
    size: 10,
    least: 7,
  })
  sheet.y += 6.5
  const columns = columnsOf(table)
  const labelled = table.rows.some(({ label }) => label !== undefined)
  const judged = table.rows.some(({ verdict }) => verdict !== undefined)
  const head = (column: ResultColumn): GridColumn => ({
    label: column === 'U' && table.coverage ? `U（p≈${Number(table.coverage) * 100} %）` : resultColumns[column],
    weight: column === 'k' ? 1.6 : 3,
    align: 'right',
  })
  drawGrid(
    sheet,
    [
      labelled ? { label: '测点', weight: 3.4, align: 'left' } : { label: '序号', weight: 1.6, align: 'center' },
      ...columns.map(head),
      ...(judged ? [{ label: '判定', weight: 2.2, align: 'center' } as const] : []),
    ],
    table.rows.map((row, i) => [
      labelled ? (row.label ?? '') : String(i + 1),
      ...columns.map((column) => minus(row[column] ?? '—')),
      ...(judged ? [row.verdict ? verdictWords[row.verdict] : '—'] : []),
    ]),
  )
}

/** A real minus sign: as wide as a plus. */
const minus = (text: string) => text.replace(/^-(?=\d)/, '−')

function ending(sheet: Sheet): void {
  const { content } = sheet
  if (content.uncertainty) {
    heading(sheet, '四、测量不确定度')
    paragraph(sheet, content.uncertainty)
  }
  const decision = content.conformity
  if (decision) {
    heading(sheet, `${content.uncertainty ? '五' : '四'}、符合性判定`)
    const u = symbol(decision.unit)
    paragraph(
      sheet,
      `判定规则：${decision.rule}；保护带 ${decision.guardBand} ${u}；扩展不确定度 U=${decision.U} ${u}（k=${decision.k}）；误判为合格的概率不大于 ${decision.falseAccept}。`,
    )
  }
  makeRoom(sheet, 12)
  sheet.y += 2
  bold(sheet.pdf, `${conclusionLabels[content.kind]}：${conclusionOf(content)}`, {
    x: mm(left),
    y: mm(sheet.y),
    width: mm(width),
    size: 11,
    least: 7,
  })
  sheet.y += 9
  if (content.replaces)
    paragraph(sheet, `本文件代替编号为 ${content.replaces.number} 的文件，原文件作废。更正原因：${content.replaces.reason}`)
  const notes = notesOf(content).map((note, i) => `${i + 1}. ${note}`)
  // Not torn: what is left of them would stand alone above the signature.
  const size = 9
  heading(
    sheet,
    '说明',
    notes.reduce((sum, note) => sum + heightOf(sheet, note, { size }), 0),
  )
  for (const note of notes) paragraph(sheet, note, { size })
}

function signature(sheet: Sheet, mark: Mark): void {
  const height = 34
  makeRoom(sheet, height + 5)
  sheet.y += 4
  const { pdf, y } = sheet
  pdf.roundedRect(mm(left), mm(y), mm(width), mm(height), 4).lineWidth(0.6).stroke(rule)
  const put = (text: string, dy: number, size = 8.5) =>
    line(pdf, text, { x: mm(left + 4), y: mm(y + dy), width: mm(width - 8), size, least: 5.5 })
  bold(pdf, '电子签名', { x: mm(left + 4), y: mm(y + 3), width: mm(60), size: 10 })
  pdf.fillColor(soft)
  put(`签发人：${mark.signedBy}（${sheet.content.institution.name}）　　签发时间：${sayInstant(mark.signedAt)}`, 9.5)
  put(`签名密钥指纹（SHA-256）：${grouped(mark.fingerprint)}`, 15)
  put(`内容摘要（SHA-256）：${grouped(mark.digest)}`, 20.5)
  put(`核对：${mark.checkUrl}　　校验码：${mark.code}`, 26)
  pdf.fillColor(ink)
  sheet.y += height
  // Not a page of its own for saying that nothing follows.
  if (hasRoom(sheet, 8)) line(pdf, '（以下空白）', { x: mm(left), y: mm(sheet.y + 2), width: mm(width), size: 9, align: 'center' })
}

const grouped = (hex: string) => hex.replace(/.{8}(?=.)/g, '$& ')
