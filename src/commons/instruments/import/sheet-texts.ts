/** From the cells of a row to the texts that a draft is read from. Pure. */
import { checkKinds, conclusions, instrumentStates, uses, type Instrument } from '../model.ts'
import { textsOf as formTexts } from '../pages/instrument-input.ts'
import type { Column, Layout, SheetField } from './columns.ts'

export type SheetTexts = Partial<Record<SheetField, string>>

/** The note by which the template's example rows are known. */
export const exampleMark = '示例行，导入时自动略过'

/** The texts of a row by field. What the person wrote in place of a cell goes first, an emptied one included. */
export function textsOf(columns: readonly Column[], cells: readonly string[], mended: SheetTexts = {}): SheetTexts {
  const texts: SheetTexts = {}
  for (const { at, field, unit } of columns) {
    const cell = unprotected(cells[at]?.trim() ?? '')
    if (!field || cell === '') continue
    texts[field] = unit ? withUnit(field, cell, unit) : cell
  }
  // Sheets of a 强检 platform have one column for both.
  if (!texts.name && texts.kind) texts.name = texts.kind
  return { ...texts, ...mended }
}

/** A number without a unit takes the unit of the header. */
function withUnit(field: SheetField, cell: string, unit: string): string {
  if (field === 'intervalMonths') return /^\d+(\.\d+)?$/.test(cell) ? `${cell}${unit}` : cell
  return /\d\s*[)）]?$/.test(cell) ? `${cell} ${unit}` : cell
}

/** An export guards what looks like a formula with an apostrophe; see `platform/sheet-writer`. */
const unprotected = (cell: string): string => (/^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell)

/** Why a row holds nothing to enter: an example, a sum, a repeated header, nothing at all. */
export function noiseOf({ columns }: Layout, cells: readonly string[], texts: SheetTexts): string | undefined {
  const filled = cells.filter((cell) => cell.trim() !== '')
  if (cells.includes(exampleMark)) return '模板里的示例行'
  if (Object.keys(texts).length === 0 && columns.some(({ field }) => field)) return '要导入的列都是空的'
  if (
    texts.name === undefined &&
    filled.length <= 3 &&
    filled.some((cell) => /^(合计|小计|总计|共计|制表|编制|审核|批准|填表|备注|注)/.test(cell))
  )
    return '不是器具：合计、签名或说明'
  const taken = columns.filter(({ field }) => field)
  if (taken.length > 1 && taken.every(({ at, header }) => (cells[at] ?? '') === header)) return '重复的表头'
  return undefined
}

/** What the ledger says of an instrument, in the words that a sheet carries: reading them gives the same again. */
export const textsOfInstrument = (row: Instrument, ownKind: string | null): SheetTexts => {
  const { ownKind: _, ...texts } = formTexts(row, ownKind)
  return {
    ...texts,
    ...(row.use && { use: uses[row.use] }),
    ...(row.last_kind && { lastKind: checkKinds[row.last_kind] }),
    ...(row.last_conclusion && { lastConclusion: conclusions[row.last_conclusion] }),
    state: instrumentStates[row.state],
  }
}
