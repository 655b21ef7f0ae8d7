/** What a policy is: the words of the document beside the rule that stands for them. */
import type { Rule } from '../../core/eligibility/rule.ts'

export const levels = {
  national: '国家',
  province: '省级',
  city: '市级',
  county: '县级',
  region: '区域联盟',
  unknown: '层级待核实',
} as const
export const topics = {
  'policy-push': '政策服务',
  'fee-relief': '费用减免',
  'green-channel': '绿色通道',
  support: '帮扶服务',
  partnership: '伙伴计划',
  'industry-chain': '产业计量',
  'case-collection': '案例征集',
  'energy-carbon': '能源与碳计量',
  training: '培训',
} as const
export const forces = { entitlement: '可享受', encouraged: '鼓励性', 'reported-practice': '地方做法报道', draft: '征求意见稿' } as const
export const confidences = { high: '来源可信', medium: '待核实（转载）', low: '待核实（来源不全）' } as const

export type Level = keyof typeof levels
export type Topic = keyof typeof topics
export type Force = keyof typeof forces
export type Confidence = keyof typeof confidences

export const benefitKinds = {
  reduce: '减收',
  waive: '免收',
  defer: '缓收',
  freeService: '免费服务',
  subsidy: '补助',
  award: '奖励与推广',
  fastTrack: '加快办理',
  consulting: '咨询帮扶',
  training: '培训',
  extendValidity: '延长有效期',
  removeObligation: '免除义务',
  delegation: '权限下放',
  openLab: '开放实验室',
} as const
export type BenefitKind = keyof typeof benefitKinds

export const capPeriods = { order: '每单', year: '每家企业每年' } as const
export type CapPer = keyof typeof capPeriods

export interface Benefit {
  kind: BenefitKind
  /** What it is about: 非强制检定计量器具收费. */
  appliesTo: string
  /** One sentence for the enterprise. */
  detail: string
  /** Part of the fee taken off, in ten-thousandths (5000 = 减半, 10000 = 全免). Only for reduce, waive and freeService; absent: the source does not say. */
  rateBp?: number
  /** Highest amount, in 分. */
  capFen?: number
  /** Over what the cap holds. Absent: over a year for each enterprise, which never gives more than the source surely grants. */
  capPer?: CapPer
  /** Working days promised by the document, and the statutory ones it shortens. */
  promisedDays?: number
  statutoryDays?: number
  deferDays?: number
  extendMonths?: number
  /** Narrower than the policy's own rule: a smaller audience, or which instrument lines. Request facts belong here. */
  rule?: Rule
  /** Clause id. */
  src: string
}

/** A quoted or retold passage of the document; conditions point at it. */
export interface Clause {
  id: string
  /** 第二条, 二、, 第九条; null where the source did not show it (shown as 条款号待核实). */
  article: string | null
  text: string
  /** true: the words of the document; false: retold by us from the source. */
  quoted: boolean
}

/** The six fields without which nothing is published. */
export interface Card {
  oneLine: string
  who: string
  gives: string
  how: string
  until: string
  basis: string
}
export const cardFields = {
  oneLine: '一句话',
  who: '谁能享',
  gives: '给什么',
  how: '怎么办',
  until: '何时止',
  basis: '依据条款',
} as const satisfies Record<keyof Card, string>

export interface Interpretation {
  questions: { q: string; a: string }[]
  /** A worked example, with made-up firm and numbers. */
  example: string
  /** 不适用于. */
  notFor: string[]
}

export interface Source {
  url: string | null
  date: string | null
  kind: string
  trust: string | null
  readExtent: string | null
  ref: string | null
}

/** Everything that one version of a policy says. */
export interface PolicyContent {
  slug: string
  title: string
  docNumber: string | null
  issuer: string
  level: Level
  /** GB/T 2260, `000000` = nationwide, null = place not known (never matched by place). */
  regionCode: string | null
  regionName: string
  publishedOn: string | null
  /** The document's own dates. Null: it states none. */
  effectiveFrom: string | null
  effectiveTo: string | null
  topic: Topic
  force: Force
  confidence: Confidence
  /** Kept for the record, never live. */
  historical: boolean
  source: Source
  /** What we could not verify, and how we read the source. */
  notes: string | null
  card: Card
  clauses: Clause[]
  /** Conditions on the enterprise and on dates or events; lines and services are in the benefits' own rules. */
  rule: Rule
  benefits: Benefit[]
  /** Must be asked for (申请、申报、报备) before it is enjoyed. */
  requiresApplication: boolean
  /** What to do, in order; and the papers needed, with `once` for 首次提交后免交. */
  steps: string[]
  documents: { name: string; once?: true }[]
  /** Replaced by (slug): shown on an ended policy. */
  successor: string | null
  /** More specific than these (slugs): where both apply to one line, this one holds alone. */
  overrides: string[]
  /** May be enjoyed on one line together with these (slugs), where they say so too. Absent: with none. */
  combinesWith?: string[]
  interpretation: Interpretation
}

/** How a match may be enjoyed. */
export const results = { apply: '直接适用', 'apply-for': '需要申请', guidance: '仅供参考' } as const
export type ResultKind = keyof typeof results

/** Where a version stands. */
export const states = { draft: '草稿', review: '审核中', published: '已发布', superseded: '已被新版取代', ended: '已废止' } as const
export type State = keyof typeof states
/** What everybody may see. */
export const publicStates = ['published', 'superseded', 'ended'] as const satisfies readonly State[]

/** What the events of a policy's versions are called. */
export const eventWords: Readonly<Record<string, string>> = {
  submitted: '提交审核',
  returned: '被退回',
  withdrawn: '撤回',
  published: '发布',
  superseded: '被新版取代',
  ended: '废止',
}

/** What a reader is told about a policy on a day. */
export const statuses = { open: '受理中', upcoming: '即将开始', closed: '已截止', ended: '已废止', reference: '仅供查阅' } as const
export type Status = keyof typeof statuses

/** What a budget of the policy lets a reader know; no mark: room enough, or no budget. */
export const budgetMarkWords = { near: '额度将尽', used: '额度已用完，可排队' } as const
export type BudgetMark = keyof typeof budgetMarkWords

export const policySorts = { newest: '最近发布', title: '标题', deadline: '最早截止', relevance: '相关程度' } as const
export type PolicySort = keyof typeof policySorts

/** One version of a policy with its place in the approval. */
export interface Version {
  id: string
  policyId: string
  slug: string
  number: number
  state: State
  province: string
  region: string
  orgId: string
  content: PolicyContent
  demo: boolean
  createdBy: string | null
  createdByName: string
  /** Everyone who has saved it; none of them may publish it. */
  authors: readonly string[]
  submittedBy: string | null
  submittedByName: string | null
  submittedAt: string | null
  publishedBy: string | null
  publishedByName: string | null
  publishedAt: string | null
  endedAt: string | null
  /** With the last step. */
  opinion: string | null
  createdAt: string
  updatedAt: string
  /** Optimistic lock. */
  version: number
}

/** The version of a policy that holds, or held last: what the library shows. */
export interface LivePolicy {
  policyId: string
  versionId: string
  number: number
  slug: string
  content: PolicyContent
  publishedAt: string
}
export interface PublicPolicy extends LivePolicy {
  state: 'published' | 'ended'
  endedAt: string | null
  /** Why it was ended. */
  opinion: string | null
  region: string
  demo: boolean
}

/** A period that a document names and an operator dates: 疫情防控期间. */
export interface PolicyEvent {
  id: string
  name: string
  startsOn: string | null
  endsOn: string | null
  source: string
  trust: string
  setByName: string | null
  setAt: string
  version: number
}
