/** A factory's own sheet, made up: for tests, journeys and measurements. The same numbers give the same sheet. */
import { excelStream, type Cell } from '../../../platform/sheet-writer.server.ts'
import type { SheetField } from './columns.ts'

const layout = [
  ['序号', null],
  ['设备编号', 'code'],
  ['设备名称', 'name'],
  ['规格型号', 'model'],
  ['生产厂家', 'maker'],
  ['出厂编号', 'serial'],
  ['量程', 'range'],
  ['精度', 'accuracy'],
  ['使用部门', 'place'],
  ['保管人', 'keeper'],
  ['用途', 'use'],
  ['检定日期', 'lastDoneOn'],
  ['检定周期(月)', 'intervalMonths'],
  ['检定单位', 'lastInstitution'],
  ['状态', 'state'],
  ['备注', 'note'],
] as const satisfies readonly (readonly [string, SheetField | null])[]
type SampleField = Exclude<(typeof layout)[number][1], null>

export const sampleHeaders: readonly string[] = layout.map(([header]) => header)

const kinds = [
  ['压力表', 'Y-100', '0-1.6MPa', '1.6级', '安全防护', '6'],
  ['游标卡尺', 'CD-15', '0-150mm', '±0.02mm', '其他', '12'],
  ['外径千分尺', 'QF-25', '(0～25)mm', '±0.004mm', '其他', '12'],
  ['电子秤', 'ACS-30', '0～30kg', 'Ⅲ级', '贸易结算', '12'],
  ['百分表', 'BF-10', '0-10mm', '±0.02mm', '其他', '12'],
] as const

/** What can be wrong with a row; each is wrong in one cell. */
const mistakes = {
  unit: ['range', '0-1.6 Mpaa'],
  future: ['lastDoneOn', '2031-01-01'],
  /** The serial number of the first row, under another code. */
  twice: ['serial', 'SN100000'],
  state: ['state', '借给隔壁了'],
  long: ['place', '很长的地点'.repeat(20)],
  date: ['lastDoneOn', '2026-02-30'],
  name: ['name', ''],
  interval: ['intervalMonths', '随缘'],
} as const satisfies Record<string, readonly [SampleField, string]>
export type Mistake = keyof typeof mistakes
export const allMistakes = Object.keys(mistakes) as Mistake[]

export interface SampleRow {
  cells: string[]
  mistake?: Mistake
  /** The field that is wrong, and what it should say. */
  field?: SampleField
  right?: string
}

export function sampleRow(n: number, mistake?: Mistake): SampleRow {
  const [name, model, range, accuracy, use, months] = kinds[n % kinds.length]!
  const cells: string[] = [
    String(n + 1),
    `SB-${String(n + 1).padStart(5, '0')}`,
    name,
    model,
    `示例·仪表厂${n % 7}`,
    `SN${100_000 + n}`,
    range,
    accuracy,
    ['一车间', '二车间', '质检室'][n % 3]!,
    '示例·李班长',
    use,
    `2026/${(n % 9) + 1}/${(n % 27) + 1}`,
    months,
    '示例·杭州市计量检测院',
    '在用',
    '',
  ]
  if (!mistake) return { cells }
  const [field, wrong] = mistakes[mistake]
  const at = layout.findIndex(([, each]) => each === field)
  const right = cells[at]!
  // Told by maker, model and number together.
  if (mistake === 'twice') [cells[3], cells[4]] = [kinds[0][1], '示例·仪表厂0']
  cells[at] = wrong
  return { cells, mistake, field, right }
}

/** `bad` of the rows are wrong, spread over the sheet, never the first. */
export function sampleRows(count: number, bad: number): SampleRow[] {
  const every = bad > 0 ? Math.floor((count - 1) / bad) : Infinity
  return Array.from({ length: count }, (_, n) => {
    const nth = n > 0 && n % every === 0 ? n / every - 1 : -1
    return sampleRow(n, nth >= 0 && nth < bad ? allMistakes[nth % allMistakes.length] : undefined)
  })
}

/** Rows above the table: the first row of a sample stands in row 4. */
export const sampleOffset = 4

/** As a firm keeps it: a title above, headers in the third row. */
export async function sampleSheet(rows: Iterable<SampleRow>): Promise<Buffer> {
  const body = function* (): Generator<readonly Cell[]> {
    yield []
    yield sampleHeaders
    for (const { cells } of rows) yield cells
  }
  const sheet = excelStream([{ name: '设备台账', columns: [{ header: '示例·某厂计量器具台账' }], rows: body() }])
  return Buffer.from(await new Response(sheet).arrayBuffer())
}
