/** What a benefit is worth, in words and numbers that the source really states. */
import { facts as catalogue, type Facts, type FactId, type Setting } from '../../core/eligibility/facts.ts'
import { evaluate } from '../../core/eligibility/evaluate.ts'
import { NO, type Rule } from '../../core/eligibility/rule.ts'
import { fen, formatYuan } from '../../core/money.ts'
import { benefitKinds, capPeriods, type Benefit } from '../../commons/policies/index.ts'

/** 「减收 50%，最高 ¥30,000.00」; without a number the kind alone, never a guess. */
export function sayWorth(benefit: Benefit): string {
  const parts = [head(benefit)]
  if (benefit.capFen !== undefined) parts.push(`${benefit.capPer ? capPeriods[benefit.capPer] : ''}最高 ${formatYuan(fen(benefit.capFen))}`)
  if (benefit.promisedDays !== undefined)
    parts.push(`${benefit.promisedDays} 个工作日办结${benefit.statutoryDays === undefined ? '' : `（法定 ${benefit.statutoryDays} 个）`}`)
  if (benefit.deferDays !== undefined) parts.push(`可缓 ${benefit.deferDays} 天`)
  if (benefit.extendMonths !== undefined) parts.push(`延长 ${benefit.extendMonths} 个月`)
  return parts.join('，')
}

function head({ kind, rateBp }: Benefit): string {
  if (rateBp === undefined) return benefitKinds[kind]
  if (rateBp === 10_000) return kind === 'freeService' ? '免费' : '全免'
  return `${benefitKinds[kind]} ${percent(rateBp)}`
}

/** 5000 → `50%`, 1250 → `12.5%`. */
export const percent = (basisPoints: number): string =>
  `${String(Math.floor(basisPoints / 100))}${
    basisPoints % 100
      ? `.${String(basisPoints % 100)
          .padStart(2, '0')
          .replace(/0$/, '')}`
      : ''
  }%`

/** The short number of a message or a list: `50%`, `全免`, `¥30,000.00`, `5 天`. Undefined where the source states none. */
export function figureOf(benefits: readonly Benefit[]): string | undefined {
  const rate = Math.max(0, ...benefits.map((b) => b.rateBp ?? 0))
  if (rate > 0) return rate === 10_000 ? '全免' : percent(rate)
  const cap = Math.max(0, ...benefits.map((b) => b.capFen ?? 0))
  if (cap > 0) return formatYuan(fen(cap))
  const days = benefits.map((b) => b.promisedDays).find((d) => d !== undefined)
  return days === undefined ? undefined : `${days} 天`
}

export interface Touched {
  /** Pieces in the ledger. */
  pieces: number
  /** Kinds of which pieces are touched. */
  kinds: readonly string[]
}

/** At most so many pieces of the ledger fall under it, whatever is asked of each order later. Undefined: the ledger is not on record. */
export function linesTouched(rule: Rule | undefined, facts: Facts, setting: Setting): Touched | undefined {
  const ledger = facts.instruments
  if (typeof ledger !== 'object' || ledger === null || Array.isArray(ledger) || 'oneOf' in ledger) return undefined
  const held = Object.entries(ledger as Readonly<Record<string, number>>).filter(
    ([kind]) => rule === undefined || evaluate(rule, { ...facts, instrumentKind: kind }, setting) !== NO,
  )
  return { pieces: held.reduce((sum, [, count]) => sum + count, 0), kinds: held.map(([kind]) => kind) }
}

/** Whether a condition of the rule looks at an instrument line, so that a count of lines says something. */
export const readsLines = (rule: Rule | undefined): boolean => (rule === undefined ? false : factsIn(rule).includes('instrumentKind'))

/** The facts that a rule reads, in its order, each once. */
export function factsIn(rule: Rule): FactId[] {
  if ('of' in rule) return [...new Set((Array.isArray(rule.of) ? (rule.of as readonly Rule[]) : [rule.of as Rule]).flatMap(factsIn))]
  if (rule.op === 'region') return [rule.mode === 'park' ? 'park' : 'region']
  if (rule.op === 'holds') return ['instruments']
  return [rule.op === 'window' || rule.op === 'during' ? rule.anchor : rule.fact]
}

/** About one order line, so it is not asked of the enterprise beforehand. */
export const isAboutLine = (fact: FactId): boolean => catalogue[fact].scope === 'request'
