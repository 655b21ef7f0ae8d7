/** Words and types of 计量确认: what the use asks, what the certificate gives, what follows, and who signs it (GB/T 19022). */
import type { Protected } from '../../../core/access.ts'
import type { Confirmation, ResultPoint, Results } from '../model.ts'

export const confirmationStates = { draft: '待签字', signed: '已签字', replaced: '已被新的确认取代', voided: '随记录作废' } as const
export type ConfirmationState = keyof typeof confirmationStates
export const confirmationTones = { draft: 'warn', signed: 'good', replaced: 'neutral', voided: 'neutral' } as const

/** How large an error the use bears. All decimal texts. */
export type Need =
  | { kind: 'absolute'; limit: string; unit: string }
  | { kind: 'reading'; percent: string }
  | { kind: 'span'; percent: string; span: string; unit: string }

export const needSources = {
  process: '工艺、图纸的公差',
  instrument: '器具自身的最大允许误差',
  standard: '检验标准、规程',
  customer: '顾客要求',
} as const
export type NeedSource = keyof typeof needSources

export const rules = {
  jjf1094: 'U 不超过允许误差的三分之一时直接比较，否则留出 U 作保护带（JJF 1094-2002 5.3.1）',
  guarded: '总是留出 U 作保护带（ILAC-G8:09/2019，w = U）',
} as const
export type Rule = keyof typeof rules
export const ruleNames = { jjf1094: 'JJF 1094 三分之一规则', guarded: '保护带接收（ILAC-G8）' } as const

/** `open`: the error and its uncertainty straddle the limit: neither fit nor unfit can be said (待定区). */
export const pointVerdicts = { fit: '满足', open: '待定', unfit: '不满足' } as const
export type PointVerdict = keyof typeof pointVerdicts

export interface JudgedPoint extends ResultPoint {
  /** In the unit of the error. */
  limit: string
  guard: string
  verdict: PointVerdict
  /** Of the limit that is used up by |error| + guard band, for the picture and the worst point. */
  used: number
  /** Probability that the true error is beyond the limit, with a normal distribution about the result. */
  beyond: number
}

/** Frozen when it is signed. */
export interface Decision {
  rule: Rule
  k: string
  points: readonly JudgedPoint[]
  /** The strongest that may be signed. */
  verdict: Confirmation
  /** Index of the point that decides. */
  worst: number
  /** Values between which every point fits, where not all do. */
  usable: { from: string; to: string; unit: string } | null
  /** Plain sentences, in order: what was compared, what follows, what to do. */
  sentences: readonly string[]
}

export interface InstrumentConfirmation extends Protected {
  province: string
  id: string
  instrument_id: string
  check_id: string
  state: ConfirmationState
  need: Need
  need_source: NeedSource
  need_note: string | null
  results: Results
  decision: Decision
  /** What was signed; never stronger than `decision.verdict`. */
  verdict: Confirmation | null
  /** Within which it may be used, for 限用. */
  range_note: string | null
  opinion: string | null
  prepared_by: string
  prepared_by_name: string
  created_at: string
  signed_by: string | null
  signed_by_name: string | null
  signed_at: string | null
  version: number
}

/** One that was signed, as the history of its instrument reads it. */
export interface ConfirmationHistory {
  id: string
  done_on: string
  state: ConfirmationState
  verdict: Confirmation | null
  decision: Decision
}

/** Weakest last: what may be signed is never stronger than what was found. */
export const strength: readonly Confirmation[] = ['fit', 'limited', 'unfit']

export const mostPoints = 60

export const eventWords: Readonly<Record<string, string>> = {
  prepared: '填写要求和数据',
  changed: '修改',
  signed: '签字',
  replaced: '被新的确认取代',
  voided: '随记录作废',
}
