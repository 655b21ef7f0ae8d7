/** 读文件：编码、公式、坏文件；说明原因，什么也不留。 */
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { refusalOf } from '../../../core/test-refusal.ts'
import type { Ctx, Database } from '../../../platform/db.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import { stageOf } from '../../people/test-stage.server.ts'
import { startImport } from './commands.server.ts'
import { listImports } from './queries.server.ts'
import { keepersOf, whole, csv, bring, apply, badRows, ledger, reasons } from './test-import.server.ts'

let database: Database
let firm: () => Promise<Ctx>
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  firm = keepersOf(stageOf(database))
})
afterAll(() => database.close())

describe('文件', () => {
  it('GB 18030 的 CSV、公式存下的值、公式样的文字', async () => {
    const ctx = await firm()
    const gbk = Buffer.concat([Buffer.from('c3fbb3c62cd0cdbac50a', 'hex'), Buffer.from('d1b9c1a6b1ed2c592d3130300a', 'hex')])
    expect((await bring(ctx, gbk, '老系统.csv')).counts).toMatchObject({ new: 1 })
    const book = new ExcelJS.Workbook()
    const sheet = book.addWorksheet('台账')
    sheet.addRow(['器具编号', '名称', '检定周期', '备注', '检定日期'])
    sheet.addRow(['1', '压力表', { formula: '6*2', result: 12 }, '+86 开头的不是公式', new Date('2026-03-01')])
    sheet.addRow(['2', '压力表', 12, '=HYPERLINK("http://x")', 46082])
    const read = await bring(ctx, Buffer.from(await book.xlsx.writeBuffer()), '公式.xlsx')
    expect(reasons(await badRows(ctx, read))).toEqual([expect.stringContaining('3 note: ')])
    await apply(ctx, read)
    expect((await ledger(ctx))[0]).toMatchObject({ interval_months: 12, note: '+86 开头的不是公式', last_done_on: '2026-03-01' })
  })

  it('旧版 .xls、坏的压缩包、压缩炸弹、图片、空文件：说明原因，什么也不留', async () => {
    const ctx = await firm()
    const start = async (bytes: Uint8Array) => refusalOf(await startImport(ctx, { name: '表.xlsx', bytes })).reason
    expect(await start(Buffer.from('d0cf11e0a1b11ae1000000', 'hex'))).toContain('旧版 .xls')
    expect(await start(Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(100)]))).toContain('已损坏')
    expect(await start(Buffer.from('89504e470d0a1a0a0000000049454e44', 'hex'))).toContain('不是 Excel')
    expect(await start(Buffer.alloc(0))).toContain('空的')
    expect(await start(await bomb())).toContain('解开后太大')
    expect((await listImports(ctx)).total).toBe(0)
  })

  it('只有表头的、引号没有配对的：读取失败，说明原因；可以换文件再来', async () => {
    const ctx = await firm()
    expect(await bring(ctx, csv(['器具编号', '名称']), '空表.csv')).toMatchObject({
      state: 'failed',
      problem: '空表.csv 里没有数据行，请核对后再上传。',
    })
    const broken = await bring(ctx, Buffer.from('器具编号,名称\n1,压力表\n2,"没有完\n3,x\n'), '坏.csv')
    expect(broken).toMatchObject({ state: 'failed', applied: 0 })
    expect(broken.problem).toContain('双引号没有配对')
  })
})

/** A container whose sheet unpacks to 500 MB. */
async function bomb(): Promise<Buffer> {
  const { ZipFile } = await import('yazl')
  const zip = new ZipFile()
  zip.addBuffer(Buffer.alloc(500_000_000), 'xl/workbook.xml')
  zip.end()
  return whole((await import('node:stream')).Readable.toWeb(zip.outputStream as never) as unknown as ReadableStream<Uint8Array>)
}
