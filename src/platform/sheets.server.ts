/** Reads tables that people bring: CSV in the encodings of their programs, and Excel, row by row. */
import { createReadStream } from 'node:fs'
import { PassThrough, Readable, Transform } from 'node:stream'
import { parse } from 'csv-parse'
import ExcelJS from 'exceljs'

export interface SheetRow {
  /** Number of the line or row in the file, from 1. */
  row: number
  cells: string[]
}

/** The file cannot be read; the message is a sentence for whoever brought it. */
export class SheetError extends Error {}

/** Widest table, longest cell: far beyond a real ledger, far below what hurts. */
const limits = { columns: 200, cell: 32_767, bytes: 200_000_000 }

/** Every row of the first sheet. Formulas give the value that was stored with them and are never computed. */
export async function* readSheet(input: string | Readable, name = typeof input === 'string' ? input : 'stdin'): AsyncGenerator<SheetRow> {
  const [stream, head] = await peek(typeof input === 'string' ? createReadStream(input) : input)
  if (head[0] === 0xd0 && head[1] === 0xcf) throw new SheetError(`${name} 是旧版 .xls 文件，请在 Excel 里另存为 .xlsx 或 CSV 再试。`)
  try {
    yield* head[0] === 0x50 && head[1] === 0x4b ? readExcel(stream) : readCsv(stream, head)
  } catch (error) {
    if (error instanceof SheetError) throw error
    throw new SheetError(`${name} 不是完好的 CSV 或 .xlsx 文件（${(error as Error).message}）。请重新导出后再试。`)
  }
}

/** The stream, unread, and its first bytes, by which its kind is told whatever its name says. */
async function peek(source: Readable): Promise<[Readable, Buffer]> {
  const chunks: Buffer[] = []
  let size = 0
  const iterator = source[Symbol.asyncIterator]() as AsyncIterableIterator<Buffer | string>
  while (size < 65_536) {
    const next = await iterator.next()
    if (next.done) break
    const chunk = Buffer.from(next.value)
    chunks.push(chunk)
    size += chunk.length
  }
  const head = Buffer.concat(chunks)
  return [
    Readable.from(
      (async function* () {
        if (head.length > 0) yield head
        yield* iterator
      })(),
      { objectMode: false },
    ),
    head,
  ]
}

async function* readCsv(stream: Readable, head: Buffer): AsyncGenerator<SheetRow> {
  const encoding = encodingOf(head)
  const first = new TextDecoder(encoding).decode(head).split(/\r?\n/)[0] ?? ''
  const delimiter = [',', '\t', ';', '；'].reduce((a, b) => (first.split(b).length > first.split(a).length ? b : a))
  const decoder = new TextDecoder(encoding)
  const text = new Transform({
    transform: (chunk: Buffer, _, done) => done(null, decoder.decode(chunk, { stream: true })),
    flush: (done) => done(null, decoder.decode()),
  })
  const parser = parse({
    delimiter,
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
    info: true,
    max_record_size: limits.columns * limits.cell,
  })
  stream
    .on('error', (error) => parser.destroy(error))
    .pipe(text)
    .pipe(parser)
  let bytes = 0
  for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
    bytes += record.length
    if (record.length > limits.columns)
      throw new SheetError(`第 ${info.lines} 行有 ${record.length} 列，最多 ${limits.columns} 列；请检查分隔符。`)
    if (bytes > limits.bytes) throw new SheetError('文件太大，请拆成几个文件。')
    yield { row: info.lines, cells: record }
  }
}

/** Programs in China still write GB 18030; bytes that are no UTF-8 are taken for it. A character cut by the end of the head is not an error. */
function encodingOf(head: Buffer): 'utf-8' | 'gb18030' {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    return 'utf-8'
  } catch {
    return 'gb18030'
  }
}

async function* readExcel(stream: Readable): AsyncGenerator<SheetRow> {
  let bytes = 0
  const counted = new PassThrough()
  stream.on('data', (chunk: Buffer) => (bytes += chunk.length))
  stream.pipe(counted)
  const workbook = new ExcelJS.stream.xlsx.WorkbookReader(counted, {
    worksheets: 'emit',
    sharedStrings: 'cache',
    hyperlinks: 'ignore',
    styles: 'cache',
    entries: 'ignore',
  })
  let read = 0
  for await (const sheet of workbook) {
    for await (const row of sheet) {
      const cells = (row.values as unknown[]).slice(1).map(cellText)
      if (cells.length > limits.columns) throw new SheetError(`第 ${row.number} 行有 ${cells.length} 列，最多 ${limits.columns} 列。`)
      read += cells.reduce((sum, cell) => sum + cell.length, 0)
      // A small file that unfolds without end is no table.
      if (read > limits.bytes) throw new SheetError('文件展开后太大，请拆成几个文件。')
      if (cells.some((cell) => cell !== '')) yield { row: row.number, cells }
    }
    return
  }
}

/** A cell as a person sees it: dates as dates, rich text as its text, a formula as its stored value. */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return value.toISOString().slice(0, 10)
  if (typeof value !== 'object') return String(value).trim()
  if ('result' in value) return cellText(value.result)
  if ('richText' in value)
    return (value.richText as { text: string }[])
      .map(({ text }) => text)
      .join('')
      .trim()
  if ('text' in value) return cellText(value.text)
  return ''
}
