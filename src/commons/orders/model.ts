/** Words and types of orders of verification and calibration (委托检定、校准). */
import type { Protected } from '../../core/access.ts'
import type { Pause } from '../../core/promise-clock.ts'

export const orderStates = { placed: '待受理', accepted: '检测中', ready: '可取回', closed: '已完成', cancelled: '已取消' } as const
export type OrderState = keyof typeof orderStates
export const orderTones = { placed: 'info', accepted: 'info', ready: 'good', closed: 'neutral', cancelled: 'neutral' } as const

export const lineStates = {
  placed: '待收样',
  received: '待检测',
  tested: '待审核',
  approved: '证书已出具',
  returned: '已交还',
  cancelled: '不做',
} as const
export type LineState = keyof typeof lineStates
export const lineTones = {
  placed: 'neutral',
  received: 'info',
  tested: 'info',
  approved: 'good',
  returned: 'neutral',
  cancelled: 'neutral',
} as const

/** The three kinds of fee that are kept apart: stopped by law, by tariff, by contract; and testing. */
export const serviceKinds = {
  'mandatory-verification': '强制检定',
  'voluntary-verification': '非强制检定',
  calibration: '校准',
  testing: '检测',
} as const
export type ServiceKind = keyof typeof serviceKinds

/** What a price list knows; which verification is mandatory, the instrument and its use say. */
export const listedServices = { verification: '检定', calibration: '校准', testing: '检测' } as const
export type ListedService = keyof typeof listedServices

/** Roles that may read the certificate of an order besides its enterprise. Money desks may not. */
export const certificateReaders = ['counter', 'tester', 'approver', 'regulator', 'admin'] as const

export const modes = { 'send-in': '送检', 'on-site': '上门' } as const
export type Mode = keyof typeof modes

export const extraKinds = { express: '加急', visit: '上门' } as const
export type ExtraKind = keyof typeof extraKinds

/** 财税〔2017〕20号: 强制检定 costs nothing since 2017-04-01. */
export const mandatoryBasis = '财税〔2017〕20号：强制检定自 2017-04-01 起停征收费'

/** Working days of a mandatory verification where no price list says how many. */
export const usualWorkdays = 20

export const lineConclusions = { pass: '合格', fail: '不合格', none: '不作结论' } as const
export type LineConclusion = keyof typeof lineConclusions

/** Who owns an institution; rules of relief may ask. */
export const affiliations = {
  samr: '市场监管总局所属',
  province: '省级法定',
  city: '市级法定',
  county: '县级法定',
  authorised: '授权',
  commercial: '社会机构',
} as const
export type Affiliation = keyof typeof affiliations

export interface Order extends Protected {
  province: string
  id: string
  number: string
  org_name: string
  institution_id: string
  institution_name: string
  institution_region: string
  state: OrderState
  mode: Mode
  express: boolean
  price_list_id: string
  contact: string
  phone: string
  address: string | null
  wanted_on: string
  note: string | null
  placed_by: string
  placed_by_name: string
  created_at: string
  accepted_on: string | null
  accepted_at: string | null
  accepted_by: string | null
  accepted_by_name: string | null
  promise_workdays: number
  due_on: string | null
  due_provisional: boolean
  pauses: readonly Pause[]
  late_reason: string | null
  late_until: string | null
  ready_at: string | null
  closed_at: string | null
  closed_reason: string | null
  version: number
}

/** A policy that took something off a line, as it was when the order was accepted. */
export interface TakenRelief {
  slug: string
  title: string
  docNumber: string | null
  article: string | null
  versionId: string
  versionNumber: number
  rateBp: number
  /** Decimal text of 分. */
  amountFen: string
}

/** A policy that took nothing off, and why, for machines and in words. */
export interface RefusedRelief {
  slug: string
  title: string
  code: string
  why: string
}

/** Frozen at acceptance: what was decided, by which rule, from which facts. A later change of the rule does not touch it. */
export interface LineReliefRecord {
  decidedOn: string
  taken: readonly TakenRelief[]
  refused: readonly RefusedRelief[]
  /** The facts that the rules read, by their names in the catalogue. */
  facts: Readonly<Record<string, unknown>>
}

export interface OrderLine extends Protected {
  province: string
  id: string
  order_id: string
  n: number
  institution_id: string
  instrument_id: string | null
  code: string
  name: string
  model: string | null
  serial: string | null
  /** 测量范围 in words. */
  able: string | null
  accuracy: string | null
  kind: string | null
  use: string | null
  service: ServiceKind
  /** Whether it is mandatory is 待核实: settled by the counter before acceptance. */
  to_verify: boolean
  item_code: string | null
  item_name: string | null
  basis: string
  fee_fen: bigint
  relief_fen: bigint
  relief: LineReliefRecord | null
  workdays: number
  state: LineState
  token: string
  received_at: string | null
  tester_id: string | null
  tester_name: string | null
  tested_at: string | null
  done_on: string | null
  conclusion: LineConclusion | null
  certificate_no: string | null
  valid_until: string | null
  file_id: string | null
  finding: string | null
  approver_id: string | null
  approver_name: string | null
  approved_at: string | null
  returned_at: string | null
  returned_to: string | null
  /** The record in the enterprise's ledger that it became. */
  check_id: string | null
  version: number
}

export interface OrderExtra {
  kind: ExtraKind
  fee_fen: bigint
  basis: string
}

/** A price list 收费目录 of an institution. */
export interface PriceList {
  province: string
  id: string
  institution_id: string
  region: string
  number: number
  state: 'draft' | 'published'
  title: string
  effective_from: string
  basis: string
  express_bp: number | null
  express_workdays: number | null
  express_basis: string | null
  visit_fen: bigint | null
  visit_basis: string | null
  file_name: string | null
  created_by: string
  created_by_name: string
  created_at: string
  published_by_name: string | null
  published_at: string | null
  version: number
}

export interface PriceItem {
  n: number
  code: string
  name: string
  service: ListedService
  /** Code of the catalogue of kinds; null: of any kind, chosen by hand. */
  kind: string | null
  spec: string | null
  unit: string
  price_fen: bigint
  /** 收费依据: document and article, or 合同价 for calibrations. */
  basis: string
  workdays: number
  on_site: boolean
}

export const orderEventWords: Record<string, string> = {
  placed: '下单',
  accepted: '受理',
  refused: '不受理',
  withdrawn: '撤回',
  ready: '全部完成，可取回',
  'handed-back': '交还样品',
  closed: '完成',
  'line-recorded': '录入检测结果',
  'line-sent-back': '审核退回重做',
  'line-approved': '审核出证',
  'certificate-attached': '上传证书文件',
  'line-cancelled': '一项不做',
  'relief-credited': '复核后补减',
  paused: '暂停计时',
  resumed: '恢复计时',
  late: '说明延期',
  'visit-booked': '约定上门',
  'visit-moved': '改约上门',
}

export const lengths = { contact: 40, phone: 20, address: 120, note: 300, name: 60, code: 40, finding: 300, basis: 200 } as const
