/** Words and types of what is held about a person, and what they agreed to. */
import type { AgencyState } from '../agencies/model.ts'
import type { MembershipState } from '../model.ts'

interface PurposeWords {
  label: string
  /** What is agreed to, kept with the consent: 《个人信息保护法》第十四条 asks for an informed one. */
  wording: string
}

/**
 * The closed list of what is done only with a person's consent. Each has an effect that its withdrawal ends at once
 * (`contacts.server.ts`); what has no effect yet is not asked for. Reminders of the platform go to organisations, not to persons.
 */
export const purposes = {
  'contact-colleagues': {
    label: '让同事看到我的联系方式',
    wording:
      '我同意平台把我的手机号和电子邮箱显示给同一单位的同事，也显示在“可以续期的人”里，用于联系授权、续期和日常工作。不同意不影响使用任何功能；撤回后同事立即看不到。',
  },
  'contact-agency': {
    label: '让代办对方看到我的联系方式',
    wording:
      '我同意平台把我的手机号和电子邮箱显示给与我有代办关系的对方：我是代办人时给被代办的企业，我是同意代办的人时给代办人，用于联系代办的事。不同意不影响使用任何功能；撤回后对方立即看不到。',
  },
} as const satisfies Record<string, PurposeWords>
export type Purpose = keyof typeof purposes
export const isPurpose = (text: string): text is Purpose => Object.hasOwn(purposes, text)

export interface Consent {
  purpose: Purpose
  given: boolean
  changedAt: string | null
}

export interface Contact {
  phone?: string
  email?: string
}

/** Everything that the platform keeps under this person. Telephone and e-mail as they are: pages mask them. */
export interface OwnData {
  person: { id: string; name: string; number: string; registeredAt: string; version: number } & Contact
  account: {
    login: string
    createdAt: string
    sessions: { startedAt: string; ipAddress: string | null; userAgent: string | null }[]
  } | null
  memberships: {
    org: string
    duty: string
    scope: readonly string[]
    startsOn: string
    endsOn: string | null
    state: MembershipState
  }[]
  /** 代办 as the agent, and those that this person consented to for an enterprise. */
  agencies: {
    side: 'agent' | 'consenter'
    org: string
    agent: string
    scope: readonly string[]
    purpose: string
    startsOn: string
    endsOn: string
    state: AgencyState
  }[]
  consents: (Consent & { wording: string })[]
  /** What this person did, by kind: from the events that carry their id. */
  activity: { subject: string; action: string; n: number; first: string; last: string }[]
}

/** What the subject of an event is, in words; a new subject is added here. */
const subjectNames: Readonly<Record<string, string>> = {
  agency: '代办',
  'audit-pack': '审核包',
  'book-entry': '记账',
  'book-period': '结账',
  certificate: '证书',
  deferral: '缓缴',
  'incoming-certificate': '别处的证书',
  'institution-settings': '机构设置',
  instrument: '计量器具',
  'instrument-check': '检定校准记录',
  'instrument-fault': '器具故障',
  'instrument-import': '台账导入',
  'instrument-kind': '器具种类',
  'ledger-settings': '台账设置',
  'measurement-record': '测量记录',
  membership: '授权',
  message: '消息',
  'online-merchant': '微信支付商户',
  'online-payment': '微信支付',
  'online-refund': '微信退款',
  order: '委托单',
  'order-line': '委托的器具',
  organisation: '单位登记',
  payment: '到账',
  person: '个人信息',
  policy: '政策',
  'policy-application': '政策申请',
  'policy-event': '政策事件',
  'policy-match': '政策匹配',
  'price-list': '收费目录',
  profile: '企业信息',
  'reference-standard': '计量标准器',
  'relief-budget': '减免额度',
  'relief-flag': '减免核实',
  'relief-pledge': '承诺书',
  'relief-queue': '减免排队',
  'relief-review': '减免复核',
  'send-out': '送检',
  'signing-key': '签名密钥',
  'slip-sheet': '银行流水',
}
export const subjectName = (subject: string): string => subjectNames[subject] ?? `其他（${subject}）`
