/** Which column of a sheet says what: guessed from the headers among the first rows; what is doubtful is left to the person. Pure. */
import { fieldLabels } from '../draft.ts'
import { headerWords, ignoredHeaders, sheetFields, type SheetField } from './header-words.ts'

export { sheetFields, type SheetField } from './header-words.ts'

export interface Column {
  /** Place in the row, from 0. */
  at: number
  header: string
  /** Null: not taken. */
  field: SheetField | null
  /** A unit that the header gives for the whole column: 「测量范围（MPa）」, 「检定周期（年）」. */
  unit?: string
  /** Two columns look the same: the person chooses. */
  doubtful?: SheetField
}

export interface Layout {
  /** Number of the last row of headers in the file; 0: there are none. */
  headerRow: number
  columns: readonly Column[]
}

export interface Line {
  row: number
  cells: readonly string[]
}

export const labelOf = (field: SheetField): string => fieldLabels[field]

const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[【[]/g, '(')
    .replace(/[】\]]/g, ')')
    .replace(/\((?:必填|选填|\*)\)/g, '')
    .replace(/情况|信息|记录/g, '')
    .replace(/[\s*:_.。﹡]/g, '')

interface Meaning {
  field: SheetField
  strong: boolean
}

const meanings: ReadonlyMap<string, Meaning> = new Map(
  sheetFields.flatMap((field) => {
    const { strong, weak = [] } = headerWords[field]
    const of = (words: readonly string[], isStrong: boolean) => words.map((word) => [plain(word), { field, strong: isStrong }] as const)
    // Our own label comes first: what the template and the export write, the import reads.
    return [...of(weak, false), ...of([...strong, fieldLabels[field]], true)]
  }),
)
const ignored = new Set(ignoredHeaders.map(plain))

interface Guess {
  field: SheetField
  score: number
  unit?: string
}

const inBrackets = /\(([^()]*)\)$/

/** The very words, the words before a bracket, or words that make up a good part of the header. */
function guess(header: string): Guess | undefined {
  const text = plain(header)
  if (text === '' || ignored.has(text)) return undefined
  const whole = meanings.get(text)
  if (whole) return { field: whole.field, score: whole.strong ? 40 : 30, ...unitOf(header, whole.field) }
  const before = text.replace(inBrackets, '')
  if (ignored.has(before)) return undefined
  const short = meanings.get(before)
  if (short) return { field: short.field, score: short.strong ? 38 : 28, ...unitOf(header, short.field) }
  const [part, meaning] =
    [...meanings]
      .filter(([word]) => word.length >= 2 && /\p{Script=Han}/u.test(word) && before.includes(word) && word.length / before.length >= 0.4)
      .toSorted(([a], [b]) => b.length - a.length)[0] ?? []
  return part && meaning
    ? { field: meaning.field, score: (meaning.strong ? 20 : 10) + part.length / 100, ...unitOf(header, meaning.field) }
    : undefined
}

/** What stands in brackets at the end, where it can be a unit of this field: a unit of measurement, or years. */
function unitOf(header: string, field: SheetField): { unit?: string } {
  const inside = /[(（【[]([^()（）【】[\]]*)[)）】\]]\s*$/.exec(header.trim())?.[1]?.trim() ?? ''
  if (field === 'range' && inside !== '' && !/必填|选填|量程|单位/.test(inside)) return { unit: inside }
  if (field === 'intervalMonths' && /^(年|次\/年)$/.test(inside.normalize('NFKC'))) return { unit: inside.normalize('NFKC') }
  return {}
}

/** 有效期 is a day in one ledger and a number of months in another: what stands below decides. */
const isSpan = (text: string): boolean => /^\d{1,3}$|^\d+(\.\d+)?\s*(年|个?月)$|^半年$/.test(text.normalize('NFKC').trim())

function adjust(found: Guess | undefined, header: string, below: readonly string[]): Guess | undefined {
  if (found?.field !== 'validUntil') return found
  const inside = inBrackets.exec(plain(header))?.[1] ?? ''
  const filled = below.filter((cell) => cell !== '')
  const spans = filled.filter(isSpan).length
  if (!/^(年|月|个月)$/.test(inside) && (spans === 0 || spans * 2 < filled.length)) return found
  return { field: 'intervalMonths', score: found.score - 5, ...(inside === '年' && { unit: '年' }) }
}

/** One column a field: the best guess. Where two are equally good, neither is taken, and both are marked. */
export function assign(headers: readonly string[], below: readonly (readonly string[])[] = []): Column[] {
  return assignVariants(
    headers.map((header) => [header]),
    below,
  )
}

/** The same, where a column has several possible headers: those of a merged cell above and of the row below it. The first is shown. */
function assignVariants(variants: readonly (readonly string[])[], below: readonly (readonly string[])[]): Column[] {
  const guesses = variants.map((list, at) =>
    list
      .map((header) =>
        adjust(
          guess(header),
          header,
          below.map((cells) => cells[at] ?? ''),
        ),
      )
      .filter((each) => each !== undefined)
      .toSorted((a, b) => b.score - a.score)
      .at(0),
  )
  const best = new Map<SheetField, number>()
  for (const each of guesses) if (each) best.set(each.field, Math.max(best.get(each.field) ?? 0, each.score))
  const tops = (field: SheetField) => guesses.filter((each) => each?.field === field && each.score === best.get(field)).length
  return guesses.map((each, at) => {
    const column = { at, header: variants[at]![0]!, field: null }
    if (!each || each.score !== best.get(each.field)) return column
    if (tops(each.field) > 1) return { ...column, doubtful: each.field }
    return { ...column, field: each.field, ...(each.unit && { unit: each.unit }) }
  })
}

/** Rows of a sheet before the table begins: titles, the name of the firm, who made it. */
export const headRows = 15

/** Which of the first rows (or which two, where headers are merged) knows most fields. Nothing: no row looks like headers. */
export function guessLayout(lines: readonly Line[]): Layout | undefined {
  const candidates = lines.slice(0, headRows).flatMap((line, i) => {
    const one = { headerRow: line.row, columns: assign(line.cells, bodyOf(lines, i + 1)) }
    const next = lines[i + 1]
    if (!next || !isSecond(line.cells, next.cells)) return [one]
    return [one, { headerRow: next.row, columns: assignVariants(merged(line.cells, next.cells), bodyOf(lines, i + 2)) }]
  })
  const [best] = candidates.filter(isTable).toSorted((a, b) => known(b) - known(a) || a.headerRow - b.headerRow)
  return best
}

const bodyOf = (lines: readonly Line[], from: number) => lines.slice(from, from + 10).map(({ cells }) => cells)

const known = ({ columns }: Layout): number => columns.filter(({ field, doubtful }) => field || doubtful).length

const isTable = (layout: Layout): boolean =>
  known(layout) >= 2 && layout.columns.some(({ field, doubtful }) => ['name', 'kind'].includes(field ?? doubtful ?? ''))

/** Below merged headers stand the parts of a few of them, right of the first under nothing; below plain headers stand data in most columns. */
function isSecond(top: readonly string[], sub: readonly string[]): boolean {
  const filled = (cells: readonly string[]) => cells.flatMap((cell, at) => (cell.trim() === '' ? [] : [at]))
  const [above, below] = [filled(top), filled(sub)]
  const both = below.filter((at) => above.includes(at)).length
  return below.length >= 2 && both < below.length && both * 2 < above.length
}

/** A merged cell keeps its words in its first column only: they hold for the empty ones right of it that have words below. */
function merged(top: readonly string[], sub: readonly string[]): string[][] {
  let held = ''
  return Array.from({ length: Math.max(top.length, sub.length) }, (_, at) => {
    const [above, below] = [top[at]?.trim() ?? '', sub[at]?.trim() ?? '']
    if (above !== '') held = above
    if (below === '') return [above]
    return held === '' ? [below] : [`${held}${below}`, below]
  })
}

/** What the person chose for each column, with the units that go with the choice. */
export const choose = (columns: readonly Column[], fields: readonly (SheetField | null)[]): Column[] =>
  columns.map(({ at, header }, i) => {
    const field = fields[i] ?? null
    return { at, header, field, ...(field && unitOf(header, field)) }
  })

/** Columns of a row that was named as the row of headers, or of none at all. */
export const layoutAt = (headerRow: number, lines: readonly Line[]): Layout => {
  const i = lines.findIndex(({ row }) => row === headerRow)
  if (i >= 0) return { headerRow, columns: assign(lines[i]!.cells, bodyOf(lines, i + 1)) }
  const width = Math.max(0, ...lines.map(({ cells }) => cells.length))
  return { headerRow: 0, columns: Array.from({ length: width }, (_, at) => ({ at, header: `第 ${at + 1} 列`, field: null })) }
}
