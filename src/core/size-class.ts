/**
 * Size of an enterprise after 《统计上大中小微型企业划分办法（2017）》 国统字〔2017〕213号.
 * A missing indicator is never guessed: the answer is then the set of classes that are still possible.
 */
import { covers } from './eligibility/codes.ts'
import type { facts } from './eligibility/facts.ts'
import { industryName } from './industries.ts'
import table from './reference/size-classes.json' with { type: 'json' }

export type SizeClass = keyof (typeof facts)['size']['values']
export type SubjectKind = keyof (typeof facts)['subjectKind']['values']
/** employees in 人, revenue and assets in 万元. */
export type Indicator = 'employees' | 'revenue' | 'assets'
type Tier = 'micro' | 'small' | 'medium' | 'large'

/** What is known of an enterprise; a missing key is unknown, not zero. */
export interface SizeQuestion {
  subjectKind?: SubjectKind | undefined
  /** Letter-prefixed GB/T 4754 code, as coarse as known: `C`, `C40`, `C4011`. */
  industry?: string | undefined
  employees?: number | undefined
  revenue?: number | undefined
  assets?: number | undefined
}

/** One line of the reasoning, to be shown as it is. */
export interface WorkingStep {
  text: string
  indicator?: Indicator
  value?: number
  tier?: Tier
  /** Row of the table that the step uses. */
  row?: string
}

export interface SizeAnswer {
  /** Never empty, in the order micro, small, medium, large, individual, unclassified. */
  possible: readonly SizeClass[]
  /** Set when only one class is possible. */
  size?: SizeClass
  /** Indicators that together would settle it for certain (a very low one may settle it alone). */
  missing: readonly Indicator[]
  /** Facts other than indicators that leave it open. */
  unsettled: readonly ('subjectKind' | 'industry')[]
  working: readonly WorkingStep[]
  source: string
  trust: string
  /** A row that was used has not been read in the original: show 待核实. */
  toVerify: boolean
}

export interface SizeRow {
  id: string
  name: string
  industries: readonly string[]
  indicators: readonly { indicator: Indicator; largeMin: number; mediumMin: number; smallMin: number }[]
  trust: string
  toVerify: boolean
}

export const sizeRows = table.rows as readonly SizeRow[]
const order: readonly SizeClass[] = ['micro', 'small', 'medium', 'large', 'individual', 'unclassified']
const tiers: readonly Tier[] = ['micro', 'small', 'medium', 'large']
export const sizeNames: Readonly<Record<SizeClass, string>> = {
  micro: '微型',
  small: '小型',
  medium: '中型',
  large: '大型',
  individual: '个体工商户',
  unclassified: '不适用划型',
}
const labels: Readonly<Record<Indicator, { name: string; unit: string }>> = {
  employees: { name: '从业人员', unit: '人' },
  revenue: { name: '营业收入', unit: '万元' },
  assets: { name: '资产总额', unit: '万元' },
}
/** 中小企业划型 is about enterprises; bodies that are none have no class, whatever their numbers say. */
const notEnterprises: ReadonlySet<SubjectKind> = new Set<SubjectKind>(['institution', 'metrology-institution', 'other'])

/** Throws when an indicator is negative or not a number: such a value must not reach a decision. */
export function classify(question: SizeQuestion): SizeAnswer {
  for (const indicator of ['employees', 'revenue', 'assets'] as const) {
    const value = question[indicator]
    if (value !== undefined && !(value >= 0)) throw new RangeError(`${indicator} must not be ${value}`)
  }
  const { subjectKind } = question
  if (subjectKind === 'individual') {
    return fixed('individual', '个体工商户单列：登记为个体工商户的不折算为微型企业，政策点名个体工商户时才适用。')
  }
  if (subjectKind && notEnterprises.has(subjectKind)) return fixed('unclassified', '划型只针对企业，这类主体不适用划型。')
  return byIndustry(question)
}

const fixed = (size: SizeClass, text: string): SizeAnswer => ({
  possible: [size],
  size,
  missing: [],
  unsettled: [],
  working: [{ text }],
  source: table.docNo,
  trust: table.outsideTrust,
  toVerify: false,
})

function byIndustry(question: SizeQuestion): SizeAnswer {
  const { rows, outside } = rowsFor(question.industry)
  const readings = rows.map((row) => ({ row, ...byRow(row, question) }))
  const found = new Set<SizeClass>(readings.flatMap((r) => r.possible))
  if (outside !== undefined || rows.length === 0) found.add('unclassified')
  if (question.subjectKind === undefined) for (const size of ['individual', 'unclassified'] as const) found.add(size)
  const possible = order.filter((size) => found.has(size))
  const open = possible.length > 1
  const branches = rows.length + (outside === undefined ? 0 : 1)
  const missing = new Set(readings.flatMap((r) => (r.possible.length > 1 ? r.missing : [])))
  return {
    possible,
    ...(!open && { size: possible[0] }),
    missing: open ? (['employees', 'revenue', 'assets'] as const).filter((i) => missing.has(i)) : [],
    unsettled: [
      ...(open && question.subjectKind === undefined ? (['subjectKind'] as const) : []),
      ...(open && branches > 1 ? (['industry'] as const) : []),
    ],
    working: [...industrySteps(question.industry, rows, outside), ...readings.flatMap((r) => r.steps), ...conclusion(possible, question)],
    source: table.docNo,
    trust: rows.length === 0 || rows.some((r) => r.toVerify) ? 'model-knowledge' : 'page',
    toVerify: rows.length === 0 || rows.some((r) => r.toVerify),
  }
}

/** The rows that may apply to a code, and the exclusion that may; a coarse code (`K70`) leaves several. */
function rowsFor(industry: string | undefined): { rows: readonly SizeRow[]; outside?: string } {
  const touches = (code: string) => industry === undefined || covers(code, industry) || covers(industry, code)
  const rows = sizeRows.filter((row) => row.industries.some(touches))
  const outside = table.outside.find((o) => touches(o.industry))
  return { rows, ...(outside && { outside: outside.name }) }
}

/** 大型、中型、小型 need every listed indicator, 微型 only one: the class is the lowest tier of all listed indicators. */
function byRow(row: SizeRow, question: SizeQuestion): { possible: Tier[]; missing: Indicator[]; steps: WorkingStep[] } {
  const missing: Indicator[] = []
  const steps: WorkingStep[] = []
  let cap = tiers.length - 1
  for (const bounds of row.indicators) {
    const value = question[bounds.indicator]
    const { name, unit } = labels[bounds.indicator]
    if (value === undefined) {
      missing.push(bounds.indicator)
      steps.push({ text: `${row.name}：${name}未填，不作推定，哪一档都可能。`, indicator: bounds.indicator, row: row.id })
      continue
    }
    const level = [bounds.smallMin, bounds.mediumMin, bounds.largeMin].filter((min) => value >= min).length
    const tier = tiers[level] ?? 'micro'
    cap = Math.min(cap, level)
    const text = `${row.name}：${name} ${value} ${unit}，${interval(bounds, level, value)}，属${sizeNames[tier]}一档。`
    steps.push({ text, indicator: bounds.indicator, value, tier, row: row.id })
  }
  const possible = tiers.filter((_, level) => (missing.length === 0 ? level === cap : level <= cap))
  return { possible, missing, steps }
}

function interval(bounds: { largeMin: number; mediumMin: number; smallMin: number }, level: number, value: number): string {
  const mins = [undefined, bounds.smallMin, bounds.mediumMin, bounds.largeMin]
  const from = mins[level]
  const below = mins[level + 1]
  return `${from === undefined ? '' : `${from} ≤ `}${value}${below === undefined ? '' : ` < ${below}`}`
}

function industrySteps(industry: string | undefined, rows: readonly SizeRow[], outside: string | undefined): WorkingStep[] {
  if (industry === undefined) return [{ text: '行业未填：各行业的界限不同，先按所有行业推算。' }]
  const named = `行业 ${industry}（${industryName(industry)}）`
  if (rows.length === 0) return [{ text: `${named}不在 ${table.docNo} 的适用范围内${outside ? `：${outside}` : ''}，不适用划型。` }]
  const list = [...rows.map((r) => r.name), ...(outside ? [`${outside}（不适用划型）`] : [])].join('、')
  const doubt = rows.some((r) => r.toVerify) ? '（该行界限待核实）' : ''
  return [{ text: `${named}按“${list}”${rows.length + (outside ? 1 : 0) > 1 ? '之一' : '一行'}划分${doubt}。` }]
}

function conclusion(possible: readonly SizeClass[], question: SizeQuestion): WorkingStep[] {
  if (possible.length === 1 && possible[0] === 'unclassified') return []
  const names = possible.map((size) => sizeNames[size]).join('、')
  const kind = question.subjectKind === undefined ? '主体类型未填；' : ''
  if (possible.length === 1) return [{ text: `取所列指标中最低的一档（大型、中型、小型须同时满足下限）：${names}。` }]
  return [{ text: `${kind}现有数据只能确定是下列之一：${names}。` }]
}
