/** Words and types of article 一: what an enterprise is told about a policy, and the applications that come of it. */
import type { EnterpriseResult, ResultKind, Status } from '../../commons/policies/index.ts'
import type { FactId, Facts } from '../../core/eligibility/facts.ts'
import type { Limit, Pause } from '../../core/promise-clock.ts'

/** The answer of a policy that is worth keeping; 暂不符合 is the absence of one. */
export type MatchResult = Exclude<EnterpriseResult, 'ineligible'>

export const statusTones = {
  open: 'good',
  upcoming: 'info',
  closed: 'warn',
  ended: 'warn',
  reference: 'neutral',
} as const satisfies Record<Status, string>

export const applicationStates = {
  submitted: '待受理',
  accepted: '已受理',
  returned: '退回补正',
  granted: '已享受',
  declined: '未通过',
  withdrawn: '已撤回',
} as const
export type ApplicationState = keyof typeof applicationStates

export const stateTones = {
  submitted: 'info',
  accepted: 'info',
  returned: 'warn',
  granted: 'good',
  declined: 'neutral',
  withdrawn: 'neutral',
} as const satisfies Record<ApplicationState, string>

/** Actions of the events of an application, for its timeline. */
export const eventWords: Readonly<Record<string, string>> = {
  submitted: '提交申请',
  accepted: '受理',
  returned: '退回补正',
  resubmitted: '补正后再次提交',
  granted: '确认已享受',
  declined: '不予通过',
  withdrawn: '撤回申请',
}

/** Why an application is declined: a code for statistics and, for the enterprise, what it can do now. */
export const declineReasons = {
  'not-covered': { label: '不在政策范围内', todo: '请核对条款；信息有误的，更新企业信息后可以再次申请' },
  'not-proved': { label: '材料不能证明符合条件', todo: '补齐材料后可以再次申请' },
  'already-enjoyed': { label: '同一事项已经享受', todo: '不需要再申请；有疑问请联系受理机关' },
  'used-up': { label: '本期名额或资金已用完', todo: '下一期开始后可以再次申请' },
  closed: { label: '申请期已结束', todo: '可以查看有没有接续的政策' },
  other: { label: '其他原因', todo: '请按意见办理，有疑问请联系受理机关' },
} as const
export type DeclineReason = keyof typeof declineReasons

/** How soon an application is decided. Not a statutory limit: what this platform promises (平台服务承诺). */
export const servicePromise = { limit: '5 工作日' satisfies Limit, source: '平台服务承诺', since: '2026-01-01' } as const

/** One condition as the applicant saw it, with the answer on record. */
export interface SeenQuestion {
  fact: FactId
  question: string
  answer: string
  source: string
  asOf: string
}

/** What was submitted, kept as it was seen: later changes of the policy or the profile do not touch it. */
export interface Submission {
  at: string
  byName: string
  /** The day for which the decision was made. */
  asOf: string
  policy: { slug: string; title: string; docNumber: string | null; versionId: string; number: number }
  force: ResultKind
  facts: Facts
  /** Conditions met, as sentences with their articles. */
  met: string[]
  questions: SeenQuestion[]
  documents: { name: string; ready: boolean }[]
  note: string
}

export interface Application {
  id: string
  province: string
  /** 浙-2026-000123 */
  number: string
  org_id: string
  region: string
  policy_id: string
  version_id: string
  state: ApplicationState
  /** Every submission, the latest last. */
  as_submitted: Submission[]
  submitted_by: string
  submitted_by_name: string
  handled_by: string | null
  handled_by_name: string | null
  saving_fen: bigint | null
  reason_code: DeclineReason | null
  opinion: string | null
  due_on: string
  due_provisional: boolean
  /** Times during which the enterprise had to act (补正). */
  pauses: Pause[]
  decided_at: string | null
  created_at: string
  version: number
}

/** How far a message went. */
export const stages = { delivered: '已送达', opened: '已打开', acted: '已办理' } as const
export type Stage = keyof typeof stages
