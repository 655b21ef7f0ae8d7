/** Words and types of the books. */
import type { Grant } from '../../core/access.ts'

/** What a business act is called in the journal. */
export const acts = {
  raise: '计费',
  receive: '收款',
  'use-advance': '预收抵付',
  relieve: '补减',
  withdraw: '撤回减免',
  cancel: '撤销费用',
  refund: '退款',
  reverse: '冲销',
} as const
export type Act = keyof typeof acts

/** What the events of each act are called. */
export const pastOf: Record<Act, string> = {
  raise: 'raised',
  receive: 'received',
  'use-advance': 'advance-used',
  relieve: 'relieved',
  withdraw: 'relief-withdrawn',
  cancel: 'cancelled',
  refund: 'refunded',
  reverse: 'reversed',
}

export const paymentMethods = { transfer: '银行转账', counter: '柜台', wechat: '微信支付' } as const
export type PaymentMethod = keyof typeof paymentMethods

export const paymentStates = { unmatched: '待认领', matched: '已入账' } as const
export type PaymentState = keyof typeof paymentStates

/** Debt is between the enterprise and the finance desk: no grant for counter, tester or approver, and none for authorities. */
export const moneyReaders = ['enterprise:own', 'finance:entrusted', 'admin:any'] as const satisfies readonly Grant[]

/** Who is owed. */
export interface Institution {
  province: string
  id: string
  region: string
}

/** Whose account it is. */
export interface Debtor {
  province: string
  id: string
  region: string
}

/** Sums of a closed month, as decimal texts of 分. */
export type PeriodTotals = Record<'fee' | 'relief' | 'received' | 'refunded' | 'outstanding' | 'advance', string>

/** Days overdue, both included. Charges that are not due, deferred ones among them, are no arrears. */
export const ageBands = {
  current: { label: '未到期', from: null, to: 0 },
  d30: { label: '1～30 天', from: 1, to: 30 },
  d90: { label: '31～90 天', from: 31, to: 90 },
  d180: { label: '91～180 天', from: 91, to: 180 },
  beyond: { label: '180 天以上', from: 181, to: null },
} as const
export type AgeBand = keyof typeof ageBands

export const bandOf = (overdueDays: number): AgeBand =>
  overdueDays <= 0 ? 'current' : overdueDays <= 30 ? 'd30' : overdueDays <= 90 ? 'd90' : overdueDays <= 180 ? 'd180' : 'beyond'
