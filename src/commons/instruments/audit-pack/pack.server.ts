/** Makes an audit pack: a ZIP that is sent while it is made, one file after the other, so that its size does not matter. */
import { createHash } from 'node:crypto'
import { Readable, Transform } from 'node:stream'
import { ZipFile } from 'yazl'
import { shanghaiDate } from '../../../core/promise-clock.ts'
import { isRefusal, type Refusal } from '../../../core/refusal.ts'
import { inTx, type Ctx } from '../../../platform/db.server.ts'
import { announce } from '../../../platform/events.server.ts'
import { uuidv7 } from '../../../platform/ids.ts'
import { csvStream } from '../../../platform/sheet-writer.server.ts'
import { fileTypes } from '../../files/index.ts'
import { readChunks } from '../../files/index.server.ts'
import { registerExcel } from '../import/sheet.server.ts'
import type { LedgerOwner } from '../model.ts'
import { ownLedger } from '../own-kinds.server.ts'
import type { InstrumentQuery } from '../queries.server.ts'
import { directoryPage } from './directory.ts'
import { namer, noCounts, type PackFile, type Period } from './model.ts'
import { countIn } from './survey.server.ts'
import { changesTable, confirmationsTable, overdueTable, resultsTable, type PackTable } from './tables.server.ts'

export interface PackAsked {
  query: InstrumentQuery
  /** The scope in words, for the first page and the event. */
  scope: string
  period: Period
}

/** The stream of a pack of one's own ledger, or why not. `audit-pack.made` is announced when it is complete. */
export async function makePack(ctx: Ctx, asked: PackAsked): Promise<Readable | Refusal> {
  const org = await ownLedger(ctx)
  if (isRefusal(org)) return org
  const zip = new ZipFile()
  const output = zip.outputStream as Readable
  zip.on('error', (error: Error) => output.destroy(error))
  fill(ctx, org, asked, zip).catch((error: unknown) => output.destroy(error as Error))
  return output
}

interface Certificate {
  path: string
  fileId: string
  about: string
}

async function fill(ctx: Ctx, org: LedgerOwner, { query, scope, period }: PackAsked, zip: ZipFile): Promise<void> {
  const [today, counts, files] = [shanghaiDate(ctx.now), noCounts(), [] as PackFile[]]
  const add = adder(zip, new Date(ctx.now), files)
  const addTable = async (path: string, about: string, table: PackTable) => {
    let rows = 0
    await add(
      path,
      about,
      web(
        csvStream(
          table.columns,
          counted(table.rows, () => rows++),
        ),
      ),
    )
    files.at(-1)!.rows = rows
  }
  await add('01-器具台账.xlsx', '所选范围内的器具台账', web(registerExcel(ctx, query)))
  const [certificates, nameOf] = [[] as Certificate[], namer()]
  const results = resultsTable(ctx, query, {
    seen: (each) => countIn(counts, each, today),
    fileOf: ({ instrument: { code, name } }, result) => {
      if (!result.file_id || !result.file_type) return null
      const stem = [code, result.done_on, result.certificate_no].filter(Boolean).join(' ')
      const path = nameOf('certificates', stem, fileTypes[result.file_type].endings[0])
      certificates.push({ path, fileId: result.file_id, about: `${code} ${name} ${result.done_on}${result.voided_at ? '（已作废）' : ''}` })
      return path
    },
  })
  await addTable('02-检定校准记录.csv', '检定、校准、期间核查的结果，作废的写明原因', results)
  await addTable('03-计量确认.csv', '是否满足使用要求及依据', confirmationsTable(ctx, query))
  await addTable('04-超期与送检中.csv', '超过有效期的和正在送检的', overdueTable(ctx, query))
  await addTable('05-变更记录.csv', `台账的变更，${period.from} 至 ${period.to}`, changesTable(ctx, query, period))
  for (const { path, fileId, about } of certificates) await add(path, about, Readable.from(readChunks(ctx, fileId)))
  files[0]!.rows = counts.instruments
  const index = [...files]
  await add('index.csv', '本审核包的文件清单', web(csvStream(indexColumns, indexRows(index))))
  const owner = ctx.actor.org_name
  const page = directoryPage({ owner, madeBy: ctx.actor.name, madeAt: ctx.now, scope, period, counts, files: index })
  const indexSha256 = files.at(-1)!.sha256
  await add('00-目录.html', '先看这一页', Readable.from([Buffer.from(page)]))
  await inTx(ctx, (tx) =>
    announce(tx, {
      subject: 'audit-pack',
      subjectId: uuidv7(),
      action: 'made',
      province: org.province,
      region: org.region,
      orgId: org.id,
      title: `审核包：${scope}`,
      detail: { scope, period, counts, files: files.length, indexSha256 },
    }),
  )
  zip.end()
}

const indexColumns = ['文件', '说明', '行数', '字节', 'SHA-256'].map((header) => ({ header }))
const indexRows = (files: readonly PackFile[]) =>
  files.map(({ path, about, rows, bytes, sha256 }) => [path, about, rows ?? null, bytes, sha256])

/** Puts a file into the archive, waits until it has been sent, and notes its size and fingerprint. */
const adder =
  (zip: ZipFile, mtime: Date, files: PackFile[]) =>
  (path: string, about: string, content: Readable): Promise<void> =>
    new Promise((resolve, reject) => {
      const hash = createHash('sha256')
      let bytes = 0
      const measured = new Transform({
        transform(chunk: Buffer, _, done) {
          hash.update(chunk)
          bytes += chunk.length
          done(null, chunk)
        },
      })
      const output = zip.outputStream as Readable
      const left = () => {
        content.destroy()
        reject(new Error('the reader went away'))
      }
      output.once('close', left)
      content.once('error', (error) => measured.destroy(error))
      measured.once('error', reject)
      measured.once('end', () => {
        output.off('close', left)
        files.push({ path, about, bytes, sha256: hash.digest('hex') })
        resolve()
      })
      // Spreadsheets, pictures and most PDF are packed already.
      zip.addReadStream(content.pipe(measured), path, { mtime, compress: /\.(csv|html|xml)$/.test(path) })
    })

const web = (stream: ReadableStream<Uint8Array>): Readable => Readable.fromWeb(stream as never)

async function* counted<T>(rows: AsyncIterable<T>, count: () => void): AsyncGenerator<T> {
  for await (const row of rows) {
    count()
    yield row
  }
}
