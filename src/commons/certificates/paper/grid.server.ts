/** Tables with ruled lines, page breaks between rows, and the head again on each page. */
import { line, mm } from '../../../platform/pdf.server.ts'
import { ink, left, makeRoom, rule, shade, width, type Sheet } from './sheet.server.ts'

export interface GridColumn {
  label: string
  /** Share of the width. */
  weight: number
  align: 'left' | 'right' | 'center'
}

const rowHeight = 6.6
const headHeight = 7.6

export function drawGrid(sheet: Sheet, columns: readonly GridColumn[], rows: readonly (readonly string[])[]): void {
  const total = columns.reduce((sum, { weight }) => sum + weight, 0)
  const widths = columns.map(({ weight }) => (width * weight) / total)
  makeRoom(sheet, headHeight + 2 * rowHeight)
  let from = head(sheet, columns, widths)
  for (const [i, row] of rows.entries()) {
    // Never a single row on a page of its own.
    const isBeforeLast = i === rows.length - 2
    if (roomless(sheet, isBeforeLast ? 2 * rowHeight : rowHeight)) {
      verticals(sheet, widths, from)
      makeRoom(sheet, 1_000)
      from = head(sheet, columns, widths)
    }
    cells(sheet, row, columns, widths, rowHeight, 9)
  }
  verticals(sheet, widths, from)
  sheet.y += 3
}

const roomless = (sheet: Sheet, height: number) => sheet.y + height > 276

function head(sheet: Sheet, columns: readonly GridColumn[], widths: readonly number[]): number {
  const { pdf } = sheet
  pdf.rect(mm(left), mm(sheet.y), mm(width), mm(headHeight)).fill(shade)
  pdf.fillColor(ink)
  const from = sheet.y
  cells(
    sheet,
    columns.map(({ label }) => label),
    columns.map((column) => ({ ...column, align: 'center' })),
    widths,
    headHeight,
    9,
  )
  horizontal(sheet, from, 0.8)
  return from
}

function cells(
  sheet: Sheet,
  row: readonly string[],
  columns: readonly GridColumn[],
  widths: readonly number[],
  height: number,
  size: number,
): void {
  let x = left
  for (const [i, text] of row.entries()) {
    const wide = widths[i]!
    line(sheet.pdf, text, {
      x: mm(x + 1.6),
      y: mm(sheet.y) + (mm(height) - size * 1.45) / 2,
      width: mm(wide - 3.2),
      size,
      least: 6,
      align: columns[i]!.align,
    })
    x += wide
  }
  sheet.y += height
  horizontal(sheet, sheet.y, 0.4)
}

const horizontal = ({ pdf }: Sheet, y: number, thick: number) =>
  void pdf
    .moveTo(mm(left), mm(y))
    .lineTo(mm(left + width), mm(y))
    .lineWidth(thick)
    .stroke(rule)

function verticals({ pdf, y }: Sheet, widths: readonly number[], from: number): void {
  let x = left
  for (const wide of [0, ...widths]) {
    x += wide
    pdf.moveTo(mm(x), mm(from)).lineTo(mm(x), mm(y)).lineWidth(0.4).stroke(rule)
  }
}
