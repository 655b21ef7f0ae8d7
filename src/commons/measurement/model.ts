/** Words and types of records of measurement 测量记录. */
import type { Protected } from '../../core/access.ts'
import type { Verdict } from '../../core/metrology/decide.ts'

export const recordStates = { draft: '填写中', completed: '待审核', checked: '已核验', issued: '已出证', 'sent-back': '已退回' } as const
export type RecordState = keyof typeof recordStates
export const recordTones = { draft: 'info', completed: 'info', checked: 'info', issued: 'good', 'sent-back': 'warn' } as const

/** How a verification is judged; the tester chooses, and whoever checks the record agrees to what is not the usual. */
export const judgings = { third: 'U 大于最大允许误差 1/3 的计入 U', regulation: '按检定规程评定，不计测量不确定度' } as const
export type Judging = keyof typeof judgings

export const seenWords = { ok: '符合', bad: '不符合' } as const
export type SeenAs = keyof typeof seenWords | ''

/** One point as it was typed: texts, so that nothing typed is lost or made prettier. */
export interface EnteredPoint {
  at: string
  label: string
  /** Permissible error in place of the template's, with its source in `limitSource`. */
  limit: string
  /** Column → repeats. */
  readings: Record<string, string[]>
}

export interface Entered {
  parameters: Record<string, string>
  conditions: Record<string, string>
  points: EnteredPoint[]
  seen: Record<string, SeenAs>
  /** 已对照现行规程核对. */
  verified: boolean
  limitSource: string
  /** Absent in records older than the choice: `third`. */
  judging?: Judging
  standardId: string
  doneOn: string
  validUntil: string
}

/** How good a standard is: U with its k, or a permissible error; in its unit, or in per cent of the value or of the upper end. */
export interface Quality {
  kind: 'U' | 'mpe'
  value: string
  k: string | null
  of: 'value' | 'reading' | 'span'
}

export interface BudgetLine {
  name: string
  label: string
  type: 'A' | 'B'
  how: string
  u: number
  sensitivity: number
  contribution: number
  share: number
  /** null: ∞. */
  dof: number | null
}

export interface Limit {
  value: number
  /** The template's own, or corrected by the tester. */
  corrected: boolean
}

/** Results of one point, JSON-safe: numbers for reckoning, texts as they are printed. */
export interface PointResult {
  n: number
  at: string
  label: string
  /** Which column was judged: the one with the largest error. */
  column: string
  indication: string
  reference: string
  error: number
  errorText: string
  U: number
  UText: string
  k: number
  kText: string
  why: string
  u: number
  lines: BudgetLine[]
  limit: Limit | null
  verdict: Verdict | null
  guardBand: number
  falseAccept: number | null
  outside: number | null
  /** The decision in words; empty for a calibration. */
  said: string
  /** U is larger than a third of the permissible error (JJF 1094 5.3.1). */
  wide: boolean
  /** What Monte Carlo needs to go over the same again. */
  model: string
}

export interface CheckResult {
  name: string
  label: string
  clause: string
  /** The worst point. */
  at: string
  value: number
  valueText: string
  limit: number
  limitText: string
  verdict: 'pass' | 'fail' | null
}

export type Conclusion = 'pass' | 'fail' | 'none' | 'undetermined'

export interface Evaluation {
  unit: string
  points: PointResult[]
  checks: CheckResult[]
  /** Absent while something is missing or decides nothing yet; `problems` says what. */
  conclusion: Conclusion | null
  problems: string[]
  /** What a person should know although it can be concluded. */
  warnings: string[]
  rule: string
}

/** The standard as it was on the day of the measurement. */
export interface FrozenStandard {
  id: string
  name: string
  serial: string
  range: string
  /** Of `low` and `high`. */
  rangeUnit: string
  /** Of its U or permissible error. */
  unit: string
  quality: Quality
  certificate: string
  issuedBy: string
  validFrom: string
  validUntil: string
  low: string | null
  high: string | null
}

export interface MeasurementRecord extends Protected {
  province: string
  id: string
  institution_id: string
  order_id: string
  line_id: string
  /** 1, and one more each time that the approver sends back. */
  attempt: number
  state: RecordState
  template: string
  edition: string
  norm: string
  entered: Entered
  standard: FrozenStandard | null
  results: Evaluation | null
  tester_id: string
  tester_name: string
  completed_at: string | null
  checker_id: string | null
  checker_name: string | null
  checked_at: string | null
  certificate_id: string | null
  opinion: string | null
  created_at: string
  changed_at: string
  version: number
}

export const lengths = { text: 40, source: 120, label: 30, points: 20, repeats: 10 } as const
