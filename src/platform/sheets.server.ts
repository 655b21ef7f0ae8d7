/** Reads tables that people bring: CSV in the encodings of their programs, and Excel, row by row. */
import { createReadStream } from 'node:fs'
import { Readable, Transform } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { archiveLimits, checkArchive } from './archive.server.ts'
import { readWorkbook } from './workbook-reader.server.ts'

export interface SheetRow {
  /** Number of the line or row in the file, from 1. */
  row: number
  cells: string[]
}

/** The file cannot be read; the message is a sentence for whoever brought it. */
export class SheetError extends Error {}

/** Widest table, longest cell, largest CSV: far beyond a real ledger, far below what hurts. */
const limits = { columns: 200, cell: 32_767, bytes: 1_000_000_000 }

/**
 * Every row of the first sheet that is not empty, at most a few at a time in memory for CSV. `name` is what messages call it.
 * Formulas give the value that was stored with them and are never computed. Throws `SheetError` only.
 */
export async function* readSheet(
  input: string | Buffer | Readable,
  name = typeof input === 'string' ? input : '文件',
): AsyncGenerator<SheetRow> {
  const source = typeof input === 'string' ? createReadStream(input) : Buffer.isBuffer(input) ? Readable.from([input]) : input
  try {
    const [stream, head] = await peek(source)
    if (head[0] === 0xd0 && head[1] === 0xcf)
      throw new SheetError(`${name} 是旧版 .xls 或带密码的文件，请在 Excel 里另存为不带密码的 .xlsx 或 CSV 再试。`)
    yield* head[0] === 0x50 && head[1] === 0x4b ? readExcel(stream, name) : readCsv(stream, head, name)
  } catch (error) {
    throw error instanceof SheetError ? error : new SheetError(sayError(error, name))
  } finally {
    source.destroy()
  }
}

function sayError(error: unknown, name: string): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return `没有文件 ${name}，请核对路径。`
  if (code === 'EISDIR') return `${name} 是文件夹，请指明其中的文件。`
  if (code === 'EACCES' || code === 'EPERM') return `没有读取 ${name} 的权限。`
  return `${name} 不是完好的 CSV 或 .xlsx 文件（${message}），请重新导出后再试。`
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
  const whole = async function* () {
    if (head.length > 0) yield head
    yield* iterator
  }
  return [Readable.from(whole(), { objectMode: false }), head]
}

async function* readCsv(stream: Readable, head: Buffer, name: string): AsyncGenerator<SheetRow> {
  const text = decoded(name)
  const parser = parse({
    delimiter: delimiterOf(head),
    bom: true,
    info: true,
    trim: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: limits.columns * limits.cell,
  })
  for (const [from, to] of [
    [stream, text],
    [text, parser],
  ] as const)
    from.on('error', (error) => to.destroy(error))
  stream.pipe(text).pipe(parser)
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (record.length > limits.columns)
        throw new SheetError(`${name} 第 ${info.lines} 行有 ${record.length} 列，最多 ${limits.columns} 列；请检查分隔符。`)
      if (record.some((cell) => cell !== '')) yield { row: info.lines, cells: record }
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new SheetError(`${name} 第 ${String(error.lines ?? parser.info.lines)} 行附近的双引号没有配对，请核对后再试。`)
  }
}

const delimiters = [',', '\t', ';', '；']

/** The one that stands most often in the first line, outside quotes. */
function delimiterOf(head: Buffer): string {
  const [first = ''] = new TextDecoder(encodingOf(head)).decode(head).split(/\r?\n|\r/)
  const bare = first.replace(/"[^"]*"/g, '')
  const count = (delimiter: string): number => bare.split(delimiter).length
  return delimiters.reduce((a, b) => (count(b) > count(a) ? b : a))
}

/** Bytes from the first that is not ASCII on by which the encoding is told: one cut character looks like either. */
const evidence = 1024

/** Bytes to text. Pure ASCII says nothing about the encoding, so it is chosen where other characters begin, and then held to. */
function decoded(name: string): Transform {
  let decoder: TextDecoder | undefined
  let held: Buffer = Buffer.alloc(0)
  let bytes = 0
  const notText = () => new SheetError(`${name} 不是 CSV 或 .xlsx 文件。`)
  const decode = (chunk: Buffer, more: boolean): string => {
    if ((bytes += chunk.length) > limits.bytes) throw new SheetError(`${name} 超过 ${limits.bytes / 1_000_000} MB，请拆成几个文件。`)
    if (!decoder) {
      const so = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      const first = so.findIndex((byte) => byte >= 0x80)
      held = first >= 0 && more && so.length - first < evidence ? so : Buffer.alloc(0)
      if (held.length > 0) return ''
      if (first < 0 && so.includes(0)) throw notText()
      if (first < 0) return so.toString('latin1')
      decoder = new TextDecoder(encodingOf(so), { fatal: true, ignoreBOM: true })
      chunk = so
    }
    if (chunk.includes(0) && !decoder.encoding.startsWith('utf-16')) throw notText()
    try {
      return decoder.decode(chunk, { stream: more })
    } catch {
      throw new SheetError(`${name} 的文字编码前后不一致或不认识，请另存为 UTF-8 的 CSV 再试。`)
    }
  }
  const attempt = (work: () => string, done: (error: Error | null, text?: string) => void): void => {
    let text
    try {
      text = work()
    } catch (error) {
      return done(error as Error)
    }
    done(null, text)
  }
  return new Transform({
    transform: (chunk: Buffer, _, done) => attempt(() => decode(chunk, true), done),
    flush: (done) => attempt(() => decode(Buffer.alloc(0), false), done),
  })
}

const isWide = (bytes: Buffer): boolean => (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)

/** Programs in China still write GB 18030; bytes that are no UTF-8 are taken for it. A character cut by the end of the head is not an error. */
function encodingOf(head: Buffer): 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be' {
  if (isWide(head)) return head[0] === 0xff ? 'utf-16le' : 'utf-16be'
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    return 'utf-8'
  } catch {
    return 'gb18030'
  }
}

/** The packed file is held in memory, because only the whole of it can be checked before it is unpacked. */
async function* readExcel(stream: Readable, name: string): AsyncGenerator<SheetRow> {
  const bytes = await gather(stream, name)
  const entries = await checkArchive(bytes)
  if (typeof entries === 'string') throw new SheetError(`${name} 不是完好的 .xlsx 文件（${entries}），请重新导出或拆成几个文件再试。`)
  if (!entries.includes('xl/workbook.xml')) throw new SheetError(`${name} 不是 Excel 工作簿，请另存为 .xlsx 或 CSV 再试。`)
  for await (const { row, cells } of readWorkbook(bytes)) {
    if (cells.length > limits.columns) throw new SheetError(`${name} 第 ${row} 行有 ${cells.length} 列，最多 ${limits.columns} 列。`)
    if (cells.length > 0) yield { row, cells }
  }
}

async function gather(stream: Readable, name: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    if ((size += chunk.length) > archiveLimits.packed)
      throw new SheetError(`${name} 超过 ${archiveLimits.packed / 1_000_000} MB，请拆成几个文件。`)
  }
  return Buffer.concat(chunks)
}
