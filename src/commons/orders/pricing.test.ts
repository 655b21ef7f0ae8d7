/** 计价：强检一律 0 元并写明依据，没有价目的说清楚，加急和上门分开算，减免之前。 */
import { describe, expect, it } from 'vitest'
import { plainYuan } from '../../core/money.ts'
import { promiseOf, quoteExtras, quoteLine, type Wanted } from './prices/pricing.ts'
import { readPriceRows } from './prices/sheet.ts'

const header = ['项目编号', '项目名称', '服务', '器具种类', '规格', '单位', '单价（元）', '收费依据', '工作日', '可上门']
const read = (...rows: string[][]) => readPriceRows([header, ...rows].map((cells, i) => ({ row: i + 1, cells })))
const { items, extras, problems } = read(
  ['C1', '秤检定', '检定', 'scale', '', '台', '60', '示例价〔2026〕1号 第1项', '5', '是'],
  ['C2', '电子秤检定', '检定', 'scale.electronic', '', '台', '66.60', '示例价〔2026〕1号 第2项', '8', '是'],
  ['X1', '卡尺校准', '校准', '卡尺', '0～150 mm', '把', '100', '合同价', '10', '否'],
  ['X2', '卡尺校准', '校准', '卡尺', '0～300 mm', '把', '120', '合同价', '10', '否'],
  ['T1', '硬度块校准', '校准', '', '', '块', '300', '合同价', '20', '否'],
  ['', '加急', '加急', '', '', '', '50%', '合同价', '3', ''],
  ['', '上门', '上门', '', '', '', '200', '合同价', '', ''],
)

const wanted = (over: Partial<Wanted> = {}): Wanted => ({
  instrumentId: null,
  code: 'A-1',
  name: '卡尺',
  model: null,
  serial: null,
  able: null,
  accuracy: null,
  kind: 'caliper',
  use: 'other',
  mandatory: 'no',
  toVerify: false,
  service: 'calibration',
  ...over,
})
const quote = (over: Partial<Wanted> = {}, mode: 'send-in' | 'on-site' = 'send-in') => quoteLine(wanted(over), items, mode)

describe('逐件', () => {
  it('目录读对了', () => expect([problems, items.length, extras.express_bp, extras.visit_fen]).toEqual([[], 5, 5000, 20000n]))

  it('强制检定 0 元，写明财税〔2017〕20号，不管目录里标多少', () => {
    const line = quote({ name: '电子秤', kind: 'scale.electronic', mandatory: 'yes', service: 'calibration' })
    expect(line).toMatchObject({
      service: 'mandatory-verification',
      fee: 0n,
      workdays: 8,
      basis: expect.stringContaining('财税〔2017〕20号'),
    })
    expect(quote({ name: '加油机', kind: 'fuel-dispenser', mandatory: 'yes' })).toMatchObject({ fee: 0n, item: null })
    expect(quote({ name: '加油机', kind: 'fuel-dispenser', mandatory: 'yes' }).problem).toBeUndefined()
  })

  it('待核实的强检不由系统免费：先按目录计价，注明由窗口核定', () => {
    expect(quote({ name: '电子秤', kind: 'scale.electronic', mandatory: 'yes', toVerify: true, service: 'verification' })).toMatchObject({
      service: 'voluntary-verification',
      toVerify: true,
      fee: 6660n,
    })
  })

  it('取最贴近的种类；有几种规格的由人选', () => {
    expect(quote({ kind: 'scale.electronic', service: 'verification' }).item?.code).toBe('C2')
    expect(quote({ kind: 'scale.truck', service: 'verification' }).item?.code).toBe('C1')
    expect(quote().choices.map(({ code }) => code)).toEqual(['X1', 'X2'])
    expect(quote({ itemCode: 'X2' })).toMatchObject({ fee: 12000n })
  })

  it('没有写种类的项目只给同名的，不当作什么都能做', () => {
    expect(quote({ name: '水平仪', kind: null }).problem).toContain('没有水平仪的校准')
    expect(quote({ name: '硬度块', kind: null }).item?.code).toBe('T1')
  })

  it('不能上门的说清楚', () => expect(quote({}, 'on-site').problem).toContain('不能上门'))
})

describe('加急和上门', () => {
  const lines = [quote(), quote({ itemCode: 'X2' }), quote({ kind: 'scale.electronic', mandatory: 'yes' })]
  it('加急按检定、校准费算，上门按次；分开列，依据各自写明', () => {
    const both = quoteExtras(extras, lines, { mode: 'on-site', express: true })
    expect(typeof both === 'string' ? both : both.map(({ kind, fee }) => [kind, plainYuan(fee)])).toEqual([
      ['express', '110.00'],
      ['visit', '200.00'],
    ])
  })
  it('没有这项服务的机构拒绝并说明', () => {
    const none = { express_bp: null, express_workdays: null, express_basis: null, visit_fen: null, visit_basis: null }
    expect(quoteExtras(none, lines, { mode: 'send-in', express: true })).toContain('没有加急')
    expect(quoteExtras(none, lines, { mode: 'on-site', express: false })).toContain('不提供上门')
  })
  it('期限取最长的一项，加急缩到目录写明的天数', () => {
    expect([promiseOf(extras, lines, false), promiseOf(extras, lines, true)]).toEqual([10, 3])
  })
})

describe('收费目录的表', () => {
  it.each([
    [['J1', '', '检定', '', '', '', '5', '依据', '', ''], '项目名称'],
    [['J1', '甲', '维修', '', '', '', '5', '依据', '', ''], '不认识'],
    [['J1', '甲', '检定', '', '', '', '五元', '依据', '', ''], '单价'],
    [['J1', '甲', '检定', '', '', '', '5', '', '', ''], '收费依据'],
    [['J1', '甲', '检定', '没有的种类', '', '', '5', '依据', '', ''], '不在目录里'],
    [['J1', '甲', '检定', '', '', '', '5', '依据', '0', ''], '工作日'],
    [['', '加急', '加急', '', '', '', '50', '依据', '3', ''], '百分比'],
  ])('第 2 行有错：%s', (row, words) => {
    expect(read(row).problems).toEqual([{ row: 2, reason: expect.stringContaining(words) }])
  })
  it('编号重复、缺列、空表都指明', () => {
    const same = ['J1', '甲', '检定', '', '', '', '5', '依据', '', '']
    expect(read(same, same).problems[0]).toMatchObject({ row: 3, reason: expect.stringContaining('第 2 行重复') })
    expect(readPriceRows([{ row: 1, cells: ['项目编号', '项目名称'] }]).problems[0]!.reason).toContain('单价')
    expect(read().problems[0]!.reason).toContain('没有收费项目')
  })
})
