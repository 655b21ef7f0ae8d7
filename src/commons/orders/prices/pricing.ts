/** What a wanted service costs by a price list, and why. Pure. */
import { covers } from '../../../core/eligibility/codes.ts'
import { applyRate, fen, zero, type Fen } from '../../../core/money.ts'
import { formatYuan } from '../../../core/money.ts'
import {
  mandatoryBasis,
  usualWorkdays,
  type ExtraKind,
  type ListedService,
  type Mode,
  type PriceItem,
  type PriceList,
  type ServiceKind,
} from '../model.ts'

/** One instrument and what is to be done with it. */
export interface Wanted {
  instrumentId: string | null
  code: string
  name: string
  model: string | null
  serial: string | null
  able: string | null
  accuracy: string | null
  kind: string | null
  use: string | null
  /** 是否强制检定: by the ledger or by the rule. */
  mandatory: 'yes' | 'no' | 'unknown'
  /** The rule rests on a row that is 待核实: it decides no fee by itself. */
  toVerify: boolean
  service: ListedService
  /** Item of the price list, where more than one fits. */
  itemCode?: string | undefined
}

export interface Quoted {
  wanted: Wanted
  service: ServiceKind
  toVerify: boolean
  item: PriceItem | null
  /** Other items that fit, for choosing by specification. */
  choices: readonly PriceItem[]
  basis: string
  fee: Fen
  workdays: number
  /** Why it cannot be ordered here. */
  problem?: string
}

/**
 * Items of the list for this service: those of the closest kind, in the order of the list. An item without a kind is for what is called
 * like it, or for whoever chose it: never for everything.
 */
export function fitting(
  items: readonly PriceItem[],
  { service, kind, name, itemCode }: Pick<Wanted, 'service' | 'kind' | 'name' | 'itemCode'>,
): PriceItem[] {
  const own = items.filter((item) => {
    if (item.service !== service) return false
    if (item.kind !== null) return kind !== null && covers(item.kind, kind)
    return item.code === itemCode || item.name.includes(name)
  })
  const closest = Math.max(...own.map(({ kind: each }) => each?.length ?? 0))
  return own.filter(({ kind: each }) => (each?.length ?? 0) === closest)
}

export function quoteLine(wanted: Wanted, items: readonly PriceItem[], mode: Mode): Quoted {
  const certain = wanted.mandatory === 'yes' && !wanted.toVerify
  const service: ListedService = certain ? 'verification' : wanted.service
  const choices = fitting(items, { ...wanted, service })
  const item = choices.find(({ code }) => code === wanted.itemCode) ?? choices[0] ?? null
  const base = { wanted, choices, item }
  if (mode === 'on-site' && item && !item.on_site)
    return { ...base, ...priced(service, item, wanted), problem: `${item.name}不能上门做，请改为送检，或从这一单去掉这一件` }
  // 强制检定 is arranged by law whatever the list says; without an item it has the usual time.
  if (certain)
    return {
      ...base,
      service: 'mandatory-verification',
      toVerify: false,
      basis: mandatoryBasis,
      fee: zero,
      workdays: item?.workdays ?? usualWorkdays,
    }
  if (!item)
    return {
      ...base,
      service: kindOf(service),
      toVerify: false,
      basis: '',
      fee: zero,
      workdays: usualWorkdays,
      problem: `这家机构的收费目录里没有${wanted.name}的${serviceWords[service]}，请换一家机构，或先与机构联系`,
    }
  return { ...base, ...priced(service, item, wanted) }
}

const serviceWords = { verification: '检定', calibration: '校准', testing: '检测' } as const
const kindOf = (service: ListedService): ServiceKind => (service === 'verification' ? 'voluntary-verification' : service)

const priced = (service: ListedService, item: PriceItem, wanted: Wanted) => ({
  service: kindOf(service),
  toVerify: wanted.mandatory !== 'no' && service === 'verification',
  basis: item.basis,
  fee: fen(item.price_fen),
  workdays: item.workdays,
})

export interface QuotedExtra {
  kind: ExtraKind
  fee: Fen
  basis: string
  said: string
}

/** 加急 is a share of the fees before relief; 上门 an amount for each visit. What the list does not offer is refused with a sentence. */
export function quoteExtras(
  list: Pick<PriceList, 'express_bp' | 'express_workdays' | 'express_basis' | 'visit_fen' | 'visit_basis'>,
  lines: readonly Pick<Quoted, 'fee'>[],
  { mode, express }: { mode: Mode; express: boolean },
): QuotedExtra[] | string {
  const extras: QuotedExtra[] = []
  const fees = lines.reduce<Fen>((sum, { fee }) => fen(sum + fee), zero)
  if (express) {
    if (list.express_bp === null) return '这家机构没有加急服务，请去掉“加急”'
    extras.push({
      kind: 'express',
      fee: applyRate(fees, list.express_bp),
      basis: list.express_basis ?? '',
      said: `检定、校准费 ${formatYuan(fees)} 的 ${list.express_bp / 100}%`,
    })
  }
  if (mode === 'on-site') {
    if (list.visit_fen === null) return '这家机构不提供上门服务，请改为送检'
    extras.push({ kind: 'visit', fee: fen(list.visit_fen), basis: list.visit_basis ?? '', said: '每次上门' })
  }
  return extras
}

/** The longest of its lines; 加急 shortens it to what the list promises. */
export const promiseOf = (
  list: Pick<PriceList, 'express_workdays'>,
  lines: readonly Pick<Quoted, 'workdays'>[],
  express: boolean,
): number => {
  const longest = Math.max(1, ...lines.map(({ workdays }) => workdays))
  return express && list.express_workdays !== null ? Math.min(longest, list.express_workdays) : longest
}
