/** Label papers: how many labels a sheet has, where, and what fits on one. Millimetres. Pure. */

export interface LabelFormat {
  label: string
  /** Of the whole sheet. */
  page: { width: number; height: number }
  columns: number
  rows: number
  /** Of one label. */
  width: number
  height: number
  /** Upper left corner of the first label, and from one to the next. */
  left: number
  top: number
  stepX: number
  stepY: number
  /** Left free at the edges of a label: office printers cannot print to the edge of a sheet. */
  pad: number
  /** Width of the QR code without its quiet zone; a module of at least 0.4 mm is read by every phone and printed by 203 dpi. */
  code: number
}

const a4 = { width: 210, height: 297 }
/** A roll: one label is one page. */
const roll = (width: number, height: number, code: number): Omit<LabelFormat, 'label'> => ({
  page: { width, height },
  columns: 1,
  rows: 1,
  width,
  height,
  left: 0,
  top: 0,
  stepX: width,
  stepY: height,
  pad: 2,
  code,
})

/** The common papers of Chinese office suppliers; the sheets of 24 and 14 labels are those of Avery 3474 and L7163 as well. */
export const labelFormats = {
  'a4-24': {
    label: 'A4 不干胶 3×8（70×37 mm）',
    page: a4,
    columns: 3,
    rows: 8,
    width: 70,
    height: 37,
    left: 0,
    top: 0.5,
    stepX: 70,
    stepY: 37,
    pad: 4.5,
    code: 22,
  },
  'a4-44': {
    label: 'A4 不干胶 4×11（48.3×25.4 mm）',
    page: a4,
    columns: 4,
    rows: 11,
    width: 48.3,
    height: 25.4,
    left: 8.4,
    top: 8.8,
    stepX: 48.3,
    stepY: 25.4,
    pad: 2,
    code: 16,
  },
  'a4-14': {
    label: 'A4 不干胶 2×7（99.1×38.1 mm）',
    page: a4,
    columns: 2,
    rows: 7,
    width: 99.1,
    height: 38.1,
    left: 4.65,
    top: 15.15,
    stepX: 101.6,
    stepY: 38.1,
    pad: 3,
    code: 24,
  },
  'roll-40x30': { label: '标签打印机 40×30 mm', ...roll(40, 30, 17) },
  'roll-50x30': { label: '标签打印机 50×30 mm', ...roll(50, 30, 19) },
  'roll-60x40': { label: '标签打印机 60×40 mm', ...roll(60, 40, 26) },
} as const satisfies Record<string, LabelFormat>
export type LabelFormatName = keyof typeof labelFormats

export const isLabelFormat = (name: string | null): name is LabelFormatName => name !== null && Object.hasOwn(labelFormats, name)

export const perSheet = ({ columns, rows }: Pick<LabelFormat, 'columns' | 'rows'>): number => columns * rows

/** A partly used sheet begins at `start` (1 is the first label); what is no such place is the first. */
export const startOn = (format: LabelFormat, start: string | number | null): number => {
  const n = Number(start)
  return Number.isInteger(n) && n >= 1 && n <= perSheet(format) ? n : 1
}

/** Where the nth label (from 0) lies, row by row, when the first sheet begins at `start`. */
export function placeOf(format: LabelFormat, n: number, start = 1): { sheet: number; x: number; y: number } {
  const at = n + start - 1
  const within = at % perSheet(format)
  const [row, column] = [Math.floor(within / format.columns), within % format.columns]
  return { sheet: Math.floor(at / perSheet(format)), x: format.left + column * format.stepX, y: format.top + row * format.stepY }
}

export const sheetsFor = (format: LabelFormat, labels: number, start = 1): number =>
  labels === 0 ? 0 : Math.ceil((labels + start - 1) / perSheet(format))
