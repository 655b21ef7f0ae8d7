/** Words and types of measure 二: fees reduced, waived, deferred. */
import type { Protected } from '../../core/access.ts'
import type { Facts } from '../../core/eligibility/facts.ts'

/** Why a policy that concerns this line takes nothing off. */
export const refusalWords = {
  PLEDGE_MISSING: '还没有签承诺书：签一次即可，之后的单不用再签',
  PLEDGE_BROKEN: '承诺的情况经核查不属实，暂不能享受；请先更正企业信息',
  NOT_APPLIED_FOR: '要先申请，获准以后受理的单才能减',
  GUIDANCE_ONLY: '文件没有直接给出待遇，或来源待核实，不能据以减免',
  LESS_THAN_OTHER: '另一项减得更多，两项不能同享',
  CAP_USED: '本年度的减免额度已经用完',
  BUDGET_QUEUED: '额度已用完，受理时自动排队；有额度时自动补减，不用再申请',
  BUDGET_OTHER: '额度已用完，已按另一项有额度的政策减；两项不能同享，所以不排队',
} as const
export type RefusalCode = keyof typeof refusalWords

export const pledgeStates = { standing: '有效', confirmed: '已核查', broken: '不属实', replaced: '已更新' } as const
export type PledgeState = keyof typeof pledgeStates

/** What is pledged: the facts that reliefs are decided by and that the enterprise itself reported. */
export interface Pledge extends Protected {
  province: string
  id: string
  state: PledgeState
  facts: Facts
  wording: string
  signed_by: string
  signed_by_name: string
  signed_at: string
  checked_by: string | null
  checked_by_name: string | null
  checked_at: string | null
  opinion: string | null
  version: number
}

export const pledgeWording =
  '本单位承诺：在平台登记的企业信息（规模、行业、经营情况等）真实，据此享受检定、校准费用减免缓。主管部门可以核查；不属实的，退回已减免的费用。企业信息没有变化的，不用再签。'

export const deferralStates = { open: '缓缴中', settled: '已付清', ended: '已更换' } as const
export type DeferralState = keyof typeof deferralStates

/** One date of a plan; amounts are decimal texts of 分. */
export interface PlanDate {
  dueOn: string
  amountFen: string
}

export interface DeferralBasis {
  slug: string
  title: string
  docNumber: string | null
  article: string | null
  versionId: string
  versionNumber: number
  deferDays: number
  /** Facts that the rule read. */
  facts: Readonly<Record<string, unknown>>
}

export interface Deferral extends Protected {
  province: string
  id: string
  number: string
  org_name: string
  institution_id: string
  institution_name: string
  state: DeferralState
  /** `rule`: by a policy; `agreed`: a payment plan after the term, agreed with the institution. */
  kind: 'rule' | 'agreed'
  policy_id: string | null
  basis: DeferralBasis | { agreed: string }
  starts_on: string
  term_ends_on: string
  dates: readonly PlanDate[]
  total_fen: bigint
  asked_by: string
  asked_by_name: string
  created_at: string
  ended_at: string | null
  version: number
}

/** What is left to pay after the last day of a deferral, step by step; a certificate is never held back or voided. */
export const stages = {
  'in-term': { label: '缓缴期内', effect: '没有影响' },
  remind: { label: '期满提醒', effect: '只提醒，照常受理' },
  plan: { label: '约定付款计划', effect: '请与机构约定付款计划，照常受理' },
  prepay: { label: '新单先约定', effect: '新的收费委托先约定付款计划；强制检定和已受理的照常办，已发的证书不受影响' },
} as const
export type Stage = keyof typeof stages
