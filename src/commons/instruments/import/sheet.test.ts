/** 导出、模板、有问题的行：写出去的都能原样导入。 */
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { orThrow } from '../../../core/test-refusal.ts'
import type { Ctx, Database } from '../../../platform/db.server.ts'
import { readSheet } from '../../../platform/sheets.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import { stageOf } from '../../people/test-stage.server.ts'
import { saveOwnKind } from '../own-kinds.server.ts'
import { registerInstrument } from '../register.server.ts'
import { takeInstrumentStep } from '../steps.server.ts'
import { rowsOf } from './rows.server.ts'
import { badRowsExcel, registerCsv, registerExcel, templateSheet } from './sheet.server.ts'
import { keepersOf, whole, csv, bring, apply, badRows, ledger, reasons } from './test-import.server.ts'

let database: Database
let firm: () => Promise<Ctx>
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  firm = keepersOf(stageOf(database))
})
afterAll(() => database.close())

describe('导出的再导入', () => {
  it('Excel 和 CSV 都一点不变：公式样的文字、负数、引号、换行、报废的', async () => {
    const ctx = await firm()
    const own = orThrow(await saveOwnKind(ctx, { name: '厚薄规', parent: undefined }))
    const scrapped = orThrow(await registerInstrument(ctx, { code: '-1', name: '温度计', range: '-40～60 ℃', serial: '+86' }))
    orThrow(await takeInstrumentStep(ctx, scrapped.id, { step: 'scrap', opinion: '坏了' }))
    orThrow(
      await registerInstrument(ctx, {
        code: '@x',
        name: '压力表 "甲", 乙',
        note: "'=1+1 & <b> &amp; _x0041_",
        accuracy: '±(1%+2字)',
        lastFee: '120.50',
        lastDoneOn: '2026-02-28',
        intervalMonths: '6',
        lastKind: '检定',
        lastConclusion: '合格',
        use: '其他',
      }),
    )
    orThrow(
      await registerInstrument(ctx, {
        code: '007',
        name: '厚薄规',
        ownKind: own.id,
        range: '0.02～1 mm、1～5 mm',
        place: '+工位',
        keeper: "'-",
      }),
    )
    for (const [name, bytes] of [
      ['全部.xlsx', await whole(registerExcel(ctx, { sort: 'code', dir: 'asc' }))],
      ['全部.csv', await whole(registerCsv(ctx, {}))],
    ] as const) {
      const read = await bring(ctx, bytes, name)
      expect(reasons(await rowsOf(ctx, read, { verdicts: ['bad', 'change', 'new', 'skip'] })), name).toEqual([])
      expect(read, name).toMatchObject({ state: 'done', counts: { same: 3, new: 0, change: 0, bad: 0 } })
    }
  })

  it('CSV 里没有会被当成公式的格子', async () => {
    const ctx = await firm()
    orThrow(await registerInstrument(ctx, { code: '@SUM(A1)', name: '+cmd', maker: '-2+3', serial: '-5' }))
    const text = String(await whole(registerCsv(ctx, {})))
    expect(text.startsWith('\ufeff')).toBe(true)
    const cells = text.split('\r\n')[1]!.split(',')
    expect(cells.filter((cell) => /^[=+@\t]|^-(?!\d+(\.\d+)?$)/.test(cell))).toEqual([])
    expect(cells).toContain("'@SUM(A1)")
    expect(cells).toContain('-5')
  })

  it('模板：示例行不登记，照着填的登记', async () => {
    const ctx = await firm()
    const blank = await bring(ctx, await whole(await templateSheet(ctx)), '模板.xlsx')
    expect(blank).toMatchObject({ state: 'done', counts: { skip: 2, new: 0, bad: 0 } })
    const book = new ExcelJS.Workbook()
    await book.xlsx.load((await whole(await templateSheet(ctx))) as never)
    const sheet = book.worksheets[0]!
    const titles = sheet.getRow(1).values as string[]
    const put = (n: number, texts: Record<string, unknown>) => {
      for (const [title, value] of Object.entries(texts)) sheet.getCell(n, titles.indexOf(title)).value = value as never
    }
    put(4, {
      器具编号: 'T-1',
      器具名称: '压力表',
      测量范围: '0～1.6 MPa',
      '上次检定、校准日期': new Date('2026-03-01'),
      '周期（月）': 6,
      用途: '安全防护',
    })
    expect(sheet.getCell(2, titles.indexOf('用途')).dataValidation?.formulae).toEqual(['选项!$B$1:$B$6'])
    const read = await bring(ctx, Buffer.from(await book.xlsx.writeBuffer()), '填好的.xlsx')
    expect(reasons(await badRows(ctx, read))).toEqual([])
    expect(read.counts).toMatchObject({ new: 1, skip: 2 })
    await apply(ctx, read)
    expect((await ledger(ctx))[0]).toMatchObject({ code: 'T-1', valid_until: '2026-08-31', mandatory: 'yes' })
  })

  it('有问题的行下载下来，改好再传，表头全认得', async () => {
    const ctx = await firm()
    const read = await bring(
      ctx,
      csv(
        ['管理编号', '设备名称', '量程(MPa)', '检定周期（年）'],
        ['F-1', '压力表', '0～1.6 kk', '1'],
        ['F-2', '压力表', '0～2.5', '1'],
        ['F-3', '压力表', '0～4', '千年'],
      ),
    )
    expect(read.counts).toMatchObject({ new: 1, bad: 2 })
    const lines: string[][] = []
    for await (const { cells } of readSheet(await whole(await badRowsExcel(ctx, read)))) lines.push(cells)
    const [head, ...body] = lines
    const at = (title: string) => head!.indexOf(title)
    expect(body.map((cells) => cells[at('原行号')])).toEqual(['2', '4'])
    expect(body[0]![at('问题')]).toContain('测量范围：')
    body[0]![at('测量范围')] = '0～1.6 MPa'
    body[1]![at('周期（月）')] = '12'
    const mended = await bring(ctx, csv(head!, ...body), '改好的.csv')
    expect(mended.counts).toMatchObject({ new: 2, bad: 0 })
    await apply(ctx, mended)
    expect((await ledger(ctx)).map(({ interval_months, ranges }) => [interval_months, ranges[0]!.high])).toEqual([
      [12, '1.6'],
      [12, '4'],
    ])
  })
})
