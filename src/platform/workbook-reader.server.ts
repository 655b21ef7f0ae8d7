/**
 * Reads the first visible sheet of an .xlsx row by row (ECMA-376). ExcelJS's stream is not used: it turns each piece of the file into text
 * by itself, so that a Chinese character that lies across two pieces is lost.
 */
import { openEntry } from './archive.server.ts'
import { attribute, scanner, type XmlListener } from './xml-scanner.ts'

export interface WorkbookRow {
  /** From 1. */
  row: number
  /** Texts as a person sees them, up to the last that is not empty. */
  cells: string[]
}

/**
 * The rows, empty ones left out. Days are `YYYY-MM-DD`, formulas give the value that was stored with them, errors their name.
 * `bytes` was found whole by `checkArchive`. Throws a part of a sentence.
 */
export async function* readWorkbook(bytes: Buffer): AsyncGenerator<WorkbookRow> {
  const book = await readBook(bytes)
  const strings = await readStrings(bytes, book.strings)
  const days = await readDayStyles(bytes, book.styles)
  const entry = openEntry(bytes, book.sheet)
  if (!entry) throw new Error('工作簿里没有表')
  const rows: WorkbookRow[] = []
  const sheet = scanner(sheetListener({ strings, days, date1904: book.date1904 }, (row) => rows.push(row)))
  for await (const piece of textOf(entry)) {
    sheet.write(piece)
    yield* rows.splice(0)
  }
  sheet.end()
  yield* rows
}

/** One decoder for all pieces: a character may lie across two. */
async function* textOf(entry: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8')
  for await (const piece of entry) yield decoder.decode(piece, { stream: true })
  yield decoder.decode()
}

async function scan(bytes: Buffer, name: string, listener: Partial<XmlListener>): Promise<boolean> {
  const entry = openEntry(bytes, name)
  if (!entry) return false
  const nothing = () => {}
  const scanned = scanner({ open: nothing, close: nothing, text: nothing, ...listener })
  for await (const piece of textOf(entry)) scanned.write(piece)
  scanned.end()
  return true
}

interface Book {
  sheet: string
  strings: string
  styles: string
  date1904: boolean
}

async function readBook(bytes: Buffer): Promise<Book> {
  const sheets: { id: string; hidden: boolean }[] = []
  let date1904 = false
  await scan(bytes, 'xl/workbook.xml', {
    open(name, attributes) {
      if (name === 'workbookPr') date1904 = ['1', 'true'].includes(attribute(attributes, 'date1904') ?? '')
      if (name !== 'sheet') return
      const id = /\s\w+:id\s*=\s*["']([^"']*)["']/.exec(attributes)?.[1] ?? ''
      sheets.push({ id, hidden: (attribute(attributes, 'state') ?? 'visible') !== 'visible' })
    },
  })
  const targets = new Map<string, { path: string; type: string }>()
  await scan(bytes, 'xl/_rels/workbook.xml.rels', {
    open(name, attributes) {
      if (name !== 'Relationship') return
      const target = attribute(attributes, 'Target') ?? ''
      const type = attribute(attributes, 'Type') ?? ''
      targets.set(attribute(attributes, 'Id') ?? '', { path: target.startsWith('/') ? target.slice(1) : `xl/${target}`, type })
    },
  })
  const ofType = (end: string) => [...targets.values()].find(({ type }) => type.endsWith(`/${end}`))?.path
  const worksheets = sheets.filter(({ id }) => targets.get(id)?.type.endsWith('/worksheet'))
  const first = worksheets.find(({ hidden }) => !hidden) ?? worksheets[0]
  return {
    sheet: (first && targets.get(first.id)?.path) ?? 'xl/worksheets/sheet1.xml',
    strings: ofType('sharedStrings') ?? 'xl/sharedStrings.xml',
    styles: ofType('styles') ?? 'xl/styles.xml',
    date1904,
  }
}

/** Texts that cells refer to by number; parts of different fonts are one text, readings (振假名) are none. */
async function readStrings(bytes: Buffer, path: string): Promise<string[]> {
  const strings: string[] = []
  let text: string | undefined
  let inText = false
  let inReading = false
  await scan(bytes, path, {
    open(name) {
      if (name === 'si') text = ''
      else if (name === 't') inText = !inReading
      else if (name === 'rPh') inReading = true
    },
    close(name) {
      if (name === 'si') strings.push(plain(text ?? ''))
      else if (name === 't') inText = false
      else if (name === 'rPh') inReading = false
    },
    text(part) {
      if (inText && text !== undefined) text = joined(text, part)
    },
  })
  return strings
}

/** Beyond the longest text that a cell may have; what is longer is no sheet. */
const longestCell = 32_767 * 4

function joined(text: string, part: string): string {
  if (text.length + part.length > longestCell) throw new Error('单元格里的文字太长')
  return text === '' ? part : text + part
}

/** `_x000D_` is how a sheet writes what XML cannot (ST_Xstring). */
const plain = (text: string): string =>
  (text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text
  ).trim()

/** Which styles show a number as a day, by the number of the style. */
async function readDayStyles(bytes: Buffer, path: string): Promise<boolean[]> {
  const formats = new Map<number, string>()
  const days: boolean[] = []
  let inCells = false
  await scan(bytes, path, {
    open(name, attributes) {
      if (name === 'numFmt') formats.set(Number(attribute(attributes, 'numFmtId')), attribute(attributes, 'formatCode') ?? '')
      else if (name === 'cellXfs') inCells = true
      else if (name === 'xf' && inCells) {
        const id = Number(attribute(attributes, 'numFmtId') ?? 0)
        days.push(formats.has(id) ? isDayFormat(formats.get(id)!) : builtInDays(id))
      }
    },
    close(name) {
      if (name === 'cellXfs') inCells = false
    },
  })
  return days
}

/** ECMA-376 18.8.30: days and, in East Asian editions, 27–31, 36 and 50–58; 18–21, 32–35 and 45–47 are times of day. */
const builtInDays = (id: number): boolean =>
  (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 54) || id === 57 || id === 58

function isDayFormat(code: string): boolean {
  const bare = code
    .replace(/"[^"]*"|\[[^\]]*\]|\\.|_./g, '')
    .toLowerCase()
    .replace('general', '')
  return /[yd]/.test(bare) || (bare.includes('m') && !/[hs]/.test(bare))
}

interface Reading {
  strings: readonly string[]
  days: readonly boolean[]
  date1904: boolean
}

function sheetListener(reading: Reading, emit: (row: WorkbookRow) => void): XmlListener {
  let row: WorkbookRow | undefined
  let last = 0
  let at = -1
  let type = ''
  let style = 0
  let text: string | undefined
  /** Within `v` or `t`. */
  let taking = false
  let inReading = false
  return {
    open(name, attributes) {
      if (name === 'c' && row) {
        const place = attribute(attributes, 'r')
        at = place === undefined ? at + 1 : columnOf(place)
        type = attribute(attributes, 't') ?? 'n'
        style = Number(attribute(attributes, 's') ?? 0)
        text = undefined
      } else if (name === 'v' || name === 't') {
        taking = at >= 0 && !inReading
        if (taking) text ??= ''
      } else if (name === 'row') {
        row = { row: Number(attribute(attributes, 'r') ?? last + 1), cells: [] }
        last = row.row
        at = -1
      } else if (name === 'rPh') inReading = true
    },
    close(name) {
      if (name === 'v' || name === 't') taking = false
      else if (name === 'rPh') inReading = false
      else if (name === 'c' && row && text !== undefined) {
        const value = valueOf(text, type, style, reading)
        if (value !== '') {
          while (row.cells.length < at) row.cells.push('')
          row.cells[at] = value
        }
        text = undefined
      } else if (name === 'row' && row) {
        if (row.cells.length > 0) emit(row)
        row = undefined
      }
    },
    text(part) {
      if (taking && text !== undefined) text = joined(text, part)
    },
  }
}

function valueOf(text: string, type: string, style: number, { strings, days, date1904 }: Reading): string {
  if (type === 's') return strings[Number(text)] ?? ''
  if (type === 'str' || type === 'inlineStr') return plain(text)
  if (type === 'b') return text === '1' ? 'true' : 'false'
  if (type === 'e') return text
  if (type === 'd') return text.slice(0, 10)
  const number = Number(text)
  if (text === '' || Number.isNaN(number)) return text.trim()
  return days[style] ? dayOf(number, date1904) : String(number)
}

/** Days since 1899-12-30, or since 1904-01-01; what is no day of the calendar stays a number. */
function dayOf(serial: number, date1904: boolean): string {
  const date = new Date((Math.floor(serial) - 25_569 + (date1904 ? 1_462 : 0)) * 86_400_000)
  return Number.isNaN(date.getTime()) || serial < 1 ? String(serial) : date.toISOString().slice(0, 10)
}

/** A → 0, AB12 → 27. */
function columnOf(place: string): number {
  let n = 0
  for (let i = 0; i < place.length; i++) {
    const code = place.charCodeAt(i)
    if (code < 65 || code > 90) break
    n = n * 26 + code - 64
    // The widest sheet has 16,384 columns; a place beyond it would fill the memory with empty cells.
    if (n > 16_384) throw new Error(`没有 ${place.slice(0, 10)} 这一格`)
  }
  if (n === 0) throw new Error(`没有 ${place.slice(0, 10)} 这一格`)
  return n - 1
}
