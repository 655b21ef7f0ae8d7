/** The sheets that leave: the template, the register, the rows that are still wrong. What leaves can come back. */
import { instrumentKinds } from '../../../core/instrument-kinds.ts'
import type { Ctx } from '../../../platform/db.server.ts'
import { csvStream, excelStream, type Cell, type SheetColumn } from '../../../platform/sheet-writer.server.ts'
import { checkKinds, conclusions, instrumentStates, openingStates, uses, type Instrument } from '../model.ts'
import { ownKinds } from '../own-kinds.server.ts'
import { eachInstrument, listInstruments, mostCounted, type InstrumentQuery } from '../queries.server.ts'
import { labelOf, sheetFields, type SheetField } from './columns.ts'
import type { Import } from './model.ts'
import { rowsOf } from './rows.server.ts'
import { exampleMark, textsOf, textsOfInstrument, type SheetTexts } from './sheet-texts.ts'

const widths: Partial<Record<SheetField, number>> = {
  name: 20,
  range: 22,
  accuracy: 26,
  maker: 24,
  model: 16,
  place: 18,
  lastDoneOn: 20,
  lastInstitution: 24,
  useDetail: 24,
  note: 28,
}
const choices = (own: readonly string[]): Partial<Record<SheetField, readonly string[]>> => ({
  kind: [...own, ...instrumentKinds.map(({ name }) => name)],
  use: Object.values(uses),
  lastKind: Object.values(checkKinds),
  lastConclusion: Object.values(conclusions),
  state: openingStates.map((state) => instrumentStates[state]),
})

const columnsFor = (offered: Partial<Record<SheetField, readonly string[]>> = {}): SheetColumn[] =>
  sheetFields.map((field) => ({
    header: labelOf(field),
    width: widths[field] ?? 14,
    ...(offered[field] && { choices: offered[field] }),
  }))

const cellsOf = (texts: SheetTexts): Cell[] => sheetFields.map((field) => texts[field] ?? null)

/** Two lines that show what is meant; they are known by their note and never entered. */
const examples: readonly SheetTexts[] = [
  {
    code: 'YL-001',
    name: '压力表',
    kind: '压力表',
    maker: '示例·仪表厂',
    model: 'Y-100',
    serial: '20260001',
    range: '0～1.6 MPa',
    accuracy: '1.6级',
    place: '锅炉房',
    keeper: '示例·张师傅',
    use: uses.safety,
    intervalMonths: '6',
    lastDoneOn: '2026-06-10',
    lastKind: checkKinds.verification,
    lastConclusion: conclusions.pass,
    state: instrumentStates['in-use'],
    note: exampleMark,
  },
  {
    code: 'KC-012',
    name: '游标卡尺',
    kind: '游标卡尺',
    model: '0-150',
    serial: 'K7788',
    range: '(0～150) mm',
    accuracy: '±0.02 mm',
    place: '质检室',
    use: uses.other,
    intervalMonths: '12',
    lastDoneOn: '2026-03-02',
    lastKind: checkKinds.calibration,
    validUntil: '2027-03-01',
    state: instrumentStates['in-use'],
    note: exampleMark,
  },
]

const notes: readonly (readonly [string, string])[] = [
  ['器具名称', '必填；其余都可以空着，以后再补'],
  ['器具编号', '本单位自己的编号，一个编号一件器具；空着的由平台编号'],
  ['器具种类', '从下拉里选，或写自己的叫法；不认识的先按待归类登记'],
  ['测量范围', '数值带单位：0～1.6 MPa、(0～150) mm、-40～60 ℃、≤3 t；几段之间用 / 隔开'],
  ['准确度等级或最大允许误差', '1.6级、Ⅲ级、±0.02 mm、±0.5%FS；不要填不确定度'],
  ['用途', '贸易结算、安全防护、医疗卫生、环境监测、企业最高计量标准，其余选“其他”；是否强制检定由种类和用途判断（《计量法》第九条）'],
  ['日期', '2026-03-01、2026/3/1、2026年3月1日都可以'],
  ['周期（月）', '整月数；1年、半年、2次/年也认得'],
  ['有效期至', '以证书为准；空着的按上次日期和周期推算'],
  ['状态', `登记时的状态：${openingStates.map((state) => instrumentStates[state]).join('、')}；空着的按在用`],
  ['示例行', `备注是“${exampleMark}”的两行不会登记，可以删，也可以留着`],
  ['再次上传', '同一张表改过以后再上传，只更新有变化的，不会重复登记；空着的格子不会清掉台账里已有的内容'],
]

export async function templateSheet(ctx: Ctx): Promise<ReadableStream<Uint8Array>> {
  const own = (await ownKinds(ctx)).map(({ name }) => name)
  return excelStream([
    { name: '台账', columns: columnsFor(choices(own)), rows: examples.map(cellsOf), choiceRows: 5_000 },
    {
      name: '填写说明',
      columns: [
        { header: '项目', width: 28 },
        { header: '怎么填', width: 90 },
      ],
      rows: notes,
    },
    {
      name: '种类目录',
      columns: [
        { header: '种类', width: 28 },
        { header: '也叫', width: 60 },
      ],
      rows: instrumentKinds.map(({ name, aliases }) => [name, aliases.join('、')]),
    },
  ])
}

const mandatoryWords = { yes: '是', no: '否', unknown: '待判定' } as const

const registerColumns = (): SheetColumn[] => [...columnsFor(), { header: '强制检定', width: 14 }]

async function* registerRows(ctx: Ctx, query: InstrumentQuery): AsyncGenerator<Cell[]> {
  const own = new Map((await ownKinds(ctx)).map(({ id, name }) => [id, name]))
  for await (const rows of inOrder(ctx, query))
    for (const row of rows)
      yield [
        ...cellsOf(textsOfInstrument(row, row.own_kind && (own.get(row.own_kind) ?? null))),
        `${mandatoryWords[row.mandatory]}${row.mandatory_to_verify ? '（待核实）' : ''}`,
      ]
}

const pageSize = 500

/** In the order that was asked for; a list that is longer than the register counts comes in the order of entry. */
async function* inOrder(ctx: Ctx, query: InstrumentQuery): AsyncGenerator<readonly Instrument[]> {
  const first = query.sort ? await listInstruments(ctx, { ...query, page: 1, pageSize }) : undefined
  if (!first || first.capped || first.total > mostCounted) return yield* eachInstrument(ctx, query)
  yield first.rows
  for (let page = 2; (page - 1) * pageSize < first.total; page++) yield (await listInstruments(ctx, { ...query, page, pageSize })).rows
}

/** Exactly what the register shows for a query; brought again, nothing changes. */
export const registerExcel = (ctx: Ctx, query: InstrumentQuery): ReadableStream<Uint8Array> =>
  excelStream([{ name: '器具台账', columns: registerColumns(), rows: registerRows(ctx, query) }])

export const registerCsv = (ctx: Ctx, query: InstrumentQuery): ReadableStream<Uint8Array> =>
  csvStream(registerColumns(), registerRows(ctx, query))

/** The rows that are still wrong, under our own headers, with what is wrong: to be mended elsewhere and brought again. */
export async function badRowsExcel(ctx: Ctx, row: Import): Promise<ReadableStream<Uint8Array>> {
  const own = (await ownKinds(ctx)).map(({ name }) => name)
  const columns = [...columnsFor(choices(own)), { header: '问题', width: 70 }, { header: '原行号', width: 10 }]
  return excelStream([{ name: '有问题的行', columns, rows: badRows(ctx, row), choiceRows: 5_000 }])
}

async function* badRows(ctx: Ctx, row: Import): AsyncGenerator<Cell[]> {
  for (let after = -1; ;) {
    const rows = await rowsOf(ctx, row, { verdicts: ['bad'], after, limit: pageSize })
    for (const { row: n, cells, problems } of rows) {
      const texts = textsOf(row.columns.layout!.columns, cells.raw, cells.mended)
      const bad = problems.filter(({ level }) => level === 'bad')
      const wrong = new Set(bad.map(({ field }) => field))
      yield [
        ...sheetFields.map((field): Cell => (wrong.has(field) ? { wrong: texts[field] ?? '' } : (texts[field] ?? null))),
        bad.map(({ field, reason }) => (field ? `${labelOf(field)}：${reason}` : reason)).join('；'),
        n,
      ]
    }
    if (rows.length < pageSize) return
    after = rows.at(-1)!.row
  }
}
