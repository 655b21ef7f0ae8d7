/** From texts as people type them (a form, an API body, a row of a sheet) to a clean draft of an instrument, or to what is wrong with each text. Pure. */
import { validUntil as validUntilOf } from '../../core/due-day.ts'
import { mandatoryOf, type MandatoryAnswer } from '../../core/mandatory.ts'
import type { Fen } from '../../core/money.ts'
import type { Accuracy } from '../../core/quantities/accuracy.ts'
import type { Range } from '../../core/quantities/quantity.ts'
import {
  clean,
  conclusionWords,
  readAccuracy,
  readDay,
  readFee,
  readKind,
  readMonths,
  readRanges,
  stateWords,
  useWords,
  wordKey,
} from './draft-words.ts'
import {
  checkKinds,
  conclusions,
  instrumentStates,
  lengths,
  openingStates,
  uses,
  type CheckKind,
  type Conclusion,
  type InstrumentState,
  type Use,
} from './model.ts'

/** As typed; an absent or blank text is not known. */
export interface DraftInput {
  code?: string | undefined
  name?: string | undefined
  /** Code, name or everyday name of the catalogue. */
  kind?: string | undefined
  /** Id of an own kind. */
  ownKind?: string | undefined
  maker?: string | undefined
  model?: string | undefined
  serial?: string | undefined
  range?: string | undefined
  accuracy?: string | undefined
  place?: string | undefined
  point?: string | undefined
  keeper?: string | undefined
  /** Key or words. */
  use?: string | undefined
  useDetail?: string | undefined
  boughtOn?: string | undefined
  intervalMonths?: string | undefined
  lastDoneOn?: string | undefined
  lastKind?: string | undefined
  lastConclusion?: string | undefined
  lastInstitution?: string | undefined
  lastCertificateNo?: string | undefined
  /** 元 */
  lastFee?: string | undefined
  validUntil?: string | undefined
  /** Key or words; where it stands when it is entered. */
  state?: string | undefined
  note?: string | undefined
}
export type DraftField = keyof DraftInput

export interface Draft {
  code: string | null
  name: string
  kind: string | null
  ownKind: string | null
  maker: string | null
  model: string | null
  serial: string | null
  ranges: readonly Range[]
  accuracy: Accuracy | null
  place: string | null
  point: string | null
  keeper: string | null
  use: Use | null
  useDetail: string | null
  boughtOn: string | null
  intervalMonths: number | null
  lastDoneOn: string | null
  lastKind: CheckKind | null
  lastConclusion: Conclusion | null
  lastInstitution: string | null
  lastCertificateNo: string | null
  lastFee: Fen | null
  validUntil: string | null
  state: InstrumentState
  note: string | null
  mandatory: MandatoryAnswer
}

export interface DraftProblem {
  field: DraftField
  reason: string
  /** `bad`: not accepted so; `warn`: accepted, and said. */
  level: 'bad' | 'warn'
}

export interface ReadDraft {
  /** Absent when a problem is `bad`. */
  draft?: Draft
  problems: readonly DraftProblem[]
}

export const fieldLabels: Readonly<Record<DraftField, string>> = {
  code: '器具编号',
  name: '器具名称',
  kind: '器具种类',
  ownKind: '自定种类',
  maker: '制造单位',
  model: '型号规格',
  serial: '出厂编号',
  range: '测量范围',
  accuracy: '准确度等级或最大允许误差',
  place: '使用、存放地点',
  point: '使用点（工位）',
  keeper: '保管人',
  use: '用途',
  useDetail: '用途说明',
  boughtOn: '购置日期',
  intervalMonths: '周期（月）',
  lastDoneOn: '上次检定、校准日期',
  lastKind: '上次方式',
  lastConclusion: '上次结论',
  lastInstitution: '检定、校准机构',
  lastCertificateNo: '证书编号',
  lastFee: '费用（元）',
  validUntil: '有效期至',
  state: '状态',
  note: '备注',
}

/** Reads a draft. `parentOf` gives the catalogue kind that an own kind stands under. */
export function readDraft(input: DraftInput, today: string, parentOf: (ownKind: string) => string | null = () => null): ReadDraft {
  const problems: DraftProblem[] = []
  const bad = (field: DraftField, reason: string) => void problems.push({ field, reason, level: 'bad' })
  const warn = (field: DraftField, reason: string) => void problems.push({ field, reason, level: 'warn' })

  const text = (field: DraftField, max: number): string | null => {
    const value = clean(input[field])
    if (value === null) return null
    if (value.length > max) return (bad(field, `${fieldLabels[field]}最多 ${max} 个字，现在有 ${value.length} 个，请缩短`), null)
    // A sheet would run it as a formula when it is exported.
    if (value.startsWith('=')) return (bad(field, `${fieldLabels[field]}“${value.slice(0, 20)}”像是公式，请填写文字`), null)
    return value
  }
  const day = (field: DraftField, { future }: { future: boolean }): string | null => {
    const value = clean(input[field])
    if (value === null) return null
    const read = readDay(value)
    if (!read) return (bad(field, `${fieldLabels[field]}“${value}”不是日期，请写成 ${today} 这样`), null)
    if (!future && read > today) return (bad(field, `${fieldLabels[field]} ${read} 晚于今天，请核对`), null)
    if (read < '1950-01-01' || read > '2100-01-01') return (bad(field, `${fieldLabels[field]} ${read} 不在合理的年份里，请核对`), null)
    return read
  }
  const word = <K extends string>(
    field: DraftField,
    words: Readonly<Record<K, string>>,
    more: Readonly<Record<string, K>> = {},
  ): K | null => {
    const value = clean(input[field])
    if (value === null) return null
    const key = wordKey(value, words, more)
    if (key === undefined) bad(field, `不认识${fieldLabels[field]}“${value}”，可以填：${Object.values(words).join('、')}`)
    return key ?? null
  }

  const name = text('name', lengths.name)
  const ownKind = clean(input.ownKind)
  const kind = readKind(clean(input.kind), name, ownKind, warn)
  if (name === null && !problems.some(({ field }) => field === 'name')) bad('name', '请填写器具名称')
  const use = word('use', uses, useWords)
  const ranges = readRanges(clean(input.range), bad)
  const accuracy = readAccuracy(clean(input.accuracy), bad)
  const boughtOn = day('boughtOn', { future: false })
  const lastDoneOn = day('lastDoneOn', { future: false })
  const intervalMonths = readMonths(clean(input.intervalMonths), bad)
  const stated = day('validUntil', { future: true })
  if (stated && lastDoneOn && stated < lastDoneOn) bad('validUntil', `有效期至 ${stated} 早于上次检定、校准日期 ${lastDoneOn}，请核对`)
  if (boughtOn && lastDoneOn && boughtOn > lastDoneOn) warn('boughtOn', `购置日期 ${boughtOn} 晚于上次检定、校准日期 ${lastDoneOn}`)
  // The certificate's day goes before the day that the interval gives.
  const validUntil = stated ?? (lastDoneOn && intervalMonths ? validUntilOf(lastDoneOn, intervalMonths) : null)
  const state = word('state', instrumentStates, stateWords) ?? 'in-use'
  if (!(openingStates as readonly string[]).includes(state))
    bad(
      'state',
      `登记时的状态只能是${openingStates.map((each) => instrumentStates[each]).join('、')}；${instrumentStates[state]}要在登记后办理`,
    )
  const draft: Omit<Draft, 'name'> = {
    code: text('code', lengths.code),
    kind,
    ownKind,
    maker: text('maker', lengths.maker),
    model: text('model', lengths.model),
    serial: text('serial', lengths.serial),
    ranges,
    accuracy,
    place: text('place', lengths.place),
    point: text('point', lengths.point),
    keeper: text('keeper', lengths.keeper),
    use,
    useDetail: text('useDetail', lengths.use_detail),
    boughtOn,
    intervalMonths,
    lastDoneOn,
    lastKind: word('lastKind', checkKinds),
    lastConclusion: word('lastConclusion', conclusions, conclusionWords),
    lastInstitution: text('lastInstitution', lengths.maker),
    lastCertificateNo: text('lastCertificateNo', lengths.serial),
    lastFee: readFee(clean(input.lastFee), bad),
    validUntil,
    state,
    note: text('note', lengths.note),
    mandatory: mandatoryOf({ kind: kind ?? (ownKind ? parentOf(ownKind) : null), use, onDate: today }),
  }
  return { ...(name !== null && !problems.some(({ level }) => level === 'bad') && { draft: { ...draft, name } }), problems }
}
