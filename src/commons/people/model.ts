/** Words and types: organisations, who acts for them, and what is on record about them. */
import type { FactId, Facts, FactValue } from '../../core/eligibility/facts.ts'
import type { Role } from '../../core/access.ts'
import type { SizeAnswer } from '../../core/size-class.ts'

/** The subject kinds that a rule may ask about, and the bodies that are none of them. */
export const organisationKinds = {
  enterprise: '企业',
  individual: '个体工商户',
  cooperative: '农民专业合作社',
  institution: '事业单位',
  'metrology-institution': '计量技术机构',
  'inspection-body': '检验检测机构',
  other: '其他组织',
  authority: '监管部门',
  bank: '金融机构',
  platform: '平台运营方',
} as const
export type OrganisationKind = keyof typeof organisationKinds

/** Bodies that no policy is matched to. */
export const kindsWithoutProfile: readonly OrganisationKind[] = ['authority', 'bank', 'platform']

/** 法定代表人 → 管理员 → 经办人; staff of institutions and authorities hold a duty without delegating it. */
export const duties = { 'legal-representative': '法定代表人', manager: '管理员', clerk: '经办人', staff: '工作人员' } as const
export type Duty = keyof typeof duties

/** What a delegate may act on. */
export const scopes = { ledger: '台账', orders: '送检', policy: '政策申请', money: '费用', people: '人员', confirm: '计量确认' } as const
export type Scope = keyof typeof scopes
export const allScopes = Object.keys(scopes) as readonly Scope[]

/** What each scope lets a delegate do, as shown beside the tick box. */
export const scopeHelp: Readonly<Record<Scope, string>> = {
  ledger: '登记和维护计量器具台账',
  orders: '委托检定、校准，接收证书',
  policy: '维护企业信息，申请政策',
  money: '查看账单，申请减免缓，付款',
  people: '给经办人授权、续期和终止授权',
  confirm: '对计量确认、追溯评价签字',
}

export const membershipStates = { active: '有效', ended: '已终止' } as const
export type MembershipState = keyof typeof membershipStates

export interface Organisation {
  id: string
  province: string
  kind: OrganisationKind
  name: string
  uscc: string | null
  /** GB/T 2260; for an authority its territory. */
  region: string
  demo: boolean
  createdAt: string
  version: number
}

/**
 * 个人编号: what somebody tells a colleague in order to be given a delegation. The random end of the key, so that nobody can guess
 * one or list them: `0199…-3f2a9c4d7e10` → `3f2a-9c4d-7e10`.
 */
export const personNumber = (personId: string): string => personId.slice(-12).replace(/(.{4})(?=.)/g, '$1-')

/** The number as typed, with or without hyphens, blanks and capitals; undefined when it is none. */
export const readPersonNumber = (text: string): string | undefined => {
  const plain = text.normalize('NFKC').replace(/[\s-]/g, '').toLowerCase()
  return /^[0-9a-f]{12}$/.test(plain) ? plain : undefined
}

/** Addresses and forms may carry anything; what is no key belongs to nothing. */
export const isUuid = (id: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)

/** Who may act for an organisation, on what, from when until when. */
export interface Membership {
  id: string
  province: string
  orgId: string
  region: string
  personId: string
  personName: string
  role: Role
  duty: Duty
  scope: readonly Scope[]
  grantedBy: string | null
  grantedByName: string | null
  startsOn: string
  /** The last day on which it holds; null: until ended. */
  endsOn: string | null
  state: MembershipState
  version: number
}

/** A fact on record. Its absence is unknown; known-to-be-absent is a value. */
export interface StoredFact {
  fact: FactId
  value: FactValue
  /** Where it comes from, in words: 企业填报, 营业执照, 器具台账. */
  source: string
  /** The day that the value describes. */
  asOf: string
  confirmedBy?: string
  confirmedByName?: string
  confirmedAt?: string
}

export interface Profile {
  org: Organisation
  stored: readonly StoredFact[]
  /** What rules read: the facts on record, what the register says, and the derived size. */
  facts: Facts
  size: SizeAnswer
  /** Facts that describe a day more than 12 months ago. */
  stale: readonly FactId[]
}
