import { describe, expect, it } from 'vitest'
import { isRefusal } from '../core/refusal.ts'
import { columns, readHeader, readRow, type Header } from './columns.ts'

const headerOf = (...cells: string[]): Header => {
  const header = readHeader(cells)
  if (isRefusal(header)) throw new Error(header.reason)
  return header
}
/** What one cell under one title is read as, or why it is refused. */
const read = (title: string, text: string) => {
  const row = readRow(['示例·甲', text], headerOf('名称', title))
  const { fact } = columns.find(({ header }) => header === title)!
  return Array.isArray(row) ? row[0]!.reason : fact ? row.facts[fact] : row.uscc
}

describe('表头', () => {
  it('十四列都认得，中文或英文、任何顺序、带括号和空格', () => {
    expect(columns).toHaveLength(14)
    for (const titles of [columns.map(({ header }) => header), columns.map(({ alias }) => alias).toReversed()]) {
      const { places, width, notes } = headerOf(...titles)
      expect([places.size, width, notes]).toEqual([14, 14, []])
    }
    expect(headerOf('名称', '营业收入（万元）', ' 年综合能耗 (吨标煤) ', 'EMPLOYEES').places.size).toBe(4)
  })

  it('不认识的和重复的列各说一次，没有标题的列不算', () => {
    const { notes, width } = headerOf('名称', '联系人', '', '电话', 'name', '')
    expect(notes).toEqual(['不认识的列，已略过：联系人、电话', '重复的列，只用第一个：name'])
    expect(width).toBe(5)
  })

  it('没有代码也没有名称的，不是表头', () => {
    expect(readHeader(['颜色', '从业人员'])).toMatchObject({ kind: 'invalid', reason: expect.stringContaining('至少有') })
  })
})

describe('一行', () => {
  it('空白不记，也不算错', () => {
    expect(readRow(['示例·甲', '', ' '], headerOf('名称', '从业人员', '资质'))).toEqual({ uscc: '', name: '示例·甲', facts: {} })
  })

  it.each<[string, string, unknown]>([
    ['地区', '杭州市萧山区', '330109'],
    ['地区', '330104', '330102'],
    ['行业', '4011', 'C4011'],
    ['主体', '个体工商户', 'individual'],
    ['主体', 'enterprise', 'enterprise'],
    ['从业人员', '１，２００', 1200],
    ['从业人员', '12.0', 12],
    ['从业人员', '无', 0],
    ['营业收入万元', '3860.9', 3860],
    ['成立日期', '2018年3月5日', '2018-03-05'],
    ['成立日期', '2018/3/5', '2018-03-05'],
    ['资质', '无', []],
    ['资质', '高新技术企业；cnas', ['high-tech', 'cnas']],
    ['器具', '无', {}],
    ['器具', '电子秤:3；电子秤：2；pressure-gauge:1', { 'scale.electronic': 5, 'pressure-gauge': 1 }],
    ['园区', '无', 'none'],
    ['经营困难', '是', true],
    ['经营困难', '无', false],
    ['年综合能耗吨标煤', '无', 0],
    ['统一社会信用代码', ' 91999999000009013u ', '91999999000009013U'],
  ])('%s“%s”', (title, text, value) => {
    expect(read(title, text)).toEqual(value)
  })

  it.each([
    ['统一社会信用代码', '91999999000009014U', /校验码/],
    ['统一社会信用代码', '9.19999E+17', /当成数字.*设为“文本”/],
    ['地区', '鼓楼区', /可能是.*请写全称/],
    ['地区', '999999', /没有地区代码/],
    ['行业', 'Z99', /GB\/T 4754/],
    ['主体', 'toString', /不是主体类型，可填：企业、个体工商户/],
    ['从业人员', '12.5', /不是整数/],
    ['从业人员', '-3', /不是数字/],
    ['营业收入万元', '1e9', /不是数字/],
    ['成立日期', '2018-13-40', /不是日期/],
    ['资质', 'constructor', /不认识资质/],
    ['器具', '电子秤', /种类:件数/],
    ['器具', '神器:3', /不认识器具/],
    ['园区', '不存在的园', /没有园区/],
    ['经营困难', '大概', /请填“是”或“否”/],
  ])('%s“%s”不能用，说明怎么改', (title, text, reason) => {
    expect(read(title, text)).toMatch(reason)
  })

  it('一行里的错误一次说全', () => {
    const errors = readRow(['示例·甲', '四十二', '昨天'], headerOf('名称', '从业人员', '成立日期'))
    expect((errors as { column: string }[]).map(({ column }) => column)).toEqual(['从业人员', '成立日期'])
  })

  it('比表头长的行不猜：后面的格子可能都错了位', () => {
    const header = headerOf('名称', '从业人员')
    expect(readRow(['示例·甲', '乙有限公司', '42'], header)).toEqual([{ column: '第 3 列', reason: expect.stringContaining('多出“42”') }])
    expect(readRow(['示例·甲', '42', '', ''], header)).toMatchObject({ facts: { employees: 42 } })
  })

  it('代码和名称都没有的，不知道是谁', () => {
    expect(readRow(['', '', '42'], headerOf('统一社会信用代码', '名称', '从业人员'))).toEqual([
      { column: '名称', reason: expect.stringContaining('请至少填一项') },
    ])
  })
})
