/** Reads the rows of a price list as institutions keep them in Excel. Pure; every problem names its row and what to do. */
import { findKind, findKindByName } from '../../../core/instrument-kinds.ts'
import { parseYuan } from '../../../core/money.ts'
import { isRefusal } from '../../../core/refusal.ts'
import { listedServices, type ListedService, type PriceItem, type PriceList } from '../model.ts'

export const priceColumns = [
  '项目编号',
  '项目名称',
  '服务',
  '器具种类',
  '规格',
  '单位',
  '单价（元）',
  '收费依据',
  '工作日',
  '可上门',
] as const
type Column = (typeof priceColumns)[number]

export interface ReadPrices {
  items: PriceItem[]
  extras: Pick<PriceList, 'express_bp' | 'express_workdays' | 'express_basis' | 'visit_fen' | 'visit_basis'>
  problems: { row: number; reason: string }[]
}

const plain = (text: string) => text.normalize('NFKC').replace(/[\s()（）:：]/g, '')
const yes = new Set(['是', '可', '可以', 'Y', 'y', '√', '1'])
const services = new Map<string, ListedService>([
  ...(Object.entries(listedServices) as [ListedService, string][]).map(([key, label]) => [label, key] as [string, ListedService]),
  ['非强制检定', 'verification'],
  ['强制检定', 'verification'],
])

/** The first row names the columns, in any order; 加急 and 上门 are rows of their own. */
export function readPriceRows(rows: Iterable<{ row: number; cells: readonly string[] }>): ReadPrices {
  const read: ReadPrices = {
    items: [],
    extras: { express_bp: null, express_workdays: null, express_basis: null, visit_fen: null, visit_basis: null },
    problems: [],
  }
  let at: Map<Column, number> | undefined
  const codes = new Map<string, number>()
  for (const { row, cells } of rows) {
    if (!at) {
      at = columnsIn(cells)
      const lacking = (['项目名称', '服务', '单价（元）', '收费依据'] as const).filter((column) => !at!.has(column))
      if (lacking.length > 0) {
        read.problems.push({ row, reason: `第一行没有“${lacking.join('”“')}”列，请用模板的表头` })
        return read
      }
      continue
    }
    const cell = (column: Column) => (cells[at!.get(column) ?? -1] ?? '').trim()
    const wrong = (reason: string) => void read.problems.push({ row, reason })
    if (cells.every((each) => each.trim() === '')) continue
    if (cell('服务') === '加急') readExpress(cell, read, wrong)
    else if (cell('服务') === '上门') readVisit(cell, read, wrong)
    else {
      const item = readItem(cell, read.items.length + 1, wrong)
      if (!item) continue
      const before = codes.get(item.code)
      if (before !== undefined) wrong(`项目编号 ${item.code} 与第 ${before} 行重复`)
      codes.set(item.code, row)
      read.items.push(item)
    }
  }
  if (at && read.items.length === 0 && read.problems.length === 0) read.problems.push({ row: 2, reason: '表里没有收费项目' })
  return read
}

function columnsIn(cells: readonly string[]): Map<Column, number> {
  const names = new Map(priceColumns.map((column) => [plain(column), column]))
  const also: Record<string, Column> = {
    编号: '项目编号',
    名称: '项目名称',
    单价: '单价（元）',
    价格: '单价（元）',
    依据: '收费依据',
    种类: '器具种类',
  }
  return new Map(
    cells.flatMap((cell, i) => {
      const column = names.get(plain(cell)) ?? also[plain(cell)]
      return column ? [[column, i] as const] : []
    }),
  )
}

type Cell = (column: Column) => string
type Wrong = (reason: string) => void

function readItem(cell: Cell, n: number, wrong: Wrong): PriceItem | undefined {
  const [name, basis, kindText] = [cell('项目名称'), cell('收费依据'), cell('器具种类')]
  const service = services.get(cell('服务'))
  const price = parseYuan(cell('单价（元）') || '-')
  const kind = kindText === '' ? null : (findKind(kindText) ?? findKindByName(kindText))?.code
  const days = cell('工作日') === '' ? 20 : Number(cell('工作日'))
  const reasons = [
    !name || name.length > 60 ? '项目名称须填写，最多 60 个字' : '',
    !service ? `服务“${cell('服务')}”不认识，请填检定、校准、检测、加急或上门` : '',
    isRefusal(price) || price < 0n ? '单价须是不小于 0 的金额（元），最多两位小数' : '',
    !basis || basis.length > 200 ? '收费依据须填写：文号和条款，校准可写“合同价”' : '',
    kind === undefined ? `器具种类“${kindText}”不在目录里，请改用目录里的名称，或留空` : '',
    !Number.isInteger(days) || days < 1 || days > 250 ? '工作日须是 1 至 250 的整数' : '',
  ].filter(Boolean)
  if (reasons.length > 0) return void wrong(reasons.join('；'))
  return {
    n,
    code: cell('项目编号') || `P${String(n).padStart(3, '0')}`,
    name,
    service: service!,
    kind: kind ?? null,
    spec: cell('规格') || null,
    unit: cell('单位') || '件',
    price_fen: price as bigint,
    basis,
    workdays: days,
    on_site: yes.has(cell('可上门')),
  }
}

function readExpress(cell: Cell, { extras }: ReadPrices, wrong: Wrong): void {
  const [, whole, decimals = ''] = /^(\d{1,3})(?:\.(\d{1,2}))?%$/.exec(cell('单价（元）').normalize('NFKC')) ?? []
  const days = Number(cell('工作日'))
  if (whole === undefined) return wrong('加急的单价须是百分比，如 50%')
  if (!Number.isInteger(days) || days < 1 || days > 250) return wrong('加急须写明几个工作日完成')
  if (!cell('收费依据')) return wrong('收费依据须填写')
  Object.assign(extras, {
    express_bp: Number(whole) * 100 + Number(decimals.padEnd(2, '0')),
    express_workdays: days,
    express_basis: cell('收费依据'),
  })
}

function readVisit(cell: Cell, { extras }: ReadPrices, wrong: Wrong): void {
  const price = parseYuan(cell('单价（元）') || '-')
  if (isRefusal(price) || price < 0n) return wrong('上门的单价须是不小于 0 的金额（元）')
  if (!cell('收费依据')) return wrong('收费依据须填写')
  Object.assign(extras, { visit_fen: price, visit_basis: cell('收费依据') })
}
