/** The columns of `hengqi match`: Chinese header or English alias, any order; an empty cell is unknown, 无 is known to be none. */
import { isIsoDate } from '../core/eligibility/calendar-day.ts'
import { facts as catalogue, type FactId, type Facts, type FactValue } from '../core/eligibility/facts.ts'
import { normaliseIndustry } from '../core/industries.ts'
import { findKind, findKindByName } from '../core/instrument-kinds.ts'
import { refuse, isRefusal, type Refusal } from '../core/refusal.ts'
import { findRegionByName } from '../core/region-names.ts'
import { currentRegionCode, findPark, findRegion, fullRegionName } from '../core/regions.ts'
import { checkUscc } from '../core/uscc.ts'

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

/** Thresholds are whole numbers, so what is below the point decides nothing. 无 is none at all. */
const number = (text: string): FactValue | Refusal => {
  const digits = text.normalize('NFKC').replaceAll(',', '')
  if (text === none) return 0
  return /^\d{1,15}(\.\d+)?$/.test(digits) ? Math.floor(Number(digits)) : no(`“${text}”不是数字，请只填数字，单位按表头`)
}
const whole = (text: string): FactValue | Refusal =>
  /\.\d*[1-9]/.test(text.normalize('NFKC')) ? no(`“${text}”不是整数，请填人数`) : number(text)
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
  if (/^\d{6}$/.test(text)) return findRegion(text) ? currentRegionCode(text) : no(`没有地区代码 ${text}（GB/T 2260），请核对`)
  const found = findRegionByName(text)
  if (found.length === 1) return found[0]!
  return no(
    found.length === 0
      ? `没有找到地区“${text}”，请写全称或 6 位代码`
      : `“${text}”可能是${found.slice(0, 4).map(fullRegionName).join('、')}，请写全称`,
  )
}

/** A value of the catalogue by its code or by its name. */
const coded = (values: Readonly<Record<string, string>>, text: string): string | undefined =>
  Object.entries(values).find(([code, label]) => code === text || label === text)?.[0]

function qualifications(text: string): FactValue | Refusal {
  if (text === none) return []
  const { values } = catalogue.qualifications
  const codes = list(text).map((each) => coded(values, each) ?? no(`不认识资质“${each}”，可填：${Object.values(values).join('、')}`))
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

const subjectKind = (text: string): FactValue | Refusal => {
  const { values } = catalogue.subjectKind
  return coded(values, text) ?? no(`“${text}”不是主体类型，可填：${Object.values(values).join('、')}`)
}

/** A spreadsheet that takes a code of digits for a number keeps only its first fifteen. */
function uscc(text: string): FactValue | Refusal {
  if (/^\d(\.\d+)?E\+?\d+$/i.test(text)) return no(`“${text}”已被表格软件当成数字，后几位丢失了；请把这一列设为“文本”后重新填写`)
  const checked = checkUscc(text)
  return isRefusal(checked) ? checked : checked.code
}

export const columns: readonly Column[] = [
  { header: '统一社会信用代码', alias: 'uscc', read: uscc },
  { header: '名称', alias: 'name', read: (text) => text },
  { header: '地区', alias: 'region', fact: 'region', read: region },
  { header: '行业', alias: 'industry', fact: 'industry', read: normaliseIndustry },
  { header: '主体', alias: 'kind', fact: 'subjectKind', read: subjectKind },
  { header: '从业人员', alias: 'employees', fact: 'employees', read: whole },
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
  { header: '年综合能耗吨标煤', alias: 'energy_tce', fact: 'energyTce', read: number },
]

const plain = (header: string) =>
  header
    .normalize('NFKC')
    .replace(/[\s()（）【】*]/g, '')
    .toLowerCase()

export interface Header {
  /** Which cell is which column. */
  places: ReadonlyMap<Column, number>
  /** Number of columns with a title. */
  width: number
  /** What was left out, to be told once. */
  notes: readonly string[]
}

/** Reads the titles, in any order; a refusal where there is nothing that names an enterprise. */
export function readHeader(cells: readonly string[]): Header | Refusal {
  const places = new Map<Column, number>()
  const unknown: string[] = []
  const repeated: string[] = []
  for (const [i, cell] of cells.entries()) {
    if (plain(cell) === '') continue
    const column = columns.find((each) => plain(each.header) === plain(cell) || each.alias === plain(cell))
    if (!column) unknown.push(cell)
    else if (places.has(column)) repeated.push(cell)
    else places.set(column, i)
  }
  if (![...places.keys()].some(({ alias }) => alias === 'uscc' || alias === 'name'))
    return no(`第一行应是表头，至少有“统一社会信用代码”或“名称”一列；可用的列：${columns.map(({ header }) => header).join('、')}`)
  const notes = [
    ...(unknown.length > 0 ? [`不认识的列，已略过：${unknown.join('、')}`] : []),
    ...(repeated.length > 0 ? [`重复的列，只用第一个：${repeated.join('、')}`] : []),
  ]
  return { places, width: cells.findLastIndex((cell) => cell !== '') + 1, notes }
}

export interface RowError {
  column: string
  reason: string
}

/** One enterprise, or every mistake in its row. */
export function readRow(cells: readonly string[], { places, width }: Header): EnterpriseRow | RowError[] {
  const beyond = cells.findIndex((cell, i) => i >= width && cell !== '')
  // A comma in a name without quotes moves every later cell into the wrong column.
  if (beyond >= 0)
    return [
      { column: `第 ${beyond + 1} 列`, reason: `表头只有 ${width} 列，这一行多出“${cells[beyond]}”；单元格里有逗号的，请用双引号括起来` },
    ]
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
  return { ...texts, facts }
}
