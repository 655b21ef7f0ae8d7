/** How single texts of a draft are read: days, words, kinds, ranges, counts. Pure. */
import { isIsoDate } from '../../core/eligibility/calendar-day.ts'
import { findKind, findKindByName } from '../../core/instrument-kinds.ts'
import { parseYuan, type Fen } from '../../core/money.ts'
import { parseAccuracy, type Accuracy } from '../../core/quantities/accuracy.ts'
import { parseRange, type Range } from '../../core/quantities/quantity.ts'
import { isRefusal } from '../../core/refusal.ts'
import type { Conclusion, InstrumentState, Use } from './model.ts'

/** Notes a problem of one field. */
export type Say = (field: 'kind' | 'range' | 'accuracy' | 'intervalMonths' | 'lastFee', reason: string) => void

/** Sheets say nothing in many ways. */
const nothing = new Set(['', '-', '—', '--', '/', '\\', '无', '空', 'N/A', 'n/a', 'NA', '#N/A', '不详', '未知'])

export const clean = (text: string | undefined): string | null => {
  const value =
    text
      ?.normalize('NFC')
      .replace(/[\s ]+/g, ' ')
      .trim() ?? ''
  return nothing.has(value) ? null : value
}

/** `2026/3/1` `2026.03.01` `2026年3月1日` `20260301`, and the number that a sheet keeps for a day. */
export function readDay(text: string): string | undefined {
  const plain = text.normalize('NFKC').replace(/\s.*$/, '')
  const [, year, month, day] = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(plain) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(plain) ?? []
  if (year) {
    const iso = `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}`
    return isIsoDate(iso) ? iso : undefined
  }
  // Days since 1899-12-30, as sheets count (1950 to 2100).
  const serial = /^\d{5}(\.0+)?$/.test(plain) ? Number(plain) : Number.NaN
  return serial >= 18_264 && serial <= 73_051 ? new Date((serial - 25_569) * 86_400_000).toISOString().slice(0, 10) : undefined
}

/** The key of a word: itself, its words, or another usual word for it. */
export function wordKey<K extends string>(
  text: string,
  words: Readonly<Record<K, string>>,
  more: Readonly<Record<string, K>>,
): K | undefined {
  if (Object.hasOwn(words, text)) return text as K
  const plain = text.replace(/[（(].*$/, '').trim()
  return more[plain] ?? (Object.entries(words) as [K, string][]).find(([, said]) => said.replace(/（.*$/, '') === plain)?.[0]
}

export const useWords: Readonly<Record<string, Use>> = {
  贸易: 'trade',
  结算: 'trade',
  安全: 'safety',
  医疗: 'medical',
  卫生: 'medical',
  环境: 'environment',
  环保: 'environment',
  最高标准: 'top-standard',
  最高计量标准: 'top-standard',
  标准器: 'top-standard',
  其它: 'other',
  工艺: 'other',
  工艺控制: 'other',
  质量: 'other',
  质量检测: 'other',
  质量检验: 'other',
  研发: 'other',
  生产: 'other',
  内部使用: 'other',
}

export const stateWords: Readonly<Record<string, InstrumentState>> = {
  合格: 'in-use',
  使用: 'in-use',
  使用中: 'in-use',
  正常: 'in-use',
  完好: 'in-use',
  在库: 'stored',
  库存: 'stored',
  闲置: 'stored',
  备件: 'stored',
  限制使用: 'limited',
  禁用: 'stopped',
  停止使用: 'stopped',
  不合格: 'stopped',
  已封存: 'sealed',
  已报废: 'scrapped',
  送检: 'sent',
}

export const conclusionWords: Readonly<Record<string, Conclusion>> = {
  符合: 'pass',
  通过: 'pass',
  准用: 'pass',
  不符合: 'fail',
  校准: 'none',
  见证书: 'none',
}

/** What the person chose, else what the name says; a name that is in no catalogue is taken and said. */
export function readKind(given: string | null, name: string | null, ownKind: string | null, warn: Say): string | null {
  if (given !== null) {
    const found = findKind(given) ?? findKindByName(given)
    if (found) return found.code
  }
  if (ownKind !== null) return null
  const byName = name === null ? undefined : findKindByName(name)
  if (given !== null && !byName) warn('kind', `目录里没有“${given}”，先按待归类登记`)
  else if (given === null && name !== null && !byName) warn('kind', `“${name}”还没有归到目录的种类，是否强制检定待判定`)
  return byName?.code ?? null
}

export function readRanges(text: string | null, bad: Say): readonly Range[] {
  if (text === null) return []
  const ranges = parseRange(text)
  if (!isRefusal(ranges)) return ranges
  bad('range', ranges.reason)
  return []
}

export function readAccuracy(text: string | null, bad: Say): Accuracy | null {
  if (text === null) return null
  const accuracy = parseAccuracy(text)
  if (!isRefusal(accuracy)) return accuracy
  bad('accuracy', accuracy.reason)
  return null
}

/** `12` `12个月` `1年` `半年` `2次/年` → months. */
export function readMonths(text: string | null, bad: Say): number | null {
  if (text === null) return null
  const plain = text.normalize('NFKC').replace(/\s/g, '')
  const months =
    plain === '半年'
      ? 6
      : (ofPattern(/^(\d+(?:\.\d+)?)(?:个?月)?$/, plain, (n) => n) ??
        ofPattern(/^(\d+(?:\.\d+)?)年$/, plain, (n) => n * 12) ??
        ofPattern(/^(\d+)次\/年$/, plain, (n) => 12 / n))
  if (months !== undefined && Number.isInteger(months) && months >= 1 && months <= 120) return months
  bad('intervalMonths', `周期“${text}”看不懂，请填写 1 到 120 的整月数，如 12`)
  return null
}

const ofPattern = (pattern: RegExp, text: string, of: (n: number) => number): number | undefined => {
  const [, digits] = pattern.exec(text) ?? []
  return digits === undefined ? undefined : of(Number(digits))
}

export function readFee(text: string | null, bad: Say): Fen | null {
  if (text === null) return null
  const fee = parseYuan(text)
  if (isRefusal(fee)) return (bad('lastFee', fee.reason), null)
  if (fee < 0n) return (bad('lastFee', '费用不能是负数'), null)
  return fee
}
