/**
 * Everything that one certificate says, as JSON-safe data: the only source of its PDF and of its digital form.
 * Numbers are decimal texts with the digits that were measured; dates are `YYYY-MM-DD`.
 */

/** 检定证书、检定结果通知书（《计量检定印、证管理办法》）、校准证书（JJF 1071）。 */
export const certificateKinds = {
  verification: '检定证书',
  'verification-failure': '检定结果通知书',
  calibration: '校准证书',
} as const
export type CertificateKind = keyof typeof certificateKinds

/** As printed: `-0.010`, `1.2`. Never with a thousands mark or an exponent. */
export type DecimalText = string

/** `pass` and `fail` as the rules of the document judge one row; a calibration has none. */
export type Verdict = 'pass' | 'fail'
export const verdictWords = { pass: '合格', fail: '不合格' } as const

export interface Party {
  name: string
  address?: string
}

export interface Institution extends Party {
  address: string
  phone?: string
  /** 计量授权证书号 or the number of the certificate of examination; without one nothing can be verified. */
  authorisation?: string
}

export interface MeasuredItem {
  name: string
  /** Where it is known. */
  nameEn?: string
  maker?: string
  model?: string
  /** 出厂编号. */
  serial?: string
  /** The client's own number. */
  code?: string
  /** 测量范围 in words. */
  range?: string
  accuracy?: string
}

export interface Dates {
  received?: string
  performedFrom: string
  performed: string
  issued: string
  /** Passed verifications only. */
  validUntil?: string
}

/** An ambient condition as measured: 温度 20.1 ℃, U 0.3. */
export interface Condition {
  name: string
  value: DecimalText
  /** Code of the table of units (core/quantities). */
  unit: string
}

/** JJG or JJF with its edition: `JJG 52-2013`. */
export interface MethodDocument {
  number: string
  title: string
}

export interface ReferenceStandard {
  name: string
  serial?: string
  range?: string
  /** U with k, class or maximum permissible error, as its certificate says it. */
  uncertainty: string
  certificate: string
  validUntil: string
}

/** What is seen, not measured: 外观, 标志. */
export interface Inspection {
  title: string
  finding: string
  verdict?: Verdict
}

export interface ResultRow {
  label?: string
  nominal?: DecimalText
  reference?: DecimalText
  indication?: DecimalText
  error?: DecimalText
  /** Expanded uncertainty of the error, or of the indication where no error is given. */
  U?: DecimalText
  k?: DecimalText
  /** The permissible error of this row, lowest and highest. */
  lower?: DecimalText
  upper?: DecimalText
  verdict?: Verdict
}

export interface ResultTable {
  title: string
  /** In words: 示值误差, 压力. */
  quantity: string
  /** Code of the table of units; one unit for the whole table. */
  unit: string
  /** Of U: `0.95`. */
  coverage?: DecimalText
  rows: readonly ResultRow[]
}

/** How conformity was decided (JJF 1094, ISO/IEC 17025 7.8.6). */
export interface ConformityDecision {
  rule: string
  /** In the unit given; `0` where the rule has none. */
  guardBand: DecimalText
  unit: string
  U: DecimalText
  k: DecimalText
  /** Largest probability of false accept over the rows: `0.021`. */
  falseAccept: DecimalText
}

export interface People {
  tester: string
  /** Who checked the record, a person of their own: every verification has one, a calibration need not. */
  checker?: string
  approver: string
}

export interface CertificateContent {
  kind: CertificateKind
  number: string
  /** Printed across the document: fictional firms, fictional numbers. */
  demo: boolean
  /** Number of the certificate whose place it takes, and why. */
  replaces?: { number: string; reason: string }
  institution: Institution
  client: Party
  item: MeasuredItem
  dates: Dates
  place: { where: 'laboratory' | 'customer'; address: string }
  conditions: readonly Condition[]
  methods: readonly MethodDocument[]
  standards: readonly ReferenceStandard[]
  inspections: readonly Inspection[]
  tables: readonly ResultTable[]
  /** How the uncertainties were evaluated, in one paragraph. */
  uncertainty?: string
  conformity?: ConformityDecision
  /** 准予作…级使用. */
  grade?: string
  /** Months that the client asked to be advised of; only where it asked (ISO/IEC 17025 7.8.4.3). */
  adviceMonths?: number
  people: People
  /** Beyond what `notesOf` puts on every document of the kind. */
  remarks: readonly string[]
}

/** What is known before the number is drawn from the sequence. */
export type CertificateDraft = Omit<CertificateContent, 'number' | 'replaces' | 'demo' | 'dates'> & { dates: Omit<Dates, 'issued'> }

/** Columns of a table in the order in which they are printed, those that any row fills. */
export const resultColumns = {
  nominal: '标称值',
  reference: '参考值',
  indication: '示值',
  error: '误差',
  U: 'U',
  k: 'k',
  lower: '允许下限',
  upper: '允许上限',
} as const
export type ResultColumn = keyof typeof resultColumns

export const columnsOf = ({ rows }: Pick<ResultTable, 'rows'>): ResultColumn[] =>
  (Object.keys(resultColumns) as ResultColumn[]).filter((column) => rows.some((row) => row[column] !== undefined))
