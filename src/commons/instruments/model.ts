/** Words and types of the instrument ledger 器具台账. */
import type { Protected } from '../../core/access.ts'
import type { Accuracy } from '../../core/quantities/accuracy.ts'
import type { Range } from '../../core/quantities/quantity.ts'
import type { InstrumentUse } from '../../core/instrument-kinds.ts'
import type { Verdict } from '../../core/mandatory.ts'

export const instrumentStates = {
  stored: '备用',
  'in-use': '在用',
  limited: '限用',
  sent: '送检中',
  returned: '已取回待确认',
  stopped: '停用',
  sealed: '封存',
  lost: '丢失',
  scrapped: '报废',
} as const
export type InstrumentState = keyof typeof instrumentStates

export const stateTones = {
  stored: 'neutral',
  'in-use': 'good',
  limited: 'warn',
  sent: 'info',
  returned: 'warn',
  stopped: 'bad',
  sealed: 'neutral',
  lost: 'bad',
  scrapped: 'neutral',
} as const satisfies Record<InstrumentState, string>

/** Where an instrument may stand when it is first entered: a ledger that is brought along begins where things are. */
export const openingStates = ['stored', 'in-use', 'limited', 'stopped', 'sealed'] as const satisfies readonly InstrumentState[]

/** Those whose time runs: they are in the due list, the one at the laboratory (送检中) included. */
export const dueStates = ['in-use', 'limited', 'stored', 'sent', 'returned'] as const satisfies readonly InstrumentState[]

/** Those that count as what the enterprise has; scrapped and lost ones stay on record only. */
export const heldStates = [
  'stored',
  'in-use',
  'limited',
  'sent',
  'returned',
  'stopped',
  'sealed',
] as const satisfies readonly InstrumentState[]

/** The uses of 计量法 第九条, and the rest. Absent: not known yet. */
export const uses = {
  trade: '贸易结算',
  safety: '安全防护',
  medical: '医疗卫生',
  environment: '环境监测',
  'top-standard': '企业最高计量标准',
  other: '其他（工艺、质量、研发等）',
} as const satisfies Partial<Record<InstrumentUse, string>>
export type Use = keyof typeof uses

export const checkKinds = { verification: '检定', calibration: '校准', check: '期间核查' } as const
export type CheckKind = keyof typeof checkKinds

/** `none`: a calibration reports, it does not decide; the enterprise confirms. */
export const conclusions = { pass: '合格', fail: '不合格', none: '不作结论' } as const
export type Conclusion = keyof typeof conclusions

/** 计量确认: whether it fits the use. */
export const confirmations = { fit: '满足使用要求', limited: '限用', unfit: '不满足使用要求' } as const
export type Confirmation = keyof typeof confirmations

export const intervalSources = {
  regulation: '检定规程',
  certificate: '证书',
  own: '本单位规定',
  advice: '间隔建议',
} as const
export type IntervalSource = keyof typeof intervalSources

/** A row of the ledger. Absent values are null; ids are uuid v7; days are `YYYY-MM-DD`. */
export interface Instrument extends Protected {
  province: string
  id: string
  state: InstrumentState
  /** 器具编号: unique within the enterprise. */
  code: string
  name: string
  /** Code of the catalogue of kinds. */
  kind: string | null
  /** An own kind of the enterprise. */
  own_kind: string | null
  maker: string | null
  model: string | null
  /** 出厂编号 */
  serial: string | null
  ranges: readonly Range[]
  accuracy: Accuracy | null
  /** 存放/使用地点: the site or workshop. */
  place: string | null
  /** 使用点（工位）: the production point that it serves, for the rotation planner. */
  point: string | null
  keeper: string | null
  use: Use | null
  use_detail: string | null
  mandatory: Verdict
  mandatory_reason: string
  mandatory_to_verify: boolean
  mandatory_confirmed: MandatoryConfirmed | null
  bought_on: string | null
  interval_months: number | null
  interval_source: IntervalSource | null
  /** Copied from the last check that was not voided. */
  last_done_on: string | null
  last_kind: CheckKind | null
  last_conclusion: Conclusion | null
  last_confirmation: Confirmation | null
  last_institution: string | null
  last_certificate_no: string | null
  last_fee_fen: bigint | null
  /** 有效期至: the last day that it may be used on. */
  valid_until: string | null
  note: string | null
  /** What the QR label carries; says nothing by itself. */
  token: string
  created_at: string
  changed_at: string
  version: number
}

/** A person settled what the catalogue leaves open (待核实), with the basis: 证书、强检备案. Never overrides a firm rule. */
export interface MandatoryConfirmed {
  verdict: 'yes' | 'no'
  basis: string
  by: string
  byName: string
  on: string
}

export interface Check {
  id: string
  instrument_id: string
  kind: CheckKind
  done_on: string
  valid_until: string | null
  institution: string | null
  certificate_no: string | null
  conclusion: Conclusion
  confirmation: Confirmation | null
  confirmation_basis: string | null
  as_found: AsFound | null
  /** What the certificate gives, point by point, where it is known. */
  results: Results | null
  fee_fen: bigint | null
  file_id: string | null
  note: string | null
  recorded_by_name: string
  created_at: string
  voided_at: string | null
  void_reason: string | null
}

/** Largest error as found with its permissible error, decimal texts in one unit: what interval advice is reckoned from. */
export interface AsFound {
  error: string
  uncertainty?: string | undefined
  limit: string
  unit: string
}

/** One line of a certificate: at which value, how large the error is, and its expanded uncertainty. Decimal texts. */
export interface ResultPoint {
  at: string
  atUnit: string
  error: string
  expanded: string
  unit: string
}

/** What a certificate gives. `k` belongs to every expanded uncertainty. */
export interface Results {
  points: readonly ResultPoint[]
  k: string
  /** As it came, before any adjustment: what interval advice and the trace rest on. */
  asFound: boolean
}

/** `浙-2026-000123` is made by `core/regions`; the longest texts that are kept. */
export const lengths = {
  code: 40,
  name: 60,
  maker: 80,
  model: 60,
  serial: 60,
  place: 60,
  point: 60,
  keeper: 40,
  use_detail: 200,
  note: 500,
} as const

/** Whose ledger it is. */
export interface LedgerOwner {
  province: string
  id: string
  region: string
}
