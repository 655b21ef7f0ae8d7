/** A simulation in words. Pure. */
import { capPeriods, type PolicyContent } from '../../commons/policies/index.ts'
import { facts } from '../../core/eligibility/facts.ts'
import { fen, formatYuan, type Fen } from '../../core/money.ts'
import type { SizeClass } from '../../core/size-class.ts'
import type { Variation } from './simulation-model.ts'
import { termsOf } from './simulation-variation.ts'

/** ¥0.00, +¥12.00, −¥12.00; the sign never stands alone at the end of a line. */
export const signedYuan = (amount: Fen): string =>
  amount === 0n ? formatYuan(amount) : amount > 0n ? `+\u2060${formatYuan(amount)}` : `−\u2060${formatYuan(fen(-amount))}`

export const percentOf = (rateBp: number): string => String(rateBp / 100)

const sayCap = ({ capFen, capPer }: Pick<Variation, 'capFen' | 'capPer'>): string =>
  capFen === null ? '不封顶' : `${capPeriods[capPer]}最多 ${formatYuan(fen(BigInt(capFen)))}`
const saySizes = (sizes: readonly SizeClass[] | null): string =>
  sizes === null
    ? '不分规模'
    : (Object.keys(facts.size.values) as SizeClass[])
        .filter((size) => sizes.includes(size))
        .map((size) => facts.size.values[size])
        .join('、')
const sayWindow = ({ from, to }: Pick<Variation, 'from' | 'to'>): string => `${from ?? '没有起日'} 至 ${to ?? '没有止日'}`

/** What the terms are and what they were, line by line. */
export function compareTerms(content: PolicyContent, variation: Variation): { label: string; before: string; after: string }[] {
  const now = termsOf(content, variation.benefit)
  const rows = [
    { label: '减免比例', before: `${percentOf(now.rateBp)}%`, after: `${percentOf(variation.rateBp)}%` },
    { label: '封顶', before: sayCap(now), after: sayCap(variation) },
    { label: '施行起止', before: sayWindow(now), after: sayWindow(variation) },
    { label: '享受的企业规模', before: saySizes(now.sizes), after: saySizes(variation.sizes ?? now.sizes) },
  ]
  return variation.direct && content.requiresApplication ? [...rows, { label: '办法', before: '先申请', after: '直接适用' }] : rows
}
