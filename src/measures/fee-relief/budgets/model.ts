/** Words and types of budgets of reliefs (额度), the queue for them (排队), and what is flagged (核实事项). */
import type { Protected } from '../../../core/access.ts'

export const budgetStates = { proposed: '待批准', active: '执行中', dropped: '未设立', ended: '已到期' } as const
export type BudgetState = keyof typeof budgetStates

export interface Budget extends Protected {
  province: string
  id: string
  policy_id: string
  /** Where the policy holds: only its own regulator sets its budgets. */
  policy_region: string
  slug: string
  title: string
  starts_on: string
  ends_on: string
  amount_fen: bigint
  used_fen: bigint
  /** 依据: the sentence by which the amount was set. */
  basis: string
  state: BudgetState
  created_at: string
  version: number
}

export const changeStates = { proposed: '待批准', approved: '已批准', declined: '未批准', withdrawn: '已撤回' } as const
export type ChangeState = keyof typeof changeStates

export interface BudgetChange extends Protected {
  province: string
  id: string
  budget_id: string
  state: ChangeState
  /** Null: the budget is new. */
  before_fen: bigint | null
  after_fen: bigint
  basis: string
  proposed_by: string
  proposed_by_name: string
  proposed_at: string
  decided_by: string | null
  decided_by_name: string | null
  decided_at: string | null
  opinion: string | null
  version: number
}

export const useKinds = { taken: '受理时减', served: '排队后补减', returned: '退回' } as const
export type UseKind = keyof typeof useKinds

export const queueStates = { waiting: '排队中', served: '已补减', ended: '已结束' } as const
export type QueueState = keyof typeof queueStates

export interface Queued extends Protected {
  province: string
  id: string
  /** Given by the database; who came first has the lower one. */
  place: bigint
  org_name: string
  institution_id: string
  institution_region: string
  order_id: string
  order_number: string
  line_id: string
  policy_id: string
  slug: string
  title: string
  budget_ids: readonly string[]
  amount_fen: bigint
  served_fen: bigint
  /** The year whose cap holds room for it. */
  cap_year: number | null
  state: QueueState
  ends_on: string
  outcome: string | null
  created_at: string
  ended_at: string | null
  version: number
}

/** 第 n 位 and what will happen, as the line's record says it. */
export const sayQueued = (place: number): string => `额度已用完，已排队，第 ${place} 位；有额度时自动补减，不用再申请`

export const flagKinds = { related: '关联企业合用额度', splitting: '拆单' } as const
export type FlagKind = keyof typeof flagKinds

export const flagStates = { open: '待查看', asked: '待企业说明', explained: '待结论', cleared: '无异常', upheld: '有异常' } as const
export type FlagState = keyof typeof flagStates

export const linkKinds = {
  'legal-representative': '同一法定代表人',
  person: '同一人任职',
  phone: '同一联系电话',
  address: '同一地址',
} as const
export type LinkKind = keyof typeof linkKinds

export interface RelatedFacts {
  budgetId: string
  budgetFen: string
  togetherFen: string
  /** Ten-thousandths of the budget. */
  shareBp: number
  firms: readonly { orgId: string; name: string; usedFen: string; links: readonly LinkKind[] }[]
}
export interface SplittingFacts {
  institution: string
  days: number
  capFen: string
  togetherFen: string
  orders: readonly { id: string; number: string; acceptedOn: string; reliefFen: string }[]
}

export interface Flag extends Protected {
  province: string
  id: string
  org_name: string
  kind: FlagKind
  key: string
  slug: string
  title: string
  facts: RelatedFacts | SplittingFacts
  state: FlagState
  owner_id: string | null
  owner_name: string | null
  asked: string | null
  explanation: string | null
  outcome: string | null
  due_on: string
  created_at: string
  ended_at: string | null
  version: number
}

/** The platform's own thresholds, not the law's: what is worth a look. */
export const checks = { relatedShareBp: 2_000, splittingDays: 7, answerWorkdays: 10 } as const

/** From here on a budget is near its end, in ten-thousandths. */
export const nearBp = 8_000
