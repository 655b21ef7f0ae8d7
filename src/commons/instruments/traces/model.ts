/** Words and types of 追溯评价: an instrument was found out of tolerance; what was measured with it since the last good day (GB/T 19022 8.3, GB/T 19001 7.1.5.2)? */
import type { Protected } from '../../../core/access.ts'
import type { Limit } from '../../../core/promise-clock.ts'

export const traceStates = { open: '追溯中', signed: '已签字结案', voided: '随记录作废' } as const
export type TraceState = keyof typeof traceStates
export const traceTones = { open: 'bad', signed: 'good', voided: 'neutral' } as const

/** Not a statutory limit: neither standard gives days. */
export const tracePromise = { limit: '5 工作日' satisfies Limit, source: '平台默认处理时限' } as const

export const judgements = {
  unaffected: '不受影响',
  recheck: '要复测，已复测',
  rework: '已返工、报废',
  recall: '已通知顾客、召回',
} as const
export type Judgement = keyof typeof judgements

/** One thing that was measured with it: a point of use, a batch, another instrument. */
export interface TraceUse {
  province: string
  trace_id: string
  n: number
  org_id: string
  /** `ledger`: the platform knows of it; `typed`: somebody added it. */
  origin: 'ledger' | 'typed'
  what: string
  used_from: string | null
  used_to: string | null
  judgement: Judgement | null
  /** What was done and how that is known. */
  evidence: string | null
  judged_by_name: string | null
  judged_at: string | null
}

export interface Trace extends Protected {
  province: string
  id: string
  /** 浙-2026-000003 */
  number: string
  state: TraceState
  instrument_id: string
  check_id: string
  confirmation_id: string | null
  /** What was found, in words. */
  found: string
  /** The last day on which it was known to be good; null: none is on record. */
  good_on: string | null
  found_on: string
  due_on: string
  due_provisional: boolean
  conclusion: string | null
  signed_by: string | null
  signed_by_name: string | null
  signed_at: string | null
  created_at: string
  version: number
}

export const lengths = { what: 120, evidence: 300, conclusion: 500 } as const
export const mostUses = 100

export const eventWords: Readonly<Record<string, string>> = {
  opened: '发现超差，开始追溯',
  added: '补充一项',
  removed: '去掉一项',
  judged: '评价一项',
  signed: '签字结案',
  reopened: '重新追溯',
  voided: '随记录作废',
}
