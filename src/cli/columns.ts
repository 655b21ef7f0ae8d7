/** The columns of `hengqi match`: Chinese header or English alias, any order; an empty cell is unknown, 无 is known to be none. */
import { isIsoDate } from '../core/eligibility/calendar-day.ts'
import { facts as catalogue, type FactId, type Facts, type FactValue } from '../core/eligibility/facts.ts'
import { normaliseIndustry } from '../core/industries.ts'
import { findKind, findKindByName } from '../core/instrument-kinds.ts'
import { refuse, isRefusal, type Refusal } from '../core/refusal.ts'
import { findRegionByName } from '../core/region-names.ts'
import { findPark, findRegion, fullRegionName } from '../core/regions.ts'
import { checkUscc, subjectKindOf } from '../core/uscc.ts'

export interface EnterpriseRow {
  uscc: string
  name: string
  facts: Facts
}

interface Column {
  header: string
  alias: string
  fact?: FactId
  read: (text: string) => FactValue | Refusal
}

const no = (reason: string): Refusal => refuse('invalid', reason)
const none = '无'

const number = (text: string): FactValue | Refusal => {
  const plain = text.normalize('NFKC').replaceAll(',', '')
  return /^\d+(\.\d+)?$/.test(plain) ? Math.floor(Number(plain)) : no(`“${text}”不是数字，请只填数字`)
}
const flag = (text: string): FactValue | Refusal =>
  ['是', 'true', 'yes', '1'].includes(text.toLowerCase())
    ? true
    : ['否', none, 'false', 'no', '0'].includes(text.toLowerCase())
      ? false
      : no(`“${text}”请填“是”或“否”`)
const date = (text: string): FactValue | Refusal => {
  const iso = text.replace(
    /^(\d{4})[年/.-](\d{1,2})[月/.-](\d{1,2})日?$/,
    (_, y: string, m: string, d: string) => `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`,
  )
  return isIsoDate(iso) ? iso : no(`“${text}”不是日期，请写成 2018-03-15`)
}
const list = (text: string) =>
  text
    .split(/[；;、]/)
    .map((each) => each.trim())
    .filter(Boolean)

function region(text: string): FactValue | Refusal {
  if (/^\d{6}$/.test(text)) return findRegion(text) ? text : no(`没有地区代码 ${text}（GB/T 2260），请核对`)
  const found = findRegionByName(text)
  if (found.length === 1) return found[0]!
  return no(
    found.length === 0
      ? `没有找到地区“${text}”，请写全称或 6 位代码`
      : `“${text}”可能是${found.slice(0, 4).map(fullRegionName).join('、')}，请写全称`,
  )
}

function qualifications(text: string): FactValue | Refusal {
  if (text === none) return []
  const known = catalogue.qualifications.values as Record<string, string>
  const codes = list(text).map(
    (each) =>
      (each in known ? each : Object.entries(known).find(([, label]) => label === each)?.[0]) ??
      no(`不认识资质“${each}”，可填：${Object.values(known).join('、')}`),
  )
  return codes.find(isRefusal) ?? (codes as string[])
}

function instruments(text: string): FactValue | Refusal {
  if (text === none) return {}
  const held: Record<string, number> = {}
  for (const each of list(text)) {
    const [, name = '', count = ''] = /^(.+?)[:：]\s*(\d+)$/.exec(each.normalize('NFKC')) ?? []
    const kind = findKind(name) ?? findKindByName(name)
    if (!count) return no(`“${each}”请写成“种类:件数”，多种用分号隔开`)
    if (!kind) return no(`不认识器具“${name}”，请换一个名称`)
    held[kind.code] = (held[kind.code] ?? 0) + Number(count)
  }
  return held
}

const kinds: Record<string, string> = {
  企业: 'enterprise',
  个体工商户: 'individual',
  农民专业合作社: 'cooperative',
  事业单位: 'institution',
}

export const columns: readonly Column[] = [
  {
    header: '统一社会信用代码',
    alias: 'uscc',
    read: (text) => {
      const checked = checkUscc(text)
      return isRefusal(checked) ? checked : checked.code
    },
  },
  { header: '名称', alias: 'name', read: (text) => text },
  { header: '地区', alias: 'region', fact: 'region', read: region },
  { header: '行业', alias: 'industry', fact: 'industry', read: normaliseIndustry },
  {
    header: '主体',
    alias: 'kind',
    fact: 'subjectKind',
    read: (text) => kinds[text] ?? (text in catalogue.subjectKind.values ? text : no(`“${text}”请填“企业”或“个体工商户”`)),
  },
  { header: '从业人员', alias: 'employees', fact: 'employees', read: number },
  { header: '营业收入万元', alias: 'revenue', fact: 'revenue', read: number },
  { header: '资产总额万元', alias: 'assets', fact: 'assets', read: number },
  { header: '成立日期', alias: 'registered_on', fact: 'registeredOn', read: date },
  { header: '资质', alias: 'qualifications', fact: 'qualifications', read: qualifications },
  { header: '器具', alias: 'instruments', fact: 'instruments', read: instruments },
  {
    header: '园区',
    alias: 'park',
    fact: 'park',
    read: (text) => (text === none ? 'none' : (findPark(text)?.id ?? no(`没有园区“${text}”，不在园区的填“无”`))),
  },
  { header: '经营困难', alias: 'hardship', fact: 'hardship', read: flag },
  { header: '年综合能耗吨标煤', alias: 'energy_tce', fact: 'energyTce', read: (text) => (text === none ? 0 : number(text)) },
]

const plain = (header: string) =>
  header
    .normalize('NFKC')
    .replace(/[\s()（）【】*]/g, '')
    .toLowerCase()

/** Which cell is which column; `unknown` headers are told once. */
export function readHeader(cells: readonly string[]): { places: Map<Column, number>; unknown: string[] } | Refusal {
  const places = new Map<Column, number>()
  const unknown: string[] = []
  cells.forEach((cell, i) => {
    const column = columns.find((each) => plain(each.header) === plain(cell) || each.alias === plain(cell))
    if (!column) return cell === '' ? undefined : void unknown.push(cell)
    if (places.has(column)) return
    places.set(column, i)
  })
  if (![...places.keys()].some(({ alias }) => alias === 'uscc' || alias === 'name'))
    return no(`第一行应是表头，至少有“统一社会信用代码”或“名称”一列；可用的列：${columns.map(({ header }) => header).join('、')}`)
  return { places, unknown }
}

export interface RowError {
  column: string
  reason: string
}

/** One enterprise, or every mistake in its row. */
export function readRow(cells: readonly string[], places: ReadonlyMap<Column, number>): EnterpriseRow | RowError[] {
  const errors: RowError[] = []
  const facts: Partial<Record<FactId, FactValue>> = {}
  const texts = { uscc: '', name: '' }
  for (const [column, i] of places) {
    const text = (cells[i] ?? '').trim()
    if (text === '') continue
    const value = column.read(text)
    if (isRefusal(value)) errors.push({ column: column.header, reason: value.reason })
    else if (column.fact) facts[column.fact] = value
    else if (column.alias === 'uscc' || column.alias === 'name') texts[column.alias] = String(value)
  }
  if (texts.uscc === '' && texts.name === '' && errors.length === 0)
    errors.push({ column: '名称', reason: '统一社会信用代码和名称都没有填，请至少填一项' })
  if (errors.length > 0) return errors
  const kind = facts.subjectKind ?? (texts.uscc ? subjectKindOf(texts.uscc) : undefined)
  return { ...texts, facts: { ...facts, ...(kind && { subjectKind: kind }) } }
}
