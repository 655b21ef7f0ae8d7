/** The errors of one instrument over the years, in one unit: of a chosen value, or of the point that decided. Pure. */
import { formatValue } from '../../../core/quantities/quantity.ts'
import { differenceInBase, quantityOf } from '../../../core/quantities/values.ts'
import type { Check } from '../model.ts'
import type { ConfirmationHistory, JudgedPoint, PointVerdict } from './model.ts'

export interface ErrorPoint {
  on: string
  error: number
  expanded: number | null
  limit: number
  verdict: PointVerdict
  confirmationId: string | null
}

type Recorded = Pick<Check, 'id' | 'done_on' | 'as_found' | 'confirmation' | 'voided_at'>

export interface ErrorsOver {
  unit: string | undefined
  at: string | null
  /** Values that were calibrated more than once. */
  choices: { value: string; label: string }[]
  points: ErrorPoint[]
}

/** Confirmations where they are; for older results the largest error as found, where somebody wrote it down. */
export function errorsOver(signed: readonly ConfirmationHistory[], checks: readonly Recorded[], at: string | null): ErrorsOver {
  const unit = signed.at(-1)?.decision.points[0]?.unit ?? checks.find(({ as_found, voided_at }) => as_found && !voided_at)?.as_found?.unit
  const counted = new Map<string, { n: number; label: string }>()
  for (const { decision } of signed)
    for (const key of new Set(decision.points.map(keyOf))) {
      const point = decision.points.find((each) => keyOf(each) === key)!
      counted.set(key, { n: (counted.get(key)?.n ?? 0) + 1, label: formatValue({ value: point.at, unit: point.atUnit }) })
    }
  const choices = [...counted].filter(([, { n }]) => n > 1).map(([value, { label }]) => ({ value, label }))
  const chosen = at !== null && counted.has(at) ? at : null
  if (!unit) return { unit, at: null, choices: [], points: [] }
  const own = new Set(signed.map(({ done_on }) => done_on))
  const points = [
    ...signed.flatMap(({ id, done_on, decision }) => {
      const candidates = chosen === null ? [decision.points[decision.worst]!] : decision.points.filter((point) => keyOf(point) === chosen)
      const point = candidates.toSorted((a, b) => b.used - a.used)[0]
      return point && quantityOf(point.unit) === quantityOf(unit)
        ? [{ on: done_on, ...inUnit(point, unit), verdict: point.verdict, confirmationId: id }]
        : []
    }),
    ...(chosen === null ? checks.flatMap((check) => olderOf(check, own, unit)) : []),
  ]
  return { unit, at: chosen, choices, points: points.toSorted((a, b) => a.on.localeCompare(b.on)) }
}

const keyOf = ({ at, atUnit }: JudgedPoint): string => `${at} ${atUnit}`

function olderOf({ done_on, as_found, voided_at }: Recorded, own: ReadonlySet<string>, unit: string): ErrorPoint[] {
  if (!as_found || voided_at || own.has(done_on) || quantityOf(as_found.unit) !== quantityOf(unit)) return []
  const { error, expanded, limit } = inUnit({ ...as_found, expanded: as_found.uncertainty ?? '0' }, unit)
  const u = as_found.uncertainty === undefined ? null : expanded
  const verdict = Math.abs(error) > limit ? 'unfit' : Math.abs(error) + (u ?? 0) > limit ? 'open' : 'fit'
  return [{ on: done_on, error, expanded: u, limit, verdict, confirmationId: null }]
}

/** Differences, so that an offset between units (℃ and K) plays no part. */
const inUnit = (point: { error: string; expanded: string; limit: string; unit: string }, unit: string) => {
  const scaled = (value: string): number => {
    if (point.unit === unit) return Number(value)
    // Not by way of its text, which writes a decimal without end as `16.(6)`.
    return differenceInBase(value, point.unit).div(differenceInBase('1', unit)).valueOf()
  }
  return { error: scaled(point.error), expanded: scaled(point.expanded), limit: scaled(point.limit) }
}
