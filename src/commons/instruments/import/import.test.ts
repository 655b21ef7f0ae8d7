/** 导入：读、判断、改、登记；重来不重复，断了能接着来。 */
import ExcelJS from 'exceljs'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { isRefusal, type Refusal } from '../../../core/refusal.ts'
import { type Ctx, type Database, type Db } from '../../../platform/db.server.ts'
import { readSheet } from '../../../platform/sheets.server.ts'
import { testDatabase } from '../../../platform/test-database.server.ts'
import { orThrow, stageOf, type Stage } from '../../people/test-stage.server.ts'
import { recordCheck } from '../checks.server.ts'
import { countsByState, eachInstrument, findInstrument, listInstruments } from '../queries.server.ts'
import { registerInstrument } from '../register.server.ts'
import { takeInstrumentStep } from '../steps.server.ts'
import { saveOwnKind } from '../own-kinds.server.ts'
import { chooseColumns, repeatImport, startImport, takeImportStep } from './commands.server.ts'
import { desk } from './desk.server.ts'
import { mendRows } from './mending.server.ts'
import type { Import, ImportRow } from './model.ts'
import { findImport, listImports } from './queries.server.ts'
import { rowsOf } from './rows.server.ts'
import { resumeImports, runImport } from './run.server.ts'
import { sampleOffset, sampleRows, sampleSheet } from './sample-sheet.server.ts'
import { badRowsExcel, registerCsv, registerExcel, templateSheet } from './sheet.server.ts'

let database: Database
let stage: Stage
beforeAll(async () => {
  database = await testDatabase(inject('template'))
  stage = stageOf(database)
})
afterAll(() => database.close())

let firms = 0
async function firm(): Promise<Ctx> {
  const org = await stage.organisation(`导入厂${++firms}`, '330110')
  const { actor } = await stage.seat(org, `计量员${firms}`, 'manager')
  return stage.as(actor)
}

const whole = async (stream: ReadableStream<Uint8Array>) => Buffer.from(await new Response(stream).arrayBuffer())
const csv = (...rows: string[][]) =>
  Buffer.from(rows.map((row) => row.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')).join('\n'))

/** Waits for the background to come to rest. */
async function settled(ctx: Ctx, id: string): Promise<Import> {
  for (;;) {
    const row = await findImport(ctx, id)
    if (!row) throw new Error('no import')
    if (row.state !== 'reading' && row.state !== 'applying') return row
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
async function bring(ctx: Ctx, bytes: Uint8Array, name = '台账.xlsx'): Promise<Import> {
  const { id } = orThrow(await startImport(ctx, { name, bytes }))
  return settled(ctx, id)
}
async function apply(ctx: Ctx, row: Import): Promise<Import> {
  orThrow(await takeImportStep(ctx, row.id, 'apply', row.version))
  return settled(ctx, row.id)
}
const badRows = (ctx: Ctx, row: Import) => rowsOf(ctx, row, { verdicts: ['bad'] })
const held = async (ctx: Ctx) => (await listInstruments(ctx)).total
const ledger = async (ctx: Ctx) => {
  const rows = []
  for await (const each of eachInstrument(ctx)) rows.push(...each)
  return rows
}
const refusalOf = (answer: unknown): Refusal => {
  if (!isRefusal(answer)) throw new Error('not refused')
  return answer
}
const reasons = (rows: readonly ImportRow[]) =>
  rows.flatMap(({ row, problems }) => problems.map(({ field, reason }) => `${row} ${field}: ${reason}`))

describe('三千行，四十一行有问题', () => {
  it('先登记 2,959 件，改好后 3,000 件；同一个文件再来，一件也不多', async () => {
    const ctx = await firm()
    const rows = sampleRows(3000, 41)
    const sheet = await sampleSheet(rows)
    const read = await bring(ctx, sheet)
    expect(read).toMatchObject({ state: 'preview', rows_total: 3002, counts: { new: 2959, bad: 41, same: 0, change: 0, skip: 0 } })
    expect(await held(ctx)).toBe(0)
    const bad = await badRows(ctx, read)
    expect(bad.map(({ row }) => row)).toEqual(rows.flatMap(({ mistake }, n) => (mistake ? [n + sampleOffset] : [])))
    for (const each of bad) {
      const { field } = rows[each.row - sampleOffset]!
      expect(
        each.problems.filter(({ level }) => level === 'bad').map((problem) => problem.field),
        String(each.row),
      ).toEqual([field])
    }
    expect(await desk(ctx)).toMatchObject([{ title: '导入“台账.xlsx”：2959 件可以登记，41 行有问题', action: '确认登记' }])

    const applied = await apply(ctx, read)
    expect(applied).toMatchObject({ state: 'preview', applied: 2959, counts: { bad: 41, pending: { new: 0, change: 0 } } })
    expect(await held(ctx)).toBe(2959)
    expect(await countsByState(ctx)).toEqual({ 'in-use': 2959 })

    const counts = orThrow(
      await mendRows(
        ctx,
        read.id,
        bad.map(({ row }) => {
          const { field, right, mistake } = rows[row - sampleOffset]!
          return { row, texts: { [field!]: mistake === 'twice' ? `${right}-改` : right } }
        }),
      ),
    )
    expect(counts).toMatchObject({ bad: 0, pending: { new: 41 } })
    const done = await apply(ctx, (await findImport(ctx, read.id))!)
    expect(done).toMatchObject({ state: 'done', applied: 3000, counts: { new: 3000, bad: 0 } })
    expect(await held(ctx)).toBe(3000)
    expect(await desk(ctx)).toEqual([])

    expect(orThrow(await startImport(ctx, { name: '台账.xlsx', bytes: sheet }))).toEqual({ id: read.id, again: true })
    const again = await settled(ctx, orThrow(await repeatImport(ctx, read.id)).id)
    // Rows that lack a name or have a strange state are known by their codes now; the others are as wrong as before.
    expect(again).toMatchObject({ state: 'preview', counts: { new: 0, same: 2969, change: 0, bad: 31 } })
    expect(await held(ctx)).toBe(3000)
  }, 120_000)
})

describe('认哪一件', () => {
  it('登记过的再来没有变化；改了的只更新改的；空格不清掉内容；状态不动', async () => {
    const ctx = await firm()
    const head = ['器具编号', '器具名称', '测量范围', '存放地点', '保管人', '检定日期', '检定周期(月)', '状态']
    const first = csv(
      head,
      ['A-1', '压力表', '0～1.6 MPa', '锅炉房', '老周', '2026-05-10', '12', '在用'],
      ['A-2', '电子天平', '0～220 g', '化验室', '小吴', '2026-05-11', '12', ''],
    )
    await apply(ctx, await bring(ctx, first))
    const [one] = (await ledger(ctx)).filter(({ code }) => code === 'A-1')
    orThrow(await takeInstrumentStep(ctx, one!.id, { step: 'stop', opinion: '停产' }))
    const next = csv(
      head,
      ['A-1', '压力表', '0～16 bar', '', '', '2026-11-02', '12', '在用'],
      ['A-2', '电子天平', '0～220 g', '化验室', '小吴', '2026-05-11', '12', '在用'],
    )
    const read = await bring(ctx, next)
    expect(read.counts).toMatchObject({ new: 0, change: 1, same: 1, bad: 0 })
    expect(reasons(await rowsOf(ctx, read, { verdicts: ['change'] }))).toEqual(['2 state: 台账里是“停用”，导入不改状态，请在台账里办理'])
    expect((await apply(ctx, read)).state).toBe('done')
    expect(await findInstrument(ctx, one!.id)).toMatchObject({
      place: '锅炉房',
      keeper: '老周',
      state: 'stopped',
      ranges: [{ low: '0', high: '16', unit: 'bar' }],
      last_done_on: '2026-11-02',
      valid_until: '2027-11-01',
    })
    expect(await held(ctx)).toBe(2)
  })

  it('没有编号的按出厂编号认；都没有的，三行一样就是三件，再来还是这三件', async () => {
    const ctx = await firm()
    const sheet = csv(
      ['名称', '型号', '出厂编号', '存放地点'],
      ['卡尺', 'CD', 'S1', '甲'],
      ['压力表', 'Y', '', '乙'],
      ['压力表', 'Y', '', '乙'],
      ['压力表', 'Y', '', '乙'],
    )
    const read = await bring(ctx, sheet)
    expect(read.counts).toMatchObject({ new: 4, bad: 0, skip: 0 })
    const done = await apply(ctx, read)
    expect((await ledger(ctx)).map(({ code }) => code)).toEqual(['QJ-00001', 'QJ-00002', 'QJ-00003', 'QJ-00004'])
    const again = await settled(ctx, orThrow(await repeatImport(ctx, done.id)).id)
    expect(again).toMatchObject({ state: 'done', counts: { same: 4, new: 0 } })
  })

  it('同一个出厂编号、两个编号：后一行有问题，说出是哪一行、哪一件；完全相同的行只登记一次', async () => {
    const ctx = await firm()
    orThrow(await registerInstrument(ctx, { code: 'OLD', name: '压力表', maker: '甲厂', model: 'Y', serial: 'S9' }))
    const head = ['器具编号', '名称', '制造单位', '型号', '出厂编号']
    const sheet = csv(
      head,
      ['B-1', '压力表', '甲厂', 'Y', 'S1'],
      ['B-2', '压力表', '甲厂', 'Y', 'S1'],
      ['B-1', '压力表', '甲厂', 'Y', 'S3'],
      ['B-1', '压力表', '甲厂', 'Y', 'S1'],
      ['B-3', '压力表', '甲厂', 'Y', 'S9'],
      ['', '压力表', '甲厂', 'Y', 's9'],
    )
    const read = await bring(ctx, sheet)
    expect(read.counts).toMatchObject({ new: 1, bad: 4, skip: 1 })
    const said = reasons(await badRows(ctx, read))
    expect(said[0]).toContain('3 serial: 制造单位、型号、出厂编号都与第 2 行相同')
    expect(said[1]).toContain('4 code: 器具编号 B-1 与第 2 行相同')
    expect(said[2]).toContain('6 serial: 制造单位、型号、出厂编号都与台账里的 OLD（压力表）相同')
    expect(reasons(await rowsOf(ctx, read, { verdicts: ['skip'] }))).toEqual(['5 null: 与第 2 行完全相同'])

    // The first of the three is mended: those it stood in the way of are judged again.
    const after = orThrow(await mendRows(ctx, read.id, [{ row: 2, texts: { code: 'B-0', serial: 'S0' } }]))
    expect(after).toMatchObject({ new: 3, skip: 0 })
    expect((await badRows(ctx, read)).map(({ row }) => row)).toEqual([5, 6, 7])
  })

  it('台账里有录入的结果时，上次检定信息以录入的为准', async () => {
    const ctx = await firm()
    const it = orThrow(await registerInstrument(ctx, { code: 'C-1', name: '压力表', lastDoneOn: '2026-01-05', intervalMonths: '12' }))
    orThrow(await recordCheck(ctx, it.id, { kind: 'verification', doneOn: '2026-11-01', conclusion: 'pass', validUntil: '2027-04-30' }))
    const read = await bring(ctx, csv(['器具编号', '名称', '检定日期'], ['C-1', '压力表', '2026-01-05']))
    expect(read).toMatchObject({ state: 'done', counts: { same: 1, change: 0 } })
    expect(reasons(await rowsOf(ctx, read, { verdicts: ['same'] }))[0]).toContain('以录入的为准')
  })

  it('预览以后台账变了：登记时再判断一次，不会重复', async () => {
    const ctx = await firm()
    const read = await bring(ctx, csv(['器具编号', '名称'], ['D-1', '压力表'], ['D-2', '卡尺']))
    orThrow(await registerInstrument(ctx, { code: 'D-1', name: '压力表' }))
    const done = await apply(ctx, read)
    expect(done).toMatchObject({ state: 'done', applied: 1, counts: { new: 1, same: 1 } })
    expect(await held(ctx)).toBe(2)
  })

  it('自定种类按名称认', async () => {
    const ctx = await firm()
    orThrow(await saveOwnKind(ctx, { name: '蒸汽压力表', parent: 'pressure-gauge' }))
    await apply(ctx, await bring(ctx, csv(['器具编号', '名称', '器具种类', '用途'], ['E-1', '蒸汽压力表', '蒸汽压力表', '安全防护'])))
    expect((await ledger(ctx))[0]).toMatchObject({ kind: null, mandatory: 'yes' })
  })
})

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

describe('列', () => {
  it('认错的列可以改，改了重新判断，改好的格子还在；同一项选两列、没有名称，说明原因', async () => {
    const ctx = await firm()
    const read = await bring(ctx, csv(['编号A', '编号B', '物件', '放哪'], ['1', 'X', '压力表', '甲'], ['2', 'Y', '=bad', '乙']))
    expect(read).toMatchObject({ state: 'preview', counts: { new: 0, bad: 3 } })
    expect(reasons(await badRows(ctx, read))[0]).toContain('还没有指明哪一列是器具名称')
    const choose = (fields: string[], headerRow = 1) =>
      findImport(ctx, read.id).then((row) => chooseColumns(ctx, read.id, { headerRow, fields, version: row!.version }))
    // Without headers only the row of headers is taken first; then the columns are chosen.
    orThrow(await choose([], 1))
    await settled(ctx, read.id)
    expect(refusalOf(await choose(['code', 'code', 'name', '']))).toMatchObject({
      kind: 'invalid',
      fields: { 'column-0': expect.stringContaining('选了两列') },
    })
    expect(refusalOf(await choose(['code', '', '', 'place'])).reason).toContain('器具名称')
    expect(refusalOf(await choose(['code', '', 'name', 'place'], 99)).reason).toContain('第 99 行')
    orThrow(await choose(['', 'code', 'name', 'place']))
    expect((await settled(ctx, read.id)).counts).toMatchObject({ new: 1, bad: 1 })
    orThrow(await mendRows(ctx, read.id, [{ row: 3, texts: { name: '卡尺' } }]))
    orThrow(await choose(['code', '', 'name', 'place']))
    expect((await settled(ctx, read.id)).counts).toMatchObject({ new: 2, bad: 0 })
    await apply(ctx, (await findImport(ctx, read.id))!)
    expect((await ledger(ctx)).map(({ code, name, place }) => [code, name, place])).toEqual([
      ['1', '压力表', '甲'],
      ['2', '卡尺', '乙'],
    ])
    expect(refusalOf(await chooseColumns(ctx, read.id, { headerRow: 1, fields: ['code'], version: read.version })).code).toBe('STALE')
  })

  it('行可以放到一边，也可以再拿回来', async () => {
    const ctx = await firm()
    const read = await bring(ctx, csv(['器具编号', '名称', '周期'], ['1', '压力表', '随缘'], ['2', '压力表', '12']))
    expect(orThrow(await mendRows(ctx, read.id, [{ row: 2, texts: {}, aside: true }]))).toMatchObject({ bad: 0, skip: 1 })
    expect(orThrow(await mendRows(ctx, read.id, [{ row: 2, texts: {}, aside: false }]))).toMatchObject({ bad: 1, skip: 0 })
    expect(orThrow(await mendRows(ctx, read.id, [{ row: 2, texts: { intervalMonths: '还是随缘' } }]))).toMatchObject({ bad: 1 })
    expect((await badRows(ctx, read))[0]!.cells.mended).toEqual({ intervalMonths: '还是随缘' })
    expect(orThrow(await mendRows(ctx, read.id, [{ row: 2, texts: { intervalMonths: '' } }]))).toMatchObject({ bad: 0, new: 2 })
  })
})

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

  it('别家的导入看不到，也动不了', async () => {
    const [own, other] = [await firm(), await firm()]
    const read = await bring(own, csv(['器具编号', '名称'], ['1', '压力表']))
    expect(await findImport(other, read.id)).toBeUndefined()
    expect(refusalOf(await takeImportStep(other, read.id, 'apply', read.version)).kind).toBe('missing')
    expect(refusalOf(await mendRows(other, read.id, [{ row: 2, texts: { name: 'x' } }])).kind).toBe('missing')
    expect(await desk(other)).toEqual([])
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

describe('断了接着来', () => {
  /** The process dies at its `n`-th transaction: nothing of that one is kept, and nothing is written after it. */
  const dying = (ctx: Ctx, n: number): Ctx => {
    let left = n
    const db = new Proxy(ctx.db, {
      get(target, name) {
        if (name === 'transaction' && --left < 0) throw new Error('killed')
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? (value.bind(target) as unknown) : value
      },
    })
    return { ...ctx, db: db as Db }
  }

  it('读到一半、登记到一半断了，接着来的结果和没断过一样，一件不多一件不少', async () => {
    const ctx = await firm()
    const rows = sampleRows(1200, 9)
    const sheet = await sampleSheet(rows)
    const { id } = orThrow(await startImport(dying(ctx, 3), { name: '断.xlsx', bytes: sheet }))
    const stopped = await quiet(ctx, id)
    expect(stopped).toMatchObject({ state: 'reading', rows_read: 500, rows_total: null })
    await runImport(ctx, id)
    const read = (await findImport(ctx, id))!
    expect(read).toMatchObject({ state: 'preview', rows_total: 1202, counts: { new: 1191, bad: 9 } })
    expect((await badRows(ctx, read)).map(({ row }) => row)).toEqual(rows.flatMap(({ mistake }, n) => (mistake ? [n + sampleOffset] : [])))

    await takeImportStep(dying(ctx, 4), id, 'apply', read.version)
    const half = await quiet(ctx, id)
    expect(half.state).toBe('applying')
    expect(half.applied).toBeGreaterThan(0)
    expect(await held(ctx)).toBe(half.applied)
    await runImport(ctx, id)
    expect(await findImport(ctx, id)).toMatchObject({ state: 'preview', applied: 1191, counts: { pending: { new: 0 } } })
    expect(await held(ctx)).toBe(1191)
  })

  it('没人管了的由定时任务接着办；还在动的不碰', async () => {
    const ctx = await firm()
    const { id } = orThrow(await startImport(dying(ctx, 2), { name: '定时.xlsx', bytes: await sampleSheet(sampleRows(600, 0)) }))
    const left = await quiet(ctx, id)
    const at = (seconds: number): Ctx => ({ ...ctx, now: new Date(Date.parse(left.touched_at) + seconds * 1000).toISOString() })
    expect(await resumeImports(at(60))).toBe(0)
    expect(await resumeImports(at(100))).toBe(1)
    expect(await settled(ctx, id)).toMatchObject({ state: 'preview', counts: { new: 600 } })
  })

  it('两个进程同时读同一个文件，行和件数都不重复', async () => {
    const ctx = await firm()
    const { id } = orThrow(await startImport(ctx, { name: '抢.xlsx', bytes: await sampleSheet(sampleRows(1000, 0)) }))
    await Promise.all([runImport(ctx, id), runImport(ctx, id)])
    const read = await settled(ctx, id)
    expect(read.counts).toMatchObject({ new: 1000, bad: 0 })
    orThrow(await takeImportStep(ctx, id, 'apply', read.version))
    await Promise.all([runImport(ctx, id), runImport(ctx, id)])
    expect((await settled(ctx, id)).applied).toBe(1000)
    expect(await held(ctx)).toBe(1000)
  })

  /** Until nobody writes any more. */
  async function quiet(ctx: Ctx, id: string): Promise<Import> {
    for (let before = -1; ;) {
      const row = (await findImport(ctx, id))!
      if (row.version === before) return row
      before = row.version
      await new Promise((resolve) => setTimeout(resolve, 400))
    }
  }
})

describe('导入两次等于一次', () => {
  const text = (pool: readonly string[]) => fc.constantFrom(...pool)
  const line = fc.record({
    器具编号: text(['', '', 'A', 'B', 'C', 'D', 'E']),
    器具名称: text(['压力表', '卡尺', '电子天平']),
    制造单位: text(['', '甲厂', '乙厂']),
    型号规格: text(['', 'Y-100']),
    出厂编号: text(['', '', '1', '2', '3']),
    测量范围: text(['', '0～1.6 MPa', '(0～150)mm', '不知道']),
    存放地点: text(['', '一车间', '-1 层']),
    检定日期: text(['', '2026/3/1', '2026年3月1日', '20260301', '2031-01-01']),
    '检定周期(月)': text(['', '12', '1年', '半年', '随缘']),
    状态: text(['', '在用', '封存', '报废']),
  })

  it('随机的表：有重复、没编号、列的次序打乱，第二次一件不多、一件不改', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 25 }),
        fc.shuffledSubarray(['器具编号', '制造单位', '型号规格', '出厂编号', '测量范围', '存放地点', '检定日期', '检定周期(月)', '状态'], {
          minLength: 2,
        }),
        async (lines, titles) => {
          const ctx = await firm()
          const head = ['器具名称', ...titles]
          const sheet = csv(head, ...lines.map((each) => head.map((title) => (each as Record<string, string>)[title]!)))
          const first = await bring(ctx, sheet, '随机.csv')
          const ready = first.counts.pending.new
          const done = ready > 0 ? await apply(ctx, first) : first
          expect(await held(ctx)).toBe(ready)
          const before = (await ledger(ctx)).map((row) => ({ ...row, changed_at: '' }))
          // The bytes differ, the rows do not: another upload, not the same import.
          const second = await bring(ctx, Buffer.concat([sheet, Buffer.from('\n')]), '随机.csv')
          expect(second.counts).toMatchObject({ new: 0, change: 0, same: ready, bad: done.counts.bad, skip: first.counts.skip })
          expect((await ledger(ctx)).map((row) => ({ ...row, changed_at: '' }))).toEqual(before)
        },
      ),
      { numRuns: 25 },
    )
  }, 120_000)
})
