/** Words and types of the review of a refused relief, its appeal, and the credit note that comes of it. */
import type { Protected } from '../../../core/access.ts'
import type { Limit } from '../../../core/promise-clock.ts'
import type { LineReliefRecord } from '../../../commons/orders/index.ts'

export const reviewStates = {
  asked: '待机构复核',
  proposed: '待第二人批准',
  declined: '机构未支持',
  appealed: '申诉待办',
  upholding: '拟支持，待另一人确认',
  dismissing: '拟不支持，待另一人确认',
  credited: '已补减',
  dismissed: '申诉未支持',
  withdrawn: '已撤回',
  closed: '已终结',
} as const
export type ReviewState = keyof typeof reviewStates

export const reviewTones = {
  asked: 'info',
  proposed: 'info',
  declined: 'warn',
  appealed: 'info',
  upholding: 'info',
  dismissing: 'info',
  credited: 'good',
  dismissed: 'neutral',
  withdrawn: 'neutral',
  closed: 'neutral',
} as const satisfies Record<ReviewState, string>

/** In these a line and policy have their review: asked again, it is the same one. The index of the table says the same. */
export const openReviewStates = [
  'asked',
  'proposed',
  'declined',
  'appealed',
  'upholding',
  'dismissing',
] as const satisfies readonly ReviewState[]

/** Who began it: the enterprise asked, or the finance desk found relief of its own accord. */
export const reviewOrigins = { enterprise: '企业申请', institution: '机构自查' } as const
export type ReviewOrigin = keyof typeof reviewOrigins

/**
 * How soon each side acts, from the day the review comes to it. No statute sets these days: they are what the platform promises
 * (平台服务承诺); 15 days to appeal are the enterprise's own.
 */
export const reviewLimits: Partial<Record<ReviewState, Limit>> = {
  asked: '5 工作日',
  proposed: '3 工作日',
  declined: '15 日历日',
  appealed: '10 工作日',
  upholding: '3 工作日',
  dismissing: '3 工作日',
}

/** Why nothing more is taken off: a code for statistics, and what the enterprise can do. */
export const declineReasons = {
  'not-met': { label: '条件不符合', todo: '企业信息有误的，请先更正，再申请复核' },
  'facts-missing': { label: '企业信息不全', todo: '请补充企业信息，再申请复核' },
  pledge: { label: '没有有效的承诺书', todo: '请先签承诺书，再申请复核' },
  'not-applied': { label: '没有先申请', todo: '请先申请这项政策，获准以后受理的单才能减' },
  'not-combined': { label: '两项不能同享', todo: '已按减得更多的一项减免' },
  'cap-used': { label: '额度已经用完', todo: '下一年度的额度从 1 月 1 日起' },
  'not-covered': { label: '不在适用的服务或器具范围内', todo: '请核对条款；仍有异议可以申诉' },
  'nothing-more': { label: '已经补减', todo: '请看这一件的其他复核' },
} as const
export type ReviewReason = keyof typeof declineReasons

export interface Review extends Protected {
  province: string
  id: string
  number: string
  org_name: string
  institution_id: string
  institution_region: string
  institution_name: string
  order_id: string
  order_number: string
  line_id: string
  line_title: string
  slug: string
  policy_title: string
  /** As it was refused at acceptance. */
  refused_code: string
  refused_why: string
  origin: ReviewOrigin
  state: ReviewState
  note: string | null
  asked_by: string
  asked_by_name: string
  proposed_by: string | null
  proposed_by_name: string | null
  proposed_fen: bigint | null
  /** The re-decision that the proposal rests on; the frozen one stays in the order line. */
  found: LineReliefRecord | null
  reason_code: ReviewReason | null
  reason_article: string | null
  opinion: string | null
  appeal_note: string | null
  credited_fen: bigint | null
  entry_id: string | null
  /** Until when the side whose turn it is acts; in `declined` the last day of the appeal. */
  due_on: string | null
  due_provisional: boolean
  created_at: string
  decided_at: string | null
  version: number
}

export const reviewEventWords: Readonly<Record<string, string>> = {
  asked: '申请复核',
  opened: '机构自查发起补减',
  proposed: '重算后提出补减',
  'sent-back': '退回重算',
  declined: '机构未支持',
  appealed: '申诉',
  'uphold-proposed': '拟支持申诉',
  'dismiss-proposed': '拟不支持申诉',
  returned: '退回重办',
  credited: '批准补减并记账',
  dismissed: '申诉未支持',
  withdrawn: '撤回',
  closed: '终结',
}
