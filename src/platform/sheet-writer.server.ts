/**
 * Writes sheets for people: Excel and CSV, row by row, safe to open. The rows of a workbook are asked for only as fast as they are taken:
 * ExcelJS's own writer keeps all of a sheet that its reader is slow to take (README of `commons/instruments`).
 */
import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'

export interface SheetColumn {
  header: string
  /** In characters. */
  width?: number
  /** Choices offered in each cell of the column; other texts are accepted too. */
  choices?: readonly string[]
}

/** A text, a number, or a text that is wrong and shown so. */
export type Cell = string | number | null | { wrong: string }

export interface Sheet {
  name: string
  columns: readonly SheetColumn[]
  rows: Iterable<readonly Cell[]> | AsyncIterable<readonly Cell[]>
  /** Rows down to which choices are offered. */
  choiceRows?: number
}

const xmlHead = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packages = 'http://schemas.openxmlformats.org/package/2006'
const ml = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/** Rows gathered into one piece of XML. */
const together = 200

/** An .xlsx (ECMA-376) as it is written; nothing is kept but what is on the way. */
export function excelStream(sheets: readonly Sheet[]): ReadableStream<Uint8Array> {
  const lists = sheets.flatMap(({ columns, choiceRows = 0 }) =>
    choiceRows > 0 ? columns.flatMap(({ choices }) => (choices ? [choices] : [])) : [],
  )
  const all: { name: string; hidden?: boolean; xml: AsyncGenerator<string> }[] = []
  let listed = 0
  for (const sheet of sheets) {
    all.push({ name: sheet.name, xml: sheetXml(sheet, listed) })
    listed += sheet.choiceRows ? sheet.columns.filter(({ choices }) => choices).length : 0
  }
  if (lists.length > 0) all.push({ name: choiceSheet, hidden: true, xml: listsXml(lists) })
  const zip = new ZipFile()
  const add = (path: string, text: string) => zip.addBuffer(Buffer.from(xmlHead + text), path)
  add('[Content_Types].xml', contentTypes(all.length))
  add('_rels/.rels', `<Relationships xmlns="${packages}/relationships">${relation(1, 'officeDocument', 'xl/workbook.xml')}</Relationships>`)
  add('xl/workbook.xml', workbookXml(all))
  add(
    'xl/_rels/workbook.xml.rels',
    `<Relationships xmlns="${packages}/relationships">${all.map((_, i) => relation(i + 1, 'worksheet', `worksheets/sheet${i + 1}.xml`)).join('')}${relation(all.length + 1, 'styles', 'styles.xml')}${relation(all.length + 2, 'sharedStrings', 'sharedStrings.xml')}</Relationships>`,
  )
  add('xl/styles.xml', stylesXml)
  // Empty, because texts stand in their cells; some readers wait for it before they read a sheet.
  add('xl/sharedStrings.xml', `<sst xmlns="${main}" count="0" uniqueCount="0"/>`)
  for (const [i, { xml }] of all.entries())
    zip.addReadStreamLazy(`xl/worksheets/sheet${i + 1}.xml`, (give) => give(null, Readable.from(xml, { objectMode: false })))
  zip.end()
  const out = zip.outputStream as Readable
  // A source that fails must end the download, not leave it waiting.
  zip.on('error', (error) => out.destroy(error as Error))
  return toWeb(out)
}

const relation = (id: number, type: string, target: string) => `<Relationship Id="rId${id}" Type="${office}/${type}" Target="${target}"/>`

const contentTypes = (sheets: number) =>
  `<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${ml}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${ml}.styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="${ml}.sharedStrings+xml"/>${Array.from({ length: sheets }, (_, i) => `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="${ml}.worksheet+xml"/>`).join('')}</Types>`

const workbookXml = (sheets: readonly { name: string; hidden?: boolean }[]) =>
  `<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${sheets.map(({ name, hidden }, i) => `<sheet name="${escape(name)}" sheetId="${i + 1}"${hidden ? ' state="hidden"' : ''} r:id="rId${i + 1}"/>`).join('')}</sheets></workbook>`

/** Styles by number: 0 plain, 1 text that stays text when it is edited, 2 header, 3 wrong. */
const stylesXml = `<styleSheet xmlns="${main}"><fonts count="2"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="11"/><name val="宋体"/></font></fonts><fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFE7EEF0"/></patternFill></fill><fill><patternFill patternType="solid"><fgColor rgb="FFFBE3E1"/></patternFill></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/><xf numFmtId="49" applyNumberFormat="1"/><xf fontId="1" fillId="2" applyFont="1" applyFill="1"/><xf numFmtId="49" fillId="3" applyNumberFormat="1" applyFill="1"/></cellXfs></styleSheet>`

async function* sheetXml({ columns, rows, choiceRows = 0 }: Sheet, firstList: number): AsyncGenerator<string> {
  const widths = columns.map(({ width = 14 }, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" style="1" customWidth="1"/>`)
  yield `${xmlHead}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${widths.join('')}</cols><sheetData>`
  yield rowXml(
    1,
    columns.map(({ header }) => header),
    2,
  )
  let text = ''
  let n = 1
  for await (const row of rows) {
    text += rowXml(++n, row)
    if (n % together !== 0) continue
    yield text
    text = ''
  }
  const offered = choiceRows > 0 ? columns.flatMap(({ choices }, i) => (choices ? [{ at: i, choices }] : [])) : []
  const rules = offered.map(
    ({ at, choices }, i) =>
      `<dataValidation type="list" allowBlank="1" sqref="${letter(at)}2:${letter(at)}${choiceRows + 1}"><formula1>${choiceSheet}!$${letter(firstList + i)}$1:$${letter(firstList + i)}$${choices.length}</formula1></dataValidation>`,
  )
  const offer = rules.length > 0 ? `<dataValidations count="${rules.length}">${rules.join('')}</dataValidations>` : ''
  yield `${text}</sheetData>${offer}</worksheet>`
}

/** The values of drop-downs stand on a sheet of their own: a list in the rule itself may be 255 characters only. */
const choiceSheet = '选项'

async function* listsXml(lists: readonly (readonly string[])[]): AsyncGenerator<string> {
  yield `${xmlHead}<worksheet xmlns="${main}"><sheetData>`
  const longest = Math.max(...lists.map((list) => list.length))
  for (let r = 0; r < longest; r++)
    yield rowXml(
      r + 1,
      lists.map((list) => list[r] ?? null),
    )
  yield '</sheetData></worksheet>'
}

function rowXml(n: number, cells: readonly Cell[], style = 1): string {
  let text = `<row r="${n}">`
  for (const [i, cell] of cells.entries()) {
    if (cell === null || cell === '') continue
    const place = `${letter(i)}${n}`
    if (typeof cell === 'number') text += `<c r="${place}"><v>${cell}</v></c>`
    else if (typeof cell === 'string') text += textXml(place, marked(cell), style)
    else text += textXml(place, marked(cell.wrong), 3)
  }
  return `${text}</row>`
}

const textXml = (place: string, text: string, style: number) =>
  `<c r="${place}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escape(text)}</t></is></c>`

/** 0 → A, 26 → AA. */
const letters: string[] = []
const letter = (at: number): string =>
  (letters[at] ??= at < 26 ? String.fromCharCode(65 + at) : letter(Math.floor(at / 26) - 1) + letter(at % 26))

/** XML 1.0: what must be escaped, and without the characters that it cannot hold; a literal `_x000D_` is none (ST_Xstring). */
const escape = (text: string): string =>
  // oxlint-disable-next-line no-control-regex -- what XML cannot hold is what is looked for
  /^[^&<>"\0-\x1f\ud800-\uffff]*$/.test(text) && !text.includes('_x')
    ? text
    : text
        .toWellFormed()
        .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
        .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
        .replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!)

/** UTF-8 with the mark that Excel needs to see it (RFC 4180). */
export function csvStream(columns: readonly SheetColumn[], rows: Sheet['rows']): ReadableStream<Uint8Array> {
  const lines = async function* () {
    yield `\ufeff${csvLine(columns.map(({ header }) => header))}`
    let text = ''
    let n = 0
    for await (const row of rows) {
      text += csvLine(row)
      if (++n % together !== 0) continue
      yield text
      text = ''
    }
    if (text !== '') yield text
  }
  return toWeb(Readable.from(lines(), { objectMode: false }))
}

const toWeb = (stream: Readable) => Readable.toWeb(stream) as unknown as ReadableStream<Uint8Array>

const csvLine = (cells: readonly Cell[]): string =>
  `${cells.map((cell) => quoted(typeof cell === 'object' && cell !== null ? inert(cell.wrong) : inert(cell))).join(',')}\r\n`
const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** In a workbook a text is no formula, whatever it looks like. Only what looks guarded is guarded once more, so that it comes back as it was. */
const marked = (cell: string): string => (/^'+[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell)

/** A text that a program would take for a formula gets an apostrophe in front; plain numbers do not. */
const inert = (cell: string | number | null): string =>
  typeof cell === 'string' && /^'*[=+\-@\t\r]/.test(cell) && !/^[+-]?\d+(\.\d+)?$/.test(cell) ? `'${cell}` : String(cell ?? '')

const media = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
} as const

/** The stream as a file to save. */
export const download = (stream: ReadableStream<Uint8Array>, name: string, type: keyof typeof media): Response =>
  new Response(stream, {
    headers: {
      'content-type': media[type],
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(`${name}.${type}`)}`,
      'cache-control': 'private, no-store',
    },
  })
