import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { deflateRawSync } from 'node:zlib'
import ExcelJS from 'exceljs'
import { afterAll, describe, expect, it } from 'vitest'
import { readSheet, SheetError, type SheetRow } from './sheets.server.ts'

const scratch = mkdtempSync(path.join(tmpdir(), 'hengqi-sheets-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const read = async (input: string | Buffer | Readable, name?: string): Promise<SheetRow[]> => {
  const rows: SheetRow[] = []
  for await (const row of readSheet(input, name)) rows.push(row)
  return rows
}
const cells = async (text: string | Buffer) => (await read(Buffer.from(text as string))).map((row) => row.cells)
const refused = async (input: string | Buffer): Promise<string> => {
  const error = await read(input, typeof input === 'string' ? input : '台账').catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(SheetError)
  return (error as SheetError).message
}

/** A workbook of one sheet. */
async function workbook(rows: unknown[][]): Promise<Buffer> {
  const book = new ExcelJS.Workbook()
  const sheet = book.addWorksheet('台账')
  for (const row of rows) sheet.addRow(row)
  book.addWorksheet('说明').addRow(['不读第二张表'])
  return Buffer.from(await book.xlsx.writeBuffer())
}

describe('CSV', () => {
  it('引号里的逗号、换行和双引号属于同一格，行号是文件里的行号', async () => {
    const text = '名称,备注\r\n"示例·甲,乙","说""好""\n第二行"\r\n\r\n示例·丙,\r\n'
    expect(await read(Buffer.from(text))).toEqual([
      { row: 1, cells: ['名称', '备注'] },
      { row: 3, cells: ['示例·甲,乙', '说"好"\n第二行'] },
      { row: 5, cells: ['示例·丙', ''] },
    ])
  })

  it.each([
    ['逗号', ','],
    ['制表符', '\t'],
    ['分号', ';'],
    ['中文分号', '；'],
  ])('分隔符是%s；引号里的不算', async (_, delimiter) => {
    const others = [',', '\t', ';', '；'].filter((each) => each !== delimiter).map((each) => each.repeat(5))
    const text = [`"名称${others.join('')}"`, '地区', '人数'].join(delimiter) + '\n' + ['甲', '乙', '3'].join(delimiter)
    expect((await cells(text)).map((row) => row.length)).toEqual([3, 3])
  })

  it.each([
    ['UTF-8', Buffer.from('名称\n甲')],
    ['UTF-8 带标记', Buffer.from('\uFEFF名称\n甲')],
    ['UTF-16', Buffer.from('\uFEFF名称\n甲', 'utf16le')],
    ['GB 18030', Buffer.from('c3fbb3c60abcd7', 'hex')],
  ])('编码是 %s', async (_, bytes) => {
    expect(await cells(bytes)).toEqual([['名称'], ['甲']])
  })

  it('一个汉字被分在两段里也读得对', async () => {
    const bytes = Buffer.concat([Buffer.from('name\n'), Buffer.alloc(70_000, 'a'), Buffer.from('c3fbb3c6', 'hex')])
    const one = Array.from(bytes, (_, i) => bytes.subarray(i, i + 1))
    expect((await read(Readable.from(one))).at(-1)!.cells[0]!.slice(-3)).toBe('a名称')
  })

  it('不是表格的、引号不配对的、编码前后不一致的、太宽的，说明原因', async () => {
    expect(await refused(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1]))).toBe('台账 不是 CSV 或 .xlsx 文件。')
    expect(await refused(Buffer.from('名称,备注\n甲,"没有完\n乙,丙\n'))).toMatch(/第 \d 行附近的双引号没有配对/)
    const mixed = Buffer.concat([Buffer.from(`名称\n${'甲\n'.repeat(30_000)}`), Buffer.from('c3fbb3c6', 'hex')])
    expect(await refused(mixed)).toContain('编码前后不一致')
    expect(await refused(Buffer.from(`${'a,'.repeat(200)}a\n`))).toContain('有 201 列，最多 200 列')
    expect(await refused(Buffer.from('d0cf11e0a1b11ae1', 'hex'))).toContain('旧版 .xls')
  })

  it('没有的文件和文件夹，说明原因', async () => {
    expect(await refused(path.join(scratch, '没有.csv'))).toContain('没有文件')
    expect(await refused(scratch)).toContain('是文件夹')
  })
})

describe('Excel', () => {
  it('只读第一张表；日期、公式、富文本、错误和空格按人看到的样子', async () => {
    const rows = [
      ['名称', '成立日期', '人数', '合计', '说明'],
      ['示例·甲', new Date('2018-03-15T00:00:00Z'), 42, { formula: 'C2*2', result: 84 }, { richText: [{ text: '富' }, { text: '文本' }] }],
      [],
      ['示例·乙', null, 0, { error: '#N/A' }, { text: '链接', hyperlink: 'https://example.com' }],
    ]
    expect(await read(await workbook(rows))).toEqual([
      { row: 1, cells: rows[0] },
      { row: 2, cells: ['示例·甲', '2018-03-15', '42', '84', '富文本'] },
      { row: 4, cells: ['示例·乙', '', '0', '#N/A', '链接'] },
    ])
  })

  it('按内容认文件，不看扩展名', async () => {
    const file = path.join(scratch, '其实是表格.csv')
    writeFileSync(file, await workbook([['名称'], ['甲']]))
    expect((await read(file)).map((row) => row.cells)).toEqual([['名称'], ['甲']])
  })

  it('被截断的、不是工作簿的压缩包，说明原因', async () => {
    const whole = await workbook([['名称'], ['甲']])
    expect(await refused(whole.subarray(0, whole.length - 40))).toContain('不是完好的 .xlsx 文件')
    expect(await refused(zip('readme.txt', Buffer.from('hello')))).toContain('不是 Excel 工作簿')
  })

  it('谎报大小的压缩炸弹在展开之前就拒收', async () => {
    const bomb = zip('xl/workbook.xml', Buffer.alloc(401_000_000), 10)
    expect(bomb.length).toBeLessThan(1_000_000)
    expect(await refused(bomb)).toContain('解开后太大')
  })
})

/** A container of one entry (APPNOTE.TXT 4.3); `said` is the unpacked size that it claims. */
function zip(name: string, content: Buffer, said = content.length): Buffer {
  const packed = deflateRawSync(content)
  const shared = Buffer.alloc(26)
  shared.writeUInt16LE(20, 0)
  shared.writeUInt16LE(8, 4)
  shared.writeUInt32LE(packed.length, 14)
  shared.writeUInt32LE(said, 18)
  shared.writeUInt16LE(name.length, 22)
  const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), shared, Buffer.from(name), packed])
  const directory = Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), shared, Buffer.alloc(14), Buffer.from(name)])
  const end = Buffer.alloc(18)
  end.writeUInt16LE(1, 4)
  end.writeUInt16LE(1, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(local.length, 12)
  return Buffer.concat([local, directory, Buffer.from('PK\u0005\u0006'), end])
}
