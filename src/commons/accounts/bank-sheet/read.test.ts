/** 银行流水表：各家银行的表头、日期和金额写法；支出跳过；错行说清哪一行、怎么改。 */
import { describe, expect, it } from 'vitest'
import { dayOf, readSlipRows } from './read.ts'

const sheet = (...rows: string[][]) =>
  readSlipRows(
    rows.map((cells, i) => ({ row: i + 1, cells })),
    '2026-11-23',
  )
const header = ['交易日期', '交易流水号', '对方户名', '借方金额', '贷方金额', '摘要', '附言']

describe('认得的', () => {
  it('表头上面有几行说明、全角数字、千分位、人民币元；支出跳过，合计不算', () => {
    const read = sheet(
      ['账号', '示例'],
      ['交易日期', '交易流水号', '对方户名', '借方金额（元）', '贷方金额（元）', '摘要', '附言'],
      ['20261120', 'A1', '示例·甲厂', '', '１，２３４．５０', '货款', '检定费'],
      ['2026/11/3 09:10', 'A2', '示例·乙店', '30.00', '0.00', '手续费', ''],
      ['合计', '', '', '30.00', '1,234.50', '', ''],
    )
    expect(read.skipped).toBe(1)
    expect(read.slips).toEqual([
      { row: 3, reference: 'A1', paidOn: '2026-11-20', payer: '示例·甲厂', remark: '货款 检定费', amountFen: '123450' },
    ])
  })

  it('一列金额加借贷标志；负数是支出', () => {
    const read = sheet(
      ['日期', '流水号', '付款人', '交易金额', '借贷标志'],
      ['2026年11月2日', 'B1', '示例·丙', '0.10', '贷'],
      ['2026-11-02', 'B2', '示例·丙', '5', '借'],
      ['2026-11-02', 'B3', '示例·丙', '-5', ''],
    )
    expect(read).toMatchObject({ skipped: 2, problems: [], slips: [{ amountFen: '10', paidOn: '2026-11-02' }] })
  })

  it.each([
    ['20261123', '2026-11-23'],
    ['２０２６－１１－２３', '2026-11-23'],
    ['2026-2-30', undefined],
    ['昨天', undefined],
  ])('日期 %s', (text, day) => expect(dayOf(text)).toBe(day))
})

describe('错行', () => {
  it.each([
    ['三位小数', ['20261120', 'C1', '示例', '', '1.005', '', ''], '小数超过两位'],
    ['没有金额', ['20261120', 'C1', '示例', '', '', '', ''], '没有金额'],
    ['没有流水号', ['20261120', '', '示例', '', '1', '', ''], '没有流水号'],
    ['科学计数', ['20261120', '1.23457E+18', '示例', '', '1', '', ''], '科学计数'],
    ['明天', ['20261124', 'C1', '示例', '', '1', '', ''], '晚于今天'],
    ['没有付款人', ['20261120', 'C1', '', '', '1', '', ''], '没有付款人'],
  ])('%s', (_, cells, reason) => {
    const read = sheet(header, cells)
    expect(read.slips).toEqual([])
    expect(read.problems).toEqual([{ row: 2, reason: expect.stringContaining(reason) }])
  })

  it('同一流水号：一样的算一次，金额不同是错行', () => {
    const line = (amount: string) => ['20261120', 'D1', '示例', '', amount, '', '']
    expect(sheet(header, line('1'), line('1.00'))).toMatchObject({ slips: [{ row: 2 }], problems: [] })
    expect(sheet(header, line('1'), line('2')).problems).toEqual([{ row: 3, reason: '流水号 D1 与第 2 行相同，金额或日期不同' }])
  })

  it('没有表头', () => expect(sheet(['a', 'b']).problems[0]!.reason).toContain('没有找到表头'))
})
